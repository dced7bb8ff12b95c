"""Who can answer for a case, through which contact, and who sits where on the ladder above them?"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import facts as fact
from grievance.actions.incident_values import CompanySeen, ContactSeen, Facts
from grievance.rules import consent as consent_rule
from grievance.rules import ladder
from grievance.rules.addressees import Contact as ContactFact
from grievance.rules.addressees import addressee_for, told_of_retaliation
from grievance.rules.ladder import Parties, Party
from grievance.rules.routing import Companies, proposed_for
from grievance.store import queries
from grievance.store.models import Case, Conflict, Consent, Contact, Organisation, OrganisationKey, Referral
from grievance.store.vault import Reader
from grievance.terms import Refused
from grievance.vocabulary import ActorKind, Harm, OrganisationKind, ReaderKind, ReferralKind

KEY_OF = {OrganisationKind.OVERSEER: ReaderKind.OVERSEER}


def companies_seen(session: Session, case: Case, known: Facts | None) -> tuple[CompanySeen, ...]:
    """The companies of site and day, those asked about or told, and the overseer; proposed ones first."""
    companies = fact.companies(session, case, known)
    proposed = proposals(session, known, companies)
    ids = {
        *companies.provider_ids,
        companies.client_id,
        *_spoken_of(session, case),
        queries.overseer_id(session),
    }
    said, away = consents(session, case.id), in_conflict(session, case.id)
    found = []
    for organisation_id in ids - {None}:
        organisation = session.get(Organisation, organisation_id)
        if organisation is None:
            continue
        word = consent_rule.standing(said, organisation.id)
        found.append(
            CompanySeen(
                organisation.id, organisation.name, organisation.kind, word.allowed if word else None,
                word is not None and word.identity_allowed, organisation.id in away,
                account_key(session, organisation) is not None, organisation.id in proposed,
                organisation.id in companies.ended_provider_ids,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (not one.proposed, one.name)))


def proposals(session: Session, known: Facts | None, companies: Companies) -> tuple[UUID, ...]:
    """Whom to ask first. Retaliation goes to client and ICoCA at once, not to who may have threatened."""
    if known is None:
        return ()
    if Harm.RETALIATION.value in known.harms:
        overseer_id = queries.overseer_id(session)
        threatened_by = frozenset(companies.provider_ids)
        return told_of_retaliation(companies.client_id, overseer_id, threatened_by) if overseer_id else ()
    return proposed_for(known.actor or ActorKind.UNKNOWN, companies)


def contacts_seen(session: Session, organisation_ids: Iterable[UUID]) -> tuple[ContactSeen, ...]:
    """Who can receive a referral at these organisations."""
    query = select(Contact).where(Contact.organisation_id.in_(list(organisation_ids)))
    rows = sorted(session.scalars(query), key=lambda row: row.label)
    return tuple(ContactSeen(row.id, row.organisation_id, row.label, row.site_id is None) for row in rows)


def contact_for(
    session: Session, organisation_id: UUID, chosen: UUID | None, named: frozenset[UUID],
    known: Facts | None, client_id: UUID | None,
) -> UUID | None:  # fmt: skip
    """The contact who receives a referral; None is the organisation's own door, where it has no contact.

    Raises Refused("contact_is_accused") for a person named or a superior of one, and Refused("nobody_left")
    when only another organisation could receive it, which needs its own consent.
    """
    contacts = _contacts(session)
    barred = named | {above for one in contacts if one.id in named for above in one.superior_ids}
    own = [one for one in contacts if one.organisation_id == organisation_id]
    if chosen is not None:
        if chosen in barred or chosen not in {one.id for one in own}:
            raise Refused("contact_is_accused" if chosen in barred else "contact_not_theirs")
        return chosen
    if not own:
        return None
    found = addressee_for(
        contacts, named, organisation_id=organisation_id, site_id=known.site_id if known else None,
        client_id=client_id, overseer_id=queries.overseer_id(session) or organisation_id,
    )  # fmt: skip
    if found.organisation_id == organisation_id and found.contact is not None:
        return found.contact.id
    free = [one.id for one in own if one.id not in barred]
    if not free:
        raise Refused("nobody_left")
    return free[0]


def account_key(session: Session, organisation: Organisation) -> OrganisationKey | None:
    """The key an organisation reads with; None when nobody there could: they get a letter.

    Nor is a key trusted that nobody read aloud to the overseer: the host, who invites an organisation's first
    member, could invite itself. Later versions have two of its members who stand for them.
    """
    kind = KEY_OF.get(organisation.kind, ReaderKind.COMPANY)
    key = queries.key_of(session, organisation.id, kind)
    known = queries.was_read_aloud(session, organisation.id, kind)
    return key if known and queries.keyed_members(session, key) else None


def reader_for(session: Session, case: Case, referral: Referral, holder: Organisation) -> Reader | None:
    """Who at the addressee opens this referral; None when nobody there could: they get a letter.

    Of a restricted case it is the one person behind the contact, by their own key, in both lanes alike: were
    a child's sealed to everybody, each letter to a company with an account would say which lane it is. Only
    what waits for the ladder goes to the organisation where nobody is named: a survivor's has nothing there.
    """
    key = account_key(session, holder)
    if key is None:
        return None
    person = queries.person_key(session, referral.contact_id, key) if referral.contact_id else None
    if not case.restricted or (person is None and referral.kind is ReferralKind.ESCALATION):
        return Reader(ReaderKind.COMPANY, key.public_key, holder.id)
    return Reader(ReaderKind.COMPANY, person, holder.id) if person else None


def consents(session: Session, case_id: UUID) -> tuple[consent_rule.Consent, ...]:
    """Everything the complainant said about organisations, as the rules see it."""
    hows = {how.value: how for how in consent_rule.How}
    rows = session.scalars(select(Consent).where(Consent.case_id == case_id).order_by(Consent.at))
    return tuple(
        consent_rule.Consent(
            row.organisation_id, row.allowed, hows.get(row.how, consent_rule.How.CALL), row.at,
            row.identity_allowed,
        )
        for row in rows
    )  # fmt: skip


def in_conflict(session: Session, case_id: UUID) -> frozenset[UUID]:
    """The organisations that are kept away from a case."""
    return frozenset(session.scalars(select(Conflict.organisation_id).where(Conflict.case_id == case_id)))


def parties(session: Session, case: Case, holder: Organisation, client_id: UUID | None) -> Parties:
    """Who sits where above this holder, and whom the complainant allowed."""
    said, away = consents(session, case.id), in_conflict(session, case.id)

    def party(organisation_id: UUID | None) -> Party | None:
        row = session.get(Organisation, organisation_id) if organisation_id else None
        if row is None:
            return None
        allowed = row.kind is OrganisationKind.CSO or consent_rule.allowed(said, row.id)
        return Party(row.id, row.kind, allowed, row.id in away, False)

    sitting = {
        "client": party(client_id), "backup": party(case.backup_id),
        "overseer": party(queries.overseer_id(session)),
    }  # fmt: skip
    held, desk = party(holder.id), party(case.desk_id)
    if held is None or desk is None:
        raise Refused("no_such_party")
    return Parties(held, desk, **sitting)


def to_prepare(
    session: Session, case: Case, known: Facts, holder: Organisation, client_id: UUID | None
) -> tuple[UUID, ...]:
    """For whom the same summary must be sealed now, because the clock, which opens nothing, may need it."""
    seats = parties(session, case, holder, client_id)
    found = ladder.to_prepare(holder.kind, known.lane, seats)
    rows = ((one, session.get(Organisation, one)) for one in found)
    return tuple(one for one, row in rows if row is not None and account_key(session, row) is not None)


def _spoken_of(session: Session, case: Case) -> set[UUID]:
    said = select(Consent.organisation_id).where(Consent.case_id == case.id)
    sent = select(Referral.organisation_id).where(Referral.case_id == case.id)
    return set(session.scalars(said)) | set(session.scalars(sent))


def _contacts(session: Session) -> tuple[ContactFact, ...]:
    rows = {row.id: row for row in session.scalars(select(Contact))}
    return tuple(
        ContactFact(row.id, row.organisation_id, row.site_id, _above(row.id, rows), row.site_id is None)
        for row in rows.values()
    )


def _above(contact_id: UUID, rows: dict[UUID, Contact]) -> frozenset[UUID]:
    """Everybody above a contact, however far."""
    found: list[UUID] = []
    superior = rows[contact_id].superior_id
    while superior is not None and superior in rows and superior not in found:
        found.append(superior)
        superior = rows[superior].superior_id
    return frozenset(found)
