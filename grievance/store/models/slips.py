"""Which case did a slip become? It was written without network, and is sent until it is one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grievance.store.models.base import Base, Identified


class Slip(Identified, Base):
    """One slip that is a case now. `own_id`: the random name that the telephone gave it."""

    __tablename__ = "slip"
    __table_args__ = (UniqueConstraint("organisation_id", "own_id"), Index("ix_slip_case", "case_id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    own_id: Mapped[UUID]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    taken_at: Mapped[datetime]
