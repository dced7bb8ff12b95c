"""What became of a text that we handed over? A provider's reports, late and in any order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grievance.actions.delivery import GIVES_UP, drop, give_up, pause_after, wipe
from grievance.store.models import Medium, NumberIndex, Outbox, OutboxState

FORWARD = (OutboxState.LEASED, OutboxState.UNCERTAIN, OutboxState.SENT, OutboxState.FETCHED)


def reported(session: Session, fields: Mapping[str, Any], *, now: datetime) -> None:
    """A provider's report on a text of ours; it only moves a notice forward."""
    row = _reported_row(session, fields)
    if row is None or row.state not in FORWARD:
        return
    row.provider_id = fields["provider_id"] or row.provider_id
    if fields["status"] == "delivered":
        row.state = OutboxState.FETCHED if row.waits_for_follow else OutboxState.DELIVERED
        row.sent_at = row.sent_at or now
        wipe(row)
    elif fields["status"] == "failed":
        row.error = fields["code"] or fields["error"]
        _undelivered(session, row, str(fields["error"]), now)
    elif row.state is not OutboxState.FETCHED:
        row.state, row.sent_at = OutboxState.SENT, row.sent_at or now


def _reported_row(session: Session, fields: Mapping[str, Any]) -> Outbox | None:
    try:
        own_id = UUID(fields["own_id"])
    except (TypeError, ValueError):
        own_id = None
    named = Outbox.id == own_id if own_id else Outbox.provider_id == fields["provider_id"]
    query = select(Outbox).where(Outbox.medium == Medium.SMS, named).limit(1)
    return session.scalar(query.with_for_update())


def _undelivered(session: Session, row: Outbox, error: str, now: datetime) -> None:
    """After a report of failure: a stop, or a fresh try. A desk's own words open under their own id alone."""
    if error == "opted_out":
        session.execute(
            update(NumberIndex).where(NumberIndex.case_id == row.case_id).values(stopped_at=now)
        )
        drop(row)
    elif error == "retry" and row.sealed_text is None and now - row.created_at < GIVES_UP:
        session.add(_fresh(row, now))
        drop(row)
    else:
        give_up(session, row, now)


def _fresh(row: Outbox, now: datetime) -> Outbox:
    """The same notice under an id of its own: a provider drops what comes under an id that it had."""
    return Outbox(
        id=uuid4(), medium=row.medium, template=row.template, language=row.language, values=dict(row.values),
        once=f"{row.once}+", case_id=row.case_id, referral_id=row.referral_id, member_id=row.member_id,
        organisation_id=row.organisation_id, audience=row.audience, channel_id=row.channel_id,
        sealed_to=row.sealed_to, sealed_text=row.sealed_text, asked=row.asked,
        waits_for_follow=row.waits_for_follow, state=OutboxState.WAITING, attempts=row.attempts,
        created_at=row.created_at, next_at=now + pause_after(row.attempts),
    )  # fmt: skip

