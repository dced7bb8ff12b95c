"""What becomes of sends whose worker was lost, and of what was sent a day ago?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update

from grievance.actions.delivery import GIVES_UP, UNCERTAIN_FOR, give_up
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import Medium, Outbox, OutboxState
from grievance.store.session import transaction
from grievance.terms import Actor
from grievance.vocabulary import TaskKind


def settle_lapsed(medium: Medium, *, actor: Actor = SMS_ACTOR, repeatable: bool, now: datetime) -> None:
    """Sends whose worker was lost. `repeatable`: a second copy is harmless, so it is simply sent again."""
    lapsed = and_(Outbox.state == OutboxState.LEASED, Outbox.leased_until < now)
    waited = and_(Outbox.state == OutboxState.UNCERTAIN, Outbox.next_at <= now)
    query = select(Outbox).where(Outbox.medium == medium, or_(lapsed, waited))
    with transaction(actor) as session:
        for row in session.scalars(query.with_for_update(skip_locked=True).limit(200)):
            if row.state is OutboxState.LEASED and not repeatable:
                row.state, row.next_at = OutboxState.UNCERTAIN, now + UNCERTAIN_FOR
            elif row.sealed_text is None or repeatable or (row.asked and not row.waits_for_follow):
                row.state, row.next_at = OutboxState.WAITING, now
            else:
                # A desk's own words must not arrive twice unnoticed: a person decides.
                give_up(session, row, now, TaskKind.UNCERTAIN_MESSAGE)


def forget_sent(now: datetime) -> None:
    """What was sent a day ago and never reported keeps nothing that could be read."""
    old = [Outbox.medium == Medium.SMS, Outbox.state.in_((OutboxState.SENT, OutboxState.FETCHED))]
    empty: dict[str, Any] = {"values": {}, "sealed_to": None, "sealed_text": None}
    with transaction(SMS_ACTOR) as session:
        session.execute(
            update(Outbox)
            .where(*old, Outbox.sent_at < now - GIVES_UP, Outbox.sealed_to.is_not(None))
            .values(empty)
        )
