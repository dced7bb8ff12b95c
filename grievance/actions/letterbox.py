"""Which mail is due, and to whom does it go at this moment? Members are found when it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import delivery
from grievance.actions.delivery import Lease
from grievance.actions.notices import Audience
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.heads import Anchor
from grievance.store.models import (
    Case,
    Contact,
    Duty,
    JournalAnchor,
    Medium,
    Member,
    Organisation,
    Outbox,
    Referral,
)
from grievance.store.session import transaction
from grievance.terms import Role
from grievance.vocabulary import Language, OrganisationKind
from grievance.wording_mail import MailTemplate

# Where each kind of organisation works; the address says nothing of the matter.
ROOMS = {
    OrganisationKind.CSO: "/desk/",
    OrganisationKind.MINE: "/company/",
    OrganisationKind.PROVIDER: "/company/",
    OrganisationKind.OVERSEER: "/oversight/",
    OrganisationKind.HOST: "/admin/",
}


@dataclass(frozen=True)
class Addressee:
    """One member and the language they read."""

    member_id: UUID
    email: str = field(repr=False)
    language: Language


@dataclass(frozen=True)
class Letter:
    """One notice as mail: to whom, under which code, into which room."""

    id: UUID
    lease: Lease
    template: str
    code: str
    room: str
    attempts: int
    to: tuple[Addressee, ...]
    anchor: Anchor | None = None


def take_mail(outbox_id: UUID, lease: Lease, *, now: datetime) -> Letter | None:
    """Takes a mail for sending; None when another worker has it, or nobody is left to read it."""
    with transaction(SWEEP_ACTOR) as session:
        row = delivery.leased(session, outbox_id, Medium.MAIL, lease, now)
        if row is None:
            return None
        organisation = session.get(Organisation, row.organisation_id) if row.organisation_id else None
        to = _members(session, row, now)
        if not to:
            delivery.drop(row)
            return None
        room = ROOMS[organisation.kind] if organisation else "/sign-in"
        return Letter(
            row.id, lease, row.template, _code(session, row, organisation), room, row.attempts, to,
            _anchor(session, row),
        )  # fmt: skip


def _anchor(session: Session, row: Outbox) -> Anchor | None:
    """The anchor that a mail carries: that of the day it names."""
    if row.template != MailTemplate.ANCHOR:
        return None
    kept = session.get(JournalAnchor, date.fromisoformat(row.values["day"]))
    return Anchor.of(kept) if kept else None


def _code(session: Session, row: Outbox, organisation: Organisation | None) -> str:
    """A company reads its referral's code and never the case's; a desk reads its case's."""
    at_desk = organisation is not None and organisation.kind is OrganisationKind.CSO
    referral = session.get(Referral, row.referral_id) if row.referral_id else None
    if referral is not None and not at_desk:
        return referral.code
    case_id = row.case_id or (referral.case_id if referral else None)
    case = session.get(Case, case_id) if case_id else None
    return case.code if case is not None and at_desk else ""


def _members(session: Session, row: Outbox, now: datetime) -> tuple[Addressee, ...]:
    """The audience at this moment; if nobody is in it, everybody who works there."""
    only = row.member_id or _one_person(session, row)
    if only is not None:
        one = session.get(Member, only)
        found = [one] if one is not None and one.disabled_at is None else []
    else:
        query = select(Member).where(
            Member.organisation_id == row.organisation_id,
            Member.activated_at.is_not(None),
            Member.disabled_at.is_(None),
        )
        everybody = list(session.scalars(query.order_by(Member.email)))
        on_duty = _on_duty(session, row, now)
        found = [member for member in everybody if _belongs(member, row.audience, on_duty)] or everybody
    return tuple(Addressee(member.id, member.email, member.language) for member in found)


def _one_person(session: Session, row: Outbox) -> UUID | None:
    """Whom a restricted case's referral was made to; nobody else at their organisation is written to."""
    query = (
        select(Contact.member_id)
        .join(Referral, Referral.contact_id == Contact.id)
        .join(Case, Case.id == Referral.case_id)
        .where(Referral.id == row.referral_id, Referral.organisation_id == row.organisation_id)
        .where(Case.restricted)
    )
    return session.scalar(query) if row.referral_id else None


def _belongs(member: Member, audience: str | None, on_duty: set[UUID]) -> bool:
    match audience:
        case Audience.TRIAGE:
            return member.marked
        case Audience.LEADS:
            return member.role is Role.CASE_LEAD
        case Audience.DUTY:
            return member.id in on_duty or (not on_duty and member.role is Role.CASE_LEAD)
        case _:
            return True


def _on_duty(session: Session, row: Outbox, now: datetime) -> set[UUID]:
    if row.audience != Audience.DUTY:
        return set()
    query = select(Duty.member_id).where(
        Duty.desk_id == row.organisation_id, Duty.starts_at <= now, Duty.ends_at > now
    )
    return set(session.scalars(query))
