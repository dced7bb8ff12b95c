"""What did somebody put down, to go on with later? Sealed to their receipt, found by it alone, no case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from grievance.store.models.base import Base, Identified


class Unfinished(Identified, Base):
    """One report that was not sent. Its row says when it was kept, and nothing else in clear."""

    __tablename__ = "unfinished_report"
    __table_args__ = (Index("ix_unfinished_report_kept", "kept_at"),)
    lookup_hidden: Mapped[bytes] = mapped_column(unique=True)
    sealed_hidden: Mapped[bytes]
    kept_at: Mapped[datetime]
