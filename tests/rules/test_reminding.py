"""A telephone is reminded by day alone."""

from __future__ import annotations

import pytest

from grievance.rules.dialogue import Template
from grievance.rules.reminding import by_day, too_late
from tests.rules.deadline_parts import local


@pytest.mark.parametrize(
    ("clock", "day"),
    [("07:59", False), ("08:00", True), ("12:00", True), ("18:59", True), ("19:00", False), ("00:00", False)],
)
def test_day_is_from_eight_to_seven_on_the_clocks_of_those_who_are_texted(clock: str, day: bool) -> None:
    at = local(f"2026-11-26 {clock}")
    assert by_day(at) is day
    assert too_late(Template.REMINDER.value, at) is not day


def test_nothing_else_waits_for_the_morning() -> None:
    night = local("2026-11-26 02:00")
    assert [one for one in Template if too_late(one.value, night)] == [Template.REMINDER]
