"""A host can invite anybody as a lead or an overseer: may they be the second person, or decide anything?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from grievance.actions import cases, coverage, duty, fingerprints, people, referrals, registry
from grievance.schemas.desk import AppealDecision
from grievance.schemas.duty import Turn
from grievance.schemas.registry import CoverageFacts, OrganisationFacts
from grievance.store.models import JournalHead, Member, OrganisationKey
from grievance.terms import Actor, CannotOpen, Refused, Role
from grievance.vocabulary import Language, OrganisationKind, Outcome
from tests import desk_work, superuser
from tests.fixtures import Town
from tests.services import Services

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)


def invited(actor: Actor) -> Actor:
    """The same member before anybody who holds a key of their organisation gave them one."""
    return replace(actor, keys={})


def _proposed(town: Town) -> UUID:
    facts = CoverageFacts(town.world.desk.id, town.world.backup.id, "Lualaba", "Sandoa", None, False)
    return coverage.make_coverage(facts, actor=town.world.host.actor, now=NOW)


def _not_confirmed(town: Town, services: Services, organisation_id: UUID) -> list[UUID]:
    """The keys of an organisation, as if nobody had read their fingerprints aloud."""
    theirs = OrganisationKey.organisation_id == organisation_id
    superuser.run(services, town, update(OrganisationKey).where(theirs).values(confirmed_at=None))
    keys = superuser.rows(services, town, OrganisationKey)
    return [key.id for key in keys if key.organisation_id == organisation_id]


def _confirmed(town: Town, services: Services, key_id: UUID) -> bool:
    keys = superuser.rows(services, town, OrganisationKey)
    return next(key for key in keys if key.id == key_id).confirmed_at is not None


def test_nobody_confirms_or_ends_a_coverage_whom_the_host_alone_let_in(town: Town) -> None:
    world, proposed = town.world, _proposed(town)
    for second in (world.overseer.actor, world.desk.lead):
        with pytest.raises(Refused, match="not_let_in"):
            coverage.confirm_coverage(proposed, actor=invited(second), now=NOW)
    coverage.confirm_coverage(proposed, actor=world.desk.lead, now=NOW)
    coverage.ask_to_end(proposed, actor=world.host.actor, now=NOW)
    for second in (world.overseer.actor, world.desk.lead):
        for deed in (coverage.end_coverage, coverage.refuse_end):
            with pytest.raises(Refused, match="not_let_in"):
                deed(proposed, actor=invited(second), now=NOW)


def test_an_overseer_whom_the_host_alone_let_in_confirms_no_fingerprint(
    town: Town, services: Services
) -> None:
    overseers = [one.actor for one in town.world.overseer.members]
    for organisation_id in (town.world.overseer.id, town.world.desk.id):
        key_id = _not_confirmed(town, services, organisation_id)[0]
        for one in overseers:
            with pytest.raises(Refused, match="not_let_in"):
                fingerprints.confirm_fingerprint(key_id, actor=invited(one), now=NOW)
        assert not _confirmed(town, services, key_id)


def test_the_host_makes_no_second_overseer_to_be_both(town: Town) -> None:
    facts = OrganisationFacts("Organe inventé", OrganisationKind.OVERSEER, Language.FRENCH)
    with pytest.raises(Refused, match="one_overseer"):
        registry.make_organisation(facts, actor=town.world.host.actor, now=NOW)


def test_a_company_whose_key_nobody_read_aloud_is_sent_a_letter(town: Town, services: Services) -> None:
    desk, provider = town.world.desk.actor, town.world.provider
    key_id, code = _not_confirmed(town, services, provider.id)[0], desk_work.opened(town, NOW)
    sent = referrals.refer(code, desk_work.draft(provider.id), actor=desk, now=NOW)
    assert referrals.referral_seen(sent, desk, NOW).by_letter
    with pytest.raises(CannotOpen):
        referrals.referral_seen(sent, provider.actor, NOW)

    fingerprints.confirm_fingerprint(key_id, actor=town.world.overseer.actor, now=NOW)
    sent = referrals.refer(desk_work.opened(town, NOW), desk_work.draft(provider.id), actor=desk, now=NOW)
    assert referrals.referral_seen(sent, provider.actor, NOW).messages[0].text == desk_work.SUMMARY


def test_two_overseers_who_confirm_their_own_key_at_once_are_two(town: Town, services: Services) -> None:
    (key_id,) = _not_confirmed(town, services, town.world.overseer.id)
    # A line of their chain, so that both have a head to wait for.
    head = "insert into journal_head (chain, seq, at, hash) values (%s, 0, now(), %s) on conflict do nothing"

    def confirms(one: Actor) -> None:
        with town.app.app_context():
            fingerprints.confirm_fingerprint(key_id, actor=one, now=NOW)

    with services.connect(town.database.name) as holding, ThreadPoolExecutor(2) as both:
        holding.execute(head, (town.world.overseer.id, bytes(32)))
        with holding.transaction():
            table = JournalHead.__tablename__
            held = f"select 1 from {table} where chain = %s for update"  # noqa: S608 - a table of ours
            holding.execute(held, (town.world.overseer.id,))
            done = [both.submit(confirms, one.actor) for one in town.world.overseer.members]
            services.wait_for_two(town.database)
        for one in done:
            one.result()
    assert _confirmed(town, services, key_id)


def test_a_lead_whom_the_host_alone_let_in_sends_nobody_away_and_changes_no_role(
    town: Town, services: Services
) -> None:
    lead, worker = invited(town.world.desk.lead), town.world.desk.members[0].row.id
    with pytest.raises(Refused, match="not_let_in"):
        people.disable(worker, actor=lead, now=NOW)
    with pytest.raises(Refused, match="not_let_in"):
        people.change_role(worker, Role.CASE_LEAD, actor=lead, now=NOW)
    row = next(one for one in superuser.rows(services, town, Member) if one.id == worker)
    assert (row.disabled_at, row.role) == (None, Role.CASE_WORKER)


def test_whom_the_host_alone_let_in_works_on_no_case(town: Town) -> None:
    code, lead = desk_work.taken(town, NOW, safe_contact="call"), invited(town.world.desk.lead)
    cases.know_nobody(code, actor=lead, now=NOW)
    task = next(one for one in cases.tasks(lead, NOW) if one.code == code)
    for deed in (cases.note, cases.hand_over, cases.reopen):
        with pytest.raises(CannotOpen):
            deed(code, "Vu.", actor=lead, now=NOW)
    with pytest.raises(Refused, match="not_let_in"):
        cases.task_done(task.id, actor=lead, now=NOW)
    assert task in cases.tasks(town.world.desk.lead, NOW)


def test_an_overseer_whom_the_host_alone_let_in_decides_no_appeal(town: Town) -> None:
    code, overseer = desk_work.opened(town, NOW), invited(town.world.overseer.actor)
    decision = AppealDecision(stands=True, text="Elle reste.", outcome=Outcome.NOT_ESTABLISHED)
    with pytest.raises(Refused, match="not_let_in"):
        cases.decide_appeal(code, decision, actor=overseer, now=NOW)


def test_a_lead_whom_the_host_alone_let_in_sends_nobody_off_duty(town: Town) -> None:
    lead, worker = town.world.desk.lead, town.world.desk.members[0].row.id
    turn, key = Turn(worker, NOW, NOW + timedelta(hours=8), "+243880000009"), town.keys.config
    kept = duty.add_turn(turn, config_key=key, actor=lead, now=NOW)
    with pytest.raises(Refused, match="not_let_in"):
        duty.remove_turn(kept, actor=invited(lead), now=NOW)
    with pytest.raises(Refused, match="not_let_in"):
        duty.add_turn(turn, config_key=key, actor=invited(lead), now=NOW)
    assert duty.roster(lead, NOW).somebody_now
