"""What will put it right, and did it come? The company promises; only the complainant confirms."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from grievance.actions import moves
from grievance.actions.answering import say, tell_desk
from grievance.actions.referral_seen import addressed
from grievance.schemas.company import RemedyDelivery, RemedyPromise
from grievance.store import vault
from grievance.store.models import Remedy
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, NotFound, ReferralAction, Refused
from grievance.vocabulary import MessageKind, RemedyState


@once_more
def promise_remedy(code: str, promised: RemedyPromise, *, actor: Actor, now: datetime) -> UUID:
    """The company promises something; words and amounts are sealed. Raises NotFound, MoveNotAllowed."""
    with transaction(actor) as session:
        referral = addressed(session, code, actor)
        message = say(session, referral, MessageKind.REMEDY, promised.text, actor=actor, now=now)
        session.flush()
        remedy = Remedy(
            id=uuid4(), referral_id=referral.id, kind=promised.kind, state=RemedyState.PROMISED,
            due_on=promised.due_on, message_id=message.id, promised_at=now,
        )  # fmt: skip
        session.add(remedy)
        commitment = vault.entry_commitment(message)
        moves.move_referral(
            session, referral, ReferralAction.PROMISE_REMEDY, actor=actor, now=now, commitment=commitment
        )
        tell_desk(session, referral, actor, now)
        return remedy.id


@once_more
def deliver_remedy(code: str, delivered: RemedyDelivery, *, actor: Actor, now: datetime) -> None:
    """The company says that it kept a promise, with what shows it. The complainant has the last word.

    Raises NotFound, MoveNotAllowed, Refused("already_confirmed_remedy").
    """
    with transaction(actor) as session:
        referral = addressed(session, code, actor)
        remedy = session.get(Remedy, delivered.remedy_id, with_for_update=True)
        if remedy is None or remedy.referral_id != referral.id:
            raise NotFound
        if remedy.state is RemedyState.CONFIRMED:
            raise Refused("already_confirmed_remedy")
        message = say(session, referral, MessageKind.PROOF, delivered.proof, actor=actor, now=now)
        commitment = vault.entry_commitment(message)
        remedy.state, remedy.delivered_at = RemedyState.DELIVERED, now
        moves.move_referral(
            session, referral, ReferralAction.DELIVER_REMEDY, actor=actor, now=now, commitment=commitment
        )
        tell_desk(session, referral, actor, now)
