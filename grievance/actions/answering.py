"""What can the addressee of a referral do? Confirm, ask, answer, say it is not theirs, ask for more time.

The desk makes the same moves for a company that answered by letter.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from grievance.actions import clocks, moves, notices, telling
from grievance.actions.case_seen import check_opened
from grievance.actions.notices import Audience
from grievance.actions.referral_seen import addressed, desk_of
from grievance.rules import clocks as rule
from grievance.rules.clocks import Clock, Holder
from grievance.rules.dialogue import Template
from grievance.schemas.company import Extension
from grievance.store import queries, vault
from grievance.store.models import Referral, ReferralMessage
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, ClockKind, ReferralAction, Refused, Role
from grievance.vocabulary import MessageKind
from grievance.wording_mail import MailTemplate

OWED_BY_ADDRESSEE = (ClockKind.ACKNOWLEDGE, ClockKind.INTERIM, ClockKind.ANSWER)


@once_more
def acknowledge(code: str, *, actor: Actor, now: datetime) -> None:
    """Somebody there has it and will answer. Raises NotFound, MoveNotAllowed."""
    with transaction(actor) as session:
        referral = addressed(session, code, actor)
        moves.move_referral(session, referral, ReferralAction.ACKNOWLEDGE, actor=actor, now=now)
        referral.acknowledged_at = now
        _stop(session, referral, (ClockKind.ACKNOWLEDGE,), actor, now)
        tell_desk(session, referral, actor, now)


@once_more
def ask(code: str, text: str, *, actor: Actor, now: datetime) -> None:
    """A question to the desk. It moves no deadline, unless the desk accepts it as needed.

    Raises NotFound, MoveNotAllowed.
    """
    with transaction(actor) as session:
        referral = addressed(session, code, actor)
        _say(session, referral, ReferralAction.ASK, MessageKind.QUESTION, text, actor, now)
        tell_desk(session, referral, actor, now)


@once_more
def answer(code: str, text: str, *, actor: Actor, now: datetime) -> None:
    """The answer in substance; the desk has two working days to tell the complainant.

    Raises NotFound, MoveNotAllowed, CannotOpen, Refused.
    """
    with transaction(actor) as session:
        referral = addressed(session, code, actor)
        _check_typist(session, referral, actor)
        _say(session, referral, ReferralAction.ANSWER, MessageKind.ANSWER, text, actor, now)
        _answered(session, referral, actor, now)


@once_more
def not_ours(code: str, text: str, *, actor: Actor, now: datetime) -> None:
    """It concerns somebody else, and why; the desk decides what that is worth.

    Raises NotFound, MoveNotAllowed, CannotOpen, Refused.
    """
    with transaction(actor) as session:
        referral = addressed(session, code, actor)
        _check_typist(session, referral, actor)
        _say(session, referral, ReferralAction.NOT_OURS, MessageKind.NOT_OURS, text, actor, now)
        _answered(session, referral, actor, now)


@once_more
def extend(code: str, asked: Extension, *, actor: Actor, now: datetime) -> datetime:
    """More time, once, with a reason; the complainant is told. Gives the new deadline.

    Raises NotFound, MoveNotAllowed, Refused.
    """
    with transaction(actor) as session:
        referral = addressed(session, code, actor)
        row = clocks.running(session, referral.case_id, ClockKind.ANSWER, referral.id)
        if row is None:
            raise Refused("not_extendable")
        _say(session, referral, ReferralAction.EXTEND, MessageKind.EXTENSION, asked.reason, actor, now)
        policy, calendar = clocks.policy(), clocks.calendar()

        def extended(clock: Clock) -> Clock:
            return rule.extend(clock, now, asked.days, policy, calendar, reason_given=True)

        clocks.change(session, row, extended, actor=actor, now=now)
        once = f"extended:{row.id}:{row.round}"
        notices.to_complainant_of(session, referral, Template.NEWS, once=once, now=now)
        tell_desk(session, referral, actor, now)
        return row.due_at


def say(
    session: Session, referral: Referral, kind: MessageKind, text: str, *, actor: Actor, now: datetime
) -> ReferralMessage:
    """Seals a line to a referral; what a desk types in from a letter counts as the company's word."""
    addressee = actor.role not in moves.DESK
    spoken_by_letter = referral.by_letter and kind in LETTER_WORDS
    return vault.write_message(
        session, referral, kind, text, from_company=addressee or spoken_by_letter, actor=actor, now=now
    )


LETTER_WORDS = frozenset({
    MessageKind.ANSWER, MessageKind.NOT_OURS, MessageKind.EXTENSION, MessageKind.REMEDY, MessageKind.PROOF,
})  # fmt: skip


def tell_desk(session: Session, referral: Referral, actor: Actor, now: datetime) -> None:
    """The desk hears of it; what a desk did itself it knows."""
    if actor.role not in moves.DESK:
        telling.tell_organisation(
            session, desk_of(session, referral, actor), MailTemplate.NEW_WORDS, referral, now=now,
            audience=Audience.WORKERS,
        )  # fmt: skip


def _check_typist(session: Session, referral: Referral, actor: Actor) -> None:
    """Whoever types in what a letter says works on the case like everybody else at the desk."""
    if actor.role in (Role.CASE_WORKER, Role.CASE_LEAD):
        check_opened(session, queries.case_by_id(session, referral.case_id), actor)


def _say(
    session: Session, referral: Referral, action: ReferralAction, kind: MessageKind, text: str, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Words and move in one: a move that is refused takes its words with it."""
    message = say(session, referral, kind, text, actor=actor, now=now)
    commitment = vault.entry_commitment(message)
    moves.move_referral(session, referral, action, actor=actor, now=now, commitment=commitment)


def _answered(session: Session, referral: Referral, actor: Actor, now: datetime) -> None:
    referral.answered_at = now
    # An answer that comes after an earlier one was told has not been told yet.
    referral.relayed_at = None
    referral.acknowledged_at = referral.acknowledged_at or now
    _stop(session, referral, OWED_BY_ADDRESSEE, actor, now)
    desk_id: UUID = desk_of(session, referral, actor)
    telling.run(session, referral, ClockKind.RELAY, holder=Holder(Role.CASE_WORKER, desk_id), now=now)
    tell_desk(session, referral, actor, now)


def _stop(
    session: Session, referral: Referral, kinds: tuple[ClockKind, ...], actor: Actor, now: datetime
) -> None:
    for kind in kinds:
        clocks.stop(session, kind, case_id=referral.case_id, referral_id=referral.id, actor=actor, now=now)
