"""Which texts are still to be emptied at the provider that brought or took them?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import inbound, texts_story
from grievance.actions.delivery_reports import IN_DOUBT
from grievance.actions.inbound import ChannelSeen
from grievance.actions.sms_keys import SmsKeys
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import ChannelRow, Inbound, InboundState, Medium, Outbox
from grievance.store.numbers import seal_inbound
from grievance.store.session import transaction
from grievance.terms import CannotOpen

# Between one try and the next; after the last of these every six hours.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
LATER = timedelta(hours=6)
# Twilio's own word: in rare cases it takes fourteen days until a message may be changed.
GIVES_UP = timedelta(days=15)
# Of so long ago, a text stands here only because the provider's list still showed its words.
LONG_AGO = timedelta(days=1)


@dataclass(frozen=True)
class ToBlank:
    """A text that is over here, and still stands at the provider under its id. `tries`: those that failed."""

    inbound_id: UUID
    received_at: datetime
    provider_id: str = field(repr=False)
    channel: ChannelSeen
    tries: int = 0

    def lasts(self, now: datetime) -> bool:
        """Whether it is worth another try."""
        return now - self.received_at < GIVES_UP


def waiting(keys: SmsKeys, *, now: datetime) -> list[ToBlank]:
    """Those to be emptied now, oldest first; what no key opens any more holds up none behind it.

    None of a channel by which something left a day ago that is still in doubt: it is looked for by its words.
    """
    in_doubt = select(Outbox.channel_id).where(
        Outbox.medium == Medium.SMS, Outbox.state.in_(IN_DOUBT), Outbox.channel_id.is_not(None),
        Outbox.created_at < now - LONG_AGO,
    )  # fmt: skip
    query = select(Inbound).where(
        Inbound.state == InboundState.TAKEN,
        Inbound.channel_id.in_(select(ChannelRow.id).where(ChannelRow.kind.in_(texts_story.KEEPS_TEXTS))),
        Inbound.channel_id.not_in(in_doubt),
    )
    with transaction(SMS_ACTOR) as session:
        rows = session.scalars(query.order_by(Inbound.received_at)).all()
        return [one for row in rows if (one := _to_blank(session, row, keys, now))]


def done(inbound_id: UUID) -> None:
    """Nothing of the text stands anywhere any more."""
    with transaction(SMS_ACTOR) as session:
        row = session.get(Inbound, inbound_id, with_for_update=True)
        if row is not None:
            row.sealed, row.state = None, InboundState.WIPED


def later(text: ToBlank, *, keys: SmsKeys, now: datetime) -> None:
    """It was not emptied, and is tried again after a pause that grows."""
    pause = PAUSES[text.tries] if text.tries < len(PAUSES) else LATER
    fields = {
        "kind": "blank", "provider_id": text.provider_id, "tries": text.tries + 1,
        "next_at": (now + pause).isoformat(),
    }  # fmt: skip
    with transaction(SMS_ACTOR) as session:
        row = session.get(Inbound, text.inbound_id, with_for_update=True)
        if row is not None and row.state is InboundState.TAKEN:
            row.sealed = seal_inbound(fields, keys.intake_pairs[0].public, inbound.label(row.id))


def _to_blank(session: Session, row: Inbound, keys: SmsKeys, now: datetime) -> ToBlank | None:
    channel = session.get(ChannelRow, row.channel_id)
    try:
        fields = texts_story.fields_of(row, keys)
    except CannotOpen:
        return None
    provider_id, next_at = fields.get("provider_id"), fields.get("next_at")
    if provider_id is None or channel is None or (next_at and datetime.fromisoformat(next_at) > now):
        return None
    return ToBlank(row.id, row.received_at, provider_id, inbound.seen(channel), fields.get("tries", 0))
