"""An answer was told and the person says nothing: they are asked once more, and nothing is settled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from grievance.actions import cases, referrals
from grievance.terms import ClockKind, ReferralState
from tests import desk_work
from tests.fixtures import Town
from tests.stories import sweepers

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def told(town: Town) -> tuple[str, str]:
    """An answer that the desk relayed on the second day; what it told before counts no more."""
    code, referral = desk_work.referred(town, NOW)
    desk = town.world.desk.actor
    cases.write(code, "Bonjour.", actor=desk, now=NOW + DAY)
    referrals.answer(referral, "Excuses.", actor=town.world.provider.actor, now=NOW + DAY)
    referrals.relay(referral, "Ils s'excusent.", actor=desk, now=NOW + 2 * DAY)
    return code, referral


def asked_again(town: Town, code: str) -> int:
    desk = town.world.desk.actor
    (clock,) = [one for one in cases.seen(code, desk, NOW).clocks if one.kind is ClockKind.SETTLED_ASKED]
    assert clock.due_at == NOW + 16 * DAY
    case_id = cases.seen(code, desk, NOW).case_id
    return len([one for one in sweepers.told_to_complainant(case_id) if ":deadline:0" in one])


def test_the_person_is_asked_again_once_after_fourteen_days_and_nothing_climbs(town: Town) -> None:
    code, referral = told(town)
    before = asked_again(town, code)
    sweepers.sweep(town, NOW + 15 * DAY)
    assert asked_again(town, code) == before
    for day in (17, 18, 40):
        sweepers.sweep(town, NOW + day * DAY)
    assert asked_again(town, code) == before + 1

    row = referrals.referral_seen(referral, town.world.desk.actor, NOW + 40 * DAY)
    assert (row.state, row.settled) == (ReferralState.ANSWERED, None)
    waiting = [one for one in sweepers.referrals_of(town, code) if one.code != referral]
    assert {one.state for one in waiting} == {ReferralState.PREPARED}
