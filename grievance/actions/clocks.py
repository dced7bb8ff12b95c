"""How do clocks live in rows? Loaded as values, changed by the rules, stored with what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.rules import clocks as rule
from grievance.rules import promises
from grievance.rules.clocks import Calendar, Clock, Holder, Pause, Policy
from grievance.rules.promises import OnDuty
from grievance.store import journal
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, ClockPause, ClockRow, ClockStep, Duty, Referral, Task
from grievance.terms import Actor, ClockKind, NotFound, Role, Step
from grievance.vocabulary import Severity

Change = Callable[[Clock], Clock]


def policy() -> Policy:
    """The deadline policy in force."""
    return cast(Policy, current_app.config["POLICY"])


def calendar() -> Calendar:
    """The working days of DR Congo."""
    return cast(Calendar, current_app.config["CALENDAR"])


def column_of(case: Case) -> Severity:
    """The column of the policy that this case runs on."""
    return rule.column(case.severity, case.restricted, case.called_at is not None)


def start(
    session: Session, case: Case, kind: ClockKind, *, now: datetime, holder_role: Role,
    holder_id: UUID | None, referral: Referral | None = None, task: Task | None = None,
    severity: Severity | None = None,
) -> ClockRow:  # fmt: skip
    """Starts a clock: stores its deadline and its next step. Only inserts, so that intake may do it."""
    column = severity or column_of(case)
    clock = rule.start(kind, column, Holder(holder_role, holder_id), now)
    return _new_row(
        session, clock, case_id=case.id, referral_id=referral.id if referral else None,
        task_id=task.id if task else None, policy_version=case.policy,
    )  # fmt: skip


def start_for_referral(
    session: Session, referral: Referral, kind: ClockKind, *, now: datetime, holder_role: Role,
    holder_id: UUID | None,
) -> ClockRow:  # fmt: skip
    """Starts a clock of a referral by somebody who may not see its case: a company, or the sweep."""
    clock = rule.start(kind, referral.severity, Holder(holder_role, holder_id), now)
    return _new_row(
        session, clock, case_id=referral.case_id, referral_id=referral.id, task_id=None,
        policy_version=policy().version,
    )  # fmt: skip


def _new_row(
    session: Session, clock: Clock, *, case_id: UUID, referral_id: UUID | None, task_id: UUID | None,
    policy_version: str,
) -> ClockRow:  # fmt: skip
    row = ClockRow(
        id=uuid4(), case_id=case_id, referral_id=referral_id, task_id=task_id, kind=clock.kind,
        severity=clock.severity, round=clock.round, policy=policy_version, holder_role=clock.holder.role,
        holder_id=clock.holder.organisation_id, started_at=clock.started_at,
    )  # fmt: skip
    _store(session, row, clock)
    session.add(row)
    return row


def _store(session: Session, row: ClockRow, clock: Clock) -> None:
    """What is kept of a value, `due_at` and the next step as the rule computes them."""
    due = rule.next_step(clock, policy(), calendar())
    row.severity, row.stopped_at = clock.severity, clock.stopped_at
    row.extended_days = clock.extended_by_days
    row.paused_at = next((one.begins for one in clock.pauses if one.ends is None), None)
    row.due_at = rule.due_at(clock, policy(), calendar())
    row.next_step, row.next_instance, row.next_at = (
        (due.step, due.instance, due.at) if due else (None, None, None)
    )
    if not promises.hangs_on_roster(clock):
        row.promised_at = None
    elif row.promised_at is None:  # said once: a roster that changes later changes no promise
        turns = roster(session, row.holder_id, row.started_at)
        row.promised_at = promises.promise(clock, turns, policy(), calendar())


def roster(session: Session, desk_id: UUID | None, since: datetime) -> tuple[OnDuty, ...]:
    """A desk's turns of duty that end after this instant, the earliest first."""
    query = select(Duty.starts_at, Duty.ends_at).where(Duty.desk_id == desk_id, Duty.ends_at > since)
    return tuple(OnDuty(*turn) for turn in session.execute(query.order_by(Duty.starts_at)))


def value_of(session: Session, row: ClockRow) -> Clock:
    """The value that a row and its pauses and steps stand for."""
    pauses = session.scalars(select(ClockPause).where(ClockPause.clock_id == row.id))
    steps = session.scalars(
        select(ClockStep).where(ClockStep.clock_id == row.id, ClockStep.round == row.round)
    )
    return Clock(
        kind=row.kind,
        severity=row.severity,
        holder=Holder(row.holder_role, row.holder_id),
        started_at=row.started_at,
        round=row.round,
        pauses=tuple(sorted(Pause(one.starts_at, one.ends_at) for one in pauses)),
        extended_by_days=row.extended_days,
        stopped_at=row.stopped_at,
        steps_taken=frozenset((one.step, one.instance) for one in steps),
    )


def change(session: Session, row: ClockRow, how: Change, *, actor: Actor, now: datetime) -> Clock:
    """Applies a rule to a clock and stores what it gives, with a line. Raises what the rule raises."""
    before = value_of(session, row)
    after = how(before)
    _store_pauses(session, row, after.pauses)
    _store(session, row, after)
    journal.append(
        session, chain=row.case_id, subject=row.id, actor=actor, move=CaseEvent.CLOCK_CHANGED, now=now,
    )  # fmt: skip
    return after


def _store_pauses(session: Session, row: ClockRow, pauses: Iterable[Pause]) -> None:
    kept = {
        one.starts_at: one for one in session.scalars(select(ClockPause).where(ClockPause.clock_id == row.id))
    }
    for pause in pauses:
        if pause.begins in kept:
            kept[pause.begins].ends_at = pause.ends
        else:
            session.add(
                ClockPause(
                    id=uuid4(), clock_id=row.id, case_id=row.case_id, starts_at=pause.begins,
                    ends_at=pause.ends,
                )
            )  # fmt: skip


def record_step(
    session: Session, row: ClockRow, step: Step, instance: int, *, now: datetime, **outcome: object
) -> ClockStep:
    """Writes that a step was taken or skipped, and finds the next. `outcome`: to_organisation_id, skipped."""
    taken = rule.take(value_of(session, row), step, instance)
    line = ClockStep(
        id=uuid4(), clock_id=row.id, case_id=row.case_id, round=row.round, step=step, instance=instance,
        at=now, **outcome,
    )  # fmt: skip
    session.add(line)
    if step is Step.DEADLINE and row.breached_at is None:
        row.breached_at = now
    _store(session, row, taken)
    return line


def running(
    session: Session, case_id: UUID, kind: ClockKind, referral_id: UUID | None = None
) -> ClockRow | None:
    """The clock of this kind that runs, locked; None when none does."""
    query = (
        select(ClockRow)
        .where(
            ClockRow.case_id == case_id,
            ClockRow.kind == kind,
            ClockRow.stopped_at.is_(None),
            ClockRow.referral_id.is_(None) if referral_id is None else ClockRow.referral_id == referral_id,
        )
        .order_by(ClockRow.round.desc())
        .limit(1)
        .with_for_update()
    )
    return session.scalar(query)


def latest(
    session: Session, case_id: UUID, kind: ClockKind, referral_id: UUID | None = None
) -> ClockRow | None:
    """The newest round of a clock, running or stopped."""
    query = (
        select(ClockRow)
        .where(
            ClockRow.case_id == case_id,
            ClockRow.kind == kind,
            ClockRow.referral_id.is_(None) if referral_id is None else ClockRow.referral_id == referral_id,
        )
        .order_by(ClockRow.round.desc())
        .limit(1)
    )
    return session.scalar(query)


def stop(
    session: Session, kind: ClockKind, *, case_id: UUID, actor: Actor, now: datetime,
    referral_id: UUID | None = None,
) -> bool:  # fmt: skip
    """Stops a clock if it runs; says whether it did. A late stop is on the record as late."""
    row = running(session, case_id, kind, referral_id)
    if row is None:
        return False
    if now > row.due_at and row.breached_at is None:
        row.breached_at = row.due_at
    change(session, row, lambda clock: rule.stop(clock, now), actor=actor, now=now)
    return True


def stop_all(session: Session, case_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Stops everything that runs on a case: it was closed."""
    rows = session.scalars(
        select(ClockRow).where(ClockRow.case_id == case_id, ClockRow.stopped_at.is_(None)).with_for_update()
    )
    for row in rows.all():
        change(session, row, lambda clock: rule.stop(clock, now), actor=actor, now=now)


def reopen(session: Session, row: ClockRow, *, now: datetime) -> ClockRow:
    """The next round of a stopped clock; the round before stays as it is."""
    clock = rule.reopen(value_of(session, row), now)
    return _new_row(
        session, clock, case_id=row.case_id, referral_id=row.referral_id, task_id=row.task_id,
        policy_version=row.policy,
    )  # fmt: skip


def first_promise(session: Session, case_id: UUID) -> datetime:
    """The instant by which a person answers, as the complainant was told it. Raises NotFound."""
    query = select(ClockRow).where(
        ClockRow.case_id == case_id, ClockRow.kind.in_((ClockKind.FIRST_CALL, ClockKind.FIRST_ANSWER))
    )
    row = session.scalar(query.order_by(ClockRow.started_at).limit(1))
    if row is None:
        raise NotFound
    return row.told_at
