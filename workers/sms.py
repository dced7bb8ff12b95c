"""How does one text leave, and what of those that came in is still to be taken?"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog

from grievance.actions import (
    blanking,
    delivery,
    delivery_care,
    delivery_roads,
    sms_budget,
    texts,
    texts_unasked,
)
from grievance.actions.delivery import Lease, Parcel
from grievance.gateways.contract import SendError, SendFailed
from grievance.gateways.twilio import Twilio
from grievance.rules import budget
from grievance.rules.dialogue import Question, Template
from grievance.store.models import Medium
from grievance.terms import CannotOpen
from workers import looking, sending
from workers.process import Process, utcnow

log = structlog.get_logger()

# Texts taken before this worker looks again at what else is due.
MOST_IN_ONE_GO = 2_000
MOST_BLANKED = 100

ASKED_UNASKED = {Template.CHECK_IN.value: Question.CHECK_IN}


def converse(process: Process, inbound_id: UUID, now: datetime) -> None:
    """Takes one text that came in."""
    texts.take(inbound_id, keys=process.keys, now=now)


def take_waiting(process: Process, now: datetime) -> int:
    """Takes the texts that the doorbell missed; those that cannot be taken hold up no other, however many."""
    taken, tried = 0, set[UUID]()
    while len(tried) < MOST_IN_ONE_GO and (batch := texts.waiting(now, tried=tried)):
        for inbound_id in batch:
            # A little later each, so that the answers to two texts keep their order.
            at = now + timedelta(milliseconds=4 * len(tried))
            tried.add(inbound_id)
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
        provider_id = sending.hand_in(process, parcel, now)
    except SendFailed as refusal:
        _refused(process, parcel, refusal, now)
    except sending.Locked:
        delivery.dropped(parcel.id, lease, "locked")
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
    looking.look_up(process, now)
    delivery_care.settle_lapsed(Medium.SMS, repeatable=process.recorded is not None, now=utcnow())
    return sum(send_one(process, outbox_id, now) for outbox_id in delivery.due(Medium.SMS, now))


def blank_at_provider(process: Process, now: datetime) -> None:
    """Empties at the provider what was sealed or refused here, and what of ours arrived or failed.

    In sample mode no provider is asked. One that does not answer is asked once, and for the rest later.
    """
    silent, tried = set[UUID](), 0
    for text in blanking.waiting(process.keys, now=now):
        if text.channel.id in silent or tried == MOST_BLANKED:
            continue
        tried += 1
        try:
            if process.recorded is None:
                channel = sending.channel_of(process, text.channel)
                Twilio().blank(channel, text.provider_id, timeout=sending.TIMEOUT)
        except CannotOpen as error:
            # No key opens this channel's secret now; the other channels' texts go on.
            log.warning("text_not_blanked", inbound_id=str(text.inbound_id), kind=type(error).__name__)
            silent.add(text.channel.id)
            continue
        except SendFailed as refusal:
            log.warning("text_not_blanked", inbound_id=str(text.inbound_id), tries=text.tries, error=refusal)
            if refusal.refusing or refusal.uncertain:
                silent.add(text.channel.id)
            if refusal.error is SendError.RETRY and text.lasts(now):
                blanking.later(text, keys=process.keys, now=now)
                continue
        blanking.done(text.inbound_id)


def _affordable(process: Process, parcel: Parcel, now: datetime) -> bool:
    """Whether the day's budget still has a text for the number; whoever is on duty is always called."""
    if parcel.on_duty:
        return True
    needed, key = budget.essential(parcel.template), process.keys.number_index
    return all(
        sms_budget.take(
            sending.road_of(parcel, number, now).id, [number], needed=needed, index_key=key, now=now
        )
        for number in sending.numbers(process, parcel)
    )


def _expect_answer(process: Process, parcel: Parcel, now: datetime) -> None:
    """A check-in asks something: the next text of that telephone is the answer."""
    question = ASKED_UNASKED.get(parcel.template)
    if question is None or parcel.case_id is None:
        return
    for number in sending.numbers(process, parcel):
        left_by = sending.road_of(parcel, number, now).id
        texts_unasked.expect(
            parcel.case_id, number, question, channel_id=left_by, keys=process.keys, now=now
        )


def _refused(process: Process, parcel: Parcel, refusal: SendFailed, now: datetime) -> None:
    log.warning("text_refused", outbox_id=str(parcel.id), tries=parcel.attempts, error=refusal)
    if refusal.error is SendError.OPTED_OUT:
        delivery.dropped(parcel.id, parcel.lease, refusal.code)
        for number in sending.numbers(process, parcel):
            desk_id = sending.road_of(parcel, number, now).desk_id
            delivery_roads.opted_out(desk_id, number, keys=process.keys, now=now)
        return
    delivery.failed(
        parcel.id, parcel.lease, refusal.code, again=refusal.error is SendError.RETRY,
        uncertain=refusal.uncertain, kind=delivery.dead_kind(refusal.error.value, refusal.code), now=now,
    )  # fmt: skip
