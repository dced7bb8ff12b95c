"""What did the provider take that its webhook never brought, and what of ours does it still hold?

Its own list is compared with what is here.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from grievance.actions import channel_health, hearing, inbound
from grievance.actions.inbound import ChannelSeen, Heard, Seals
from grievance.gateways.contract import Channel, DeliveryStatus, SendFailed
from grievance.gateways.phone_book import normal
from grievance.gateways.twilio import Listed, Twilio
from grievance.store.actors import SMS_ACTOR
from grievance.terms import CannotOpen
from grievance.vocabulary import GatewayKind
from workers import sending
from workers.process import Process

log = structlog.get_logger()

# A list may show a text late, and the provider's clock is not ours: each look goes back behind the last.
GOES_BACK = timedelta(hours=1)
FIRST_LOOK = timedelta(days=2)
# After so long no report is to be waited for, and no send of that time is in doubt.
LONG_AGO = timedelta(days=1)
OUT_OF_OUR_HANDS = (DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.DELIVERED)
WHATSAPP = "whatsapp:"


def reconcile(process: Process, now: datetime) -> int:
    """Takes in what the webhook missed; gives how many calls that were. Sample mode asks nobody."""
    if process.recorded is not None:
        return 0
    return sum(
        _compare(process, seen, upto, now) for seen, upto in channel_health.of_kind(GatewayKind.TWILIO)
    )


def _compare(process: Process, seen: ChannelSeen, upto: datetime | None, now: datetime) -> int:
    since = upto - GOES_BACK if upto else now - FIRST_LOOK
    try:
        channel = sending.channel_of(process, seen)
        listed = Twilio().list_messages(channel, since, timeout=sending.TIMEOUT)
        old = Twilio().list_messages(
            channel, since - LONG_AGO, before=now - LONG_AGO, timeout=sending.TIMEOUT
        )
    except CannotOpen as error:
        log.warning("list_not_had", channel_id=str(seen.id), kind=type(error).__name__)
        return 0
    except SendFailed as refusal:
        log.warning("list_not_had", channel_id=str(seen.id), error=refusal)
        if refusal.refusing:
            channel_health.refused(seen.id, refusal.code, now=now)
        return 0
    calls = [heard for one in reversed(listed) if (heard := _heard(one, channel)) is not None]
    calls += [heard for one in reversed(old) for heard in _left_over(one, channel)]
    kept = [
        inbound.keep(
            seen.id, heard, seals=_seals(process), called_us=False, actor=SMS_ACTOR, now=now
        )
        for heard in calls
    ]
    channel_health.reconciled(seen.id, now)
    return sum(one is not None for one in kept)


def _heard(one: Listed, channel: Channel) -> Heard | None:
    """A text or a report, as the hook would have kept it; None for what is another number's, or emptied."""
    if one.inbound:
        ours = one.recipient == channel.number.removeprefix(WHATSAPP) and one.text != ""
        number_of = normal(one.sender)
        return hearing.text(one.provider_id, one.sender, number_of, one.text, one.at) if ours else None
    if one.status is None or not one.left_by(channel):
        return None
    return _report(one, one.status, has_words=one.text != "")


def _left_over(one: Listed, channel: Channel) -> list[Heard]:
    """What became of a text that left a day ago, and that its words still stand there; else nothing."""
    if one.text == "" or one.status not in OUT_OF_OUR_HANDS or not one.left_by(channel):
        return []
    return [_report(one, one.status, has_words=False), hearing.left_over(one.provider_id)]


def _report(one: Listed, status: DeliveryStatus, *, has_words: bool) -> Heard:
    error = one.error.value if one.error else None
    return hearing.report(None, one.provider_id, status.value, error, None, has_words=has_words)


def _seals(process: Process) -> Seals:
    return Seals(process.keys.intake_pairs[0].public, process.keys.config)
