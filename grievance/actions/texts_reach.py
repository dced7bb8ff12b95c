"""How may the person be reached, by their own word? To be texted, to be rung, or not at all."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from grievance.actions import held, texts_answers, texts_deeds, texts_story
from grievance.actions.texts_taking import Taking
from grievance.rules import learned as told
from grievance.store.config_values import capsule_label
from grievance.store.models import Capsule, Case
from grievance.vocabulary import SafeContact


def contact(taking: Taking, case: Case, how: SafeContact, released: bool) -> None:
    """The person said how they may be reached; "nothing" also takes back a number given before."""
    case.safe_contact = how
    if how is SafeContact.NOTHING:
        taking.memory.call_wanted = False
        held.forget_number(taking.session, case.id)
    elif not case.held and not released:
        reachable(taking, case)
        if how is SafeContact.CALL:
            taking.deeds.extend(texts_deeds.deeds(taking.session, case, told.CallBack(), taking.now))


def reachable(taking: Taking, case: Case) -> None:
    """What of the number the person's own word allows: a capsule to text it, the identity to ring it."""
    contact, number, session = taking.memory.state.contact, taking.memory.number, taking.session
    if contact in (SafeContact.SMS, SafeContact.CALL) and not _has_capsule(taking, case):
        row_id = uuid4()
        label = capsule_label(row_id, case.id)
        session.add(
            Capsule(
                id=row_id, case_id=case.id, channel_id=taking.channel.id, language=case.language,
                sealed=texts_answers.sealed_number(taking.keys, number, case.language, label),
                created_at=taking.now,
            )
        )  # fmt: skip
    if texts_story.wants_call(taking.memory) and not held.has_identity(session, case.id):
        held.identity_known(session, case, number, now=taking.now)
    session.flush()


def _has_capsule(taking: Taking, case: Case) -> bool:
    return taking.session.scalar(select(Capsule.id).where(Capsule.case_id == case.id)) is not None
