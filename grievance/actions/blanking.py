"""Which texts are still to be emptied at the provider that brought them?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import inbound, texts_story
from grievance.actions.inbound import ChannelSeen
from grievance.actions.sms_keys import SmsKeys
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import ChannelRow, Inbound, InboundState
from grievance.store.session import transaction
from grievance.terms import CannotOpen


@dataclass(frozen=True)
class ToBlank:
    """A text that is sealed or refused here, and still stands at the provider under its id."""

    inbound_id: UUID
    received_at: datetime
    provider_id: str = field(repr=False)
    channel: ChannelSeen


def waiting(keys: SmsKeys, *, most: int = 100) -> list[ToBlank]:
    """Those to be emptied, oldest first; what no key opens any more holds up none behind it."""
    query = select(Inbound).where(
        Inbound.state == InboundState.TAKEN,
        Inbound.channel_id.in_(select(ChannelRow.id).where(ChannelRow.kind.in_(texts_story.KEEPS_TEXTS))),
    )
    with transaction(SMS_ACTOR) as session:
        rows = session.scalars(query.order_by(Inbound.received_at)).all()
        return list(islice((one for row in rows if (one := _to_blank(session, row, keys))), most))


def done(inbound_id: UUID) -> None:
    """Nothing of the text stands anywhere any more."""
    with transaction(SMS_ACTOR) as session:
        row = session.get(Inbound, inbound_id, with_for_update=True)
        if row is not None:
            row.sealed, row.state = None, InboundState.WIPED


def _to_blank(session: Session, row: Inbound, keys: SmsKeys) -> ToBlank | None:
    channel = session.get(ChannelRow, row.channel_id)
    try:
        provider_id = texts_story.fields_of(row, keys).get("provider_id")
    except CannotOpen:
        return None
    if provider_id is None or channel is None:
        return None
    return ToBlank(row.id, row.received_at, provider_id, inbound.seen(channel))
