"""Who is texted when somebody is in danger? Whoever is on duty at that moment, by the SMS worker."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from grievance.actions.notices import Audience
from grievance.rules.dialogue import Template
from grievance.store import doorbell, queries
from grievance.store.models import Case, Medium, Outbox, OutboxState


def ring(session: Session, case: Case, *, now: datetime) -> None:
    """One text to the duty numbers of the case's desk: a call to make now, under which code. Only inserts."""
    desk = queries.organisation(session, case.desk_id)
    row = Outbox(
        id=uuid4(), medium=Medium.SMS, template=Template.DUTY_CALL.value, language=desk.language,
        values={"code": case.code}, once=f"duty-text:{case.id}:{desk.id}", case_id=case.id,
        organisation_id=desk.id, audience=Audience.DUTY.value, state=OutboxState.WAITING, attempts=0,
        created_at=now, next_at=now,
    )  # fmt: skip
    session.add(row)
    doorbell.after_commit(session, "sms", row.id)
