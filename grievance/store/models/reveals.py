"""Who opened a complainant's name and number, why, and who agreed?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from grievance.store.models.base import Base, Identified
from grievance.vocabulary import RevealGround


class Reveal(Identified, Base):
    """One member's wish to see a name and a number. Why, is a sealed line of the thread."""

    __tablename__ = "reveal"
    __table_args__ = (
        CheckConstraint("agreed_by <> asked_by and refused_by <> asked_by", name="second_person"),
        CheckConstraint(
            "opened_at is null or ground <> 'agreement' or agreed_at is not null", name="agreed_before"
        ),
        Index("ix_reveal_case", "case_id", "asked_at"),
    )
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    asked_at: Mapped[datetime]
    ground: Mapped[RevealGround]
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id", ondelete="SET NULL"))
    opened_at: Mapped[datetime | None]
    # The second person: before the opening, or within 24 hours after it where it could not wait.
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    agreed_at: Mapped[datetime | None]
    refused_by: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    refused_at: Mapped[datetime | None]
