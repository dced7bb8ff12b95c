"""When may a telephone be reminded of the question that it left open? By day, a day after its last text."""

from __future__ import annotations

from datetime import datetime, timedelta

from grievance.rules.dialogue import Template
from grievance.rules.triage import ZONE

NOT_BEFORE, NOT_AFTER = timedelta(hours=20), timedelta(hours=24)
# From eight in the morning until seven in the evening, on the clocks of those who are texted.
DAY = range(8, 19)


def by_day(now: datetime) -> bool:
    """Whether it is day where the telephone is."""
    return now.astimezone(ZONE).hour in DAY


def too_late(template: str, now: datetime) -> bool:
    """Whether a text that waited or failed is better not sent any more: a reminder at night."""
    return template == Template.REMINDER.value and not by_day(now)
