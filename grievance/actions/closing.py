"""How does a case end, and open again? With a reason that the complainant is told, never in silence."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import clocks, merging, moves, telling
from grievance.actions import closing_conditions as conditions
from grievance.actions.case_seen import check_opened
from grievance.actions.closing_conditions import Standing, Try
from grievance.actions.consents import stop_referral
from grievance.actions.keys import must_be_let_in
from grievance.actions.referring import check_in
from grievance.schemas.desk import AppealDecision, Closing
from grievance.store import queries, vault
from grievance.store.models import Allegation, Appeal, Case, Referral, Remedy, Task
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, CaseAction, CaseState, ClockKind, ReferralState, Refused, Role
from grievance.vocabulary import (
    DataClass,
    EntryKind,
    Outcome,
    ReferralKind,
    SafeContact,
    TaskKind,
)

OWED = (ReferralState.SENT, ReferralState.ACKNOWLEDGED)
OWED_AGAIN = (ClockKind.FIRST_ANSWER, ClockKind.OUTCOME)


@once_more
def close(code: str, closing: Closing, *, actor: Actor, now: datetime) -> None:
    """Closes a case, if its outcome's conditions hold; the complainant has sixty days to dispute.

    Raises NotFound, MoveNotAllowed, CannotOpen, Refused with the condition that is missing.
    """
    with transaction(actor) as session:
        case = queries.case_by_code(session, code, lock=True)
        check_opened(session, case, actor)
        moves.allow(case, CaseAction.CLOSE, actor)
        merged = _partner(session, case, closing, actor)
        conditions.check(closing.outcome, _standing(session, case, closing, merged, actor, now))
        _end_referrals(session, case, closing.outcome, actor, now)
        if merged is not None:
            merging.join(session, case, merged, actor=actor, now=now)
        _close(session, case, CaseAction.CLOSE, closing.outcome, closing.text, actor, now)


@once_more
def reopen(code: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Opens a closed case again; earlier rounds stay as they were. Raises NotFound, MoveNotAllowed."""
    with transaction(actor) as session:
        case = queries.case_by_code(session, code, lock=True)
        check_opened(session, case, actor)
        if case.state is CaseState.APPEALED:
            raise Refused("appeal_is_open")
        moves.allow(case, CaseAction.REOPEN, actor)
        vault.write_entry(session, case, DataClass.NOTES, EntryKind.NOTE, reason, actor=actor, now=now)
        _open_again(session, case, CaseAction.REOPEN, actor, now)


@once_more
def decide_appeal(code: str, decision: AppealDecision, *, actor: Actor, now: datetime) -> None:
    """The body asked decides: the closing stands, or the case is open again. The complainant is told.

    Raises NotFound, MoveNotAllowed, Refused("not_the_appeal_body"), Refused("outcome_missing").
    """
    must_be_let_in(actor)
    with transaction(actor) as session:
        case = queries.case_by_code(session, code, lock=True)
        if actor.role is not Role.OVERSEER:
            check_opened(session, case, actor)
        appeal = session.scalar(
            select(Appeal).where(Appeal.case_id == case.id, Appeal.decided_at.is_(None)).with_for_update()
        )
        if appeal is None or appeal.to_organisation_id != actor.organisation_id:
            raise Refused("not_the_appeal_body")
        appeal.decided_at, appeal.upheld = now, not decision.stands
        if not decision.stands:
            telling.tell(session, case, decision.text, actor=actor, now=now)
            _open_again(session, case, CaseAction.REOPEN, actor, now)
            return
        if decision.outcome is None:
            raise Refused("outcome_missing")
        _close(session, case, CaseAction.DECIDE_APPEAL, decision.outcome, decision.text, actor, now)


def _close(
    session: Session, case: Case, action: CaseAction, outcome: Outcome, text: str, actor: Actor, now: datetime
) -> None:
    entry = telling.tell(session, case, text, actor=actor, now=now)
    # The row never says closed without its outcome, not even in between.
    with session.no_autoflush:
        case.outcome, case.closed_at = outcome, now
        commitment = vault.entry_commitment(entry)
        moves.move_case(session, case, action, actor=actor, now=now, commitment=commitment)
    clocks.stop_all(session, case.id, actor=actor, now=now)
    row = clocks.latest(session, case.id, ClockKind.DISPUTE_WINDOW)
    if row is None:
        clocks.start(
            session, case, ClockKind.DISPUTE_WINDOW, now=now, holder_role=Role.COMPLAINANT, holder_id=None
        )
    else:
        clocks.reopen(session, row, now=now)
    check_in(session, case, now)


def _open_again(session: Session, case: Case, action: CaseAction, actor: Actor, now: datetime) -> None:
    with session.no_autoflush:
        case.outcome, case.closed_at = None, None
        moves.move_case(session, case, action, actor=actor, now=now)
    merging.undo(session, case, actor=actor, now=now)
    clocks.stop(session, ClockKind.DISPUTE_WINDOW, case_id=case.id, actor=actor, now=now)
    for kind in OWED_AGAIN:
        row = clocks.latest(session, case.id, kind)
        if row is not None and row.stopped_at is not None:
            clocks.reopen(session, row, now=now)


def _end_referrals(session: Session, case: Case, outcome: Outcome, actor: Actor, now: datetime) -> None:
    """What only waited for the clock is not needed any more; what a company owes stops with some endings."""
    query = select(Referral).where(Referral.case_id == case.id).order_by(Referral.id)
    for referral in session.scalars(query.with_for_update()).all():
        waiting = referral.state is ReferralState.PREPARED
        stops = outcome in conditions.STOPS and referral.state in OWED
        interim = referral.kind is ReferralKind.INTERIM and referral.state in OWED
        if waiting or stops or interim:
            stop_referral(session, referral, actor=actor, now=now)


def _standing(
    session: Session, case: Case, closing: Closing, merged: Case | None, actor: Actor, now: datetime
) -> Standing:
    referrals = session.scalars(select(Referral).where(Referral.case_id == case.id)).all()
    ids = [row.id for row in referrals]
    asked = [row for row in referrals if row.kind is not ReferralKind.INTERIM]
    remedies = session.scalars(select(Remedy.state).where(Remedy.referral_id.in_(ids)))
    findings = session.scalars(select(Allegation.finding).where(Allegation.case_id == case.id))
    talk = select(Task.done_at).where(
        Task.case_id == case.id, Task.kind == TaskKind.WITHDRAWAL_TALK, Task.done_at.is_not(None)
    )
    return Standing(
        case.state, now, tuple(row.settled for row in asked),
        sum(row.relayed_at is not None for row in asked), sum(row.state in OWED for row in asked),
        tuple(row.state for row in referrals), tuple(remedies), tuple(findings),
        _tries(session, case, actor), case.safe_contact, case.frozen_at, session.scalar(talk.limit(1)),
        closing.not_admitted, closing.confirmed, merged is not None,
    )  # fmt: skip


def _tries(session: Session, case: Case, actor: Actor) -> tuple[Try, ...]:
    """Calls nobody took, and messages nobody fetched."""
    kinds = frozenset({EntryKind.CONTACT_TRY, EntryKind.TO_COMPLAINANT})
    unread = queries.unread_words(session, case.id)
    found = []
    for entry in vault.read_entries(session, actor, case.id, kinds):
        if entry.kind is EntryKind.CONTACT_TRY:
            told = json.loads(entry.text)
            if not told["reached"]:
                found.append(Try(entry.at, SafeContact(told["way"])))
        elif entry.id in unread:
            found.append(Try(entry.at, SafeContact.WEB))
    return tuple(found)


def _partner(session: Session, case: Case, closing: Closing, actor: Actor) -> Case | None:
    """The case that this one is to join, if it may. Raises NotFound."""
    if closing.outcome is not Outcome.MERGED or closing.merged_into is None:
        return None
    return merging.partner(session, case, closing.merged_into, actor)
