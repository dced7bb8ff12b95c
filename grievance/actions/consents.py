"""What did the complainant say about each company? Recorded by the desk, with how it was said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from grievance.actions import addressing, clocks, moves
from grievance.actions import facts as fact
from grievance.actions.case_seen import check_opened
from grievance.actions.incident_values import Facts
from grievance.actions.preparing import prepare_late
from grievance.rules.consent import How
from grievance.schemas.desk import ConsentSaid
from grievance.schemas.report import Share
from grievance.store import queries
from grievance.store.models import Case, ClassPair, Consent, Referral, Wrap
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, CaseAction, CaseState, ClockKind, ReferralAction, ReferralState

OF_A_REFERRAL = (
    ClockKind.INTERIM, ClockKind.ACKNOWLEDGE, ClockKind.ANSWER, ClockKind.RELAY, ClockKind.SETTLED_ASKED,
)  # fmt: skip
OVER = frozenset({ReferralState.WITHDRAWN, ReferralState.SETTLED})


@once_more
def record_consent(code: str, said: ConsentSaid, *, actor: Actor, now: datetime) -> None:
    """The complainant's word on one organisation. A no stops at once whatever was sent or prepared for it.

    Raises NotFound, MoveNotAllowed, Refused.
    """
    with transaction(actor) as session:
        case = queries.case_by_code(session, code, lock=True)
        check_opened(session, case, actor)
        moves.move_case(session, case, CaseAction.CONSENT, actor=actor, now=now)
        organisation = queries.organisation(session, said.organisation_id)
        identity = said.allowed and said.identity_allowed
        add(session, case, organisation.id, said.allowed, How(said.how.value), now, identity=identity)
        if not said.allowed:
            stop_sharing(session, case, organisation.id, actor=actor, now=now)
        elif case.state is CaseState.OPEN and case.frozen_at is None:
            prepare_late(session, case, organisation.id, actor=actor, now=now)


def add(
    session: Session, case: Case, organisation_id: UUID, allowed: bool, how: How, now: datetime, *,
    identity: bool = False,
) -> None:  # fmt: skip
    """One more word; the newest counts, the older ones stay."""
    session.add(
        Consent(
            id=uuid4(), case_id=case.id, organisation_id=organisation_id, allowed=allowed,
            identity_allowed=identity, how=how.value, at=now,
        )
    )  # fmt: skip


def apply_choice(session: Session, case: Case, known: Facts, now: datetime) -> None:
    """What was chosen at intake, once it is known which companies that means; a later word stands."""
    companies = fact.companies(session, case, known)
    if known.share in (None, Share.LATER.value) or companies.ambiguous or case.restricted:
        return
    said = {word.organisation_id for word in addressing.consents(session, case.id)}
    share = Share(known.share)
    answers = {provider: share in (Share.BOTH, Share.PROVIDER) for provider in companies.provider_ids}
    if companies.client_id is not None:
        answers[companies.client_id] = share in (Share.BOTH, Share.MINE)
    for organisation_id, allowed in answers.items():
        if organisation_id not in said:
            add(session, case, organisation_id, allowed, How.INTAKE, now)


def stop_sharing(session: Session, case: Case, organisation_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Withdraws every referral to this organisation; what was read there cannot be unread."""
    query = select(Referral).where(Referral.case_id == case.id, Referral.organisation_id == organisation_id)
    for referral in session.scalars(query.order_by(Referral.id).with_for_update()).all():
        stop_referral(session, referral, actor=actor, now=now)


def stop_referral(session: Session, referral: Referral, *, actor: Actor, now: datetime) -> None:
    """Withdraws one referral, and stops its clocks; a finished one is left as it is."""
    if referral.state in OVER:
        return
    moves.move_referral(session, referral, ReferralAction.WITHDRAW, actor=actor, now=now)
    if referral.sent_at is None:
        # It only waited for the clock: whoever it was sealed for never gets a key to it.
        pair = select(ClassPair.id).where(ClassPair.referral_id == referral.id)
        theirs = Wrap.organisation_id == referral.organisation_id
        session.execute(delete(Wrap).where(Wrap.pair_id.in_(pair), theirs))
    for kind in OF_A_REFERRAL:
        clocks.stop(session, kind, case_id=referral.case_id, referral_id=referral.id, actor=actor, now=now)
