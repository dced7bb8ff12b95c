"""Who works here, with which keys, and who is signed in?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grievance.store.models.base import Base, Identified
from grievance.terms import Role
from grievance.vocabulary import Language


class Member(Identified, Base):
    """A person of an organisation. Until they accept the invitation they have no password and no key."""

    __tablename__ = "member"
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[Role]
    email: Mapped[str] = mapped_column(unique=True)
    language: Mapped[Language]
    invited_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    password_hash: Mapped[str | None]
    totp_hidden: Mapped[bytes | None]
    # The last time step whose code was used: a code works once.
    totp_used: Mapped[int | None]
    public_key: Mapped[bytes | None]
    private_by_password: Mapped[bytes | None]
    private_by_recovery: Mapped[bytes | None]
    marked: Mapped[bool] = mapped_column(default=False)
    in_sexual_violence_lane: Mapped[bool] = mapped_column(default=False)
    in_child_lane: Mapped[bool] = mapped_column(default=False)


class Invitation(Identified, Base):
    """A link that lets an invited member begin, once, for seven days."""

    __tablename__ = "invitation"
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class MemberKey(Identified, Base):
    """The private half of an organisation's key, sealed to one member's own public key."""

    __tablename__ = "member_key"
    __table_args__ = (UniqueConstraint("member_id", "organisation_key_id"),)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    organisation_key_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_key.id"))
    wrapped: Mapped[bytes]


class StaffSession(Identified, Base):
    """A member is signed in: the cookie's sha256, and the member's private key under HKDF(cookie)."""

    __tablename__ = "staff_session"
    cookie_hash: Mapped[bytes] = mapped_column(unique=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    private_hidden: Mapped[bytes]
    csrf: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # When this session's member last proved who they are; what weighs more asks again after five minutes.
    proved_at: Mapped[datetime | None]


class Passkey(Identified, Base):
    """A key in a member's phone, computer or stick. The database holds its public half alone."""

    __tablename__ = "passkey"
    __table_args__ = (Index("ix_passkey_member", "member_id"),)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    # When the last challenge it answered was made: only later ones count, so an answer works once.
    challenged_at: Mapped[datetime | None]


class VisitorSession(Identified, Base):
    """A complainant came back with a receipt: the cookie's sha256, and the opening key under HKDF(cookie)."""

    __tablename__ = "visitor_session"
    cookie_hash: Mapped[bytes] = mapped_column(unique=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    private_hidden: Mapped[bytes]
    csrf: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class KeyVersion(Base):
    """Since when a version of a key of the environment is the one that everything new is written under."""

    __tablename__ = "key_version"
    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    used_from: Mapped[datetime]


class KeyChange(Identified, Base):
    """A new version of an organisation's key waits for a second person before anything is sealed to it."""

    __tablename__ = "key_change"
    __table_args__ = (CheckConstraint("agreed_by <> started_by", name="two_persons"),)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    organisation_key_id: Mapped[UUID] = mapped_column(ForeignKey("organisation_key.id"), unique=True)
    started_by: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    started_at: Mapped[datetime]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    agreed_at: Mapped[datetime | None]
