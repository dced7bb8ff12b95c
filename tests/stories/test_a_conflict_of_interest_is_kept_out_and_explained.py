"""Who is paid by the company, or knows somebody there, does not work on the case; it is said why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, select

from grievance.actions import cases, intake, objections, referrals
from grievance.rules.addressees import ConflictReason
from grievance.schemas.follow import AppealTo
from grievance.store import queries
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.models import Conflict, Funding, Outbox
from grievance.store.session import transaction
from grievance.terms import NotFound, Refused, SkipReason, Step
from grievance.wording_mail import MailTemplate
from tests import desk_work, superuser
from tests.fixtures import Town
from tests.make import Tenant
from tests.services import Services
from tests.stories import sweepers

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def pays(services: Services, town: Town, funder: Tenant, desk: Tenant) -> None:
    """A company pays a CSO for work at the site."""
    row = {"id": uuid4(), "desk_id": desk.id, "funder_id": funder.id, "site_id": town.world.site.id}
    superuser.run(services, town, insert(Funding).values(**row))


def reasons(town: Town, code: str, reader: Tenant) -> dict[object, str]:
    """Who is kept away, and why, as this organisation may see it."""
    with transaction(reader.actor) as session:
        case = queries.case_by_code(session, code)
        rows = session.scalars(select(Conflict).where(Conflict.case_id == case.id))
        return {row.organisation_id: row.reason for row in rows}


def told(town: Town, tenant: Tenant) -> list[str]:
    with transaction(SWEEP_ACTOR) as session:
        query = select(Outbox.template).where(Outbox.organisation_id == tenant.id)
        return list(session.scalars(query))


def test_a_desk_that_the_mine_pays_gives_the_case_to_its_back_up(town: Town, services: Services) -> None:
    world = town.world
    pays(services, town, world.mine, world.desk)
    code = desk_work.taken(town, NOW)
    with pytest.raises(NotFound):
        cases.seen(code, world.backup.actor, NOW)

    cases.triage(code, desk_work.decided(town), actor=world.desk.actor, now=NOW)

    assert reasons(town, code, world.backup) == {world.desk.id: ConflictReason.FUNDS_DESK.value}
    assert MailTemplate.ESCALATED_TO_YOU.value in told(town, world.backup)
    cases.know_nobody(code, actor=world.backup.actor, now=NOW)
    cases.take_over(code, actor=world.backup.actor, now=NOW)
    assert desk_work.STORY in [line.text for line in cases.seen(code, world.backup.actor, NOW).timeline]
    with pytest.raises(NotFound):
        cases.seen(code, world.desk.actor, NOW)


def test_a_desk_that_somebody_else_pays_elsewhere_goes_on(town: Town, services: Services) -> None:
    world = town.world
    pays(services, town, world.second_provider, world.desk)
    code = desk_work.taken(town, NOW)
    cases.triage(code, desk_work.decided(town), actor=world.desk.actor, now=NOW)

    assert reasons(town, code, world.desk) == {}
    with pytest.raises(NotFound):
        cases.seen(code, world.backup.actor, NOW)


def test_a_desk_that_says_that_it_knows_somebody_there_gives_it_away(town: Town) -> None:
    world = town.world
    code = intake.receive(desk_work.report(town), opening=desk_work.half(), now=NOW).code
    cases.declare_conflict(code, whole_desk=True, actor=world.desk.lead, now=NOW)

    assert reasons(town, code, world.backup) == {world.desk.id: ConflictReason.DECLARED.value}
    assert cases.seen(code, world.desk.lead, NOW).timeline == ()
    cases.know_nobody(code, actor=world.backup.actor, now=NOW)
    cases.take_over(code, actor=world.backup.actor, now=NOW)
    assert cases.seen(code, world.backup.actor, NOW).desk_name == "ONG Exemple Likasi"


def test_a_back_up_in_conflict_is_neither_shown_the_case_nor_asked_about_an_appeal(
    town: Town, services: Services
) -> None:
    world = town.world
    pays(services, town, world.provider, world.backup)
    code = desk_work.taken(town, NOW)
    cases.triage(code, desk_work.decided(town), actor=world.desk.actor, now=NOW)

    assert reasons(town, code, world.desk) == {world.backup.id: ConflictReason.FUNDS_DESK.value}
    with pytest.raises(NotFound):
        cases.seen(code, world.backup.actor, NOW)
    with transaction(world.desk.actor) as session:
        case = queries.case_by_code(session, code)
        assert set(objections.appeal_bodies(session, case)) == {AppealTo.OVERSEER}
    with pytest.raises(NotFound):
        cases.take_over(code, actor=world.backup.actor, now=NOW)


def test_a_company_in_conflict_is_marked_and_refused(town: Town, services: Services) -> None:
    code = desk_work.opened(town, NOW)
    world = town.world
    case_id = cases.seen(code, world.desk.actor, NOW).case_id
    named = {"id": uuid4(), "case_id": case_id, "at": NOW, "reason": ConflictReason.PERSON_NAMED.value}
    superuser.run(services, town, insert(Conflict).values(organisation_id=world.provider.id, **named))

    shown = cases.seen(code, world.desk.actor, NOW + DAY).companies
    assert [one.name for one in shown if one.in_conflict] == ["Gardiennage Fictif SARL"]
    with pytest.raises(Refused, match="in_conflict"):
        referrals.refer(code, desk_work.draft(world.provider.id), actor=world.desk.actor, now=NOW + DAY)


def test_a_mine_in_conflict_is_passed_over_by_the_clock_with_its_reason(
    town: Town, services: Services
) -> None:
    code, referral = desk_work.referred(town, NOW)
    world = town.world
    case_id = cases.seen(code, world.desk.actor, NOW + DAY).case_id
    named = {"id": uuid4(), "case_id": case_id, "at": NOW, "reason": ConflictReason.PERSON_NAMED.value}
    superuser.run(services, town, insert(Conflict).values(organisation_id=world.mine.id, **named))
    later = sweepers.pass_time(town, NOW, 60, every=6)

    assert (Step.NEXT_PARTY, None, SkipReason.IN_CONFLICT) in sweepers.steps_of(town, referral)
    assert "in_conflict" in sweepers.skipped_in_journal(town, code)
    assert referrals.company_queue(world.mine.actor, later) == ()
