"""What is due at this desk? Its cases by the next date that is owed, and the tasks of its people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grievance.actions.case_values import ClockSeen, QueueLine, TaskSeen
from grievance.rules import workflow
from grievance.store import queries
from grievance.store.models import Case, ClockRow, ClockStep, Entry, Referral, Remedy, Site, Task
from grievance.store.session import transaction
from grievance.terms import Actor, CaseState, ClockKind, ReferralState, Stage, Step
from grievance.vocabulary import EntryKind, RemedyState, TaskKind

# Dates that somebody owes; the others remind of something, or are a right of the complainant.
OWED = frozenset({
    ClockKind.FIRST_CALL, ClockKind.FIRST_ANSWER, ClockKind.TRIAGE, ClockKind.INTERIM, ClockKind.ACKNOWLEDGE,
    ClockKind.ANSWER, ClockKind.RELAY, ClockKind.OUTCOME, ClockKind.CALL_BACK, ClockKind.APPEAL_HANDED,
})  # fmt: skip
ABOVE = (Step.NEXT_PARTY, Step.ICOCA)


@dataclass
class _Around:
    """What stands around the cases of one page, loaded at once."""

    clocks: dict[UUID, list[ClockRow]] = field(default_factory=lambda: defaultdict(list))
    referrals: dict[UUID, list[Referral]] = field(default_factory=lambda: defaultdict(list))
    tasks: dict[UUID, list[Task]] = field(default_factory=lambda: defaultdict(list))
    spoken: dict[UUID, datetime] = field(default_factory=dict)
    climbed: set[UUID] = field(default_factory=set)
    owed: set[UUID] = field(default_factory=set)
    names: dict[UUID, str] = field(default_factory=dict)
    sites: dict[UUID, str] = field(default_factory=dict)


def queue(actor: Actor, now: datetime, *, closed: bool = False) -> tuple[QueueLine, ...]:
    """The cases this actor may see, what is due first at the top; `closed` ones on request, newest first."""
    with transaction(actor) as session:
        wanted = Case.state == CaseState.CLOSED if closed else Case.state != CaseState.CLOSED
        cases = session.scalars(select(Case).where(wanted)).all()
        around = _around(session, cases)
        lines = [_line(case, around, actor, now) for case in cases]
    if closed:
        return tuple(sorted(lines, key=lambda line: line.received_at, reverse=True))
    return tuple(sorted(lines, key=_order))


def tasks(actor: Actor, now: datetime) -> tuple[TaskSeen, ...]:
    """What the people of this organisation must do: danger first, then by date; without one at the end."""
    with transaction(actor) as session:
        query = select(Task, Case.code).outerjoin(Case, Case.id == Task.case_id)
        query = query.where(Task.organisation_id == actor.organisation_id, Task.done_at.is_(None))
        found = [task_seen(task, code, now) for task, code in session.execute(query)]
    return tuple(sorted(found, key=_urgency))


def _urgency(task: TaskSeen) -> tuple[bool, bool, datetime]:
    """Somebody in danger is rung before anything else, whoever waits longest first."""
    return (task.kind is not TaskKind.DANGER_CALL, task.due_at is None, task.due_at or task.created_at)


def task_seen(task: Task, code: str | None, now: datetime) -> TaskSeen:
    """A task as a page shows it."""
    late = task.due_at is not None and task.due_at < now
    return TaskSeen(task.id, code, task.kind, task.created_at, task.due_at, late)


def clock_seen(
    row: ClockRow, names: dict[UUID, str], now: datetime, referral_code: str | None = None
) -> ClockSeen:
    """A clock as a page shows it."""
    holder = names.get(row.holder_id) if row.holder_id else None
    return ClockSeen(
        row.kind, row.holder_role, holder, row.due_at, row.due_at < now, row.paused_at is not None,
        referral_code,
    )  # fmt: skip


def stage_of(
    session: Session, case: Case, referrals: Iterable[Referral], clocks: Iterable[ClockRow]
) -> Stage:
    """The stage that the complainant is told of."""
    around = _around(session, [case])
    around.referrals[case.id], around.clocks[case.id] = list(referrals), list(clocks)
    return _stage(case, around)


def _around(session: Session, cases: Iterable[Case]) -> _Around:
    ids = [case.id for case in cases]
    around = _Around()
    running = select(ClockRow).where(ClockRow.case_id.in_(ids), ClockRow.stopped_at.is_(None))
    for row in session.scalars(running.order_by(ClockRow.due_at)):
        around.clocks[row.case_id].append(row)
    for referral in session.scalars(select(Referral).where(Referral.case_id.in_(ids))):
        around.referrals[referral.case_id].append(referral)
    for task in session.scalars(select(Task).where(Task.case_id.in_(ids), Task.done_at.is_(None))):
        if task.case_id:
            around.tasks[task.case_id].append(task)
    _what_was_said(session, ids, around)
    holders = {row.holder_id for rows in around.clocks.values() for row in rows}
    around.names = queries.names(session, holders)
    around.sites = {site.id: site.name for site in session.scalars(select(Site))}
    return around


def _what_was_said(session: Session, ids: list[UUID], around: _Around) -> None:
    spoken = (
        select(Entry.case_id, func.max(Entry.at))
        .where(Entry.case_id.in_(ids), Entry.kind.in_((EntryKind.TO_COMPLAINANT, EntryKind.NOTE)))
        .group_by(Entry.case_id)
    )
    around.spoken = {case_id: at for case_id, at in session.execute(spoken)}
    climbed = select(ClockRow.case_id).join(ClockStep, ClockStep.clock_id == ClockRow.id)
    climbed = climbed.where(ClockRow.case_id.in_(ids), ClockRow.stopped_at.is_(None))
    around.climbed = set(
        session.scalars(climbed.where(ClockStep.skipped.is_(None), ClockStep.step.in_(ABOVE)))
    )
    owed = select(Referral.case_id).join(Remedy, Remedy.referral_id == Referral.id)
    owed = owed.where(Referral.case_id.in_(ids), Remedy.state != RemedyState.CONFIRMED)
    around.owed = set(session.scalars(owed))


def _stage(case: Case, around: _Around) -> Stage:
    sent = [one for one in around.referrals[case.id] if one.sent_at is not None]
    told = (ReferralState.ANSWERED, ReferralState.REMEDY)
    waits = any(one.relayed_at and one.settled is None and one.state in told for one in sent)
    return workflow.stage(
        case.state, [one.state for one in sent], relayed_waiting=waits, escalated=case.id in around.climbed,
        remedy_due=case.id in around.owed,
    )  # fmt: skip


def _line(case: Case, around: _Around, actor: Actor, now: datetime) -> QueueLine:
    codes = {one.id: one.code for one in around.referrals[case.id]}
    owed = [row for row in around.clocks[case.id] if row.kind in OWED]
    first = min(owed, key=lambda row: (row.paused_at is not None, row.due_at), default=None)
    due = clock_seen(first, around.names, now, codes.get(first.referral_id or first.id)) if first else None
    spoken = around.spoken.get(case.id)
    open_tasks = tuple(sorted({task.kind for task in around.tasks[case.id]}, key=list(TaskKind).index))
    line = QueueLine(
        case.code, case.state, _stage(case, around), case.restricted, case.desk_id != actor.organisation_id,
        spoken is None or case.fresh_at > spoken, case.received_at, case.fresh_at, due, tasks=open_tasks,
    )  # fmt: skip
    return line if case.restricted else _with_facts(line, case, around)


def _with_facts(line: QueueLine, case: Case, around: _Around) -> QueueLine:
    return QueueLine(
        line.code, line.state, line.stage, False, line.as_backup, line.fresh, line.received_at, line.fresh_at,
        line.next, case.severity, case.channel, case.language, case.province, case.territory,
        around.sites.get(case.site_id) if case.site_id else None, tuple(case.harms), case.actor, line.tasks,
    )  # fmt: skip


def _order(line: QueueLine) -> tuple[bool, datetime]:
    """The first date that is owed, so what is late comes first; what has no date, at the end."""
    return (line.next is None, line.next.due_at if line.next else line.fresh_at)
