"""What may a telephone be told of its case? The stage, whose turn, until when; and what is asked of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import shares
from grievance.rules import workflow
from grievance.rules.dialogue import Question, Standing
from grievance.rules.promises import PROMISED, told_kinds
from grievance.store.models import Case, ClockRow, ClockStep, Consent, Referral, Remedy
from grievance.terms import CaseState, ReferralState, Role, Stage, Step
from grievance.vocabulary import RemedyState

TOLD = frozenset({ReferralState.ANSWERED, ReferralState.REMEDY})
ASKABLE = frozenset({CaseState.IN_TRIAGE, CaseState.OPEN})


def standing(session: Session, case: Case, now: datetime) -> Standing:
    """Where a case stands, for the one line that answers SUIVI."""
    clocks = _running(session, case)
    stage = _stage(session, case, clocks)
    told = told_kinds(stopped=case.frozen_at is not None)
    waiting = [row for row in clocks if row.kind in told and row.paused_at is None]
    first = min(waiting, key=lambda row: row.told_at, default=None)
    if first is None or case.state is CaseState.CLOSED:
        return Standing(stage)
    turn = Role.COMPLAINANT if stage is Stage.WITH_YOU else first.holder_role
    return Standing(stage, turn, first.told_at, first.told_at < now)


def open_question(session: Session, case: Case) -> Question | None:
    """The one question that waits: does the answer settle it, or may companies read a summary?"""
    if awaiting_word(session, case) is not None:
        return Question.SETTLED
    if case.state not in ASKABLE or case.restricted or case.frozen_at is not None:
        return None
    companies = shares.companies_of(session, case)
    said = session.scalar(select(Consent.id).where(Consent.case_id == case.id).limit(1))
    known = companies is not None and not companies.ambiguous
    return Question.CONSENT if known and said is None else None


def awaiting_word(session: Session, case: Case) -> Referral | None:
    """The oldest referral whose answer was told to the person, and of which they have said nothing yet."""
    query = (
        select(Referral)
        .where(
            Referral.case_id == case.id,
            Referral.relayed_at.is_not(None),
            Referral.settled.is_(None),
            Referral.state.in_(TOLD),
        )
        .order_by(Referral.relayed_at)
        .limit(1)
    )
    return session.scalar(query)


def _running(session: Session, case: Case) -> list[ClockRow]:
    query = select(ClockRow).where(
        ClockRow.case_id == case.id, ClockRow.stopped_at.is_(None), ClockRow.kind.in_(PROMISED)
    )
    return list(session.scalars(query.order_by(ClockRow.due_at)))


def _stage(session: Session, case: Case, clocks: list[ClockRow]) -> Stage:
    referrals = session.scalars(
        select(Referral).where(Referral.case_id == case.id, Referral.sent_at.is_not(None))
    ).all()
    climbed = select(ClockStep.id).where(
        ClockStep.clock_id.in_([row.id for row in clocks]),
        ClockStep.skipped.is_(None),
        ClockStep.step.in_((Step.NEXT_PARTY, Step.ICOCA)),
    )
    owed = select(Remedy.id).where(
        Remedy.referral_id.in_([row.id for row in referrals]), Remedy.state != RemedyState.CONFIRMED
    )
    return workflow.stage(
        case.state,
        [row.state for row in referrals],
        relayed_waiting=awaiting_word(session, case) is not None,
        escalated=session.scalar(climbed.limit(1)) is not None,
        remedy_due=session.scalar(owed.limit(1)) is not None,
    )
