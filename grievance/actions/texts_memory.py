"""What is remembered of a conversation with one number? Sealed to the intake key, for 72 hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grievance.actions.sms_keys import SmsKeys
from grievance.rules import dialogue as rule
from grievance.store.models import ChannelRow, Dialogue
from grievance.store.numbers import number_candidates, number_index, open_inbound, seal_inbound
from grievance.store.receipts import mint_code
from grievance.store.sealing import Label

LIVES = timedelta(hours=72)
ONE_STORY = timedelta(minutes=10)
HOUR = timedelta(hours=1)


@dataclass
class Memory:
    """One conversation while it is worked on.

    `parts`: which held texts are words to keep, and as what. `answered_at`: when it was answered lately.
    """

    row: Dialogue
    state: rule.Dialogue
    number: str = field(repr=False)
    code: str = field(repr=False)
    parts: list[tuple[str, str]] = field(default_factory=list, repr=False)
    call_wanted: bool = False
    answered_at: list[datetime] = field(default_factory=list)


def lock_number(session: Session, keys: SmsKeys, channel: ChannelRow, number: str) -> None:
    """Two texts of one number wait for each other, whichever workers took them."""
    oldest = number_candidates(keys.number_index, channel.desk_id, number)[-1]
    session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(oldest[-8:], signed=True))))


def macs(keys: SmsKeys, desk_id: UUID, number: str) -> Sequence[bytes]:
    """All that this number may be indexed as at a desk."""
    return number_candidates(keys.number_index, desk_id, number)


def remember(
    session: Session, keys: SmsKeys, channel: ChannelRow, number: str, *, now: datetime
) -> Memory:
    """The conversation of the last 72 hours with this number, or a new one."""
    query = (
        select(Dialogue)
        .where(Dialogue.number_mac.in_(macs(keys, channel.desk_id, number)), Dialogue.expires_at > now)
        .order_by(Dialogue.started_at.desc())
        .limit(1)
        .with_for_update()
    )
    row = session.scalar(query)
    memory = opened(row, keys) if row else _new(keys, channel, number, now)
    memory.row.channel_id = channel.id
    count_answers(memory, now)
    return memory


def count_answers(memory: Memory, now: datetime) -> None:
    """How often this number was answered in the hour that ends now, whichever hour the clock shows."""
    memory.answered_at = [at for at in memory.answered_at if now - at < HOUR]
    memory.state = replace(memory.state, turns=len(memory.answered_at))


def opened(row: Dialogue, keys: SmsKeys) -> Memory:
    """What a row remembers. Raises CannotOpen."""
    kept = open_inbound(row.sealed_state, keys.intake_pairs, _label(row.id))
    parts = [(inbound_id, kind) for inbound_id, kind in kept["parts"]]
    state = rule.from_stored(kept["state"])
    return Memory(row, state, kept["number"], kept["code"], parts, kept["call_wanted"], _answers(row, kept))


def _answers(row: Dialogue, kept: Mapping[str, Any]) -> list[datetime]:
    """When it was answered; what was remembered before the times were kept had one time for all of them."""
    if "answered_at" in kept:
        return [datetime.fromisoformat(at) for at in kept["answered_at"]]
    return [row.turns_from] * row.turns


def store(session: Session, memory: Memory, keys: SmsKeys, *, now: datetime) -> None:
    """Seals what is remembered, in a new row or a loaded one. What the state counts more was answered now."""
    row = memory.row
    memory.answered_at += [now] * (memory.state.turns - len(memory.answered_at))
    row.turns, row.turns_from = len(memory.answered_at), min(memory.answered_at, default=now)
    kept = {
        "answered_at": [at.isoformat() for at in memory.answered_at],
        "state": rule.as_stored(memory.state),
        "number": memory.number,
        "code": memory.code,
        "parts": memory.parts,
        "call_wanted": memory.call_wanted,
    }
    row.sealed_state = seal_inbound(kept, keys.intake_pairs[0].public, _label(row.id))
    session.add(row)
    session.flush()


def heard_now(memory: Memory, now: datetime) -> None:
    """A text came: the conversation lives for 72 hours from here."""
    memory.row.last_text_at = now
    memory.row.expires_at = now + LIVES


def begin_again(memory: Memory) -> None:
    """From here on it is another case: a code of its own, nothing held."""
    memory.row.case_id, memory.code, memory.parts, memory.call_wanted = None, mint_code(), [], False


def forget(memory: Memory, now: datetime) -> None:
    """They said no: of this number nothing stays but how often it was answered in this hour."""
    begin_again(memory)
    memory.number = ""
    memory.row.seal_at = None
    memory.row.expires_at = now + HOUR


def _new(keys: SmsKeys, channel: ChannelRow, number: str, now: datetime) -> Memory:
    row = Dialogue(
        id=uuid4(), channel_id=channel.id,
        number_mac=number_index(keys.number_index, channel.desk_id, number),
        started_at=now, last_text_at=now, expires_at=now + LIVES, turns_from=now, turns=0,
    )  # fmt: skip
    return Memory(row, rule.Dialogue(), number, mint_code())


def _label(row_id: UUID) -> Label:
    return Label("dialogue", "sealed_state", row_id)
