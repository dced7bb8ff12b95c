"""What came in a flood, and waits for a person to look at it? Sealed, with a way back for whoever sent it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from grievance.store.models.base import Base, Identified
from grievance.vocabulary import Language, Severity


class ApartState(StrEnum):
    """Where a report kept apart stands. What a person keeps becomes a case, and its row goes."""

    WAITING = "waiting"
    SET_ASIDE = "set_aside"


class Apart(Identified, Base):
    """One report, whole, sealed to the triage key (or the lane) of its desk."""

    __tablename__ = "quarantine"
    __table_args__ = (
        Index("ix_quarantine_desk", "desk_id", "state", "received_at"),
        Index("ix_quarantine_lookup", "lookup_hidden"),
    )
    desk_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[ApartState]
    received_at: Mapped[datetime]
    language: Mapped[Language]
    # Of a restricted report always `now`, as of a case: the row tells no more than a case's would.
    severity: Mapped[Severity]
    # Empty for a lane, as of a wrap: nothing in clear tells which.
    reader_public: Mapped[bytes]
    sealed: Mapped[bytes]
    # The receipt's two values, and one of receipt and words together: the same form sent twice is one row.
    lookup_hidden: Mapped[bytes]
    public_hidden: Mapped[bytes]
    same_hidden: Mapped[bytes] = mapped_column(unique=True)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
