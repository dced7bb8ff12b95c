"""When is a task done? Its line is written in its case's chain, and its clock stops."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import clocks, moves
from grievance.rules import clocks as rule
from grievance.store import queries
from grievance.store.journal import CaseEvent
from grievance.store.models import ClockRow, Task
from grievance.terms import Actor


def finish(session: Session, task: Task, *, actor: Actor, now: datetime) -> None:
    """Marks a task done, with the line in its case's chain and its clock stopped."""
    task.done_at, task.done_by = now, actor.member_id
    if task.case_id is None:
        return
    case = queries.case_by_id(session, task.case_id, lock=True)
    query = select(ClockRow).where(ClockRow.task_id == task.id, ClockRow.stopped_at.is_(None))
    for row in session.scalars(query.with_for_update()).all():
        clocks.change(session, row, lambda clock: rule.stop(clock, now), actor=actor, now=now)
    moves.line(session, case, CaseEvent.TASK_DONE, actor=actor, now=now)
