"""A reminder goes once, by day, to a telephone of their own; a check-in is answered by a digit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from time_machine import travel

from grievance.actions import notices
from grievance.rules.dialogue import Template
from grievance.store.actors import SMS_ACTOR
from grievance.store.session import transaction
from grievance.vocabulary import Harm, Severity, TaskKind
from tests.fixtures import Town
from tests.stories.phones import Phone
from workers import sms

STORY = "Les gardes ont battu mon frere hier pres du portail"
ANOTHER = "Un garde a pris mon argent au marche ce matin"
MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)  # ten in the morning in Lubumbashi
REMINDER = "Bonjour. Vous pouvez continuer quand vous voulez."


def finish(phone: Phone, contact: str) -> None:
    for text in (STORY, "1", "2", "mine exemple A", contact):
        phone.says(text)


@pytest.mark.parametrize(("contact", "reminded"), [("2", [REMINDER]), ("3", [])])
def test_a_reminder_goes_only_to_a_phone_known_to_be_their_own(
    town: Town, contact: str, reminded: list[str]
) -> None:
    with travel(MORNING) as clock:
        phone = Phone(town)
        finish(phone, contact)
        clock.shift(timedelta(hours=80))
        phone.says(ANOTHER)
        clock.shift(timedelta(hours=21))
        phone.work()
        phone.work()

    assert phone.heard() == reminded


def test_a_first_text_that_stopped_half_way_is_never_reminded(town: Town) -> None:
    with travel(MORNING) as clock:
        phone = Phone(town)
        phone.says(STORY)
        clock.shift(timedelta(hours=21))
        phone.work()

    assert phone.heard() == []


def test_not_well_becomes_a_call_to_make_and_a_linked_case_of_retaliation(town: Town) -> None:
    with travel(MORNING) as clock:
        phone = Phone(town)
        finish(phone, "2")
        clock.shift(timedelta(days=7))
        phone.work()
        with transaction(SMS_ACTOR) as session:
            (case,) = phone.cases()
            notices.to_complainant(session, case, Template.CHECK_IN, once="check-in", now=phone.now)
        sms.send_waiting(phone.worker, phone.now)
        assert phone.heard() == ["Bonjour, comment allez-vous? 1 Bien 2 Pas bien 3 Appelez-moi"]
        assert phone.says("2") == ["Bien noté. Une personne va lire votre message."]

    assert phone.tasks() == {TaskKind.CALL_BACK}
    (linked,) = [one for one in phone.cases() if one.linked_to == case.id]
    assert (linked.harms, linked.severity) == ([Harm.RETALIATION.value], Severity.CRITICAL)
