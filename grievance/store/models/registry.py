"""Which organisations, sites, contracts, desks and channels are there?"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grievance.store.models.base import Base, Identified
from grievance.vocabulary import GatewayKind, Language, OrganisationKind, ReaderKind


class Organisation(Identified, Base):
    """A tenant: CSO (a desk), mine, guard company, overseer or host."""

    __tablename__ = "organisation"
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[OrganisationKind]
    # Membership or affiliation with ICoCA decides what its step of the ladder means for a company.
    icoca_status: Mapped[str | None]
    letter_address: Mapped[str | None]
    language: Mapped[Language]
    recovery_printed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class OrganisationKey(Identified, Base):
    """A public key of an organisation: its desk or company key, triage key, or a lane's key, in versions."""

    __tablename__ = "organisation_key"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "version"),)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[ReaderKind]
    version: Mapped[int]
    public_key: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))


class Site(Identified, Base):
    """A mine's site; real places only down to the territory."""

    __tablename__ = "site"
    name: Mapped[str] = mapped_column(unique=True)
    province: Mapped[str]
    territory: Mapped[str | None]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))


class Contract(Identified, Base):
    """A guard company works at a site for a client, from a day, until a day or still."""

    __tablename__ = "contract"
    __table_args__ = (CheckConstraint("ends is null or ends >= starts", name="order"),)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    starts: Mapped[date]
    ends: Mapped[date | None]


class Coverage(Identified, Base):
    """A desk and its back-up answer for a province, a territory, a site, or for whatever else (fallback)."""

    __tablename__ = "coverage"
    __table_args__ = (CheckConstraint("desk_id <> backup_id", name="two_desks"),)
    desk_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    backup_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    province: Mapped[str | None]
    territory: Mapped[str | None]
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))
    fallback: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    # A second person, outside the host, confirms a coverage before it counts.
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    confirmed_at: Mapped[datetime | None]


class CoverageEnding(Identified, Base):
    """The host asks that a coverage ends; a second person, outside the host, ends it or refuses."""

    __tablename__ = "coverage_ending"
    coverage_id: Mapped[UUID] = mapped_column(ForeignKey("coverage.id", ondelete="CASCADE"), unique=True)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    asked_at: Mapped[datetime]


class Contact(Identified, Base):
    """Who receives referrals for an organisation, at one site or at its head office (no site)."""

    __tablename__ = "contact"
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("member.id"))
    label: Mapped[str]
    superior_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact.id"))


class Funding(Identified, Base):
    """An organisation pays a CSO for work at a site: a conflict that is computed, not confessed."""

    __tablename__ = "funding"
    desk_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))


class ChannelRow(Identified, Base):
    """A telephone number of a desk, and the gateway behind it. Secrets are sealed under the config key."""

    __tablename__ = "channel"
    __table_args__ = (UniqueConstraint("kind", "number"),)
    desk_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[GatewayKind]
    number: Mapped[str]
    account: Mapped[str | None]
    secret_hidden: Mapped[bytes]
    created_at: Mapped[datetime]
    last_heard_at: Mapped[datetime | None]
    # When it last said by itself that it lives: one that ever did is expected to go on.
    pinged_at: Mapped[datetime | None]
    # When its gateway said that the telephone is away; gone with whatever is heard next.
    offline_at: Mapped[datetime | None]
    # Printed on no poster: what nobody asked for leaves by it.
    quiet: Mapped[bool] = mapped_column(default=False)
    # When the provider last refused everything, and its code; gone with the next text that it takes.
    refused_at: Mapped[datetime | None]
    refusal: Mapped[str | None]
    # Up to when the provider's own list was compared with what its webhook brought.
    reconciled_at: Mapped[datetime | None]


class Duty(Identified, Base):
    """A member of a desk can be rung between two instants; the number is sealed under the config key."""

    __tablename__ = "duty"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="order"),)
    desk_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    number_hidden: Mapped[bytes]
