"""What is kept of a photograph, a recording or a paper? Sealed pieces, and a sealed word of what it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grievance.store.models.base import Base, Identified


class Evidence(Identified, Base):
    """One file of a case. Until it is whole its key is sealed to the thread's pair, then to evidence's."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_case", "case_id", "received_at"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    pair_id: Mapped[UUID] = mapped_column(ForeignKey("class_pair.id", ondelete="CASCADE"))
    author: Mapped[str]
    begun_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    sealed_key: Mapped[bytes]
    sealed_label: Mapped[bytes]


class EvidencePiece(Identified, Base):
    """A part of a file as it came (`is_copy` false) or of its clean copy, sealed in its place."""

    __tablename__ = "evidence_piece"
    __table_args__ = (
        UniqueConstraint("evidence_id", "is_copy", "number"),
        Index("ix_evidence_piece_case", "case_id"),
    )
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id", ondelete="CASCADE"))
    is_copy: Mapped[bool]
    number: Mapped[int]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    sealed: Mapped[bytes]
