"""Whatever shape a query has, and whoever asks: does the database show and change own rows alone?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import yaml
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from grievance.local.roles import GROUPS
from grievance.store.actors import INTAKE_ACTOR, complainant_actor, door_actor
from grievance.store.models import Member
from grievance.store.session import transaction
from grievance.terms import Actor
from tests import superuser
from tests.figures import Tell
from tests.fixtures import Town
from tests.services import Services
from tests.store.query_shapes import DENIED, SHAPES, TABLES, Shape, theirs, tried

RIGHTS = yaml.safe_load((Path(__file__).parents[1] / "guards" / "tables.yaml").read_text())["tables"]
# It holds the right for one function of its own, and sees no row outside of it.
IN_ITS_FUNCTION_ALONE = {("journal", "copy_out")}
VIEWS = ("by_reader", "by_owner")
by_name = {"ids": lambda shape: shape.__name__}


def strangers(town: Town) -> list[Actor]:
    """Everybody who has no part in the case: another desk, its client, ICoCA, the host, a complainant."""
    world = town.world
    members = [t.actor for t in (world.backup, world.mine, world.second_provider, world.overseer, world.host)]
    return [*members, world.backup.lead, complainant_actor(uuid4(), {})]


@pytest.mark.figures
@pytest.mark.parametrize("shape", SHAPES, **by_name)
def test_no_shape_of_query_meets_a_foreign_row_and_its_owner_meets_it(
    shape: Shape, town: Town, figure: Tell
) -> None:
    row, met = theirs(town), []

    for stranger in strangers(town):
        with transaction(stranger) as session:
            met.append((stranger.role, tried(shape, session, row, town)))
    wrong = [one for one in met if one[1] != 0]
    figure(f"row security: {shape.__name__} by {len(met)} strangers, {len(wrong)} met a foreign row")
    assert wrong == []

    with transaction(town.world.desk.actor) as session:
        own = tried(shape, session, row, town)
    assert isinstance(own, int)
    assert own > 0


@pytest.mark.parametrize("role", sorted({*GROUPS} - {"web"}))
def test_each_other_role_does_what_is_written_down_and_no_more(
    role: str, town: Town, services: Services
) -> None:
    row = theirs(town)
    wrong = []
    for shape, needed in SHAPES.items():
        may = all(set(rights) <= set(RIGHTS[table].get(role, "")) for table, rights in needed.items())
        with _become(role, services, town) as session:
            found = tried(shape, session, row, town)
        unseen = (role, shape.__name__) in IN_ITS_FUNCTION_ALONE
        as_written = found == DENIED if not may else found == 0 if unseen else found not in (DENIED, 0)
        wrong += [] if as_written else [(shape.__name__, may, found)]
    assert wrong == []


@contextmanager
def _become(role: str, services: Services, town: Town) -> Iterator[Session]:
    """A transaction under a role, also under those that no login of a program takes."""
    engine = create_engine(services.url("postgres", town.database.name))
    try:
        with Session(engine) as session:
            session.execute(text("select set_config('role', :role, true)"), {"role": role})
            yield session
    finally:
        engine.dispose()


def test_nobody_makes_a_view_of_their_own(town: Town, services: Services) -> None:
    for role in GROUPS:
        made = text("create temporary view seen as select 1 as one")
        with _become(role, services, town) as session, pytest.raises(ProgrammingError, match="permission"):
            session.execute(made)


def test_a_view_that_a_migration_made_shows_its_reader_s_rows_and_its_owner_none(
    town: Town, services: Services
) -> None:
    theirs(town)
    superuser.run(
        services, town, text("set local role grievance_owner"),
        text("create view by_reader with (security_invoker = true) as select * from grievance_case"),
        text("create view by_owner as select * from grievance_case"),
        text("grant select on by_reader, by_owner to web"),
    )  # fmt: skip
    for someone, own in [*((stranger, 0) for stranger in strangers(town)), (town.world.desk.actor, 1)]:
        with transaction(someone) as session:
            counts = [session.scalar(text(f"select count(*) from {name}")) for name in VIEWS]  # noqa: S608 - ours
        assert (someone.role, counts) == (someone.role, [own, 0])


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
