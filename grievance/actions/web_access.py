"""How does somebody who wrote by SMS go on by web? A receipt is texted; the desk opens what was said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance import wording
from grievance.actions import clocks
from grievance.actions.arrivals import add_task
from grievance.actions.sms_keys import SmsKeys
from grievance.actions.texts_answers import ALREADY_DUE, sealed_number
from grievance.rules.deadlines import Term, Unit
from grievance.rules.dialogue import Template
from grievance.store import doorbell, journal, receipts
from grievance.store.actors import BY_SMS_ACTOR
from grievance.store.config_values import receipt_label, sent_to_label
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, Medium, Outbox, OutboxState, Receipt, Task
from grievance.store.receipts import Opening, Pepper
from grievance.store.sealing import Label, Versions, seal_whole
from grievance.vocabulary import TaskKind

# Within this a person at the desk decides whether the telephone was in the right hands.
DECIDED_WITHIN = Term(2, Unit.WORKING_DAYS)


def text_receipt(
    session: Session, keys: SmsKeys, case: Case, channel_id: UUID, number: str, now: datetime
) -> None:
    """Texts a new receipt to the number that asked. It shows where the case stands; the rest is the desk's.

    The digits stand in the sealed text alone, which is wiped when it is sent.
    """
    receipt = receipts.mint()
    store(session, case, receipts.open_receipt(receipt), keys.pepper, receipts.NOT_OPENED, now)
    row_id = uuid4()
    words = wording.say(Template.WEB_RECEIPT, case.language, receipt=receipts.shown(receipt))
    row = Outbox(
        id=row_id, medium=Medium.SMS, template=Template.WEB_RECEIPT.value, language=case.language, values={},
        once=f"web_receipt:{row_id}", channel_id=channel_id, asked=True, state=OutboxState.WAITING,
        attempts=0, created_at=now, next_at=now - ALREADY_DUE,
        sealed_to=sealed_number(keys, number, case.language, sent_to_label(row_id)),
        sealed_text=seal_whole(
            words, keys.notifier_pairs[0].public, Label("outbox", "sealed_text", row_id)
        ),
    )  # fmt: skip
    session.add(row)
    doorbell.after_commit(session, "sms", row_id)
    journal.append(
        session, chain=case.id, subject=case.id, actor=BY_SMS_ACTOR, move=CaseEvent.RECEIPT_GIVEN, now=now
    )
    if not waiting(session, case):
        due_at = clocks.calendar().after(now, DECIDED_WITHIN)
        add_task(session, case, TaskKind.OPEN_WEB, now, due_at=due_at)


def store(
    session: Session, case: Case, opening: Opening, versions: Versions, wrapped: bytes, now: datetime
) -> Receipt:
    """Keeps what a receipt leaves with us, hidden under the pepper."""
    pepper, row_id = Pepper(versions), uuid4()
    row = Receipt(
        id=row_id, case_id=case.id, lookup_hidden=pepper.hide(opening.lookup),
        public_hidden=pepper.hide(opening.pair.public, receipt_label("public_hidden", row_id, case.id)),
        wraps_hidden=pepper.hide(wrapped, receipt_label("wraps_hidden", row_id, case.id)), created_at=now,
    )  # fmt: skip
    session.add(row)
    return row


def waiting(session: Session, case: Case) -> list[Task]:
    """What the desk still has to decide about a receipt that was texted."""
    query = select(Task).where(
        Task.case_id == case.id, Task.kind == TaskKind.OPEN_WEB, Task.done_at.is_(None)
    )
    return list(session.scalars(query))
