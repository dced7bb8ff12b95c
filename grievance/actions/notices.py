"""Who must be told? A row in the outbox, in the transaction of the change it tells of."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from grievance.store import doorbell
from grievance.store.models import Case, Medium, Organisation, Outbox, OutboxState, Referral
from grievance.vocabulary import Language


class Audience(StrEnum):
    """Which members of an organisation a mail goes to; found out when it is sent."""

    TRIAGE = "triage"
    WORKERS = "workers"
    LEADS = "leads"
    DUTY = "duty"
    EVERYBODY = "everybody"


def to_organisation(
    session: Session,
    organisation: Organisation,
    template: StrEnum,
    *,
    audience: Audience,
    once: str,
    now: datetime,
    case: Case | None = None,
    referral: Referral | None = None,
    values: dict[str, Any] | None = None,
) -> None:
    """A mail to an organisation's members: a code and a link, never content.

    `once` names the one reason for it; the database refuses a second notice for the same reason.
    """
    row = Outbox(
        id=uuid4(),
        medium=Medium.MAIL,
        template=template.value,
        language=organisation.language,
        values=values or {},
        once=f"{once}:{organisation.id}:{audience.value}",
        case_id=case.id if case else None,
        referral_id=referral.id if referral else None,
        organisation_id=organisation.id,
        audience=audience.value,
        **_waiting(now),
    )
    session.add(row)
    doorbell.after_commit(session, "mail", row.id)


def to_complainant(
    session: Session,
    case: Case,
    template: StrEnum,
    *,
    once: str,
    now: datetime,
    waits: bool = False,
    sealed_text: bytes | None = None,
    values: dict[str, Any] | None = None,
) -> None:
    """An SMS nobody asked for just now: neutral, without a code, and only where the sender may still text.

    With `waits` it is handed over when the person sends SUIVI. `sealed_text` is sealed to the notifier key.
    """
    row = Outbox(
        id=uuid4(),
        medium=Medium.SMS,
        template=template.value,
        language=case.language,
        values=values or {},
        once=once,
        case_id=case.id,
        sealed_text=sealed_text,
        waits_for_follow=waits,
        **_waiting(now),
    )
    session.add(row)
    if not waits:
        doorbell.after_commit(session, "sms", row.id)


def to_complainant_of(
    session: Session, referral: Referral, template: StrEnum, *, once: str, now: datetime
) -> None:
    """The same, by somebody who may not see the case: it is said in the case's language when it is sent."""
    row = Outbox(
        id=uuid4(), medium=Medium.SMS, template=template.value, language=Language.FRENCH, values={},
        once=once, case_id=referral.case_id, **_waiting(now),
    )  # fmt: skip
    session.add(row)
    doorbell.after_commit(session, "sms", row.id)


def _waiting(now: datetime) -> dict[str, Any]:
    return {"state": OutboxState.WAITING, "attempts": 0, "created_at": now, "next_at": now}
