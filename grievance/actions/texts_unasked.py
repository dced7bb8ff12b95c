"""What do we say to a telephone that did not just write? One neutral reminder; a question that is awaited."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import texts_answers, texts_memory
from grievance.actions.sms_keys import SmsKeys
from grievance.actions.texts_memory import Memory
from grievance.rules.dialogue import Line, Question, Template
from grievance.rules.reminding import NOT_AFTER, NOT_BEFORE, by_day
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import Case, ChannelRow, Dialogue, NumberIndex
from grievance.store.session import transaction
from grievance.vocabulary import SafeContact

OWN_PHONE = (SafeContact.CALL, SafeContact.SMS)


def remind_due(*, keys: SmsKeys, now: datetime) -> int:
    """Reminds, once, who left a question open since yesterday, on a telephone known to be their own."""
    if not by_day(now):
        return 0
    query = select(Dialogue.id).where(
        Dialogue.reminded_at.is_(None),
        Dialogue.last_text_at <= now - NOT_BEFORE,
        Dialogue.last_text_at > now - NOT_AFTER,
    )
    with transaction(SMS_ACTOR) as session:
        found = list(session.scalars(query.limit(200)))
    return sum(_remind(dialogue_id, keys, now) for dialogue_id in found)


def expect(
    case_id: UUID, number: str, question: Question, *, channel_id: UUID, keys: SmsKeys, now: datetime
) -> None:
    """A question went out unasked: the next text of this number is the answer to it."""
    with transaction(SMS_ACTOR) as session:
        channel = session.get_one(ChannelRow, channel_id)
        case = session.get(Case, case_id)
        if case is None:
            return
        texts_memory.lock_number(session, keys, channel, number)
        memory = texts_memory.remember(session, keys, channel, number, now=now)
        memory.row.case_id = case.id
        memory.state = replace(
            memory.state, language=case.language, asked=question, stored=True, agreed=True, received=True,
            contact=case.safe_contact,
        )  # fmt: skip
        texts_memory.heard_now(memory, now)
        memory.row.reminded_at = now
        texts_memory.store(session, memory, keys, now=now)


def _remind(dialogue_id: UUID, keys: SmsKeys, now: datetime) -> int:
    with transaction(SMS_ACTOR) as session:
        row = session.scalar(
            select(Dialogue)
            .where(Dialogue.id == dialogue_id, Dialogue.reminded_at.is_(None))
            .with_for_update(skip_locked=True)
        )
        channel = session.get(ChannelRow, row.channel_id) if row else None
        if row is None or channel is None:
            return 0
        row.reminded_at = now
        memory = texts_memory.opened(row, keys)
        if not _may_remind(session, keys, channel, memory):
            return 0
        texts_answers.say(
            session, keys, channel_id=channel.id, number=memory.number, language=memory.state.language,
            lines=(Line(Template.REMINDER),), once=f"reminder:{row.id}", now=now, asked=False,
        )  # fmt: skip
        return 1


def _may_remind(session: Session, keys: SmsKeys, channel: ChannelRow, memory: Memory) -> bool:
    """A question is open, nobody said stop, and the telephone was theirs: now, or in an earlier case."""
    if memory.state.asked is None or memory.state.received or not memory.number:
        return False
    mine = session.scalars(
        select(NumberIndex).where(
            NumberIndex.mac.in_(texts_memory.macs(keys, channel.desk_id, memory.number))
        )
    ).all()
    if any(one.stopped_at or one.locked_at for one in mine):
        return False
    earlier = [one.case_id for one in mine if one.case_id != memory.row.case_id]
    theirs = select(Case.id).where(Case.id.in_(earlier), Case.safe_contact.in_(OWN_PHONE)).limit(1)
    return memory.state.contact in OWN_PHONE or session.scalar(theirs) is not None
