"""A company that nobody can sign in for gets a letter; the desk types in its answer, on the same clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from grievance.actions import cases, referrals
from grievance.store.models import MemberKey
from grievance.terms import ClockKind, MoveNotAllowed, ReferralAction, ReferralState, Refused
from tests import desk_work, superuser
from tests.fixtures import Town
from tests.services import Services
from tests.web.canaries import betrayed, words_of

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def letter_town(town: Town, services: Services) -> Town:
    """The guard company has no member with a key."""
    keys = delete(MemberKey).where(MemberKey.organisation_id == town.world.provider.id)
    superuser.run(services, town, keys)
    return town


def test_the_letter_is_a_pdf_with_the_referral_s_code_alone(letter_town: Town) -> None:
    desk = letter_town.world.desk.actor
    code, referral = desk_work.referred(letter_town, NOW)

    pdf = referrals.letter(referral, actor=desk, now=NOW + DAY)

    assert pdf.startswith(b"%PDF-")
    assert referral in words_of(pdf)
    assert betrayed({code, code.replace("-", "")}, [words_of(pdf)]) == set()
    shown = referrals.referral_seen(referral, desk, NOW)
    assert shown.by_letter
    assert {clock.kind for clock in shown.clocks} >= {ClockKind.ACKNOWLEDGE, ClockKind.ANSWER}


def test_signs_in_a_summary_are_no_commands_of_the_letter(letter_town: Town) -> None:
    desk = letter_town.world.desk.actor
    _, referral = desk_work.referred(letter_town, NOW, summary='#panic("x") $a$ *b* \n\n @c <d> // e')

    assert referrals.letter(referral, actor=desk, now=NOW).startswith(b"%PDF-")


def test_the_desk_types_in_the_answer_after_the_letter_was_delivered(letter_town: Town) -> None:
    desk = letter_town.world.desk.actor
    code, referral = desk_work.referred(letter_town, NOW)

    referrals.letter_delivered(referral, "Accusé de réception n° 12", actor=desk, now=NOW + 2 * DAY)
    referrals.answer(referral, "Nos agents nient.", actor=desk, now=NOW + 9 * DAY)

    shown = referrals.referral_seen(referral, desk, NOW + 9 * DAY)
    assert shown.state is ReferralState.ANSWERED
    assert shown.letter_delivered
    assert [(m.text, m.ours) for m in shown.messages][-1] == ("Nos agents nient.", False)
    referrals.relay(referral, "Ils disent que non.", actor=desk, now=NOW + 10 * DAY)
    assert cases.seen(code, desk, NOW + 10 * DAY).timeline[-1].text == "Ils disent que non."


def test_a_desk_never_answers_for_a_company_that_can_answer_itself(town: Town) -> None:
    desk = town.world.desk.actor
    _, referral = desk_work.referred(town, NOW)

    with pytest.raises(MoveNotAllowed):
        referrals.answer(referral, "Tout va bien.", actor=desk, now=NOW)
    with pytest.raises(Refused, match="not_by_letter"):
        referrals.letter(referral, actor=desk, now=NOW)
    assert ReferralAction.ANSWER not in referrals.referral_seen(referral, desk, NOW).moves
