"""What came in by telephone, and what waits to be sent?"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from grievance.store.models.base import Base, Identified
from grievance.vocabulary import Language


class InboundState(StrEnum):
    """Where a text stands: untouched, held for its sender's word, sealed to the desks, or wiped."""

    NEW = "new"
    HELD = "held"
    TAKEN = "taken"
    WIPED = "wiped"


class Medium(StrEnum):
    """Over what a notice goes out; each has its own worker."""

    SMS = "sms"
    MAIL = "mail"


class OutboxState(StrEnum):
    """Where a notice stands. `UNCERTAIN`: a send may have happened while its lease ran out."""

    WAITING = "waiting"
    LEASED = "leased"
    SENT = "sent"
    DELIVERED = "delivered"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    DROPPED = "dropped"
    FETCHED = "fetched"


class Inbound(Identified, Base):
    """A text as a gateway gave it: number and words sealed to the SMS worker's intake key."""

    __tablename__ = "inbound"
    __table_args__ = (
        CheckConstraint("(state = 'wiped') = (sealed is null)", name="wiped_is_empty"),
        Index("ix_inbound_state", "state", "received_at"),
    )
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"))
    dedup: Mapped[bytes] = mapped_column(unique=True)
    sealed: Mapped[bytes | None]
    received_at: Mapped[datetime]
    state: Mapped[InboundState]
    dialogue_id: Mapped[UUID | None] = mapped_column(ForeignKey("dialogue.id"))


class Dialogue(Identified, Base):
    """A conversation with one number, 72 hours long. What was said is sealed to the intake key."""

    __tablename__ = "dialogue"
    __table_args__ = (Index("ix_dialogue_number", "number_mac", "expires_at"),)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"))
    number_mac: Mapped[bytes]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("grievance_case.id", ondelete="SET NULL"))
    sealed_state: Mapped[bytes]
    started_at: Mapped[datetime]
    last_text_at: Mapped[datetime]
    # When the held texts are sealed to the desks although nobody said yes or no.
    seal_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    turns_from: Mapped[datetime]
    turns: Mapped[int] = mapped_column(default=0)


class NumberIndex(Identified, Base):
    """Which case belongs to a number, as an HMAC that only the SMS worker can make."""

    __tablename__ = "number_index"
    __table_args__ = (UniqueConstraint("case_id", "mac"), Index("ix_number_mac", "mac"))
    desk_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    mac: Mapped[bytes]
    heard_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]


class Capsule(Identified, Base):
    """A number sealed to the notifier key, for texting somebody who wants to be texted."""

    __tablename__ = "capsule"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"), unique=True)
    channel_id: Mapped[UUID | None] = mapped_column(ForeignKey("channel.id"))
    sealed: Mapped[bytes]
    language: Mapped[Language]
    created_at: Mapped[datetime]


class Outbox(Identified, Base):
    """One notice to send: workflow facts in `values`, anything a person said sealed to the notifier key."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "medium", "state", "next_at"),
        Index("ix_outbox_provider", "provider_id"),
    )
    medium: Mapped[Medium]
    template: Mapped[str]
    language: Mapped[Language]
    values: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # One notice for one reason: a sweep that runs twice writes the same key and is refused.
    once: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    referral_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"))
    # A mail goes to one member, or to those of an organisation who have this part in it when it is sent.
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    audience: Mapped[str | None]
    channel_id: Mapped[UUID | None] = mapped_column(ForeignKey("channel.id"))
    # The number that an answer goes to, sealed to the notifier key; without it, the capsule's.
    sealed_to: Mapped[bytes | None]
    sealed_text: Mapped[bytes | None]
    # Whether the person's own text asked for it. What is unasked obeys STOP, lock and the safe contact.
    asked: Mapped[bool] = mapped_column(default=False)
    # Handed over only when the person sends SUIVI.
    waits_for_follow: Mapped[bool] = mapped_column(default=False)
    state: Mapped[OutboxState]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[UUID | None]
    provider_id: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None]
    # A long text goes out in several; so many of them were taken by the provider.
    pieces: Mapped[int] = mapped_column(default=1)
    pieces_gone: Mapped[int] = mapped_column(default=0)


class WorkerBeat(Base):
    """When each kind of worker was last alive; `/readyz` reads it."""

    __tablename__ = "worker_beat"
    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class TallyKind(StrEnum):
    """What is counted of the texts that went out on one day."""

    NUMBER = "number"
    CHANNEL = "channel"
    # Different numbers that were texted: of one block of ten thousand, and over one channel.
    PREFIX = "prefix"
    NUMBERS = "numbers"


class SmsTally(Base):
    """How many texts one day took. `name` is an HMAC that holds for that day alone, or the channel's id."""

    __tablename__ = "sms_tally"
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[TallyKind] = mapped_column(primary_key=True)
    name: Mapped[bytes] = mapped_column(primary_key=True)
    count: Mapped[int]
    alarmed_at: Mapped[datetime | None]


class DialogueStep(Base):
    """How often each question was reached and answered in a month; of whom, and with what, nothing."""

    __tablename__ = "dialogue_step"
    month: Mapped[date] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    reached: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
