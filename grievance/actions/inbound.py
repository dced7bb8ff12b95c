"""What is kept of a verified call of a provider? One sealed row, once, before anybody says "received"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from grievance.rules.roads import Life
from grievance.store import doorbell, queries
from grievance.store.actors import INTAKE_ACTOR, SWEEP_ACTOR
from grievance.store.models import ChannelRow, Inbound, InboundState
from grievance.store.numbers import channel_key, dedup_value, seal_inbound
from grievance.store.sealing import Label, Versions
from grievance.store.session import transaction
from grievance.terms import Actor
from grievance.vocabulary import GatewayKind

# A sign of life is worth one write a minute, not one for each text of a busy day.
HEARD_EVERY = timedelta(minutes=1)
TOO_LONG = timedelta(minutes=15)


class Kept(StrEnum):
    """What a sealed row holds."""

    TEXT = "text"
    STATUS = "status"
    LEFT_OVER = "left_over"


@dataclass(frozen=True)
class ChannelSeen:
    """A channel as its row has it; the secret is still hidden under the config key."""

    id: UUID
    kind: GatewayKind
    number: str
    account: str | None
    secret_hidden: bytes = field(repr=False)
    desk_id: UUID
    quiet: bool
    life: Life
    refused_at: datetime | None


@dataclass(frozen=True)
class Seals:
    """What sealing needs: the newest intake public half, and the key that deduplication hangs on."""

    intake_public: bytes
    config_key: Versions = field(repr=False)


@dataclass(frozen=True)
class Heard:
    """A verified call. `seen` tells it apart: the provider's id, or three texts that together do."""

    kind: Kept
    seen: str | tuple[str, str, str] = field(repr=False)
    fields: Mapping[str, Any] = field(repr=False)


def channels_of(kind: GatewayKind, account: str | None = None) -> tuple[ChannelSeen, ...]:
    """The channels that a provider's account may speak for; without an account, all of that kind."""
    query = select(ChannelRow).where(ChannelRow.kind == kind)
    if account is not None:
        query = query.where(ChannelRow.account == account)
    with transaction(INTAKE_ACTOR) as session:
        return tuple(seen(row) for row in session.scalars(query.order_by(ChannelRow.number)))


def seen(row: ChannelRow) -> ChannelSeen:
    """The values of a channel's row."""
    return ChannelSeen(
        row.id, row.kind, row.number, row.account, row.secret_hidden, row.desk_id, row.quiet,
        life_of(row), row.refused_at,
    )  # fmt: skip


def life_of(row: ChannelRow) -> Life:
    """What a channel's row tells of whether it lives."""
    heard_at = row.last_heard_at or row.created_at
    return Life(row.kind, heard_at, row.pinged_at is not None, row.offline_at is not None)


def keep(
    channel_id: UUID, heard: Heard, *, seals: Seals, called_us: bool = True, actor: Actor = INTAKE_ACTOR,
    now: datetime,
) -> UUID | None:  # fmt: skip
    """Seals a call and stores it in one commit; the same call a second time changes nothing and gives None.

    `called_us`: the provider did, so its channel is alive. Raises Unavailable when nothing was kept: then the
    provider must not be told that it was.
    """
    row_id = uuid4()
    with transaction(actor) as session:
        new = _insert(session, row_id, channel_id, heard, seals, now)
        if called_us:
            _note_life(session, channel_id, now)
        if new:
            doorbell.after_commit(session, "inbound", row_id)
    return row_id if new else None


def note_life(channel_id: UUID, *, pings: bool = False, now: datetime) -> None:
    """The gateway of a channel is alive; `pings`: it says so by itself, and will be expected to go on."""
    with transaction(INTAKE_ACTOR) as session:
        _note_life(session, channel_id, now)
        if pings:
            _write(session, channel_id, pinged_at=now)


def note_offline(channel_id: UUID, *, now: datetime) -> None:
    """The gateway of a channel says that its telephone is away."""
    with transaction(INTAKE_ACTOR) as session:
        _write(session, channel_id, offline_at=now)


def waiting_too_long(now: datetime) -> int:
    """How many texts nobody has taken, or sealed, for a quarter of an hour: a worker is lost, or a key is."""
    waits = Inbound.state.in_((InboundState.NEW, InboundState.HELD))
    query = select(func.count(Inbound.id)).where(waits, Inbound.received_at < now - TOO_LONG)
    with transaction(SWEEP_ACTOR) as session:
        return int(session.scalar(query) or 0)


def label(row_id: UUID) -> Label:
    """The place of a sealed row."""
    return Label("inbound", "sealed", row_id)


def _insert(
    session: Session, row_id: UUID, channel_id: UUID, heard: Heard, seals: Seals, now: datetime
) -> bool:
    # While a key changes, a text that a provider repeats is known under either version.
    values = [dedup_value(channel_key(key, channel_id), heard.seen) for _, key in reversed(seals.config_key)]
    if queries.under_any_key(session, "inbound_known", values):
        return False
    fields = {**heard.fields, "kind": heard.kind.value}
    row = insert(Inbound).values(
        id=row_id,
        channel_id=channel_id,
        dedup=values[0],
        sealed=seal_inbound(fields, seals.intake_public, label(row_id)),
        received_at=now,
        state=InboundState.NEW,
    )
    counted = {"preserve_rowcount": True}
    stored = session.execute(row.on_conflict_do_nothing(), execution_options=counted)
    return cast(CursorResult[Any], stored).rowcount > 0


def _note_life(session: Session, channel_id: UUID, now: datetime) -> None:
    silent = or_(
        ChannelRow.last_heard_at.is_(None), ChannelRow.last_heard_at < now - HEARD_EVERY,
        ChannelRow.offline_at.is_not(None),
    )  # fmt: skip
    values = {"last_heard_at": now, "offline_at": None}
    session.execute(update(ChannelRow).where(ChannelRow.id == channel_id, silent).values(values))


def _write(session: Session, channel_id: UUID, **values: datetime) -> None:
    session.execute(update(ChannelRow).where(ChannelRow.id == channel_id).values(values))
