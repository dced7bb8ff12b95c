"""How does one text leave, and what of those that came in is still to be taken?"""

from __future__ import annotations

import textwrap
from datetime import datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import structlog

from grievance import gsm7, wording
from grievance.actions import blanking, delivery, delivery_care, sms_budget, texts, texts_unasked
from grievance.actions.delivery import Lease, Parcel
from grievance.actions.inbound import ChannelSeen
from grievance.gateways import gateway_for
from grievance.gateways.channels import channel_from
from grievance.gateways.contract import Channel, SendError, SendFailed
from grievance.gateways.twilio import Twilio
from grievance.rules import budget
from grievance.rules.dialogue import Question, Template
from grievance.store.config_values import channel_label, duty_label
from grievance.store.models import Medium
from grievance.store.numbers import open_capsule, show_config
from grievance.store.sealing import Label, unseal_whole
from grievance.terms import CannotOpen
from grievance.vocabulary import GatewayKind
from workers.process import Process, utcnow

log = structlog.get_logger()

TIMEOUT = 20.0  # seconds that a provider has to answer; well within the lease
ASKED_UNASKED = {Template.CHECK_IN.value: Question.CHECK_IN}
LONGEST_PIECE = 1_500  # characters; providers take 1,600 in one message


def converse(process: Process, inbound_id: UUID, now: datetime) -> None:
    """Takes one text that came in."""
    texts.take(inbound_id, keys=process.keys, now=now)


def take_waiting(process: Process, now: datetime) -> int:
    """Takes every text that the doorbell missed; one that cannot be taken holds up no other."""
    taken = 0
    for place, inbound_id in enumerate(texts.waiting(now)):
        # A little later each, so that the answers to two texts keep their order.
        at = now + timedelta(milliseconds=4 * place)
        try:
            taken += texts.take(inbound_id, keys=process.keys, now=at)
        except Exception as error:
            # Whatever is wrong with one text is told, and the next one is taken.
            log.error("text_not_taken", inbound_id=str(inbound_id), exc_info=error)
    return taken


def settle(process: Process, now: datetime) -> None:
    """Seals what was held for ten minutes, reminds once, and ends conversations of three days ago."""
    texts.settle_due(keys=process.keys, now=now)
    texts_unasked.remind_due(keys=process.keys, now=now)
    texts.forget_old(now)
    delivery_care.forget_sent(now)
    sms_budget.forget_old(now)


def send_one(process: Process, outbox_id: UUID, now: datetime) -> bool:
    """Sends one text, if it is due and may go. No transaction is open while the provider is asked."""
    lease = Lease(uuid4(), utcnow() + delivery.LEASE)
    parcel = delivery.take_sms(outbox_id, lease, now=now)
    if parcel is None:
        return False
    try:
        if not _affordable(process, parcel, now):
            log.warning("text_over_budget", outbox_id=str(outbox_id))
            delivery.failed(parcel.id, lease, "over_budget", again=True, now=now)
            return False
        provider_id = _hand_in(process, parcel, now)
    except SendFailed as refusal:
        _refused(parcel, refusal, now)
    except (CannotOpen, ValueError, KeyError) as error:
        # A template that lacks a value, a capsule of another key: no later try would do better.
        log.error("text_not_sent", outbox_id=str(outbox_id), exc_info=error)
        delivery.failed(parcel.id, lease, "unwritable", again=False, now=now)
    else:
        delivery.sent(parcel.id, lease, provider_id, final=process.recorded is not None, now=now)
        _expect_answer(process, parcel, now)
    return True


def send_waiting(process: Process, now: datetime) -> int:
    """Sends what the doorbell missed, what is due again, and what a lost worker left behind."""
    delivery_care.settle_lapsed(Medium.SMS, repeatable=process.recorded is not None, now=utcnow())
    return sum(send_one(process, outbox_id, now) for outbox_id in delivery.due(Medium.SMS, now))


def blank_at_provider(process: Process, now: datetime) -> None:
    """Empties at the provider what was sealed or refused here. In sample mode no provider is asked."""
    for text in blanking.waiting(process.keys):
        try:
            if process.recorded is None:
                channel = _channel(process, text.channel)
                Twilio().blank(channel, text.provider_id, timeout=TIMEOUT)
        except SendFailed as refusal:
            log.warning("text_not_blanked", inbound_id=str(text.inbound_id), error=refusal)
            if refusal.error is SendError.RETRY and now - text.received_at < timedelta(days=2):
                continue
        blanking.done(text.inbound_id)


def _hand_in(process: Process, parcel: Parcel, now: datetime) -> str:
    """Gives the text to the provider, once for each number it goes to. Raises SendFailed, CannotOpen."""
    channel = _channel(process, parcel.channel)
    gateway = gateway_for(channel.kind, process.recorded)
    pieces = _pieces(_words(process, parcel))
    given = ""
    for place, (number, text) in enumerate(product(_numbers(process, parcel), pieces)):
        own_id = str(parcel.id) if place == 0 else f"{parcel.id.hex}-{place}"
        given = gateway.send(channel, number, text, own_id=own_id, timeout=TIMEOUT, now=now).provider_id
    return given


def _affordable(process: Process, parcel: Parcel, now: datetime) -> bool:
    """Whether the day's budget still has a text for each number; whoever is on duty is always called."""
    if parcel.on_duty:
        return True
    return sms_budget.take(
        parcel.channel.id, _numbers(process, parcel), needed=budget.essential(parcel.template),
        index_key=process.keys.number_index, now=now,
    )  # fmt: skip


def _expect_answer(process: Process, parcel: Parcel, now: datetime) -> None:
    """A check-in asks something: the next text of that telephone is the answer."""
    question = ASKED_UNASKED.get(parcel.template)
    if question is None or parcel.case_id is None:
        return
    for number in _numbers(process, parcel):
        texts_unasked.expect(
            parcel.case_id, number, question, channel_id=parcel.channel.id, keys=process.keys, now=now
        )


def _pieces(text: str) -> list[str]:
    """A desk may write more than one message can hold; cut between words."""
    return textwrap.wrap(
        text, LONGEST_PIECE, replace_whitespace=False, drop_whitespace=False, break_on_hyphens=False
    )


def _words(process: Process, parcel: Parcel) -> str:
    if parcel.sealed_text is not None:
        label = Label("outbox", "sealed_text", parcel.id)
        return gsm7.plain(unseal_whole(parcel.sealed_text, process.keys.notifier_pairs, label).decode())
    return wording.say(Template(parcel.template), parcel.language, **parcel.values)


def _numbers(process: Process, parcel: Parcel) -> list[str]:
    if parcel.on_duty:
        return [show_config(process.keys.config, hidden, duty_label(one)) for one, hidden in parcel.on_duty]
    if parcel.capsule is None:
        raise CannotOpen
    sealed, label = parcel.capsule
    return [open_capsule(sealed, process.keys.notifier_pairs, label).e164]


def _channel(process: Process, seen: ChannelSeen) -> Channel:
    hidden = show_config(process.keys.config, seen.secret_hidden, channel_label(seen.id))
    return channel_from(seen.id, seen.kind, seen.number, seen.account, hidden, process.public_url)


def _refused(parcel: Parcel, refusal: SendFailed, now: datetime) -> None:
    log.warning("text_refused", outbox_id=str(parcel.id), tries=parcel.attempts, error=refusal)
    if refusal.error is SendError.OPTED_OUT:
        delivery.dropped(parcel.id, parcel.lease, refusal.code)
        return
    # A telephone that was given our id drops a second copy by itself.
    uncertain = refusal.uncertain and parcel.channel.kind is not GatewayKind.SMSGATE
    again = refusal.error is SendError.RETRY
    delivery.failed(parcel.id, parcel.lease, refusal.code, again=again, uncertain=uncertain, now=now)
