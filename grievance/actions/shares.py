"""What did the complainant say about sharing? Their word on each company that is known."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from grievance.rules.routing import Companies, companies_for
from grievance.schemas.report import Report, Share
from grievance.store import queries
from grievance.store.models import Case, Consent

HOW_AT_INTAKE = "intake"


def companies_of(session: Session, case: Case) -> Companies | None:
    """The companies that a case's site and day point to; None while the site is unknown."""
    site = queries.site(session, case.site_id)
    if site is None:
        return None
    contracts = queries.contract_facts(session, site.id)
    return companies_for(site.id, case.incident_on, site.client_id, contracts, case.received_at.date())


def record_at_intake(session: Session, case: Case, report: Report, now: datetime) -> None:
    """Writes one consent for each company the choice speaks of; nothing while it is open, or restricted.

    Where several companies fit, a person asks again: one yes is not a yes to each of them.
    """
    if case.restricted or report.share is Share.LATER:
        return
    companies = companies_of(session, case)
    if companies is not None and not companies.ambiguous:
        for organisation_id, allowed in _answers(report.share, companies).items():
            session.add(
                Consent(
                    id=uuid4(), case_id=case.id, organisation_id=organisation_id, allowed=allowed,
                    how=HOW_AT_INTAKE, at=now,
                )
            )  # fmt: skip


def _answers(share: Share, companies: Companies) -> dict[UUID, bool]:
    answers = {provider: share in (Share.BOTH, Share.PROVIDER) for provider in companies.provider_ids}
    if companies.client_id is not None:
        answers[companies.client_id] = share in (Share.BOTH, Share.MINE)
    return answers
