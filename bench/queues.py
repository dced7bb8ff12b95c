"""How does the desk's queue grow? The same page at 100 and at 1,000 cases, beside a plain count."""

from __future__ import annotations

from bench.measure import Line, beside
from bench.place import Place
from bench.store import receive
from grievance.actions.queue import queue
from grievance.store.models import db
from grievance.web.clock import utcnow

SIZES = (100, 1_000)
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

        lines += beside(f"desk queue, {size:,} cases", page, {"select count(*)": count}, 12)
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
    """Real reports, in commits that do not wait for the disk: they are not what is measured."""
    desk = place.town.world.desk
    here = len(queue(desk.actor, utcnow()))
    _wait_for_the_disk(place, wait=False)
    for _ in range(size - here):
        receive(place)
    _wait_for_the_disk(place, wait=True)
    place.plain.execute("analyze")


def _wait_for_the_disk(place: Place, *, wait: bool) -> None:
    setting = "reset synchronous_commit" if wait else "set synchronous_commit = off"
    place.plain.execute(f"alter database {place.town.database.name} {setting}")
    db.engines["web"].dispose()
