"""SUIVI with a code hands over what waited and tells where it stands; only to its own number."""

from __future__ import annotations

from datetime import timedelta

from grievance.actions import telling
from grievance.store import queries, vault
from grievance.store.models import Case, Outbox, OutboxState
from grievance.store.session import transaction
from grievance.terms import CaseState
from grievance.vocabulary import EntryKind, TaskKind
from tests.fixtures import Town
from tests.stories.phones import Phone

STORY = "Les gardes ont battu mon frere hier pres du portail"
WORDS = "Nous avons lu votre message. Une infirmière peut vous voir demain à 9 h."
LATER = timedelta(hours=2)


def begun(phone: Phone) -> Case:
    for text in (STORY, "1", "2", "mine exemple A", "2"):
        phone.says(text)
    return phone.cases()[0]


def told_by_desk(town: Town, phone: Phone, case: Case) -> None:
    """A case worker writes to the person."""
    actor = town.world.desk.actor
    with transaction(actor) as session:
        telling.tell(session, queries.case_by_id(session, case.id), WORDS, actor=actor, now=phone.now)


def test_what_the_desk_wrote_waits_for_suivi(town: Town) -> None:
    phone = Phone(town)
    case = begun(phone)
    told_by_desk(town, phone, case)
    phone.work()
    (news,) = phone.heard()
    assert "infirmière" not in news

    answers = phone.says(f"suivi {case.code.lower()}", after=LATER)

    assert answers[0] == WORDS
    handed = [row for row in phone.rows(Outbox) if row.waits_for_follow]
    assert [(row.state, row.sealed_text) for row in handed] == [(OutboxState.FETCHED, None)]


def test_another_phone_learns_nothing_with_the_code(town: Town) -> None:
    phone = Phone(town)
    case = begun(phone)
    told_by_desk(town, phone, case)
    stranger = Phone(town, number="+243880000078")
    (answer,) = stranger.says(f"SUIVI {case.code}")

    assert answer.startswith("Code pas reconnu")
    assert stranger.says("SUIVI 2222-22") == [answer]


def test_a_further_text_is_sealed_to_the_same_case(town: Town) -> None:
    phone = Phone(town)
    case = begun(phone)
    phone.says("Ils sont revenus ce matin avec un fusil et ont cherche mon frere", after=LATER)

    actor = town.world.desk.actor
    with transaction(actor) as session:
        lines = vault.read_entries(session, actor, case.id, frozenset({EntryKind.FROM_COMPLAINANT}))
    assert "fusil" in lines[0].text
    assert len(phone.cases()) == 1


def test_another_case_is_begun_by_the_word_for_it(town: Town) -> None:
    phone = Phone(town)
    begun(phone)
    phone.says("PLAINTE", after=LATER)
    phone.says("Un garde a pris mon argent au marche ce matin")

    assert len(phone.cases()) == 2


def test_withdrawing_stops_everything_and_a_person_talks_before_it_closes(town: Town) -> None:
    phone = Phone(town)
    case = begun(phone)
    phone.says(f"RETIRER {case.code}", after=LATER)
    phone.says("1", after=LATER)
    (frozen,) = phone.cases()

    assert frozen.frozen_at is not None
    assert frozen.state is not CaseState.CLOSED
    assert TaskKind.WITHDRAWAL_TALK in phone.tasks()
    (where,) = phone.says(f"SUIVI {case.code}", after=LATER)
    assert where.startswith("Etape: ")
    assert "avant le" not in where


def test_call_me_is_a_task_with_a_date(town: Town) -> None:
    phone = Phone(town)
    begun(phone)
    (answer,) = phone.says("RAPPEL", after=LATER)

    assert answer.startswith("D'accord. On vous appelle avant le")
    assert phone.tasks() == {TaskKind.CALL_BACK}


def test_the_number_reaches_the_desk_only_when_a_call_is_wanted(town: Town) -> None:
    phone = Phone(town)
    case = begun(phone)
    actor = town.world.desk.actor
    identity = frozenset({EntryKind.IDENTITY})
    with transaction(actor) as session:
        assert vault.read_entries(session, actor, case.id, identity) == []
    phone.says("RAPPEL", after=LATER)
    with transaction(actor) as session:
        (line,) = vault.read_entries(session, actor, case.id, identity)
    assert phone.number in line.text


def test_another_organisation_takes_the_case_and_the_first_one_can_not_open_it_any_more(town: Town) -> None:
    phone = Phone(town)
    case = begun(phone)
    (question,) = phone.says("AUTRE", after=LATER)
    assert town.world.backup.row.name in question
    phone.says("1", after=LATER)

    with transaction(town.world.backup.actor) as session:
        assert queries.case_by_id(session, case.id).desk_id == town.world.backup.id
        told = vault.read_entries(session, town.world.backup.actor, case.id, frozenset({EntryKind.STORY}))
    assert [line.text for line in told] == [STORY]
