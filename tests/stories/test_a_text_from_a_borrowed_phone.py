"""Who says no leaves nothing; a borrowed telephone gets nothing that nobody asked for; STOP stops."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from grievance.actions import notices
from grievance.rules.dialogue import Template
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import (
    Capsule,
    Case,
    Dialogue,
    Entry,
    InboundState,
    NumberIndex,
    Outbox,
    OutboxState,
    Wrap,
)
from grievance.store.session import transaction
from tests.fixtures import Town
from tests.stories.phones import Phone
from workers import sms

STORY = "Les gardes ont battu mon frere hier pres du portail"
NOT_MINE, MINE = "3", "2"


def finish(phone: Phone, contact: str) -> Case:
    """A whole dialogue, to its receipt."""
    for text in (STORY, "1", "2", "mine exemple A", contact):
        phone.says(text)
    return phone.cases()[0]


def news(phone: Phone, case: Case) -> Outbox:
    """The desk has something to tell: an unasked notice, sent if it may be."""
    with transaction(SMS_ACTOR) as session:
        notices.to_complainant(session, case, Template.NEWS, once=f"test:{case.id}", now=phone.now)
    sms.send_waiting(phone.worker, phone.now)
    with transaction(SMS_ACTOR) as session:
        return session.scalars(select(Outbox).where(Outbox.once == f"test:{case.id}")).one()


def test_who_says_no_leaves_nothing(town: Town) -> None:
    phone = Phone(town)
    phone.says(STORY)
    (answer,) = phone.says("2")

    assert "Nous effacons votre message" in answer
    for table in (Case, Entry, Wrap, Capsule, NumberIndex):
        assert phone.rows(table) == []
    assert {row.state for row in phone.inbound()} == {InboundState.WIPED}
    assert all(row.sealed is None for row in phone.inbound())


def test_who_says_no_and_writes_again_begins_anew(town: Town) -> None:
    phone = Phone(town)
    phone.says(STORY)
    phone.says("non")

    assert "L'ONG peut lire" in phone.says("Un garde m'a pris mon argent ce matin")[-1]
    assert len(phone.cases()) == 1


def test_a_borrowed_phone_gets_nothing_unasked(town: Town) -> None:
    phone = Phone(town)
    case = finish(phone, NOT_MINE)

    assert phone.rows(Capsule) == []
    assert news(phone, case).state is OutboxState.DROPPED
    assert phone.heard() == []


def test_a_phone_of_ones_own_hears_that_a_message_waits_and_no_more(town: Town) -> None:
    phone = Phone(town)
    case = finish(phone, MINE)

    assert news(phone, case).state is OutboxState.SENT
    (text,) = phone.heard()
    assert text.startswith("Bonjour. Un message vous attend.")
    assert case.code not in text


def test_stop_ends_what_nobody_asked_for_and_withdraws_nothing(town: Town) -> None:
    phone = Phone(town)
    case = finish(phone, MINE)
    assert "plus de SMS" in phone.says("STOP")[0]

    assert news(phone, case).state is OutboxState.DROPPED
    assert phone.heard() == []
    (answer,) = phone.says(f"SUIVI {case.code}", after=timedelta(hours=2))
    assert answer.startswith("Etape: recu. A nous de répondre avant le")


def test_a_conversation_of_three_days_ago_is_forgotten(town: Town) -> None:
    phone = Phone(town)
    finish(phone, NOT_MINE)
    phone.work(after=timedelta(hours=73))

    assert phone.rows(Dialogue) == []
