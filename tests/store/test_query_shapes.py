"""Whatever shape a query has, and whoever asks: does the database show and change own rows alone?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import pytest
from sqlalchemy import delete, exists, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import InvalidRequestError, ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from grievance.store.actors import INTAKE_ACTOR, complainant_actor, door_actor
from grievance.store.models import Case, ClassPair, Consent, Entry, Member, Referral, Task, Wrap
from grievance.store.session import transaction
from grievance.terms import Actor
from tests import desk_work
from tests.fixtures import Town

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
TABLES = (
    "grievance_case", "entry", "class_pair", "wrap", "consent", "clock", "clock_step", "allegation",
    "referral", "referral_message", "task", "journal_line", "journal_opening", "receipt",
)  # fmt: skip


@dataclass
class Theirs:
    """What belongs to the desk and its guard company: rows that nobody else may meet."""

    case: Case
    wrap: Wrap
    entry: Entry
    referral_code: str


def theirs(town: Town) -> Theirs:
    code, referral = desk_work.referred(town, NOW)
    with transaction(town.world.desk.actor) as session:
        case = session.scalars(select(Case).where(Case.code == code)).one()
        entry = session.scalars(select(Entry).where(Entry.case_id == case.id)).first()
        wrap = session.scalars(select(Wrap).where(Wrap.case_id == case.id)).first()
    return Theirs(case, wrap, entry, referral)


def strangers(town: Town) -> list[Actor]:
    """Everybody who has no part in the case: another desk, its client, ICoCA, the host, a complainant."""
    world = town.world
    members = [t.actor for t in (world.backup, world.mine, world.second_provider, world.overseer, world.host)]
    return [*members, world.backup.lead, complainant_actor(uuid4(), {})]


def _refused(does: Callable[[], object]) -> int:
    """Rows that came of it; a refusal by the database is none."""
    try:
        return int(does() or 0)
    except ProgrammingError as error:
        return 0 if "row-level security" in str(error) else 1
    except (StaleDataError, ObjectDeletedError, InvalidRequestError):
        return 0


def orm_select(session: Session, row: Theirs, _: Town) -> int:
    return len(session.scalars(select(Case)).all()) + len(session.scalars(select(Referral)).all())


def orm_get(session: Session, row: Theirs, _: Town) -> int:
    found = (session.get(Case, row.case.id), session.get(Entry, row.entry.id), session.get(Wrap, row.wrap.id))
    return sum(one is not None for one in found)


def core(session: Session, row: Theirs, _: Town) -> int:
    return len(session.execute(select(Case.__table__.c.id, Case.__table__.c.code)).all())


def plain_text(session: Session, row: Theirs, _: Town) -> int:
    counts = [session.execute(text(f"select count(*) from {table}")).scalar_one() for table in TABLES]  # noqa: S608 - our names
    return sum(counts)


def bulk_update(session: Session, row: Theirs, _: Town) -> int:
    return session.execute(update(Case).values(province="x")).rowcount


def bulk_update_by_key(session: Session, row: Theirs, _: Town) -> int:
    return _refused(lambda: session.execute(update(Case), [{"id": row.case.id, "province": "x"}]).rowcount)


def bulk_delete(session: Session, row: Theirs, _: Town) -> int:
    return session.execute(delete(Wrap)).rowcount + session.execute(delete(Consent)).rowcount


def insert_for_another(session: Session, row: Theirs, town: Town) -> int:
    values = {
        "id": uuid4(), "organisation_id": town.world.provider.id, "case_id": row.case.id, "kind": "appeal",
        "created_at": NOW,
    }  # fmt: skip
    acts = session.execute(text("select acts_as()")).scalar_one()
    if acts == "administrator":  # the host makes tasks for others, about no case that it could see
        return 0
    return _refused(lambda: session.execute(insert(Task).values(values)).rowcount)


def insert_returning(session: Session, row: Theirs, _: Town) -> int:
    values = {one.key: getattr(row.wrap, one.key) for one in Wrap.__mapper__.column_attrs} | {"id": uuid4()}
    return _refused(lambda: len(session.execute(insert(Wrap).values(values).returning(Wrap.id)).all()))


def on_conflict(session: Session, row: Theirs, _: Town) -> int:
    values = {one.key: getattr(row.entry, one.key) for one in Entry.__mapper__.column_attrs}
    changed = upsert(Entry).values(values).on_conflict_do_update(index_elements=["id"], set_={"author": "x"})
    return _refused(lambda: session.execute(changed).rowcount)


def common_table(session: Session, row: Theirs, _: Town) -> int:
    seen = text("with seen as (select * from grievance_case) select count(*) from seen")
    return session.execute(seen).scalar_one()


def copy_out(session: Session, row: Theirs, _: Town) -> int:
    raw, taken = session.connection().connection.driver_connection, BytesIO()
    with raw.cursor() as cursor, cursor.copy("copy (select id from entry) to stdout") as copied:
        for piece in copied:
            taken.write(piece)
    return len(taken.getvalue().splitlines())


def subquery(session: Session, row: Theirs, _: Town) -> int:
    inner = select(Case.id).where(Case.id == row.case.id)
    rows = session.scalars(select(Entry).where(Entry.case_id.in_(inner))).all()
    return len(rows) + bool(session.scalar(select(exists().where(Wrap.pair_id.in_(select(ClassPair.id))))))


def aggregate(session: Session, row: Theirs, _: Town) -> int:
    return session.scalar(select(func.count()).select_from(Case).join(Entry, Entry.case_id == Case.id))


def warm_identity_map(session: Session, row: Theirs, town: Town) -> int:
    """Another session of this process has the row in its memory; this one never takes it from there."""
    with transaction(town.world.desk.actor) as theirs_open:
        warm = theirs_open.get(Case, row.case.id)
        return int(warm is not None and session.get(Case, row.case.id) is not None)


def expired_attribute(session: Session, row: Theirs, _: Town) -> int:
    """Somebody puts a foreign row into this session, and it is read again."""
    session.add(row.case)
    session.expire(row.case)
    try:
        return _refused(lambda: len(row.case.code))
    finally:
        session.expunge(row.case)


def tenant_changed_inside(session: Session, row: Theirs, town: Town) -> int:
    """Somebody else's transaction runs inside this one; this one stays whose it was."""
    with transaction(town.world.desk.actor) as inner:
        assert len(inner.scalars(select(Case.id)).all()) == 1
    return len(session.scalars(select(Case.id)).all())


SHAPES = (
    orm_select, orm_get, core, plain_text, bulk_update, bulk_update_by_key, bulk_delete, insert_for_another,
    insert_returning, on_conflict, common_table, copy_out, subquery, aggregate, warm_identity_map,
    expired_attribute, tenant_changed_inside,
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_no_shape_of_query_meets_a_foreign_row(
    shape: Callable[[Session, Theirs, Town], int], town: Town
) -> None:
    row = theirs(town)

    for stranger in strangers(town):
        found = _in_a_transaction_of(stranger, shape, row, town)
        assert (stranger.role, found) == (stranger.role, 0)


def _in_a_transaction_of(
    actor: Actor, shape: Callable[[Session, Theirs, Town], int], row: Theirs, town: Town
) -> int:
    """A refused statement ends the transaction, which is then rolled back."""
    try:
        with transaction(actor) as session:
            found = shape(session, row, town)
            raise _Enough
    except _Enough:
        return found


class _Enough(Exception):
    """Nothing of a shape is kept."""


def test_the_owner_of_a_row_meets_it_in_every_shape_that_reads(town: Town) -> None:
    row, desk = theirs(town), town.world.desk.actor
    reads = (orm_select, orm_get, core, plain_text, common_table, copy_out, subquery, aggregate)

    blind = [shape.__name__ for shape in reads if _in_a_transaction_of(desk, shape, row, town) == 0]
    assert blind == []


def test_after_its_transaction_a_session_reads_nothing_more(town: Town) -> None:
    theirs(town)
    with transaction(town.world.desk.actor) as session:
        session.rollback()
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text("select count(*) from grievance_case"))
        session.rollback()


def test_the_door_sees_the_one_row_that_it_was_given_the_key_of(town: Town) -> None:
    theirs(town)
    tables = ("member", "staff_session", "visitor_session", "invitation", "receipt")
    with transaction(door_actor(b"nobody's")) as session:
        counts = [session.execute(text(f"select count(*) from {table}")).scalar_one() for table in tables]  # noqa: S608 - our names
    assert counts == [0] * len(tables)

    one = town.world.desk.members[0].row
    with transaction(door_actor(one.email.encode())) as session:
        assert session.scalars(select(Member.id)).all() == [one.id]


def test_the_door_and_intake_read_no_case(town: Town) -> None:
    door = door_actor(b"x")
    for table in TABLES:
        # Of receipts the door sees one, by its hidden lookup.
        for actor in (INTAKE_ACTOR,) if table == "receipt" else (INTAKE_ACTOR, door):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction(actor) as session:
                session.execute(text(f"select count(*) from {table}"))  # noqa: S608 - our names
