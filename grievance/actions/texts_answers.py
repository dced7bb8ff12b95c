"""How does what we say become messages to send? Outbox rows, sealed to the number that just wrote."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance import wording
from grievance.actions.sms_keys import SmsKeys
from grievance.rules.dialogue import Line, Template
from grievance.rules.flow import DEFAULT_LANGUAGE
from grievance.store import doorbell
from grievance.store.config_values import sent_to_label
from grievance.store.models import Medium, Outbox, OutboxState
from grievance.store.numbers import capsule
from grievance.store.sealing import Label, seal_whole
from grievance.vocabulary import Language

TELLS_HARM = frozenset({Template.SEXUAL_VIOLENCE, Template.SEXUAL_VIOLENCE_BOTH})
# Answers are due at once and in order: the first a second ago, each next one a millisecond later.
ALREADY_DUE = timedelta(seconds=1)


def say(
    session: Session, keys: SmsKeys, *, channel_id: UUID, number: str, language: Language | None,
    lines: tuple[Line, ...], once: str, now: datetime, asked: bool = True,
) -> None:  # fmt: skip
    """Writes the answers to a text, in order. They belong to no case, so that they survive its shredding.

    `asked`: the person's own text asked for them; else they go only where what is unasked may go.
    """
    spoken = language or DEFAULT_LANGUAGE
    for place, line in enumerate(lines):
        row_id = uuid4()
        told, words = _as_kept(keys, line, spoken, row_id)
        row = Outbox(
            id=row_id, medium=Medium.SMS, template=told.value, language=spoken, sealed_text=words,
            values={} if words else dict(line.values), once=f"{once}:{place}", channel_id=channel_id,
            sealed_to=sealed_number(keys, number, spoken, sent_to_label(row_id)), asked=asked,
            **_waiting(now - ALREADY_DUE + timedelta(milliseconds=place)),
        )  # fmt: skip
        session.add(row)
        doorbell.after_commit(session, "sms", row.id)


def _as_kept(
    keys: SmsKeys, line: Line, language: Language, row_id: UUID
) -> tuple[Template, bytes | None]:
    """How an answer stands in the outbox. What names a restricted harm is sealed: its name would tell it."""
    if line.template not in TELLS_HARM:
        return line.template, None
    words = wording.say(line.template, language, **line.values)
    label = Label("outbox", "sealed_text", row_id)
    return Template.NEWS, seal_whole(words, keys.notifier_pairs[0].public, label)


def hand_over(
    session: Session, keys: SmsKeys, case_id: UUID, *, channel_id: UUID, number: str, now: datetime
) -> None:
    """The texts that waited for SUIVI go out now, to the number that asked; nobody is told of them again."""
    rows = waiting(session, case_id)
    for place, row in enumerate(rows):
        row.sealed_to = sealed_number(keys, number, row.language, sent_to_label(row.id))
        row.asked, row.channel_id = True, channel_id
        # Before the answers of this turn, in the order in which they were written.
        row.next_at = now - 2 * ALREADY_DUE + timedelta(milliseconds=place)
        doorbell.after_commit(session, "sms", row.id)
    if rows:
        _forget_news(session, case_id)


def waiting(session: Session, case_id: UUID) -> list[Outbox]:
    """The texts of a case that wait to be fetched, oldest first."""
    query = (
        select(Outbox)
        .where(
            Outbox.case_id == case_id,
            Outbox.medium == Medium.SMS,
            Outbox.waits_for_follow,
            Outbox.asked.is_(False),
            Outbox.state == OutboxState.WAITING,
        )
        .order_by(Outbox.created_at, Outbox.id)
    )
    return list(session.scalars(query))


def _forget_news(session: Session, case_id: UUID) -> None:
    """A notice that had not left yet would say, after the text itself, that a text waits."""
    query = select(Outbox).where(
        Outbox.case_id == case_id,
        Outbox.template == Template.NEWS.value,
        Outbox.waits_for_follow.is_(False),
        Outbox.state == OutboxState.WAITING,
    )
    for row in session.scalars(query.with_for_update(skip_locked=True)):
        row.state = OutboxState.DROPPED


def sealed_number(keys: SmsKeys, number: str, language: Language, label: Label) -> bytes:
    """A number sealed to the notifier key, for one place."""
    return capsule(number, language, keys.notifier_pairs[0].public, label)


def _waiting(now: datetime) -> dict[str, Any]:
    return {"state": OutboxState.WAITING, "attempts": 0, "created_at": now, "next_at": now}
