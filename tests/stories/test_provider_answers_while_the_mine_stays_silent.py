"""Two companies were asked. The guards' answers and is settled; the mine says nothing, and that climbs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from grievance.actions import cases, escalation, referrals
from grievance.store import queries
from grievance.store.models import ClockRow, ClockStep, Referral
from grievance.store.session import transaction
from grievance.terms import ClockKind, ReferralState, Step
from grievance.vocabulary import ReferralKind, Settled
from tests import desk_work
from tests.fixtures import Town

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def sweep(now: datetime) -> None:
    for clock_id in escalation.overdue(now):
        escalation.climb_clock(clock_id, now)


def both_asked(town: Town) -> tuple[str, str, str]:
    """The codes of the case and of the two referrals; ICoCA may read a summary too."""
    code = desk_work.opened(town, NOW)
    desk = town.world.desk.actor
    cases.record_consent(code, desk_work.agrees(town.world.overseer.id), actor=desk, now=NOW)
    guards = referrals.refer(code, desk_work.draft(town.world.provider.id), actor=desk, now=NOW)
    mine = referrals.refer(code, desk_work.draft(town.world.mine.id), actor=desk, now=NOW)
    return code, guards, mine


def breached(town: Town, referral: str) -> set[ClockKind]:
    with transaction(town.world.desk.actor) as session:
        row = queries.referral_by_code(session, referral)
        clocks = session.scalars(select(ClockRow).where(ClockRow.referral_id == row.id))
        return {clock.kind for clock in clocks if clock.breached_at}


def test_the_silence_of_the_mine_reaches_icoca_and_the_guards_are_not_late(town: Town) -> None:
    code, guards, mine = both_asked(town)
    desk = town.world.desk.actor
    referrals.acknowledge(guards, actor=town.world.provider.actor, now=NOW + DAY)
    referrals.answer(guards, "Deux gardes sont partis.", actor=town.world.provider.actor, now=NOW + 5 * DAY)
    referrals.relay(guards, "Ils disent: deux gardes sont partis.", actor=desk, now=NOW + 6 * DAY)
    referrals.settle(guards, Settled.YES, actor=desk, now=NOW + 7 * DAY)

    for day in range(60):
        sweep(NOW + day * DAY)

    assert breached(town, guards) == set()
    assert breached(town, mine) == {ClockKind.ACKNOWLEDGE, ClockKind.ANSWER}
    (line,) = referrals.company_queue(town.world.overseer.actor, NOW + 60 * DAY)
    assert line.kind is ReferralKind.ESCALATION
    shown = referrals.referral_seen(line.code, town.world.overseer.actor, NOW + 60 * DAY)
    assert [words.text for words in shown.messages] == [desk_work.SUMMARY]
    assert code not in repr(shown)


def test_each_step_is_taken_once_and_the_case_stays_open(town: Town) -> None:
    code, _, mine = both_asked(town)
    for day in (30, 30, 60):
        sweep(NOW + day * DAY)

    with transaction(town.world.desk.actor) as session:
        row = queries.referral_by_code(session, mine)
        clocks = session.scalars(select(ClockRow.id).where(ClockRow.referral_id == row.id)).all()
        steps = session.scalars(select(ClockStep.step).where(ClockStep.clock_id.in_(clocks))).all()
        sent = session.scalars(
            select(Referral.state).where(
                Referral.organisation_id == town.world.overseer.id, Referral.for_referral_id == row.id
            )
        ).all()
    assert sorted(steps) == sorted(2 * [Step.REMINDER, Step.DEADLINE, Step.NEXT_PARTY, Step.ICOCA])
    assert sent == [ReferralState.SENT]
    assert cases.seen(code, town.world.desk.actor, NOW + 60 * DAY).closed_at is None
