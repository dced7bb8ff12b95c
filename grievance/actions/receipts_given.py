"""How does the desk give somebody their way back by web? A new receipt, or the key to one that was texted."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from flask import current_app
from nacl import pwhash
from nacl.exceptions import InvalidkeyError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from grievance import wording
from grievance.actions import moves, notices, task_ends, web_access
from grievance.actions.case_seen import check_opened
from grievance.rules import workflow
from grievance.rules.dialogue import Template
from grievance.rules.keywords import fold
from grievance.schemas.receipts import NewReceipt, ReceiptWay
from grievance.store import queries, receipts, vault
from grievance.store.config_values import receipt_label
from grievance.store.journal import CaseEvent
from grievance.store.models import (
    Case,
    JournalLine,
    Medium,
    Outbox,
    OutboxState,
    Receipt,
    VisitorSession,
)
from grievance.store.receipts import Pepper
from grievance.store.sealing import Label, Versions, seal_whole, wrap
from grievance.store.session import once_more, transaction
from grievance.terms import Actor, CaseAction, Refused
from grievance.vocabulary import Channel, DataClass, EntryKind, SafeContact

# Whoever guesses the word of a case has few tries a day, whichever member enters them.
TRIES, WITHIN = 5, timedelta(days=1)
_PASSES, _MEMORY = 2, 19 * 1024 * 1024


def choose_word(case_id: UUID, word: str, *, actor: Actor, now: datetime) -> None:
    """The complainant chooses a word that shows who they are when the receipt is lost; the newest counts.

    Kept is only what can check it, sealed to their own thread: nobody at the desk reads the word.
    """
    kept = pwhash.argon2id.str(fold(word).encode(), _PASSES, _MEMORY).decode()
    with transaction(actor) as session:
        case = queries.case_by_id(session, case_id, lock=True)
        workflow.next_case_state(case.state, CaseAction.ADD, actor.role)
        vault.write_entry(
            session, case, DataClass.THREAD, EntryKind.SECRET_WORD, kept, actor=actor, now=now
        )
        moves.line(session, case, CaseEvent.WORD_CHOSEN, actor=actor, now=now)


def give(code: str, asked: NewReceipt, *, actor: Actor, now: datetime) -> str | None:
    """A new receipt; the ones before, and whoever is in with them, are shut out. No name is opened for it.

    Gives the digits to read out or to copy, once; None when they wait for the person's own SUIVI.
    Raises NotFound, CannotOpen, Refused("wrong_word"), Refused("too_many_words"), Refused("not_by_text").
    """
    if asked.way is ReceiptWay.SECRET_WORD and not _word_is_right(code, asked.secret or "", actor, now):
        raise Refused("wrong_word")
    return _given(code, asked.way, actor=actor, now=now)


@once_more
def open_way(code: str, *, actor: Actor, now: datetime) -> None:
    """The person was asked, and it was they who wrote for it: the receipt that was texted opens their thread.

    Of several that were texted only the newest goes on. Raises NotFound, CannotOpen, Refused("no_way_waits").
    """
    with transaction(actor) as session:
        case = _case(session, code, actor)
        waits = [row for row in _receipts(session, case) if _closed(row)]
        if not waits:
            raise Refused("no_way_waits")
        newest = waits[-1]
        public = _pepper().reveal(newest.public_hidden, _label("public_hidden", newest))
        wrapped = _wrapped(session, case, public, actor)
        newest.wraps_hidden = _pepper().hide(wrapped, _label("wraps_hidden", newest))
        for older in waits[:-1]:
            session.delete(older)
        _end_visits(session, case)
        _tasks_done(session, case, actor, now)
        moves.line(session, case, CaseEvent.WAY_OPENED, actor=actor, now=now)


@once_more
def _given(code: str, way: ReceiptWay, *, actor: Actor, now: datetime) -> str | None:
    receipt = receipts.mint()
    opening = receipts.open_receipt(receipt)
    with transaction(actor) as session:
        case = _case(session, code, actor)
        wrapped = _wrapped(session, case, opening.pair.public, actor)
        for lost in _receipts(session, case):
            session.delete(lost)
        _end_visits(session, case)
        web_access.store(session, case, opening, _versions(), wrapped, now)
        _tasks_done(session, case, actor, now)
        moves.line(session, case, CaseEvent.RECEIPT_GIVEN, actor=actor, now=now)
        if way is not ReceiptWay.BY_TEXT:
            return receipt
        _let_wait(session, case, receipt, now)
        return None


@once_more
def _word_is_right(code: str, word: str, actor: Actor, now: datetime) -> bool:
    """Whether this is the word that the person chose. A wrong one leaves a line, and counts."""
    with transaction(actor) as session:
        case = _case(session, code, actor)
        wrong = select(func.count()).select_from(JournalLine).where(
            JournalLine.chain == case.id, JournalLine.move == CaseEvent.WORD_WRONG.value,
            JournalLine.at > now - WITHIN,
        )  # fmt: skip
        if (session.scalar(wrong) or 0) >= TRIES:
            raise Refused("too_many_words")
        chosen = vault.read_entries(session, actor, case.id, frozenset({EntryKind.SECRET_WORD}))
        right = bool(chosen) and _fits(chosen[-1].text, word)
        if not right:
            moves.line(session, case, CaseEvent.WORD_WRONG, actor=actor, now=now)
        return right


def _fits(kept: str, word: str) -> bool:
    try:
        return bool(pwhash.verify(kept.encode(), fold(word).encode()))
    except InvalidkeyError:
        return False


def _case(session: Session, code: str, actor: Actor) -> Case:
    case = queries.case_by_code(session, code, lock=True)
    check_opened(session, case, actor)
    moves.allow(case, CaseAction.NOTE, actor)
    return case


def _wrapped(session: Session, case: Case, public: bytes, actor: Actor) -> bytes:
    """The half that opens the thread, sealed to a receipt. Raises CannotOpen."""
    row = vault.pair_row(session, case.id, DataClass.THREAD)
    return wrap(vault.open_row(session, actor, row).private, public)


def _receipts(session: Session, case: Case) -> list[Receipt]:
    query = select(Receipt).where(Receipt.case_id == case.id)
    return list(session.scalars(query.order_by(Receipt.created_at, Receipt.id)))


def _closed(row: Receipt) -> bool:
    """Whether a receipt opens no word yet."""
    return _pepper().reveal(row.wraps_hidden, _label("wraps_hidden", row)) == receipts.NOT_OPENED


def _end_visits(session: Session, case: Case) -> None:
    session.execute(delete(VisitorSession).where(VisitorSession.case_id == case.id))


def _tasks_done(session: Session, case: Case, actor: Actor, now: datetime) -> None:
    for task in web_access.waiting(session, case):
        task_ends.finish(session, task, actor=actor, now=now)


def _let_wait(session: Session, case: Case, receipt: str, now: datetime) -> None:
    """The digits, sealed to the notifier key, for the person's own SUIVI; a neutral notice goes before."""
    if case.channel is not Channel.SMS and case.safe_contact is not SafeContact.SMS:
        raise Refused("not_by_text")
    row_id = uuid4()
    public = current_app.config["SETTINGS"].notifier_public[-1][1]
    words = wording.say(Template.WEB_RECEIPT, case.language, receipt=receipts.shown(receipt))
    session.add(
        Outbox(
            id=row_id, medium=Medium.SMS, template=Template.NEWS.value, language=case.language, values={},
            once=f"web_receipt:{row_id}", case_id=case.id, waits_for_follow=True,
            sealed_text=seal_whole(words, public, Label("outbox", "sealed_text", row_id)),
            state=OutboxState.WAITING, attempts=0, created_at=now, next_at=now,
        )
    )  # fmt: skip
    notices.to_complainant(session, case, Template.NEWS, once=f"news:{row_id}", now=now)


def _label(column: str, row: Receipt) -> Label:
    return receipt_label(column, row.id, row.case_id)


def _versions() -> Versions:
    versions: Versions = current_app.config["SETTINGS"].pepper
    return versions


def _pepper() -> Pepper:
    return Pepper(_versions())
