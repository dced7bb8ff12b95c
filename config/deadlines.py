"""Which deadlines and which working days hold here? `deadlines.toml`, and the public holidays of DR Congo."""

from __future__ import annotations

import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

from grievance.rules.deadlines import Calendar, Policy

FILE = Path(__file__).with_name("deadlines.toml")
ZONE = ZoneInfo("Africa/Lubumbashi")
# A case of 2020 may still be read; a clock of today never runs for ten years.
YEARS = range(2020, 2045)
# The holidays' package has Sunday alone as the weekend there; offices are closed on Saturday too. Monday = 0.
WEEKEND = frozenset({5, 6})


def load_policy(file: Path = FILE) -> Policy:
    """The policy of this installation. Raises InvalidInput naming what is missing or wrong."""
    return Policy.from_table(tomllib.loads(file.read_text(encoding="utf-8")))


def load_calendar() -> Calendar:
    """The working days of DR Congo: Monday to Friday without public holidays."""
    return Calendar(frozenset(holidays.country_holidays("CD", years=YEARS)), WEEKEND, ZONE)
