"""Does each number of ours work? When it was heard, when its provider refused, and which are red."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import load_only

from grievance.actions import inbound
from grievance.actions.inbound import ChannelSeen
from grievance.rules import roads
from grievance.store.actors import SMS_ACTOR, door_actor
from grievance.store.models import ChannelRow
from grievance.store.session import transaction
from grievance.vocabulary import GatewayKind

FIRST_OF_AN_ID = 8  # characters; enough to find a channel by, and no number
# What whoever watches the service may read of a channel.
TOLD = (
    ChannelRow.id, ChannelRow.kind, ChannelRow.created_at, ChannelRow.last_heard_at, ChannelRow.pinged_at,
    ChannelRow.offline_at, ChannelRow.refused_at,
)  # fmt: skip


def refused(channel_id: UUID, code: str, *, now: datetime) -> None:
    """Its provider takes nothing: red until it takes a text again."""
    _write(channel_id, refused_at=now, refusal=code)


def worked(channel_id: UUID) -> None:
    """It took a text."""
    with transaction(SMS_ACTOR) as session:
        session.execute(
            update(ChannelRow)
            .where(ChannelRow.id == channel_id, ChannelRow.refused_at.is_not(None))
            .values(refused_at=None, refusal=None)
        )


def telephones_live(*, now: datetime) -> None:
    """Sample mode, where there is no telephone that could say that it lives."""
    due = or_(ChannelRow.last_heard_at.is_(None), ChannelRow.last_heard_at < now - inbound.HEARD_EVERY)
    with transaction(SMS_ACTOR) as session:
        session.execute(
            update(ChannelRow)
            .where(or_(ChannelRow.kind.in_(roads.SAYS_IT_LIVES), ChannelRow.pinged_at.is_not(None)), due)
            .values(last_heard_at=now)
        )


def red(now: datetime) -> list[str]:
    """What is wrong with which channel, as codes for a machine: no number, no account. Raises Unavailable."""
    columns = load_only(*TOLD, raiseload=True)
    with transaction(door_actor(b"")) as session:  # which reads these columns, and no number or secret
        rows = session.scalars(select(ChannelRow).options(columns).order_by(ChannelRow.id)).all()
    return [
        f"{why}:{row.kind.value}:{str(row.id)[:FIRST_OF_AN_ID]}" for row in rows for why in _why(row, now)
    ]


def of_kind(kind: GatewayKind) -> list[tuple[ChannelSeen, datetime | None]]:
    """The channels of a kind, and up to when each was compared with its provider's list."""
    query = select(ChannelRow).where(ChannelRow.kind == kind).order_by(ChannelRow.number)
    with transaction(SMS_ACTOR) as session:
        return [(inbound.seen(row), row.reconciled_at) for row in session.scalars(query)]


def reconciled(channel_id: UUID, upto: datetime) -> None:
    """Everything that its provider lists until then is here."""
    _write(channel_id, reconciled_at=upto)


def _why(row: ChannelRow, now: datetime) -> list[str]:
    silent = ["channel_silent"] if roads.silent(inbound.life_of(row), now) else []
    return silent + (["channel_refuses"] if row.refused_at is not None else [])


def _write(channel_id: UUID, **values: object) -> None:
    with transaction(SMS_ACTOR) as session:
        session.execute(update(ChannelRow).where(ChannelRow.id == channel_id).values(values))
