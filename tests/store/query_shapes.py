"""In which shapes may a query come? Each tries to meet or change a row that belongs to the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import delete, exists, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import InvalidRequestError, ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from grievance.store.models import Case, ClassPair, Consent, Entry, Referral, Task, Wrap
from grievance.store.session import transaction
from tests import desk_work
from tests.fixtures import Town

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
TABLES = (
    "grievance_case", "entry", "class_pair", "wrap", "consent", "clock", "clock_step", "allegation",
    "referral", "referral_message", "task", "journal_line", "journal_opening", "receipt",
)  # fmt: skip

# Else SQLAlchemy throws away how many rows an INSERT wrote.
COUNTED = {"execution_options": {"preserve_rowcount": True}}


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
    session.execute(update(Case), [{"id": row.case.id, "province": "x"}])
    return session.scalar(select(func.count()).select_from(Case).where(Case.province == "x"))


def bulk_delete(session: Session, row: Theirs, _: Town) -> int:
    return session.execute(delete(Wrap)).rowcount + session.execute(delete(Consent)).rowcount


def insert_for_another(session: Session, row: Theirs, town: Town) -> int:
    values = {
        "id": uuid4(), "organisation_id": town.world.provider.id, "case_id": row.case.id, "kind": "appeal",
        "created_at": NOW,
    }  # fmt: skip
    return session.execute(insert(Task.__table__).values(values), **COUNTED).rowcount


def insert_returning(session: Session, row: Theirs, _: Town) -> int:
    values = {one.key: getattr(row.wrap, one.key) for one in Wrap.__mapper__.column_attrs} | {"id": uuid4()}
    return len(session.execute(insert(Wrap).values(values).returning(Wrap.id)).all())


def on_conflict(session: Session, row: Theirs, _: Town) -> int:
    values = {one.key: getattr(row.entry, one.key) for one in Entry.__mapper__.column_attrs}
    added = upsert(Entry.__table__).values(values)
    changed = added.on_conflict_do_update(index_elements=["id"], set_={"author": "x"})
    return session.execute(changed, **COUNTED).rowcount


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
        return len(row.case.code)
    finally:
        session.expunge(row.case)


def tenant_changed_inside(session: Session, row: Theirs, town: Town) -> int:
    """Somebody else's transaction runs inside this one; this one stays whose it was."""
    with transaction(town.world.desk.actor) as inner:
        assert len(inner.scalars(select(Case.id)).all()) == 1
    return len(session.scalars(select(Case.id)).all())


# Each shape, and the rights that a role needs for it, in the letters of tests/guards/tables.yaml.
_CASES = {"grievance_case": "s"}
Shape = Callable[[Session, Theirs, Town], int]
SHAPES: dict[Shape, dict[str, str]] = {
    orm_select: {**_CASES, "referral": "s"},
    orm_get: {**_CASES, "entry": "s", "wrap": "s"},
    core: _CASES,
    plain_text: dict.fromkeys(TABLES, "s"),
    bulk_update: {"grievance_case": "u"},
    bulk_update_by_key: {"grievance_case": "su"},
    bulk_delete: {"wrap": "d", "consent": "d"},
    insert_for_another: {"task": "i"},
    insert_returning: {"wrap": "si"},
    on_conflict: {"entry": "siu"},
    common_table: _CASES,
    copy_out: {"entry": "s"},
    subquery: {**_CASES, "entry": "s", "wrap": "s", "class_pair": "s"},
    aggregate: {**_CASES, "entry": "s"},
    warm_identity_map: _CASES,
    expired_attribute: _CASES,
    tenant_changed_inside: _CASES,
}
DENIED = "denied"


def tried(shape: Shape, session: Session, row: Theirs, town: Town) -> int | str:
    """How many rows it met or changed, or that it has no right to try; then nothing of it is kept."""
    try:
        return shape(session, row, town)
    except (ProgrammingError, InsufficientPrivilege) as error:
        if "permission denied" in str(error):
            return DENIED
        if "row-level security" not in str(error):
            raise
    except (StaleDataError, ObjectDeletedError, InvalidRequestError):
        pass
    finally:
        session.rollback()
    return 0
