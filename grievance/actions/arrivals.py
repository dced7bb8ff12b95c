"""Who hears of a new case? The desk, at once; and whoever is on duty when a person is in danger."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from grievance.actions import duty_texts, notices
from grievance.actions.notices import Audience
from grievance.store import queries
from grievance.store.models import Case, Task
from grievance.vocabulary import SafeContact, Severity, TaskKind
from grievance.wording_mail import MailTemplate


def tell_desk(session: Session, case: Case, now: datetime) -> None:
    """Writes the desk's mail about a new case, the tasks that it needs, and rings the roster for `now`."""
    desk = queries.organisation(session, case.desk_id)
    notices.to_organisation(
        session,
        desk,
        MailTemplate.NEW_CASE,
        audience=Audience.TRIAGE,
        once=f"new:{case.id}",
        now=now,
        case=case,
    )
    if case.severity is Severity.NOW:
        ring_duty(session, case, now)
    elif case.safe_contact is SafeContact.CALL:
        add_task(session, case, TaskKind.CALL_BACK, now)


def ring_duty(session: Session, case: Case, now: datetime) -> None:
    """Danger: a task, and a mail to whoever is on duty, day and night."""
    desk = queries.organisation(session, case.desk_id)
    add_task(session, case, TaskKind.DANGER_CALL, now)
    duty_texts.ring(session, case, now=now)
    notices.to_organisation(
        session,
        desk,
        MailTemplate.DUTY_CALL,
        audience=Audience.DUTY,
        once=f"duty:{case.id}",
        now=now,
        case=case,
    )


def add_task(
    session: Session, case: Case, kind: TaskKind, now: datetime, *, due_at: datetime | None = None
) -> Task:
    """Something a person of the case's desk must do."""
    task = Task(
        id=uuid4(), case_id=case.id, organisation_id=case.desk_id, kind=kind, created_at=now, due_at=due_at
    )
    session.add(task)
    return task
