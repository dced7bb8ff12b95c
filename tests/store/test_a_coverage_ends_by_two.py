"""Does the database itself keep the host from giving or taking a desk's place alone?"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import ProgrammingError

from grievance.actions import coverage
from grievance.schemas.registry import CoverageFacts
from grievance.store.models import Coverage, CoverageEnding
from grievance.store.session import transaction
from grievance.terms import Actor
from tests import superuser
from tests.fixtures import Town
from tests.services import Services

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def _counts(town: Town) -> UUID:
    """The province's coverage, which somebody confirmed long ago."""
    with transaction(town.world.host.actor) as session:
        whole = select(Coverage.id).where(Coverage.province == "Lualaba", Coverage.territory.is_(None))
        return session.scalars(whole).one()


def _proposed(town: Town) -> UUID:
    facts = CoverageFacts(town.world.desk.id, town.world.backup.id, "Lualaba", "Sandoa", None, False)
    return coverage.make_coverage(facts, actor=town.world.host.actor, now=NOW)


def _ended(actor: Actor, coverage_id: UUID) -> int:
    """How many rows a plain delete takes away."""
    with transaction(actor) as session:
        return session.execute(delete(Coverage).where(Coverage.id == coverage_id)).rowcount


def _asking(town: Town, coverage_id: UUID, by: UUID | None) -> None:
    """What the host was to write down: that it asks, in its own name."""
    row = {"id": uuid4(), "coverage_id": coverage_id, "asked_by": by, "asked_at": NOW}
    with transaction(town.world.host.actor) as session:
        session.execute(insert(CoverageEnding).values(**row))


def test_the_host_takes_away_a_proposal_and_nothing_that_counts(town: Town) -> None:
    host, counts = town.world.host.actor, _counts(town)
    assert _ended(host, counts) == 0
    _asking(town, counts, host.member_id)
    assert _ended(host, counts) == 0
    assert _ended(host, _proposed(town)) == 1


def test_a_second_person_ends_only_what_the_host_asked_to_end(town: Town) -> None:
    world, counts = town.world, _counts(town)
    seconds = (world.overseer.actor, world.desk.lead)
    assert [_ended(actor, counts) for actor in seconds] == [0, 0]
    _asking(town, counts, world.host.actor.member_id)
    strangers = (world.desk.actor, world.mine.actor, world.provider.actor)
    assert [_ended(actor, counts) for actor in strangers] == [0, 0, 0]
    assert _ended(world.desk.lead, counts) == 1


def test_a_lead_of_other_desks_neither_ends_confirms_nor_sees_what_was_asked(
    town: Town, services: Services
) -> None:
    world, counts = town.world, _counts(town)
    _asking(town, counts, world.host.actor.member_id)
    others = {"desk_id": world.provider.id, "backup_id": world.mine.id}
    superuser.run(services, town, update(Coverage).where(Coverage.id == counts).values(**others))
    assert _ended(world.desk.lead, counts) == 0
    with transaction(world.desk.lead) as session:
        assert session.scalars(select(CoverageEnding)).all() == []
        assert session.execute(delete(CoverageEnding)).rowcount == 0


def test_nobody_but_the_host_asks_and_only_in_its_own_name(town: Town) -> None:
    world, counts = town.world, _counts(town)
    for actor in (world.overseer.actor, world.desk.lead, world.desk.actor, world.provider.actor):
        refused = pytest.raises(ProgrammingError, match="row-level security")
        with refused, transaction(actor) as session:
            row = {"id": uuid4(), "coverage_id": counts, "asked_by": actor.member_id, "asked_at": NOW}
            session.execute(insert(CoverageEnding).values(**row))
    with pytest.raises(ProgrammingError, match="row-level security"):
        _asking(town, counts, world.overseer.actor.member_id)
    with pytest.raises(ProgrammingError, match="row-level security"):
        _asking(town, _proposed(town), world.host.actor.member_id)


def test_the_host_makes_no_coverage_that_counts_at_once(town: Town) -> None:
    host, world = town.world.host.actor, town.world
    row = {
        "id": uuid4(), "desk_id": world.desk.id, "backup_id": world.backup.id, "province": "Lualaba",
        "fallback": False, "created_at": NOW, "confirmed_at": NOW, "confirmed_by": host.member_id,
    }  # fmt: skip
    with pytest.raises(ProgrammingError, match="row-level security"), transaction(host) as session:
        session.execute(insert(Coverage).values(**row))
    proposed = _proposed(town)
    with transaction(host) as session:
        changed = update(Coverage).where(Coverage.id == proposed).values(confirmed_at=NOW)
        assert session.execute(changed).rowcount == 0


def test_a_coverage_is_confirmed_once_in_one_s_own_name_and_stays_so(town: Town) -> None:
    world, proposed, counts = town.world, _proposed(town), _counts(town)
    icoca = world.overseer.actor
    for named in (world.host.actor.member_id, None):
        refused = pytest.raises(ProgrammingError, match="row-level security")
        with refused, transaction(icoca) as session:
            told = {"confirmed_at": NOW, "confirmed_by": named}
            session.execute(update(Coverage).where(Coverage.id == proposed).values(**told))
    with transaction(icoca) as session:
        undone = update(Coverage).where(Coverage.id == counts).values(confirmed_at=None)
        assert session.execute(undone).rowcount == 0
    # A case worker who is no lead confirms nothing, and nobody moves a coverage to other desks.
    with transaction(world.desk.actor) as session:
        told = {"confirmed_at": NOW, "confirmed_by": world.desk.actor.member_id}
        assert session.execute(update(Coverage).values(**told)).rowcount == 0
    with pytest.raises(ProgrammingError, match="permission denied"), transaction(icoca) as session:
        session.execute(update(Coverage).values(backup_id=world.mine.id))
