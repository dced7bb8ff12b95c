"""May somebody take a report back altogether? For half an hour, and only while nobody has opened it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from grievance.actions import clocks, new_cases
from grievance.store import journal, queries
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, Task
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, CaseState, Refused
from grievance.vocabulary import Channel, Outcome

WITHIN = timedelta(minutes=30)


def possible(session: Session, case: Case, now: datetime) -> bool:
    """Whether the complainant, who acts, may still take this case back."""
    young = case.channel is Channel.WEB and now - case.received_at <= WITHIN
    if not young or case.state is not CaseState.RECEIVED:
        return False
    return bool(session.scalar(select(func.own_case_is_unopened())))


def may_take_back(case_id: UUID, *, actor: Actor, now: datetime) -> bool:
    """Whether everything can still be erased. Raises NotFound."""
    with transaction(actor) as session:
        return possible(session, queries.case_by_id(session, case_id), now)


@once_more
def take_back(case_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Erases all that was sent, as a late "no" by SMS does: a count stays, and the journal's lines.

    The receipt opens nothing any more, and every visit of it ends. Raises Refused("opened_already").
    """
    with transaction(actor) as session:
        # Whoever opens a case for the first time waits for this lock, or was faster.
        case = queries.case_by_id(session, case_id, lock=True)
        if not possible(session, case, now):
            raise Refused("opened_already")
        clocks.stop_all(session, case.id, actor=actor, now=now)
        open_tasks = (Task.case_id == case.id, Task.done_at.is_(None))
        session.execute(update(Task).where(*open_tasks).values(done_at=now))
        journal.append(
            session, chain=case.id, subject=case.id, actor=actor, move=CaseEvent.SHREDDED, now=now,
            from_state=case.state.value, to_state=CaseState.CLOSED.value,
        )  # fmt: skip
        new_cases.blank(case)
        case.state, case.outcome, case.closed_at = CaseState.CLOSED, Outcome.WITHDRAWN, now
        session.flush()
        gone = func.take_own_case_back(uuid4(), uuid4(), now.date(), case.desk_id)
        if not session.scalar(select(gone)):
            raise Refused("opened_already")
