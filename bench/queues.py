"""How does the desk's queue grow? The same page at 100 and at 1,000 cases, beside a plain count."""

from __future__ import annotations

from uuid import uuid4

from psycopg import sql

from bench.measure import Line, beside
from bench.place import Place
from bench.store import receive
from grievance.actions.queue import queue
from grievance.store.receipts import mint_code
from grievance.web.clock import utcnow

SIZES = (100, 1_000)
RUNS = 8
AROUND = ("clock", "entry", "task")
COPY_CASE = """
    insert into grievance_case select (jsonb_populate_record(
        t, jsonb_build_object('id', %s::uuid, 'code', %s::text))).*
    from grievance_case t where id = %s
"""
COPY_AROUND = sql.SQL("""
    insert into {0} select (jsonb_populate_record(
        t, jsonb_build_object('id', gen_random_uuid(), 'case_id', %s::uuid))).*
    from {0} t where case_id = %s
""")
COUNT = "select count(*) from grievance_case where desk_id = %s and state <> 'closed'"


def measured(place: Place) -> list[Line]:
    """The whole queue of one desk, with what stands around each case."""
    desk = place.town.world.desk
    lines = []
    for size in SIZES:
        _fill(place, size)

        def page() -> None:
            queue(desk.actor, utcnow())

        def count() -> None:
            place.plain.execute(COUNT, (desk.id,)).fetchone()

        lines += beside(f"desk queue, {size:,} cases", page, {"select count(*)": count}, RUNS)
    return lines


def growth(lines: list[Line]) -> str:
    """What ten times as many cases cost, in one sentence."""
    small, large = lines
    more = SIZES[1] // SIZES[0]
    each = large.ours / SIZES[1] * 1e6
    return (
        f"{more} times the cases: {large.ours / small.ours:.1f} times the queue's time, {each:.0f} µs a case;"
        f" {large.plain / small.plain:.1f} times the count's."
    )


def _fill(place: Place, size: int) -> None:
    """Copies one real case with what the queue reads around it, under new ids and codes."""
    desk = place.town.world.desk
    here = len(queue(desk.actor, utcnow()))
    if here == 0:
        receive(place)
        here = 1
    ((first,),) = place.plain.execute("select id from grievance_case limit 1")
    new = [(uuid4(), mint_code()) for _ in range(size - here)]
    with place.plain.transaction(), place.plain.cursor() as cursor:
        # A copy has no journal, so the triggers that ask for one rest until this commit.
        cursor.execute("set local session_replication_role = replica")
        cursor.executemany(COPY_CASE, [(case, code, first) for case, code in new])
        for table in AROUND:
            statement = COPY_AROUND.format(sql.Identifier(table))
            cursor.executemany(statement, [(case, first) for case, _ in new])
    place.plain.execute("analyze")
