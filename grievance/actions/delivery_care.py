"""What becomes of sends that may have happened, and of what was sent a day ago?"""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from grievance.actions.delivery import GIVES_UP, LEASE, UNCERTAIN_FOR, Lease, Parcel, give_up, parcel_of
from grievance.actions.delivery_reports import move
from grievance.actions.sms_keys import SmsKeys
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


def uncertain(*, now: datetime, most: int = 50) -> list[Parcel]:
    """Sends that may have happened, and whose provider is to be asked now; what has no way takes no place."""
    query = select(Outbox).where(
        Outbox.medium == Medium.SMS, Outbox.state == OutboxState.UNCERTAIN,
        Outbox.leased_until <= now, Outbox.channel_id.is_not(None),
    )  # fmt: skip
    with transaction(SMS_ACTOR) as session:
        rows = session.scalars(query.order_by(Outbox.next_at)).all()
        leases = ((row, Lease(row.leased_by or row.id, row.leased_until or now)) for row in rows)
        parcels = (parcel_of(session, row, lease, now) for row, lease in leases)
        return list(islice((parcel for parcel in parcels if parcel is not None), most))


def known_ids(channel_id: UUID, since: datetime) -> frozenset[str]:
    """The provider's ids of other texts that left by this channel at about that time."""
    query = select(Outbox.provider_id).where(
        Outbox.channel_id == channel_id, Outbox.sent_at > since - LEASE, Outbox.provider_id.is_not(None)
    )
    with transaction(SMS_ACTOR) as session:
        return frozenset(one for one in session.scalars(query) if one)


def look_again(outbox_id: UUID, *, at: datetime) -> None:
    """Nobody could tell; it is asked again, until the time for asking is over."""
    with transaction(SMS_ACTOR) as session:
        row = _still_uncertain(session, outbox_id)
        if row is not None:
            row.leased_until = at


def never_left(outbox_id: UUID, *, now: datetime) -> None:
    """The provider never had it, so it goes out again, whatever it says."""
    with transaction(SMS_ACTOR) as session:
        row = _still_uncertain(session, outbox_id)
        if row is not None:
            row.state, row.next_at = OutboxState.WAITING, now


def piece_found(outbox_id: UUID, gone: int, *, now: datetime) -> bool:
    """The provider had this piece all the time: it goes on with the next. False when it was the last."""
    with transaction(SMS_ACTOR) as session:
        row = _still_uncertain(session, outbox_id)
        if row is None or gone >= row.pieces:
            return False
        row.state, row.next_at, row.pieces_gone = OutboxState.WAITING, now, gone
        return True


def found(
    outbox_id: UUID, provider_id: str | None, status: str, error: str | None, *, keys: SmsKeys, now: datetime
) -> None:
    """The provider had it all the time: as if its report had come."""
    with transaction(SMS_ACTOR) as session:
        row = _still_uncertain(session, outbox_id)
        if row is not None:
            told = {"provider_id": provider_id, "status": status, "error": error, "code": None}
            move(session, row, told, keys, now)


def _still_uncertain(session: Session, outbox_id: UUID) -> Outbox | None:
    query = select(Outbox).where(Outbox.id == outbox_id, Outbox.state == OutboxState.UNCERTAIN)
    return session.scalar(query.with_for_update())


def forget_sent(now: datetime) -> None:
    """What was sent a day ago and never reported keeps nothing that could be read."""
    old = [Outbox.medium == Medium.SMS, Outbox.state.in_((OutboxState.SENT, OutboxState.FETCHED))]
    empty: dict[str, Any] = {"values": {}, "sealed_to": None, "sealed_text": None}
    # What a desk wrote to the number of a case has words, and no number of its own.
    holds = or_(Outbox.sealed_to.is_not(None), Outbox.sealed_text.is_not(None), Outbox.values != {})
    with transaction(SMS_ACTOR) as session:
        session.execute(update(Outbox).where(*old, Outbox.sent_at < now - GIVES_UP, holds).values(empty))
