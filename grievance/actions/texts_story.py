"""What did somebody tell in several texts? One report, from the held texts and what the questions gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import inbound
from grievance.actions.sms_keys import SmsKeys
from grievance.actions.texts_memory import Memory
from grievance.rules.flow import DEFAULT_LANGUAGE
from grievance.rules.parts import Piece, in_order
from grievance.schemas.report import Report, ReportIn
from grievance.schemas.text import LONGEST_STORY, clean
from grievance.store.models import ChannelRow, Inbound, InboundState
from grievance.store.numbers import open_inbound, seal_inbound
from grievance.vocabulary import Channel, GatewayKind, SafeContact

STORY, WHERE = "story", "where"
LONGEST_PLACE = 400
# A provider that keeps texts, and lets us empty them.
KEEPS_TEXTS = frozenset({GatewayKind.TWILIO})


@dataclass(frozen=True)
class Told:
    """A report, and what of a very long story did not fit in it."""

    report: Report
    rest: tuple[str, ...] = field(default=(), repr=False)


def fields_of(row: Inbound, keys: SmsKeys) -> dict[str, Any]:
    """What a sealed row holds. Raises CannotOpen."""
    return open_inbound(row.sealed or b"", keys.intake_pairs, inbound.label(row.id))


def told(session: Session, memory: Memory, keys: SmsKeys) -> Told:
    """The report that the held texts and the answers so far make."""
    texts = _held_texts(session, memory, keys)
    story = "\n".join(text for kind, text in texts if kind == STORY)
    where = [text for kind, text in texts if kind == WHERE]
    pieces = [story[at : at + LONGEST_STORY] for at in range(0, len(story), LONGEST_STORY)]
    return Told(_report(memory, pieces[0] if pieces else None, where), tuple(pieces[1:]))


def first(memory: Memory, text: str) -> Report:
    """The report that the first words make by themselves."""
    return _report(memory, clean(text)[:LONGEST_STORY] or None, [])


def wants_call(memory: Memory) -> bool:
    """Whether the desk is to have the number: a call was asked for, or somebody is in danger."""
    state = memory.state
    if state.contact is SafeContact.NOTHING:
        return False
    return state.contact is SafeContact.CALL or state.danger or memory.call_wanted


def hold(row: Inbound, memory: Memory, kind: str) -> None:
    """Keeps a text, sealed as it came, until the person agrees or ten minutes have passed."""
    row.state, row.dialogue_id = InboundState.HELD, memory.row.id
    memory.parts.append((str(row.id), kind))


def let_go(row: Inbound, channel: ChannelRow, keys: SmsKeys) -> None:
    """Wipes a text that was sealed elsewhere or refused, or the last report on one of ours.

    What the provider keeps of the text is still to be emptied.
    """
    provider_id = fields_of(row, keys).get("provider_id")
    row.dialogue_id = None
    if channel.kind in KEEPS_TEXTS and provider_id:
        blank = {"kind": "blank", "provider_id": provider_id}
        row.sealed = seal_inbound(blank, keys.intake_pairs[0].public, inbound.label(row.id))
        row.state = InboundState.TAKEN
        return
    row.sealed, row.state = None, InboundState.WIPED


def let_all_go(session: Session, memory: Memory, channel: ChannelRow, keys: SmsKeys) -> None:
    """Wipes every held text of a conversation."""
    for row in _held(session, memory):
        let_go(row, channel, keys)
    memory.parts = []
    memory.row.seal_at = None


def _held(session: Session, memory: Memory) -> list[Inbound]:
    query = select(Inbound).where(
        Inbound.dialogue_id == memory.row.id, Inbound.state == InboundState.HELD
    )
    return list(session.scalars(query.order_by(Inbound.received_at, Inbound.id)))


def _held_texts(session: Session, memory: Memory, keys: SmsKeys) -> list[tuple[str, str]]:
    """(kind, text) in the order in which they were written, as far as the telephone tells."""
    kinds = dict(memory.parts)
    found = []
    for row in _held(session, memory):
        fields = fields_of(row, keys)
        written = fields.get("sent_at") or row.received_at.isoformat()
        kind, text = kinds.get(str(row.id), STORY), clean(fields["text"])
        found.append(Piece(datetime.fromisoformat(written), kind, text))
    return [(piece.kind, piece.text) for piece in in_order(found)]


def _report(memory: Memory, story: str | None, where: list[str]) -> Report:
    state = memory.state
    mapping: dict[str, Any] = {
        "channel": Channel.SMS.value,
        "language": (state.language or DEFAULT_LANGUAGE).value,
        "near": "\n".join(where)[:LONGEST_PLACE] or None,
        "danger": True if state.danger else None,
        "story": story,
        "safe_contact": (state.contact or SafeContact.NOTHING).value,
        "phone": memory.number if wants_call(memory) else None,
    }
    return _loaded(mapping)


def _loaded(mapping: dict[str, Any]) -> Report:
    report: Report = ReportIn().load(mapping)
    return report
