"""What may a person be told when nobody, somebody, or somebody later is on duty?"""

from __future__ import annotations

import pytest

from grievance.rules.clocks import Clock, due_at
from grievance.rules.promises import OnDuty, next_turn, promise, told_kinds
from grievance.terms import ClockKind
from grievance.vocabulary import Severity
from tests.rules.deadline_parts import CALENDAR, LUBUMBASHI, POLICY, clock, local

AT = "2026-11-26 17:30"
PERSON = (ClockKind.FIRST_CALL, ClockKind.FIRST_ANSWER, ClockKind.CALL_BACK)


def turn(begins: str, ends: str) -> OnDuty:
    return OnDuty(local(f"2026-11-{begins}"), local(f"2026-11-{ends}"))


def told(a_clock: Clock, *turns: OnDuty) -> str:
    """The promise, as Lubumbashi reads it."""
    at = promise(a_clock, turns, POLICY, CALENDAR)
    return f"{at.astimezone(LUBUMBASHI):%d %H:%M}"


@pytest.mark.parametrize("kind", PERSON)
def test_within_the_hour_only_while_somebody_is_on_duty(kind: ClockKind) -> None:
    danger = clock(kind, AT, Severity.NOW)

    assert told(danger, turn("26 08:00", "26 18:00")) == "26 18:30"
    assert told(danger, turn("26 17:30", "26 18:00")) == "26 18:30"
    assert told(danger, turn("26 08:00", "26 17:30")) == "27 17:30"


@pytest.mark.parametrize("kind", PERSON)
def test_otherwise_the_first_hour_of_the_next_turn_and_a_day_at_the_latest(kind: ClockKind) -> None:
    danger = clock(kind, AT, Severity.NOW)

    assert told(danger, turn("28 07:00", "28 12:00"), turn("27 07:00", "27 12:00")) == "27 08:00"
    assert told(danger, turn("28 07:00", "28 12:00")) == "27 17:30"
    assert told(danger) == "27 17:30"


@pytest.mark.parametrize("kind", [*PERSON, ClockKind.TRIAGE, ClockKind.OUTCOME])
def test_what_needs_no_roster_is_promised_as_its_clock_runs(kind: ClockKind) -> None:
    for severity in (Severity.CRITICAL, Severity.SERIOUS, Severity.OTHER):
        calm = clock(kind, AT, severity)
        assert promise(calm, (), POLICY, CALENDAR) == due_at(calm, POLICY, CALENDAR)


def test_the_next_turn_is_the_soonest_that_has_not_begun() -> None:
    turns = (turn("28 07:00", "28 12:00"), turn("26 17:30", "26 20:00"), turn("27 07:00", "27 12:00"))
    assert next_turn(turns, local(AT)) == local("2026-11-27 07:00")
    assert next_turn(turns, local("2026-11-28 07:00")) is None


def test_whoever_stopped_everything_still_gets_the_call_they_asked_for_and_no_other_date() -> None:
    assert told_kinds(stopped=True) == {ClockKind.CALL_BACK}
    reminders = {
        ClockKind.SETTLED_ASKED, ClockKind.DISPUTE_WINDOW, ClockKind.CUSTODY, ClockKind.REVEAL_CONFIRMED,
        ClockKind.CHECK_IN,
    }  # fmt: skip
    assert told_kinds(stopped=False) == set(ClockKind) - reminders
