"""To whom may a referral go, and who must be kept away from a case?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class AddresseeKind(StrEnum):
    """Which way the addressee was found."""

    AT_SITE = "at_site"
    CLIENT_HEAD_OFFICE = "client_head_office"
    OVERSEER = "overseer"


class ConflictReason(StrEnum):
    """Why an organisation is kept away from a case."""

    FUNDS_DESK = "funds_desk"
    PERSON_NAMED = "person_named"
    COMPLAINT_ABOUT = "complaint_about"
    DECLARED = "declared"


@dataclass(frozen=True)
class Contact:
    """Who receives referrals for an organisation, at one site or at its head office."""

    id: UUID
    organisation_id: UUID
    site_id: UUID | None
    superior_ids: frozenset[UUID] = frozenset()
    head_office: bool = False


@dataclass(frozen=True)
class Addressee:
    """Who receives a referral; without a contact, the organisation's own door (ICoCA)."""

    kind: AddresseeKind
    organisation_id: UUID
    contact: Contact | None


@dataclass(frozen=True)
class Funding:
    """An organisation pays a CSO for work at a site, or (no site) everywhere."""

    desk_id: UUID
    funder_id: UUID
    site_id: UUID | None


@dataclass(frozen=True)
class Conflict:
    """An organisation that must not work on this case, or must not receive it."""

    organisation_id: UUID
    reason: ConflictReason


def _superiors(named_ids: frozenset[UUID], contacts: tuple[Contact, ...]) -> frozenset[UUID]:
    """Everybody above a named person, however far."""
    above = {contact.id: contact.superior_ids for contact in contacts}
    found: set[UUID] = set()
    waiting = list(named_ids)
    while waiting:
        fresh = above.get(waiting.pop(), frozenset()) - found
        found |= fresh
        waiting.extend(fresh)
    return frozenset(found)


def addressee_for(
    contacts: Iterable[Contact],
    named_ids: frozenset[UUID],
    *,
    organisation_id: UUID,
    site_id: UUID | None,
    client_id: UUID | None,
    overseer_id: UUID,
    excluded: frozenset[UUID] = frozenset(),
) -> Addressee:
    """Who at `organisation_id` receives the referral: never a person named, nor a superior of one.

    Nobody left at that site: the client's head office, else ICoCA. Each of these is another addressee, whom
    the complainant must have allowed too. `excluded` organisations (conflict, who threatened) are passed by.
    """
    known = tuple(contacts)
    barred = named_ids | _superiors(named_ids, known)
    free = sorted(
        (contact for contact in known if contact.id not in barred), key=lambda contact: str(contact.id)
    )
    for contact in free:
        at_site = contact.organisation_id == organisation_id and contact.site_id == site_id
        if at_site and not contact.head_office and organisation_id not in excluded:
            return Addressee(AddresseeKind.AT_SITE, organisation_id, contact)
    for contact in free:
        if contact.head_office and contact.organisation_id == client_id and client_id not in excluded:
            return Addressee(AddresseeKind.CLIENT_HEAD_OFFICE, contact.organisation_id, contact)
    at_icoca = (contact for contact in free if contact.organisation_id == overseer_id)
    return Addressee(AddresseeKind.OVERSEER, overseer_id, next(at_icoca, None))


def told_of_retaliation(
    client_id: UUID | None, overseer_id: UUID, threatened_by: frozenset[UUID]
) -> tuple[UUID, ...]:
    """Client and ICoCA, both at once; not the one who threatened, be it the client itself."""
    return tuple(
        party for party in (client_id, overseer_id) if party is not None and party not in threatened_by
    )


def conflicts(
    *,
    site_id: UUID | None,
    company_ids: frozenset[UUID],
    fundings: Iterable[Funding],
    named_organisation_ids: frozenset[UUID] = frozenset(),
    complaint_about: frozenset[UUID] = frozenset(),
    declared: frozenset[UUID] = frozenset(),
) -> tuple[Conflict, ...]:
    """Who must be kept away, and why; each pair once, in a fixed order.

    A CSO paid by one of the companies at this site (at an unknown site: anywhere); one whose people are
    named; whom the complaint is about; whoever said "I know somebody here".
    """
    paid = {
        item.desk_id
        for item in fundings
        if item.funder_id in company_ids and (None in (site_id, item.site_id) or item.site_id == site_id)
    }
    found = (
        (ConflictReason.FUNDS_DESK, paid),
        (ConflictReason.PERSON_NAMED, named_organisation_ids),
        (ConflictReason.COMPLAINT_ABOUT, complaint_about),
        (ConflictReason.DECLARED, declared),
    )
    return tuple(Conflict(one, reason) for reason, ids in found for one in sorted(ids, key=str))
