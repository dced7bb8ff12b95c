"""How does a story refer a restricted case to the one person who was accepted, and who may open it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from grievance.actions import cases, intake, referrals
from grievance.schemas.desk import TriageIn
from grievance.store import queries, vault
from grievance.store.models import Contact, Referral, Wrap
from grievance.store.session import transaction
from grievance.terms import Actor
from grievance.vocabulary import DataClass
from tests import desk_work, superuser
from tests.fixtures import Town
from tests.make import Builder, Someone, Tenant
from tests.services import Services

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
HARMS = ("sexual_violence", "child_harmed")
CHILD = {"child_agrees": True, "guardian_agrees": True, "best_interest_note": "Mieux ainsi."}


@dataclass(frozen=True)
class Referred:
    """A restricted case and its referral."""

    case: str
    code: str


def contact_of(town: Town, tenant: Tenant) -> UUID:
    with transaction(town.world.desk.actor) as session:
        query = select(Contact.id).where(Contact.organisation_id == tenant.id)
        return session.scalars(query.order_by(Contact.member_id.is_(None))).first()


def nobodys_contact(town: Town, services: Services, tenant: Tenant) -> UUID:
    """Somebody there who has no account."""
    build = Builder()
    row = Contact(id=uuid4(), organisation_id=tenant.id, site_id=town.world.site.id, label="Mme Inventée")
    build.add(row)
    build.store(services.url("postgres", town.database.name))
    return row.id


def examined(town: Town, harm: str, at: datetime, *allowed: Tenant) -> str:
    code = intake.receive(desk_work.report(town, harms=[harm]), opening=desk_work.half(), now=at).code
    desk = town.world.desk.actor
    form = {
        "severity": "critical", "harms": [harm], "actor": "private", "province": "Lualaba",
        "site_id": str(town.world.site.id), "reason": "Appel.", "children": "1", "affected_agree": True,
    }  # fmt: skip
    cases.know_nobody(code, actor=desk, now=at)
    cases.take(code, actor=desk, now=at)
    cases.triage(code, TriageIn().load(form), actor=desk, now=at)
    for company in allowed:
        cases.record_consent(code, desk_work.agrees(company.id), actor=desk, now=at)
    return code


def refer(town: Town, code: str, to: Tenant, contact: UUID, at: datetime) -> str:
    asked = {"contact_id": str(contact), "survivor_asked": True, "accepted_contact_id": str(contact)}
    return referrals.refer(
        code, desk_work.draft(to.id, **asked, **CHILD), actor=town.world.desk.actor, now=at
    )


def referred(town: Town, harm: str = HARMS[0], at: datetime = NOW) -> Referred:
    mine = town.world.mine
    case = examined(town, harm, at, mine)
    return Referred(case, refer(town, case, mine, contact_of(town, mine), at))


def people_there(town: Town) -> tuple[Someone, Someone]:
    """Whom she accepted at the mine, and a colleague who holds the company's key as well."""
    accepted, colleague = town.world.mine.members[:2]
    return accepted, colleague


def row_of(town: Town, code: str) -> Referral:
    with transaction(town.world.desk.actor) as session:
        return queries.referral_by_code(session, code)


def company_wraps(town: Town, services: Services, code: str) -> set[bytes]:
    mine = town.world.mine.id
    case_id = row_of(town, code).case_id
    rows = superuser.rows(services, town, Wrap)
    return {row.reader_public for row in rows if row.organisation_id == mine and row.case_id == case_id}


def opens_by_hand(actor: Actor, code: str) -> None:
    """What a program of the colleague's own would try, past every page."""
    with transaction(actor) as session:
        referral = queries.referral_by_code(session, code)
        pair = vault.pair_row(session, referral.case_id, DataClass.SUMMARY, referral.id)
        vault.open_row(session, actor, pair)
