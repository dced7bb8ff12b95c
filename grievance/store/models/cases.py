"""What is kept of a case? Workflow facts in clear, everything a person said or is in sealed rows."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grievance.store.models.base import Base, Identified
from grievance.terms import CaseState, Lane
from grievance.vocabulary import (
    ActorKind,
    Channel,
    DataClass,
    EntryKind,
    Finding,
    Language,
    Outcome,
    ReaderKind,
    SafeContact,
    Severity,
    SpeaksAs,
    TaskKind,
)

RESTRICTED_IS_BLANK = (
    "not restricted or (harms = '{}' and site_id is null and territory is null and incident_on is null "
    "and actor is null and persons is null and women is null and men is null and children is null "
    "and lane_shown is null and share is null)"
)


class Case(Identified, Base):
    """One case. A restricted case keeps only its province and month in clear; the check holds that."""

    __tablename__ = "grievance_case"
    __table_args__ = (
        CheckConstraint("desk_id <> backup_id", name="two_desks"),
        CheckConstraint(RESTRICTED_IS_BLANK, name="restricted_is_blank"),
        CheckConstraint("(state = 'closed') = (outcome is not null)", name="closed_has_outcome"),
        Index("ix_case_desk", "desk_id", "state"),
        Index("ix_case_backup", "backup_id", "state"),
    )
    code: Mapped[str] = mapped_column(unique=True)
    desk_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    backup_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    backup_visible: Mapped[bool] = mapped_column(default=False)
    # Which classes its wraps open to the back-up: an appeal shows the thread, never identity or notes.
    backup_reads: Mapped[list[str]] = mapped_column(default=lambda: ["I", "T", "E", "N"])
    overseer_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    overseer_visible: Mapped[bool] = mapped_column(default=False)
    state: Mapped[CaseState]
    # A text message whose sender has not agreed yet: no desk sees the case.
    held: Mapped[bool] = mapped_column(default=False)
    restricted: Mapped[bool] = mapped_column(default=False)
    lane_shown: Mapped[Lane | None]
    severity: Mapped[Severity]
    called_at: Mapped[datetime | None]
    harms: Mapped[list[str]]
    actor: Mapped[ActorKind | None]
    channel: Mapped[Channel]
    language: Mapped[Language]
    speaks_as: Mapped[SpeaksAs | None]
    affected_agree: Mapped[bool | None]
    safe_contact: Mapped[SafeContact]
    # What the complainant said about sharing before anybody knew which companies that means.
    share: Mapped[str | None]
    persons: Mapped[int | None]
    women: Mapped[int | None]
    men: Mapped[int | None]
    children: Mapped[int | None]
    province: Mapped[str | None]
    territory: Mapped[str | None]
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))
    incident_on: Mapped[date | None]
    incident_month: Mapped[date | None]
    policy: Mapped[str]
    received_at: Mapped[datetime]
    triaged_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    closed_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    linked_to: Mapped[UUID | None] = mapped_column(ForeignKey("grievance_case.id"))
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("grievance_case.id"))
    fresh_at: Mapped[datetime]


class CaseKeeping(Base):
    """What will become of a closed case: when its desk was told that it goes, since when a lead holds it."""

    __tablename__ = "case_keeping"
    case_id: Mapped[UUID] = mapped_column(
        ForeignKey("grievance_case.id", ondelete="CASCADE"), primary_key=True
    )
    told_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]


class ClassPair(Identified, Base):
    """The public half of a class of a case, or of one referral's summary."""

    __tablename__ = "class_pair"
    __table_args__ = (UniqueConstraint("case_id", "data_class", "referral_id", "version"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    referral_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"))
    data_class: Mapped[DataClass]
    version: Mapped[int]
    public_key: Mapped[bytes]


class Wrap(Identified, Base):
    """The private half of a pair, sealed to one reader. Whoever may not see the case sees no wrap of it."""

    __tablename__ = "wrap"
    __table_args__ = (Index("ix_wrap_pair", "pair_id"), Index("ix_wrap_case", "case_id"))
    pair_id: Mapped[UUID] = mapped_column(ForeignKey("class_pair.id", ondelete="CASCADE"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    reader: Mapped[ReaderKind]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    reader_public: Mapped[bytes]
    wrapped: Mapped[bytes]


class Entry(Identified, Base):
    """One sealed line of a case: story, identity, message, note."""

    __tablename__ = "entry"
    __table_args__ = (Index("ix_entry_case", "case_id", "at"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    pair_id: Mapped[UUID] = mapped_column(ForeignKey("class_pair.id"))
    data_class: Mapped[DataClass]
    kind: Mapped[EntryKind]
    author: Mapped[str]
    at: Mapped[datetime]
    sealed_key: Mapped[bytes]
    sealed_body: Mapped[bytes]
    sealed_version: Mapped[int]
    seen_at: Mapped[datetime | None]


class Receipt(Identified, Base):
    """The way back to one case by web. Both values are hidden under the pepper: a dump tests nothing."""

    __tablename__ = "receipt"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    lookup_hidden: Mapped[bytes] = mapped_column(unique=True)
    public_hidden: Mapped[bytes]
    wraps_hidden: Mapped[bytes]
    created_at: Mapped[datetime]


class Consent(Identified, Base):
    """What the complainant said about one organisation; the newest row counts, the older ones stay."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_case", "case_id", "organisation_id", "at"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    allowed: Mapped[bool]
    identity_allowed: Mapped[bool] = mapped_column(default=False)
    how: Mapped[str]
    at: Mapped[datetime]


class Conflict(Identified, Base):
    """An organisation is kept away from a case, computed or declared."""

    __tablename__ = "conflict"
    __table_args__ = (UniqueConstraint("case_id", "organisation_id", "reason"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    reason: Mapped[str]
    at: Mapped[datetime]


class Allegation(Identified, Base):
    """One line of what is alleged, against one kind of actor, and what was found about it."""

    __tablename__ = "allegation"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    harm: Mapped[str | None]
    actor: Mapped[ActorKind | None]
    finding: Mapped[Finding | None]
    found_by: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    found_at: Mapped[datetime | None]
    reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("entry.id", ondelete="SET NULL"))


class Appeal(Identified, Base):
    """The complainant asks another body to look at a decision again."""

    __tablename__ = "appeal"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    to_organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    asked_at: Mapped[datetime]
    evidence_too: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime | None]
    upheld: Mapped[bool | None]


class Task(Identified, Base):
    """Something a person at a desk or at the overseer must do."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_open", "organisation_id", "done_at"),)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[TaskKind]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
