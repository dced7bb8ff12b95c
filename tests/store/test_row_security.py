"""The database itself keeps each organisation to its own rows, whatever a query forgets."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, inspect, select, text, update
from sqlalchemy.exc import ProgrammingError

from grievance.actions import intake
from grievance.actions.rotation import ROTATION_ACTOR
from grievance.schemas.report import ReportIn
from grievance.store.actors import INTAKE_ACTOR, SMS_ACTOR, SWEEP_ACTOR
from grievance.store.models import Case, ClassPair, Entry, Member, Receipt, Wrap, db
from grievance.store.session import transaction
from grievance.terms import Actor
from tests.fixtures import Town
from tests.services import Services

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
TENANT_TABLES = ("grievance_case", "entry", "wrap", "class_pair", "consent", "clock", "journal_line")


def a_case(town: Town) -> None:
    said = {"channel": "web", "language": "fr", "province": "Lualaba", "story": "On m'a menacé.",
            "site_id": str(town.world.site.id), "incident": "today", "share": "both"}  # fmt: skip
    intake.receive(ReportIn().load(said), now=NOW)


def strangers(town: Town) -> list[Actor]:
    world = town.world
    return [t.actor for t in (world.backup, world.mine, world.provider, world.overseer, world.host)]


def test_a_stranger_counts_no_row_in_any_table_of_a_case(town: Town) -> None:
    a_case(town)

    for stranger in strangers(town):
        with transaction(stranger) as session:
            for table in TENANT_TABLES:
                count = session.execute(text(f"select count(*) from {table}")).scalar_one()  # noqa: S608 - our names
                assert (table, count) == (table, 0)


@pytest.mark.parametrize("shape", ["orm", "core", "text", "bulk update", "join", "subquery"])
def test_no_shape_of_query_reaches_a_foreign_case(shape: str, town: Town) -> None:
    a_case(town)
    shapes = {
        "orm": lambda s: s.scalars(select(Case)).all(),
        "core": lambda s: s.execute(select(Case.__table__)).all(),
        "text": lambda s: s.execute(text("select * from grievance_case")).all(),
        "bulk update": lambda s: [None] * s.execute(update(Case).values(province="x")).rowcount,
        "join": lambda s: s.execute(select(Case.id, Entry.id).join(Entry, Entry.case_id == Case.id)).all(),
        "subquery": lambda s: s.execute(select(Wrap).where(Wrap.pair_id.in_(select(ClassPair.id)))).all(),
    }

    for stranger in strangers(town):
        with transaction(stranger) as session:
            assert shapes[shape](session) == []


def test_a_login_that_took_no_role_reads_nothing(town: Town) -> None:
    a_case(town)
    for url in (town.database.web_url, town.database.sms_url, town.database.sweep_url):
        engine = create_engine(url)
        with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("select count(*) from grievance_case"))
        engine.dispose()


def test_the_web_cannot_become_the_sms_worker_or_the_sweep(town: Town) -> None:
    engine = create_engine(town.database.web_url)
    for role in ("sms", "keys", "sweep", "stats", "journal", "backup", "grievance_owner"):
        with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("select set_config('role', :role, true)"), {"role": role})
    engine.dispose()


def test_intake_writes_and_reads_nothing_back(town: Town) -> None:
    a_case(town)

    for table in ("grievance_case", "entry", "inbound", "receipt", "wrap"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction(INTAKE_ACTOR) as session:
            session.execute(text(f"select * from {table}")).all()  # noqa: S608 - our names


def test_neither_the_sms_worker_nor_the_sweep_reads_a_sealed_line_it_has_no_business_with(town: Town) -> None:
    a_case(town)

    for table in ("entry", "referral_message", "receipt", "capsule"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction(SWEEP_ACTOR) as session:
            session.execute(text(f"select * from {table}")).all()  # noqa: S608 - our names
    for table in ("referral_message", "receipt", "staff_session", "member_key"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction(SMS_ACTOR) as session:
            session.execute(text(f"select * from {table}")).all()  # noqa: S608 - our names


def test_whoever_changes_keys_reads_sealed_values_and_nothing_beside_them(town: Town) -> None:
    a_case(town)
    with transaction(ROTATION_ACTOR) as session:
        session.execute(select(Receipt.id, Receipt.case_id, Receipt.wraps_hidden)).all()

    hidden = ("receipt", "inbound", "outbox", "member", "quarantine", "grievance_case", "entry", "wrap")
    refused = pytest.raises(ProgrammingError, match="permission denied")
    for table in hidden:
        with refused, transaction(ROTATION_ACTOR) as session:
            session.execute(text(f"select * from {table}")).all()  # noqa: S608 - our names
    with refused, transaction(ROTATION_ACTOR) as session:
        session.execute(update(Member).values(email="x"))


def test_a_member_cannot_make_themselves_of_another_organisation(town: Town) -> None:
    stranger = town.world.provider.actor

    with pytest.raises(ProgrammingError, match="row-level security"), transaction(stranger) as session:
        session.execute(
            update(Member)
            .where(Member.id == stranger.member_id)
            .values(organisation_id=town.world.desk.id)
        )


def test_every_table_is_under_forced_row_security(town: Town, services: Services) -> None:
    with services.connect(town.database.name) as superuser:
        rows = superuser.execute(
            "select relname, relrowsecurity, relforcerowsecurity from pg_class"
            " where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
        ).fetchall()

    unguarded = {name for name, on, forced in rows if not (on and forced)} - {"alembic_version"}
    assert unguarded == set()
    assert {name for name, _, _ in rows} - {"alembic_version"} == set(db.metadata.tables)


def test_the_models_are_what_the_migrations_made(town: Town) -> None:
    engine = create_engine(town.database.owner_url)
    made = inspect(engine)
    for table in db.metadata.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in made.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}, table.name
        kept = {index["name"] for index in made.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= kept, table.name
    engine.dispose()
