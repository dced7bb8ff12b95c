"""What happens to a referral? Its desk replies, sends back, tells the complainant; its addressee answers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import clocks, moves, telling, voice
from grievance.actions.answering import acknowledge, answer, ask, extend, not_ours, say
from grievance.actions.case_seen import check_opened
from grievance.actions.case_values import ReferralLine, ReferralSeen
from grievance.actions.consents import stop_referral
from grievance.actions.letters import letter
from grievance.actions.referral_seen import company_queue, referral_seen
from grievance.actions.referring import refer
from grievance.actions.remedies import deliver_remedy, promise_remedy
from grievance.rules import clocks as rule
from grievance.rules.clocks import COMPLAINANT
from grievance.store import queries, vault
from grievance.store.models import Case, Referral
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, ClockKind, ReferralAction, ReferralState, Refused
from grievance.vocabulary import DataClass, EntryKind, MessageKind, ReferralKind, Settled
from grievance.wording_mail import MailTemplate

# What stands in clear of a letter's proof.
PROOF_KEPT = "kept"

__all__ = [
    "ReferralLine", "ReferralSeen", "accept_question", "acknowledge", "answer", "ask", "company_queue",
    "deliver_remedy", "extend", "incomplete", "judge_remedy", "letter", "letter_delivered", "not_ours",
    "promise_remedy", "refer", "referral_seen", "relay", "reply_to_question", "settle", "withdraw_referral",
]  # fmt: skip


@once_more
def reply_to_question(code: str, text: str, *, actor: Actor, now: datetime) -> None:
    """The desk answers what the company asked; a pause that the question was given ends. Raises NotFound."""
    with transaction(actor) as session:
        referral, _ = _ours(session, code, actor)
        message = say(session, referral, MessageKind.REPLY, text, actor=actor, now=now)
        commitment = vault.entry_commitment(message)
        moves.move_referral(
            session, referral, ReferralAction.ASK, actor=actor, now=now, commitment=commitment
        )
        row = clocks.running(session, referral.case_id, ClockKind.ANSWER, referral.id)
        if row is not None and clocks.value_of(session, row).paused_at(now):
            clocks.change(session, row, lambda clock: rule.resume(clock, now), actor=actor, now=now)
        _tell_addressee(session, referral, now)


@once_more
def accept_question(code: str, *, actor: Actor, now: datetime) -> None:
    """The company's question is needed: its clock waits for the reply, once, five working days at most.

    Raises NotFound, Refused.
    """
    with transaction(actor) as session:
        referral, _ = _ours(session, code, actor)
        moves.move_referral(session, referral, ReferralAction.ASK, actor=actor, now=now)
        row = clocks.running(session, referral.case_id, ClockKind.ANSWER, referral.id)
        if row is None:
            raise Refused("already_stopped")
        policy, calendar = clocks.policy(), clocks.calendar()
        clocks.change(
            session, row, lambda clock: rule.accept_question(clock, now, policy, calendar), actor=actor,
            now=now,
        )  # fmt: skip


@once_more
def incomplete(code: str, text: str, *, actor: Actor, now: datetime) -> None:
    """What came is no answer: it goes back, counted from the first deadline. Raises NotFound, Refused.

    Too late once the time for telling the complainant is over.
    """
    with transaction(actor) as session:
        referral, _ = _ours(session, code, actor)
        message = say(session, referral, MessageKind.INCOMPLETE, text, actor=actor, now=now)
        commitment = vault.entry_commitment(message)
        moves.move_referral(
            session, referral, ReferralAction.INCOMPLETE, actor=actor, now=now, commitment=commitment
        )
        referral.answered_at = None
        kind = ClockKind.INTERIM if referral.kind is ReferralKind.INTERIM else ClockKind.ANSWER
        telling.hand_back(session, referral, kind, actor=actor, now=now)
        _stop(session, referral, ClockKind.RELAY, actor, now)
        _tell_addressee(session, referral, now)


@once_more
def relay(code: str, text: str, *, actor: Actor, now: datetime) -> None:
    """The complainant is told what the company answered, in their language; then it is their turn.

    Raises NotFound, MoveNotAllowed, Refused.
    """
    with transaction(actor) as session:
        referral, case = _ours(session, code, actor)
        entry = telling.tell(session, case, text, actor=actor, now=now)
        commitment = vault.entry_commitment(entry)
        moves.move_referral(
            session, referral, ReferralAction.RELAY, actor=actor, now=now, commitment=commitment
        )
        referral.relayed_at, referral.settled, referral.settled_at = now, None, None
        _stop(session, referral, ClockKind.RELAY, actor, now)
        if referral.state is not ReferralState.NOT_THEIRS and referral.kind is not ReferralKind.INTERIM:
            telling.run(session, referral, ClockKind.SETTLED_ASKED, holder=COMPLAINANT, now=now)


@once_more
def withdraw_referral(code: str, *, actor: Actor, now: datetime) -> None:
    """Stops a referral and what was prepared to follow it; what was read stays read. Raises NotFound."""
    with transaction(actor) as session:
        referral, _ = _ours(session, code, actor)
        told = referral.sent_at is not None
        stop_referral(session, referral, actor=actor, now=now)
        waiting = select(Referral).where(
            Referral.for_referral_id == referral.id, Referral.state == ReferralState.PREPARED
        )
        for prepared in session.scalars(waiting.with_for_update()).all():
            stop_referral(session, prepared, actor=actor, now=now)
        if told:
            _tell_addressee(session, referral, now)


def settle(code: str, word: Settled, *, text: str | None = None, actor: Actor, now: datetime) -> None:
    """The complainant said to us whether an answer settles it: noted as their word, by us.

    Raises NotFound, MoveNotAllowed, Refused.
    """
    with transaction(actor) as session:
        referral, case = _ours(session, code, actor)
        found = case.id, referral.id
    voice.settle(*found, word, text=text, actor=actor, now=now)


def judge_remedy(code: str, remedy_id: UUID, *, came: bool, actor: Actor, now: datetime) -> None:
    """The complainant said to us whether a remedy came. Raises NotFound, MoveNotAllowed, Refused."""
    with transaction(actor) as session:
        _, case = _ours(session, code, actor)
        case_id = case.id
    voice.judge_remedy(case_id, remedy_id, came=came, actor=actor, now=now)


@once_more
def letter_delivered(code: str, proof: str, *, actor: Actor, now: datetime) -> None:
    """A letter reached the company: what proves it is kept. Raises NotFound, Refused("not_by_letter")."""
    with transaction(actor) as session:
        referral, case = _ours(session, code, actor)
        if not referral.by_letter:
            raise Refused("not_by_letter")
        # Whatever a person types is sealed; in clear stands only that there is a proof.
        vault.write_entry(session, case, DataClass.NOTES, EntryKind.NOTE, proof, actor=actor, now=now)
        referral.letter_proof = PROOF_KEPT
        if referral.state is ReferralState.SENT:
            moves.move_referral(session, referral, ReferralAction.ACKNOWLEDGE, actor=actor, now=now)
            referral.acknowledged_at = now
            _stop(session, referral, ClockKind.ACKNOWLEDGE, actor, now)


def _ours(session: Session, code: str, actor: Actor) -> tuple[Referral, Case]:
    """A referral of one of the desk's cases; the case is locked first, as everywhere. Raises NotFound."""
    found = queries.referral_by_code(session, code)
    case = moves.desk_case(session, found, actor)
    check_opened(session, case, actor)
    return queries.referral_by_code(session, code, lock=True), case


def _tell_addressee(session: Session, referral: Referral, now: datetime) -> None:
    """A mail to who has an account there; a letter is told of by letter."""
    if not referral.by_letter:
        telling.tell_organisation(
            session, referral.organisation_id, MailTemplate.NEW_WORDS, referral, now=now
        )


def _stop(session: Session, referral: Referral, kind: ClockKind, actor: Actor, now: datetime) -> None:
    clocks.stop(session, kind, case_id=referral.case_id, referral_id=referral.id, actor=actor, now=now)
