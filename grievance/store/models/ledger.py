"""What can nobody alter unnoticed? The journal; and the facts that statistics are counted from."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grievance.store.models.base import Base, Identified


class JournalHead(Base):
    """The last line of one chain; a chain is a case's or an organisation's."""

    __tablename__ = "journal_head"
    chain: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    hash: Mapped[bytes]


class JournalLine(Base):
    """One event. Written by the database function `journal_append` alone, which also makes the hash."""

    __tablename__ = "journal_line"
    __table_args__ = (
        CheckConstraint("octet_length(hash) = 32 and octet_length(previous) = 32", name="hash_sizes"),
        Index("ix_journal_subject", "subject", "to_state"),
    )
    chain: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    move: Mapped[str]
    subject: Mapped[UUID]
    from_state: Mapped[str]
    to_state: Mapped[str]
    commitment: Mapped[bytes]
    previous: Mapped[bytes]
    hash: Mapped[bytes]
    transaction_id: Mapped[int] = mapped_column(BigInteger)


class JournalOpening(Identified, Base):
    """The salt and value behind a commitment, in a table that may be deleted from: that is shredding."""

    __tablename__ = "journal_opening"
    __table_args__ = (UniqueConstraint("chain", "seq"),)
    chain: Mapped[UUID]
    seq: Mapped[int] = mapped_column(BigInteger)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    salt: Mapped[bytes]
    value: Mapped[str]


class JournalHour(Base):
    """One published head: a Merkle root over every line written since the head before, and their chain."""

    __tablename__ = "journal_hour"
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    # The hour that it was made for: one head in each, under any number of sweepers.
    slot: Mapped[datetime] = mapped_column(unique=True)
    at: Mapped[datetime]
    root: Mapped[bytes]
    previous: Mapped[bytes]
    hash: Mapped[bytes]


class JournalLeaf(Base):
    """The lines of one chain under one head: their hashes, and the way up to the head's root."""

    __tablename__ = "journal_leaf"
    __table_args__ = (Index("ix_leaf_number", "number"),)
    chain: Mapped[UUID] = mapped_column(primary_key=True)
    last_seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    first_seq: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(ForeignKey("journal_hour.number"))
    hashes: Mapped[bytes]
    salt: Mapped[bytes]
    path: Mapped[bytes]


class JournalAnchor(Base):
    """The newest head of a day, signed. Mailed to others, it holds us to everything under it."""

    __tablename__ = "journal_anchor"
    day: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("journal_hour.number"))
    at: Mapped[datetime]
    hash: Mapped[bytes]
    key_version: Mapped[int]
    public_key: Mapped[bytes]
    signature: Mapped[bytes]


class Fact(Identified, Base):
    """One thing that happened, for statistics: workflow facts only, kept when a case is erased."""

    __tablename__ = "fact"
    __table_args__ = (Index("ix_fact_kind", "kind", "on_day"),)
    kind: Mapped[str]
    # A keyed name of the case, so that cases are counted once and still cannot be looked up.
    case_ref: Mapped[UUID]
    on_day: Mapped[date]
    desk_id: Mapped[UUID | None]
    organisation_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    province: Mapped[str | None]
    territory: Mapped[str | None]
    harm: Mapped[str | None]
    severity: Mapped[str | None]
    restricted: Mapped[bool] = mapped_column(default=False)
    persons: Mapped[int] = mapped_column(default=1)
    clock: Mapped[str | None]
    step: Mapped[str | None]
    on_time: Mapped[bool | None]
    hours: Mapped[int | None]
    outcome: Mapped[str | None]
    by_letter: Mapped[bool] = mapped_column(default=False)
