"""When may a name and a number be seen? By the rules alone: no case, no key, no clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from grievance.rules.reveals import AGREEMENT_LASTS, OPEN_FOR, RevealStanding, ground, may_look, standing
from grievance.vocabulary import RevealGround, TaskKind

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("tasks", "first_call_owed", "expected"),
    [
        ((), False, RevealGround.AGREEMENT),
        ((TaskKind.FIND_ADDRESSEE, TaskKind.WITHDRAWAL_TALK), False, RevealGround.AGREEMENT),
        ((TaskKind.CALL_BACK,), False, RevealGround.CALL_TASK),
        ((TaskKind.OTHER_LANGUAGE,), False, RevealGround.CALL_TASK),
        ((TaskKind.CALL_BACK, TaskKind.DANGER_CALL), False, RevealGround.DANGER),
        ((), True, RevealGround.DANGER),
    ],
)
def test_only_a_call_that_is_owed_or_a_danger_opens_it_without_waiting(tasks, first_call_owed, expected):
    assert ground(tasks, first_call_owed=first_call_owed) is expected


def _at(now, *, why=RevealGround.AGREEMENT, opened=None, agreed=None, refused=None):
    return standing(why, opened_at=opened, agreed_at=agreed, refused_at=refused, now=now)


def test_a_wish_waits_until_a_colleague_answers_and_an_agreement_lasts_a_day():
    assert _at(NOON) is RevealStanding.WAITING
    assert _at(NOON, refused=NOON) is RevealStanding.REFUSED
    assert _at(NOON + AGREEMENT_LASTS - SECOND, agreed=NOON) is RevealStanding.AGREED
    assert _at(NOON + AGREEMENT_LASTS, agreed=NOON) is RevealStanding.LAPSED


def test_what_was_opened_may_be_looked_at_again_within_the_hour():
    opened = {"opened": NOON, "agreed": NOON}
    assert _at(NOON + OPEN_FOR - SECOND, **opened) is RevealStanding.OPEN
    assert _at(NOON + OPEN_FOR, **opened) is RevealStanding.DONE
    assert may_look(RevealStanding.OPEN, NOON, NOON + OPEN_FOR - SECOND)
    assert not may_look(RevealStanding.DONE, NOON, NOON + OPEN_FOR)
    assert may_look(RevealStanding.AGREED, None, NOON)
    assert not may_look(RevealStanding.WAITING, None, NOON)


def test_what_was_opened_in_a_hurry_waits_for_a_colleague_even_days_later():
    late = NOON + timedelta(days=3)
    assert _at(late, why=RevealGround.DANGER, opened=NOON) is RevealStanding.TO_CONFIRM
    assert _at(late, why=RevealGround.DANGER, opened=NOON, agreed=late) is RevealStanding.DONE
    assert _at(late, why=RevealGround.CALL_TASK, opened=NOON, refused=late) is RevealStanding.DONE
