"""What was given to a company, what did it answer, and which clocks run?"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grievance.store.models.base import Base, Identified
from grievance.terms import ClockKind, ReferralState, Role, SkipReason, Step
from grievance.vocabulary import MessageKind, ReferralKind, RemedyKind, RemedyState, Settled, Severity


class Referral(Identified, Base):
    """A summary given to one organisation. `for_referral_id` and `step`: prepared for which climb."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint(
            "state = 'withdrawn' or (state = 'prepared') = (sent_at is null)", name="sent_has_time"
        ),
        CheckConstraint("kind = 'escalation' or step is null", name="step_is_escalation"),
        Index("ix_referral_organisation", "organisation_id", "state"),
        Index("ix_referral_case", "case_id"),
    )
    code: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[ReferralKind]
    state: Mapped[ReferralState]
    severity: Mapped[Severity]
    for_referral_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"))
    step: Mapped[Step | None]
    by_letter: Mapped[bool] = mapped_column(default=False)
    letter_proof: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    relayed_at: Mapped[datetime | None]
    settled: Mapped[Settled | None]
    settled_at: Mapped[datetime | None]


class ReferralMessage(Identified, Base):
    """One sealed line between a desk and a company."""

    __tablename__ = "referral_message"
    __table_args__ = (Index("ix_message_referral", "referral_id", "at"),)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"))
    pair_id: Mapped[UUID] = mapped_column(ForeignKey("class_pair.id", ondelete="CASCADE"))
    kind: Mapped[MessageKind]
    from_company: Mapped[bool]
    author: Mapped[str]
    at: Mapped[datetime]
    sealed_key: Mapped[bytes]
    sealed_body: Mapped[bytes]
    sealed_version: Mapped[int]


class Remedy(Identified, Base):
    """One promise of a company, and the complainant's own word on whether it came. Amounts are sealed."""

    __tablename__ = "remedy"
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"))
    kind: Mapped[RemedyKind]
    state: Mapped[RemedyState]
    due_on: Mapped[date | None]
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral_message.id", ondelete="SET NULL"))
    promised_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]


class ClockRow(Identified, Base):
    """One round of one clock. `due_at` and `next_at` follow from the moves and the policy.

    `promised_at` is what the person was told where nobody was on duty to keep `due_at`.
    """

    __tablename__ = "clock"
    __table_args__ = (
        UniqueConstraint(
            "case_id", "referral_id", "task_id", "kind", "round", postgresql_nulls_not_distinct=True
        ),
        Index("ix_clock_next", "next_at"),
        Index("ix_clock_case", "case_id"),
    )
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    referral_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"))
    kind: Mapped[ClockKind]
    severity: Mapped[Severity]
    round: Mapped[int]
    policy: Mapped[str]
    holder_role: Mapped[Role]
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    promised_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    extended_days: Mapped[int | None]
    breached_at: Mapped[datetime | None]
    next_step: Mapped[Step | None]
    next_instance: Mapped[int | None]
    next_at: Mapped[datetime | None]

    @property
    def told_at(self) -> datetime:
        """The date that the complainant is told."""
        return self.promised_at or self.due_at


class ClockPause(Identified, Base):
    """A stretch of time that does not count, because the complainant was awaited."""

    __tablename__ = "clock_pause"
    clock_id: Mapped[UUID] = mapped_column(ForeignKey("clock.id", ondelete="CASCADE"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class ClockStep(Identified, Base):
    """One rung that was climbed or skipped: once in each round, for ever."""

    __tablename__ = "clock_step"
    __table_args__ = (UniqueConstraint("clock_id", "round", "step", "instance"),)
    clock_id: Mapped[UUID] = mapped_column(ForeignKey("clock.id", ondelete="CASCADE"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    round: Mapped[int]
    step: Mapped[Step]
    # Custody alerts come at 24, 40 and 48 hours: three instances of one step.
    instance: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    to_organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    skipped: Mapped[SkipReason | None]
