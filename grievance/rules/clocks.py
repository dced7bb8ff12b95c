"""Until when, whose turn is it, and what is told when the time passes?

A clock is a value: a function here takes one and returns another, and the database keeps what it returns.
The lengths and the days are in `deadlines`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from grievance.rules.deadlines import Anchor, Calendar, Pause, Policy, Rung, Term, attention_kind, column
from grievance.terms import ClockKind, InvalidInput, Refused, Role, Step
from grievance.vocabulary import Severity

__all__ = ["Calendar", "Clock", "DueStep", "Holder", "Pause", "Policy", "Term", "attention_kind", "column"]

# A clock waits for the complainant only where the holder cannot go on without their word. Evidence is
# overwritten, an arrest goes on, ninety days were promised whether or not anybody answers: those never wait.
PAUSABLE = frozenset({ClockKind.TRIAGE, ClockKind.ANSWER, ClockKind.RELAY, ClockKind.CALL_BACK})
# Clocks that remind us, or that run for the complainant: nobody is late when they end.
UNCOUNTED = frozenset(
    {ClockKind.SETTLED_ASKED, ClockKind.DISPUTE_WINDOW, ClockKind.CHECK_IN, ClockKind.CUSTODY}
)
COMPANY_SIDE = frozenset({Role.COMPANY, Role.OVERSEER})


class Holder(NamedTuple):
    """Whose turn it is. The complainant has no organisation."""

    role: Role
    organisation_id: UUID | None


COMPLAINANT = Holder(Role.COMPLAINANT, None)


class DueStep(NamedTuple):
    """A step of the ladder and when it is due. `instance` counts a step that comes more than once."""

    step: Step
    instance: int
    at: datetime


@dataclass(frozen=True)
class Clock:
    """One round of one clock.

    `steps_taken` holds (step, instance), skipped ones too. `extended_by_days` counts in the unit of the
    clock's own term: working days where the term is in working days.
    """

    kind: ClockKind
    severity: Severity
    holder: Holder
    started_at: datetime
    round: int = 1
    pauses: tuple[Pause, ...] = ()
    extended_by_days: int | None = None
    stopped_at: datetime | None = None
    steps_taken: frozenset[tuple[Step, int]] = frozenset()

    def __post_init__(self) -> None:
        if self.started_at.tzinfo is None:
            raise InvalidInput("started_at", "not_aware")

    def paused_at(self, now: datetime) -> bool:
        """Is the complainant awaited at this instant?"""
        return any(pause.begins <= now and (pause.ends is None or now < pause.ends) for pause in self.pauses)


def start(kind: ClockKind, severity: Severity, holder: Holder, now: datetime) -> Clock:
    """The first round of a clock. For `CUSTODY`, `now` is the time of the arrest when it is known."""
    return Clock(kind=kind, severity=severity, holder=holder, started_at=now)


def due_at(clock: Clock, policy: Policy, calendar: Calendar) -> datetime:
    """The deadline, in UTC. During a pause without an end: the earliest that it can be."""
    term = policy.term(clock.kind, clock.severity)
    if clock.extended_by_days:
        term = replace(term, amount=term.amount + clock.extended_by_days)
    return calendar.after(clock.started_at, term, clock.pauses)


def next_step(clock: Clock, policy: Policy, calendar: Calendar) -> DueStep | None:
    """The earliest step not yet taken; None when stopped, when none is left, or in a pause without an end."""
    return next(iter(_steps_left(clock, policy, calendar)), None)


def steps_due(clock: Clock, now: datetime, policy: Policy, calendar: Calendar) -> tuple[DueStep, ...]:
    """Every step that is due at `now` and not yet taken, in the order in which they became due."""
    return tuple(step for step in _steps_left(clock, policy, calendar) if step.at <= now)


def take(clock: Clock, step: Step, instance: int = 0) -> Clock:
    """The clock with this step behind it, taken or skipped. Raises Refused("step_already_taken")."""
    _refuse_if((step, instance) in clock.steps_taken, "step_already_taken")
    return replace(clock, steps_taken=clock.steps_taken | {(step, instance)})


def on_time(clock: Clock, now: datetime, policy: Policy, calendar: Calendar) -> bool | None:
    """Was this round kept? None while that is open, and for the clocks on which nobody can be late.

    A breach that was announced stays one, even if a later correction of the severity moved the deadline.
    """
    awaited = clock.stopped_at is None and any(one.ends is None for one in clock.pauses)
    if clock.kind in UNCOUNTED or awaited:
        return None
    if (Step.DEADLINE, 0) in clock.steps_taken or (clock.stopped_at or now) > due_at(clock, policy, calendar):
        return False
    return True if clock.stopped_at else None


def whose_turn(clock: Clock, now: datetime) -> Holder | None:
    """Who must do something now; None once the clock is stopped."""
    if clock.stopped_at is not None:
        return None
    return COMPLAINANT if clock.paused_at(now) else clock.holder


def pause(clock: Clock, now: datetime, waiting_for: Role, policy: Policy, calendar: Calendar) -> Clock:
    """The desk waits for the complainant. Raises Refused.

    For a company's clock use `accept_question`: what a company waits for is its own affair until the desk
    says that the question is needed.
    """
    _refuse_if(waiting_for is not Role.COMPLAINANT, "not_waiting_for_complainant")
    _refuse_if(clock.holder.role in COMPANY_SIDE, "question_not_accepted")
    _check_pausable(clock, now, policy, calendar)
    return replace(clock, pauses=(*clock.pauses, Pause(now, None)))


def accept_question(clock: Clock, now: datetime, policy: Policy, calendar: Calendar) -> Clock:
    """The desk accepts a company's question as needed: once in a round, and for five working days at most.

    The end is written at once, so a question that is never answered stops nothing for longer. Raises Refused.
    """
    _refuse_if(clock.holder.role not in COMPANY_SIDE, "not_a_company_clock")
    _check_pausable(clock, now, policy, calendar)
    _refuse_if(bool(clock.pauses), "question_already_accepted")
    ends = calendar.after(now, policy.question_pause)
    return replace(clock, pauses=(Pause(now, ends),))


def resume(clock: Clock, now: datetime) -> Clock:
    """The complainant's word has come. Raises Refused("not_paused")."""
    _refuse_if(not clock.paused_at(now), "not_paused")
    return replace(clock, pauses=tuple(_ended(one, now) for one in clock.pauses))


def stop(clock: Clock, now: datetime) -> Clock:
    """What was awaited is done. A pause ends with it. Raises Refused("already_stopped")."""
    _refuse_if(clock.stopped_at is not None, "already_stopped")
    return replace(clock, pauses=tuple(_ended(one, now) for one in clock.pauses), stopped_at=now)


def extend(
    clock: Clock, now: datetime, days: int, policy: Policy, calendar: Calendar, *, reason_given: bool
) -> Clock:
    """The one reasoned extension, by `days` in the unit of the term. Raises Refused."""
    longest = policy.longest_extension(clock.kind, clock.severity)
    _refuse_if(clock.stopped_at is not None, "already_stopped")
    _refuse_if(clock.extended_by_days is not None, "already_extended")
    _refuse_if(not reason_given, "reason_missing")
    if longest is None or not 1 <= days <= longest.amount:
        raise Refused("not_extendable" if longest is None else "extension_too_long")
    _refuse_if(now > due_at(clock, policy, calendar), "deadline_passed")
    return replace(clock, extended_by_days=days)


def hand_back(clock: Clock, now: datetime, policy: Policy, calendar: Calendar) -> Clock:
    """The answer was no answer: the same round runs on, counted from the first deadline.

    Refused with "too_late_to_hand_back" once the time for relaying it has passed: a company is not made late
    by an answer that lay on the desk. From then on the complainant disputes it, which opens a new round.
    """
    if clock.stopped_at is None:
        raise Refused("still_running")
    relay = policy.term(ClockKind.RELAY, clock.severity)
    _refuse_if(now > calendar.after(clock.stopped_at, relay), "too_late_to_hand_back")
    return replace(clock, stopped_at=None)


def reopen(clock: Clock, now: datetime) -> Clock:
    """The next round, from `now`, with nothing taken; the round before stays as it is. Raises Refused."""
    _refuse_if(clock.stopped_at is None, "still_running")
    return Clock(clock.kind, clock.severity, clock.holder, now, clock.round + 1)


def reprice(
    clock: Clock, severity: Severity, policy: Policy, calendar: Calendar, *, reason_given: bool = False
) -> Clock:
    """The same clock at another severity, counted from its start. A stopped one is left as it was.

    An extension is kept, up to the longest that the new severity allows.
    Raises Refused("reason_missing") when the deadline would move later and nobody said why.
    """
    if clock.stopped_at is not None:
        return clock
    longest, days = policy.longest_extension(clock.kind, severity), clock.extended_by_days
    kept = min(days, longest.amount) if days and longest else days
    changed = replace(clock, severity=severity, extended_by_days=kept)
    later = due_at(changed, policy, calendar) > due_at(clock, policy, calendar)
    _refuse_if(later and not reason_given, "reason_missing")
    return changed


def _steps_left(clock: Clock, policy: Policy, calendar: Calendar) -> list[DueStep]:
    if clock.stopped_at is not None or any(one.ends is None for one in clock.pauses):
        return []
    rungs = policy.ladder(clock.kind, clock.severity)
    left = [rung for rung in rungs if (rung.step, rung.instance) not in clock.steps_taken]
    steps = [DueStep(rung.step, rung.instance, _rung_at(clock, rung, policy, calendar)) for rung in left]
    return sorted(steps, key=lambda step: step.at)  # stable: steps of one instant keep the ladder's order


def _rung_at(clock: Clock, rung: Rung, policy: Policy, calendar: Calendar) -> datetime:
    """When a rung is due. A reminder that would fall into a pause waits for its end."""
    due = due_at(clock, policy, calendar)
    if rung.term is None:
        at = clock.started_at + (due - clock.started_at) * policy.reminder_percent / 100
        return max([at, *(one.ends for one in clock.pauses if one.ends and one.begins <= at < one.ends)])
    if rung.anchor is Anchor.START:
        return calendar.after(clock.started_at, rung.term, clock.pauses)
    return calendar.after(due, rung.term)


def _ended(one: Pause, now: datetime) -> Pause:
    """This pause, ended at `now` if it lasted longer."""
    return Pause(one.begins, now) if one.ends is None or one.ends > now else one


def _check_pausable(clock: Clock, now: datetime, policy: Policy, calendar: Calendar) -> None:
    """A pause never undoes a deadline that has passed."""
    _refuse_if(clock.kind not in PAUSABLE, "never_pauses")
    _refuse_if(clock.stopped_at is not None, "already_stopped")
    _refuse_if(clock.paused_at(now), "already_paused")
    _refuse_if(now > due_at(clock, policy, calendar), "deadline_passed")


def _refuse_if(condition: bool, reason: str) -> None:
    if condition:
        raise Refused(reason)
