"""What will the ladder need? The same summary, sealed for who may be next, while somebody can seal it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import addressing
from grievance.actions import facts as fact
from grievance.actions.incident_values import Facts
from grievance.actions.new_referrals import new_referral, seal
from grievance.rules import workflow
from grievance.store import queries, vault
from grievance.store.models import Case, Organisation, Referral
from grievance.terms import Actor, CannotOpen, ReferralState, Refused, Step
from grievance.vocabulary import MessageKind, OrganisationKind, ReferralKind

LIVE = (ReferralState.SENT, ReferralState.ACKNOWLEDGED, ReferralState.ANSWERED, ReferralState.REMEDY)
# On which step of its ladder an organisation of this kind is sent what was prepared for it.
STEP_OF = {OrganisationKind.MINE: Step.NEXT_PARTY, OrganisationKind.OVERSEER: Step.ICOCA}


def prepare(
    session: Session, case: Case, known: Facts, holder: Organisation, referral: Referral, summary: str,
    actor: Actor, now: datetime, named: frozenset[UUID],
) -> None:  # fmt: skip
    """The same summary, sealed for who may be next, while somebody is here who can seal it.

    `named`: the contacts that the complainant named. A restricted case's goes to one who is none of them.
    """
    client_id = fact.companies(session, case, known).client_id
    for organisation_id in _next(session, case, known, holder, client_id):
        contact_id = None
        if case.restricted:
            contact_id = _somebody(session, organisation_id, named, known, client_id)
        _seal_for(session, case, known, referral, organisation_id, summary, actor, now, contact_id)


def prepare_late(session: Session, case: Case, organisation_id: UUID, *, actor: Actor, now: datetime) -> None:
    """A party was allowed after a summary went out: what the ladder may need for it is sealed now.

    Raises CannotOpen when this actor cannot read the summary.
    """
    known = fact.facts_of(session, actor, case)
    if known is None:
        raise CannotOpen
    client_id = fact.companies(session, case, known).client_id
    live = select(Referral).where(
        Referral.case_id == case.id, Referral.kind == ReferralKind.ORDINARY, Referral.state.in_(LIVE)
    )
    for referral in session.scalars(live.order_by(Referral.id)).all():
        holder = queries.organisation(session, referral.organisation_id)
        needed = organisation_id in _next(session, case, known, holder, client_id)
        if needed and not _is_prepared(session, referral, organisation_id):
            summary = _summary(session, referral, actor)
            _seal_for(session, case, known, referral, organisation_id, summary, actor, now)


def _somebody(
    session: Session, organisation_id: UUID, named: frozenset[UUID], known: Facts, client_id: UUID | None
) -> UUID | None:
    try:
        return addressing.contact_for(session, organisation_id, None, named, known, client_id)
    except Refused:
        return None


def _is_prepared(session: Session, referral: Referral, organisation_id: UUID) -> bool:
    waits = select(Referral.id).where(
        Referral.for_referral_id == referral.id, Referral.organisation_id == organisation_id,
        Referral.state != ReferralState.WITHDRAWN,
    )  # fmt: skip
    return session.scalar(waits.limit(1)) is not None


def _summary(session: Session, referral: Referral, actor: Actor) -> str:
    said = vault.read_messages(session, actor, referral.id)
    return next(line.text for line in said if line.kind is MessageKind.SUMMARY)


def _next(
    session: Session, case: Case, known: Facts, holder: Organisation, client_id: UUID | None
) -> Iterable[UUID]:
    if holder.kind is OrganisationKind.OVERSEER:
        return ()
    return addressing.to_prepare(session, case, known, holder, client_id)


def _seal_for(
    session: Session, case: Case, known: Facts, referral: Referral, organisation_id: UUID, summary: str,
    actor: Actor, now: datetime, contact_id: UUID | None = None,
) -> None:  # fmt: skip
    party = queries.organisation(session, organisation_id)
    waiting = new_referral(session, case, known, party, ReferralKind.ESCALATION, now, contact_id)
    waiting.state = workflow.first_referral_state(case.state, ReferralKind.ESCALATION, actor.role)
    waiting.for_referral_id, waiting.step = referral.id, STEP_OF[party.kind]
    seal(session, case, waiting, party, summary, actor, now)
