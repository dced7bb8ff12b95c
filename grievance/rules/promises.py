"""What is a person promised, and by when? Within the hour only when somebody is on duty.

The clock of a person in danger runs one hour whether or not anybody is there: it is what rings and climbs.
What the person is told is another matter, and the same on every way: a text, a receipt, their own page, the
API.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from grievance.rules.clocks import Calendar, Clock, Policy, due_at
from grievance.terms import ClockKind
from grievance.vocabulary import Severity

# What a person hears of as "somebody calls or answers you"; at `now` it hangs on the roster.
BY_A_PERSON = frozenset({ClockKind.FIRST_CALL, ClockKind.FIRST_ANSWER, ClockKind.CALL_BACK})

# Clocks whose date is a promise to the complainant; the others remind members of something.
PROMISED = frozenset({
    ClockKind.FIRST_CALL, ClockKind.FIRST_ANSWER, ClockKind.TRIAGE, ClockKind.INTERIM, ClockKind.ACKNOWLEDGE,
    ClockKind.ANSWER, ClockKind.RELAY, ClockKind.OUTCOME, ClockKind.CALL_BACK, ClockKind.APPEAL_HANDED,
})  # fmt: skip
# Of these, what a person still gets who stopped everything: the call that they asked for.
AFTER_STOPPING = frozenset({ClockKind.CALL_BACK})


class OnDuty(NamedTuple):
    """One turn of a desk's roster: from `starts_at`, to before `ends_at`."""

    starts_at: datetime
    ends_at: datetime


def told_kinds(*, stopped: bool) -> frozenset[ClockKind]:
    """The clocks whose dates a complainant is told; `stopped` once they said "stop everything"."""
    return AFTER_STOPPING if stopped else PROMISED


def hangs_on_roster(clock: Clock) -> bool:
    """Whether what this clock promises is kept only if somebody is on duty."""
    return clock.kind in BY_A_PERSON and clock.severity is Severity.NOW


def somebody_at(turns: Sequence[OnDuty], at: datetime) -> bool:
    """Whether somebody is on duty at this instant."""
    return any(turn.starts_at <= at < turn.ends_at for turn in turns)


def next_turn(turns: Sequence[OnDuty], at: datetime) -> datetime | None:
    """When the next turn begins after this instant; None when the roster has none."""
    return min((turn.starts_at for turn in turns if turn.starts_at > at), default=None)


def promise(clock: Clock, turns: Sequence[OnDuty], policy: Policy, calendar: Calendar) -> datetime:
    """The instant that may be told for this clock, by the roster of the desk that holds it.

    With nobody on duty when it began: the first hour of the next turn, and at the latest what a critical case
    is promised, which needs no roster. Without any turn: that alone.
    """
    due = due_at(clock, policy, calendar)
    if not hangs_on_roster(clock) or somebody_at(turns, clock.started_at):
        return due
    latest = due_at(replace(clock, severity=Severity.CRITICAL), policy, calendar)
    begins = next_turn(turns, clock.started_at)
    if begins is None:
        return latest
    return min(latest, calendar.after(begins, policy.term(clock.kind, clock.severity)))
