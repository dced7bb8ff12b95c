"""Which policy, days and clocks do the tests of the rules work with? The real policy; a few real holidays."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from grievance.rules.clocks import Calendar, Clock, Holder, Policy, start
from grievance.terms import ClockKind, Role
from grievance.vocabulary import Severity

LUBUMBASHI = ZoneInfo("Africa/Lubumbashi")
TABLE = tomllib.loads((Path(__file__).parents[2] / "config/deadlines.toml").read_text(encoding="utf-8"))
POLICY = Policy.from_table(TABLE)
# Independence Day (a Tuesday) and Christmas (a Friday) of 2026.
CALENDAR = Calendar(frozenset({date(2026, 6, 30), date(2026, 12, 25)}), frozenset({5, 6}), LUBUMBASHI)

DESK = Holder(Role.CASE_WORKER, UUID(int=1))
COMPANY = Holder(Role.COMPANY, UUID(int=2))
COMPANY_CLOCKS = {ClockKind.ACKNOWLEDGE, ClockKind.ANSWER, ClockKind.INTERIM}


def local(text: str) -> datetime:
    """A time as a clock on a wall in Lubumbashi shows it ("2026-11-24 09:00"), in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=LUBUMBASHI).astimezone(UTC)


def clock(kind: ClockKind, since: str, severity: Severity = Severity.SERIOUS) -> Clock:
    """A clock in its first round, held by whom it usually concerns."""
    return start(kind, severity, COMPANY if kind in COMPANY_CLOCKS else DESK, local(since))
