"""What does the SMS worker do with a text? Answers by the rule, keeps what was learned, wipes the text."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from grievance.actions import (
    delivery_reports,
    dialogue_steps,
    inbound,
    texts_answers,
    texts_deeds,
    texts_memory,
    texts_story,
)
from grievance.actions.inbound import Kept
from grievance.actions.sms_keys import SmsKeys
from grievance.actions.texts_heard import known
from grievance.actions.texts_learned import apply, seal
from grievance.actions.texts_taking import Taking
from grievance.rules.conversation import after_silence, rang, reply
from grievance.rules.dialogue import Turn
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import Case, ChannelRow, Dialogue, Inbound, InboundState
from grievance.store.numbers import seal_inbound
from grievance.store.session import once_more, transaction
from grievance.terms import CannotOpen

DEEDS = "deeds"


@once_more
def take(inbound_id: UUID, *, keys: SmsKeys, now: datetime) -> bool:
    """Takes one kept call: a text, a report on a text of ours, or what a person decided. Once.

    False when there is nothing to do: another worker has it, or did it.
    """
    with transaction(SMS_ACTOR) as session:
        row = session.scalar(
            select(Inbound)
            .where(Inbound.id == inbound_id, Inbound.state == InboundState.NEW)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return False
        fields = texts_story.fields_of(row, keys)
        decided = fields.get(DEEDS, [])
        if fields["kind"] == Kept.TEXT and _another_comes_first(session, row, fields, keys):
            return False
        if fields["kind"] == Kept.TEXT:
            decided = _converse(session, row, fields, keys, now)
        elif fields["kind"] == Kept.STATUS:
            if not _reported(session, row, fields, keys, now):
                return False
        elif fields["kind"] == Kept.LEFT_OVER:
            texts_story.let_go(row, session.get_one(ChannelRow, row.channel_id), keys)
    if decided:
        texts_deeds.do_all(decided, now=now)
        _done(inbound_id, keys)
    return True


def _reported(
    session: Session, row: Inbound, fields: dict[str, Any], keys: SmsKeys, now: datetime
) -> bool:
    """Moves the text that a report is on; what arrived or failed is still to be emptied at its provider."""
    known_here = delivery_reports.reported(
        session, fields, channel_id=row.channel_id, arrived_at=row.received_at, keys=keys, now=now
    )
    if not known_here:
        return False
    if delivery_reports.may_be_emptied(session, fields, row.channel_id):
        texts_story.let_go(row, session.get_one(ChannelRow, row.channel_id), keys)
    else:
        _wipe(row)
    return True


def _another_comes_first(session: Session, row: Inbound, fields: dict[str, Any], keys: SmsKeys) -> bool:
    """Whether this number sent something earlier, not taken yet: a "2" must not answer the wrong question.

    The poller comes back to this one. The number stays locked, so that nobody else takes one between.
    """
    number = fields["number"]
    if number is None:
        return False
    texts_memory.lock_number(session, keys, session.get_one(ChannelRow, row.channel_id), number)
    earlier = session.scalars(
        select(Inbound).where(
            Inbound.channel_id == row.channel_id, Inbound.state == InboundState.NEW,
            Inbound.received_at < row.received_at,
        )
    )  # fmt: skip
    return any(_is_text_of(number, other, keys) for other in earlier)


def _is_text_of(number: str, row: Inbound, keys: SmsKeys) -> bool:
    """Whether this row is a text of that number; what no key opens any more holds up nobody's text."""
    try:
        fields = texts_story.fields_of(row, keys)
    except CannotOpen:
        return False
    return bool(fields["kind"] == Kept.TEXT and fields["number"] == number)


def waiting(now: datetime, *, tried: Collection[UUID] = ()) -> list[UUID]:
    """Kept calls that nobody has taken yet, oldest first: those that the doorbell missed, 200 at a time.

    `tried` are left out: whoever could not take them goes on with those behind.
    """
    query = select(Inbound.id).where(
        Inbound.state == InboundState.NEW, Inbound.received_at <= now, Inbound.id.not_in(tried)
    )
    with transaction(SMS_ACTOR) as session:
        return list(session.scalars(query.order_by(Inbound.received_at, Inbound.id).limit(200)))


def settle_due(*, keys: SmsKeys, now: datetime) -> int:
    """Seals the texts of everybody who said neither yes nor no for ten minutes; how many conversations."""
    query = select(Dialogue.id).where(Dialogue.seal_at <= now).order_by(Dialogue.seal_at).limit(200)
    with transaction(SMS_ACTOR) as session:
        due = list(session.scalars(query))
    return sum(_settle(dialogue_id, keys, now) for dialogue_id in due)


def forget_old(now: datetime) -> None:
    """Conversations end after 72 hours; a wiped text's mark goes when no provider repeats it any more."""
    with transaction(SMS_ACTOR) as session:
        over = select(Dialogue.id).where(Dialogue.expires_at < now, Dialogue.seal_at.is_(None))
        session.execute(update(Inbound).where(Inbound.dialogue_id.in_(over)).values(dialogue_id=None))
        session.execute(delete(Dialogue).where(Dialogue.id.in_(over)))


@once_more
def _settle(dialogue_id: UUID, keys: SmsKeys, now: datetime) -> int:
    with transaction(SMS_ACTOR) as session:
        row = session.scalar(
            select(Dialogue)
            .where(Dialogue.id == dialogue_id, Dialogue.seal_at <= now)
            .with_for_update(skip_locked=True)
        )
        channel = session.get(ChannelRow, row.channel_id) if row else None
        if row is None or channel is None:
            return 0
        memory = texts_memory.opened(row, keys)
        texts_memory.count_answers(memory, now)
        own = session.get(Case, row.case_id) if row.case_id else None
        taking = Taking(session, keys, channel, memory, Inbound(), "", None, now, own)
        seal(taking)
        row.seal_at = None
        heard = known(session, keys, channel, memory, "", now=now).heard
        turn = after_silence(memory.state, heard)
        _speak(taking, turn, memory.number, f"silence:{row.id}:{now.isoformat()}")
        memory.state = turn.state
        texts_memory.store(session, memory, keys, now=now)
        return 1


def _converse(
    session: Session, row: Inbound, fields: dict[str, Any], keys: SmsKeys, now: datetime
) -> list[Any]:
    """Answers a text and keeps what it told; gives what the person decided, to be done after the commit."""
    channel = session.get_one(ChannelRow, row.channel_id)
    number = fields["number"]
    if number is None:
        # An operator or a company is never answered, and no key of a person's would open what it wrote.
        texts_story.let_go(row, channel, keys)
        return []
    memory = texts_memory.remember(session, keys, channel, number, now=now)
    found = known(session, keys, channel, memory, fields["text"], now=now)
    before = memory.state
    if fields.get("missed_call"):
        turn = rang(before, found.heard)
    else:
        turn = reply(before, fields["text"], found.heard)
    own = session.get(Case, memory.row.case_id, with_for_update=True) if memory.row.case_id else None
    named = found.about if found.about is not own else None
    memory.state = turn.state
    texts_memory.heard_now(memory, now)
    texts_memory.store(session, memory, keys, now=now)
    taking = Taking(session, keys, channel, memory, row, fields["text"], named, now, own)
    apply(taking, turn)
    _speak(taking, turn, number, f"turn:{row.id}")
    texts_memory.store(session, memory, keys, now=now)
    _after(taking)
    # Last of all, because every text of the month counts in the same few rows.
    dialogue_steps.count(session, before, turn.state, now=now)
    return taking.deeds


def _speak(taking: Taking, turn: Turn, number: str, once: str) -> None:
    texts_answers.say(
        taking.session, taking.keys, channel_id=taking.channel.id, number=number,
        language=turn.state.language, lines=turn.say, once=once, now=taking.now,
    )  # fmt: skip


def _after(taking: Taking) -> None:
    """Wipes the text, unless it is held; what was decided stays sealed in its place until it is done."""
    row = taking.row
    if taking.deeds:
        provider_id = texts_story.fields_of(row, taking.keys).get("provider_id")
        kept = {"kind": DEEDS, DEEDS: taking.deeds, "provider_id": provider_id}
        row.sealed = seal_inbound(kept, taking.keys.intake_pairs[0].public, inbound.label(row.id))
    elif row.state is InboundState.NEW:
        texts_story.let_go(row, taking.channel, taking.keys)


def _done(inbound_id: UUID, keys: SmsKeys) -> None:
    with transaction(SMS_ACTOR) as session:
        row = session.get(Inbound, inbound_id, with_for_update=True)
        if row is not None and row.sealed is not None:
            texts_story.let_go(row, session.get_one(ChannelRow, row.channel_id), keys)


def _wipe(row: Inbound) -> None:
    row.sealed, row.state = None, InboundState.WIPED
