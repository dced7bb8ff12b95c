"""How long is each kind of thing kept, and when may a case go? Never before its desk was told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from grievance.terms import InvalidInput

SPAN = re.compile(r"([1-9][0-9]{0,4}) ([hdy])")
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "y": timedelta(days=365)}


@dataclass(frozen=True)
class Retention:
    """How long each kind is kept; `told_before` is how long before its end a desk is told of a case's."""

    version: str
    closed_case: timedelta
    told_before: timedelta
    capsule: timedelta
    unfinished: timedelta
    waiting_text: timedelta
    notice: timedelta
    dedup: timedelta
    set_aside: timedelta
    ended_session: timedelta

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Retention:
        """From the file's table. Raises InvalidInput naming what is missing, unknown or no span of time."""
        kept = table.get("keep")
        kinds = {field.name for field in fields(cls)} - {"version"}
        if not isinstance(kept, Mapping) or not isinstance(table.get("version"), str):
            raise InvalidInput("retention", "incomplete")
        for name in sorted(kinds ^ set(kept)):
            raise InvalidInput(name, "missing" if name in kinds else "unknown")
        return cls(version=table["version"], **{name: _span(name, kept[name]) for name in sorted(kinds)})


@dataclass(frozen=True)
class Keeping:
    """What decides whether a case may go: closed when, desk told when, on hold since when, joined."""

    closed_at: datetime | None
    told_at: datetime | None = None
    held_at: datetime | None = None
    # A case that was joined to another lasts as long as that one: both codes stay valid.
    joined: bool = False

    @property
    def told(self) -> datetime | None:
        """When the desk was told of this end; what it was told before a reopening does not count."""
        late = self.told_at is None or self.closed_at is None or self.told_at < self.closed_at
        return None if late else self.told_at


def erased_on(case: Keeping, kept: Retention) -> datetime | None:
    """When the case goes, after the desk's time to object; None while it is open, on hold or joined."""
    if case.closed_at is None or case.held_at is not None or case.joined:
        return None
    over = case.closed_at + kept.closed_case
    return over if case.told is None else max(over, case.told + kept.told_before)


def to_be_told(case: Keeping, kept: Retention, now: datetime) -> bool:
    """Whether the desk must hear now that the case will go."""
    end = erased_on(case, kept)
    return end is not None and case.told is None and end - kept.told_before <= now


def may_go(case: Keeping, kept: Retention, now: datetime) -> bool:
    """Whether the case goes now: its time is over, and the desk had its time to object."""
    end = erased_on(case, kept)
    return end is not None and case.told is not None and end <= now


def _span(name: str, written: object) -> timedelta:
    found = SPAN.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise InvalidInput(name, "no_span")
    return int(found[1]) * UNITS[found[2]]
