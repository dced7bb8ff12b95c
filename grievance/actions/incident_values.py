"""What is known of an incident, and who can answer for it? From columns or from sealed notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from grievance.terms import Lane
from grievance.vocabulary import ActorKind, OrganisationKind, Severity


@dataclass(frozen=True)
class Facts:
    """What is known of an incident: from the row's clear columns or, of a restricted case, from its notes."""

    lane: Lane = Lane.GENERAL
    severity: Severity = Severity.OTHER
    harms: tuple[str, ...] = ()
    actor: ActorKind | None = None
    share: str | None = None
    province: str | None = None
    territory: str | None = None
    site_id: UUID | None = None
    incident_on: date | None = None
    persons: int | None = None
    women: int | None = None
    men: int | None = None
    children: int | None = None


@dataclass(frozen=True)
class CompanySeen:
    """An organisation that could answer. `consent` None: not asked yet. Without an `account`: a letter."""

    organisation_id: UUID
    name: str
    kind: OrganisationKind
    consent: bool | None
    identity_allowed: bool
    in_conflict: bool
    account: bool
    proposed: bool
    ended: bool = False


@dataclass(frozen=True)
class ContactSeen:
    """Who can receive a referral at an organisation. `head_office`: at no site."""

    id: UUID
    organisation_id: UUID
    label: str
    head_office: bool
