"""Help goes out in the first answer, before any question; danger rings the desk at once."""

from __future__ import annotations

from datetime import timedelta

from grievance.actions import duty
from grievance.schemas.duty import Turn
from grievance.store.models import Task
from grievance.vocabulary import Severity, TaskKind
from tests.fixtures import Town
from tests.stories.phones import Phone


def test_a_dog_bite_gets_help_in_the_first_answer(town: Town) -> None:
    phone = Phone(town)
    answers = phone.says("Le chien des gardes a mordu mon pied hier soir")

    assert "vaccin rage" in answers[0]
    assert "L'ONG peut lire" in answers[1]


def test_a_dog_bite_told_in_swahili_is_answered_in_swahili(town: Town) -> None:
    phone = Phone(town)
    answers = phone.says("Imbwa ya walinzi iliuma mutoto wangu jana")

    assert answers[0].startswith("Kuumwa na mbwa")


def test_a_person_held_gets_help_in_the_first_answer_and_a_call_within_the_hour(town: Town) -> None:
    phone = Phone(town)
    answers = phone.says("Les gardes ont enferme mon frere dans un cachot depuis ce matin")

    assert "48 h" in answers[0]
    assert phone.cases()[0].severity is Severity.NOW


def test_danger_is_shown_to_the_desk_without_waiting_for_a_yes(town: Town) -> None:
    phone = Phone(town)
    phone.says("DANGER")

    (case,) = phone.cases()
    assert not case.held
    assert case.severity is Severity.NOW
    assert {task.kind for task in phone.rows(Task)} == {TaskKind.DANGER_CALL}


def test_a_cry_for_help_is_a_call_to_make(town: Town) -> None:
    phone = Phone(town)
    (answer,) = phone.says("AIDE")

    assert "DANGER" in answer
    assert TaskKind.CALL_BACK in {task.kind for task in phone.rows(Task)}


def test_a_desk_without_a_roster_never_promises_a_call(town: Town) -> None:
    phone = Phone(town)

    assert "On vous appelle avant" not in " ".join(phone.says("Au secours, ils vont me tuer"))


def test_whoever_is_on_duty_is_texted_and_the_caller_is_promised_a_call(town: Town) -> None:
    on_duty = "+243880000099"
    phone = Phone(town)
    turn = Turn(
        member_id=town.world.desk.members[0].row.id, starts_at=phone.now - timedelta(hours=1),
        ends_at=phone.now + timedelta(hours=5), number=on_duty,
    )  # fmt: skip
    duty.add_turn(turn, config_key=town.keys.config, actor=town.world.desk.lead, now=phone.now)
    answers = phone.says("Au secours, ils vont me tuer")

    assert "On vous appelle avant" in answers[0]
    (case,) = phone.cases()
    rung = [line["text"] for line in town.texts() if line["to"] == on_duty]
    assert rung == [f"Appel à faire maintenant. Code {case.code}. Connectez-vous."]
