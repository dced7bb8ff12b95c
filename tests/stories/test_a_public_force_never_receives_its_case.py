"""Police or soldiers did it: nobody sends them the case, and no company is told of them without two yeses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from grievance.actions import cases, referrals
from grievance.store import queries
from grievance.store.models import Allegation, Task
from grievance.store.session import transaction
from grievance.terms import NotFound, Refused
from grievance.vocabulary import ActorKind, OrganisationKind, TaskKind
from tests import desk_work
from tests.fixtures import Town
from tests.stories import sweepers

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def decided(town: Town, actor: str) -> str:
    """A case that its desk decided was done by this kind of actor; also open to the desk's lead."""
    code = desk_work.taken(town, NOW)
    desk, lead = town.world.desk.actor, town.world.desk.lead
    cases.triage(code, desk_work.decided(town, actor=actor), actor=desk, now=NOW)
    cases.know_nobody(code, actor=lead, now=NOW)
    return code


def test_nobody_is_proposed_and_nobody_is_to_be_found_when_a_public_force_did_it(town: Town) -> None:
    code = decided(town, "public")

    shown = cases.seen(code, town.world.desk.actor, NOW)
    assert [one.name for one in shown.companies if one.proposed] == []
    assert {one.kind for one in shown.companies} <= {
        OrganisationKind.MINE, OrganisationKind.PROVIDER, OrganisationKind.OVERSEER,
    }  # fmt: skip
    with transaction(town.world.desk.actor) as session:
        kinds = set(session.scalars(select(Task.kind)))
    assert TaskKind.FIND_ADDRESSEE not in kinds


@pytest.mark.parametrize(
    ("said", "by_lead"),
    [
        ({}, False),
        ({"public_line": True, "complainant_wants_public_line": True}, False),
        ({"public_line": True}, True),
        ({"complainant_wants_public_line": True}, True),
    ],
)
def test_a_company_hears_of_a_public_force_only_if_complainant_and_lead_both_want_it(
    town: Town, said: dict[str, object], by_lead: bool
) -> None:
    code = decided(town, "public")
    world = town.world
    actor = world.desk.lead if by_lead else world.desk.actor

    with pytest.raises(Refused, match="public_line"):
        referrals.refer(code, desk_work.draft(world.mine.id, **said), actor=actor, now=NOW)
    assert sweepers.referrals_of(town, code) == []

    both = desk_work.draft(world.mine.id, public_line=True, complainant_wants_public_line=True)
    referrals.refer(code, both, actor=world.desk.lead, now=NOW)
    (line,) = referrals.company_queue(world.mine.actor, NOW)
    assert line.code != code


def test_an_authority_is_no_addressee(town: Town) -> None:
    code = decided(town, "public")
    not_of_the_registry = desk_work.draft("11111111-1111-4111-8111-111111111111")
    with pytest.raises(NotFound):
        referrals.refer(code, not_of_the_registry, actor=town.world.desk.lead, now=NOW)


def test_no_clock_takes_the_case_of_a_public_force_to_a_company(town: Town) -> None:
    code = decided(town, "public")
    sweepers.pass_time(town, NOW, 365, every=15)

    assert sweepers.referrals_of(town, code) == []
    for stranger in (town.world.mine, town.world.provider, town.world.overseer):
        assert referrals.company_queue(stranger.actor, NOW + 365 * DAY) == ()
        with pytest.raises(NotFound), transaction(stranger.actor) as session:
            queries.case_by_code(session, code)


def test_of_guards_and_police_together_the_company_answers_for_its_guards_alone(town: Town) -> None:
    code = decided(town, "mixed")
    world = town.world
    with transaction(world.desk.actor) as session:
        case = queries.case_by_code(session, code)
        lines = session.scalars(select(Allegation.actor).where(Allegation.case_id == case.id)).all()
    assert sorted(lines) == [ActorKind.PRIVATE, ActorKind.PUBLIC]

    shown = cases.seen(code, world.desk.actor, NOW)
    assert [one.organisation_id for one in shown.companies if one.proposed] == [world.provider.id]
    with_police = desk_work.draft(world.provider.id, public_line=True)
    with pytest.raises(Refused, match="public_line"):
        referrals.refer(code, with_police, actor=world.desk.actor, now=NOW)
    without = referrals.refer(code, desk_work.draft(world.provider.id), actor=world.desk.actor, now=NOW)

    told = referrals.referral_seen(without, world.provider.actor, NOW)
    assert [words.text for words in told.messages] == [desk_work.SUMMARY]
    assert ActorKind.PUBLIC.value not in repr(told)
