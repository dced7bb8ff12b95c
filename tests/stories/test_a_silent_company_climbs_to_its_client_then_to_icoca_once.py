"""A guard company never answers. Its client is asked, then ICoCA: each once, and the complainant knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError

from grievance.actions import cases, referrals
from grievance.store import queries, vault
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.models import ClockRow
from grievance.store.session import transaction
from grievance.terms import ClockKind, ReferralState, Step
from grievance.vocabulary import ReferralKind
from tests import desk_work
from tests.fixtures import Town
from tests.stories import sweepers

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def referred(town: Town) -> tuple[str, str]:
    """A case whose complainant lets guards, mine and ICoCA read a summary; the guards were asked."""
    code = desk_work.opened(town, NOW, safe_contact="sms")
    desk, world = town.world.desk.actor, town.world
    cases.record_consent(code, desk_work.agrees(world.overseer.id), actor=desk, now=NOW)
    return code, referrals.refer(code, desk_work.draft(world.provider.id), actor=desk, now=NOW)


def sent_to(town: Town, organisation_id: object, code: str) -> list[ReferralState]:
    rows = sweepers.referrals_of(town, code)
    return [row.state for row in rows if row.organisation_id == organisation_id]


def test_what_both_will_read_was_sealed_when_the_guards_were_asked(town: Town) -> None:
    code, _ = referred(town)
    world = town.world

    for later in (world.mine, world.overseer):
        assert sent_to(town, later.id, code) == [ReferralState.PREPARED]
        assert referrals.company_queue(later.actor, NOW) == ()
    waiting = [row for row in sweepers.referrals_of(town, code) if row.state is ReferralState.PREPARED]
    for row in waiting:
        with transaction(town.world.desk.actor) as session:
            told = vault.read_messages(session, town.world.desk.actor, row.id)
        assert desk_work.SUMMARY in [line.text for line in told]


def test_silence_reaches_the_client_then_icoca_and_each_opens_the_summary(town: Town) -> None:
    code, referral = referred(town)
    world = town.world
    seen: list[tuple[ReferralState, ReferralState]] = []
    for day in range(60):
        sweepers.sweep(town, NOW + day * DAY)
        (mine,), (icoca,) = (sent_to(town, one.id, code) for one in (world.mine, world.overseer))
        seen.append((mine, icoca))

    order = list(dict.fromkeys(seen))
    assert order == [
        (ReferralState.PREPARED, ReferralState.PREPARED),
        (ReferralState.SENT, ReferralState.PREPARED),
        (ReferralState.SENT, ReferralState.SENT),
    ]
    for later in (world.mine, world.overseer):
        (line,) = referrals.company_queue(later.actor, NOW + 60 * DAY)
        assert line.kind is ReferralKind.ESCALATION
        assert line.code not in (code, referral)
        shown = referrals.referral_seen(line.code, later.actor, NOW + 60 * DAY)
        assert [words.text for words in shown.messages] == [desk_work.SUMMARY]


def test_under_four_sweepers_each_step_is_taken_once_and_the_complainant_is_told_each_time(
    town: Town,
) -> None:
    code, referral = referred(town)
    world = town.world
    for day in (5, 12, 22, 22, 35, 35, 60, 60):
        sweepers.sweep(town, NOW + day * DAY)

    assert sweepers.steps_of(town, referral) == [
        (Step.REMINDER, world.provider.id, None),
        (Step.DEADLINE, world.provider.id, None),
        (Step.NEXT_PARTY, world.mine.id, None),
        (Step.ICOCA, world.overseer.id, None),
    ]
    case_id = cases.seen(code, world.desk.actor, NOW + 60 * DAY).case_id
    told = sweepers.told_to_complainant(case_id)
    assert len(told) == len(set(told))
    with transaction(world.desk.actor) as session:
        row = queries.referral_by_code(session, referral)
    clock = clock_of(town, row.id)
    for step in (Step.DEADLINE, Step.NEXT_PARTY, Step.ICOCA):
        assert [one for one in told if str(clock) in one and f":{step.value}:" in one] != []


def test_the_clock_that_sends_it_may_not_even_look_at_the_sealed_words(town: Town) -> None:
    code, _ = referred(town)
    sweepers.pass_time(town, NOW, 60, every=10)

    sent = [row for row in sweepers.referrals_of(town, code) if row.kind is ReferralKind.ESCALATION]
    assert {row.state for row in sent} == {ReferralState.SENT}
    for row in sent:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction(SWEEP_ACTOR) as session:
            vault.read_messages(session, SWEEP_ACTOR, row.id)


def clock_of(town: Town, referral_id: UUID) -> UUID:
    with transaction(town.world.desk.actor) as session:
        found = select(ClockRow.id).where(
            ClockRow.referral_id == referral_id, ClockRow.kind == ClockKind.ANSWER
        )
        return session.scalars(found).one()
