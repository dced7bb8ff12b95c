"""Six answers an hour, one language asked once, three days, one reminder by day; whoever stops has a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from time_machine import travel

from grievance.actions import dialogue_steps
from grievance.rules.dialogue import Question
from grievance.store import vault
from grievance.store.models import ClockRow, Dialogue, Task
from grievance.store.numbers import open_inbound, seal_inbound
from grievance.store.sealing import Label
from grievance.store.session import transaction
from grievance.terms import ClockKind
from grievance.vocabulary import EntryKind, Language, TaskKind
from tests import superuser
from tests.fixtures import Town
from tests.services import Services
from tests.stories.phones import Phone
from workers import process

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)
STORY = "Les gardes ont battu mon frere hier pres du portail"
ANOTHER = "The guards beat my brother yesterday near the gate and took his phone and money"


@pytest.fixture
def phone(town: Town) -> Phone:
    return Phone(town)


@pytest.mark.parametrize("said", [1, 2, 3, 4])
def test_whoever_stops_at_any_step_has_a_case_that_the_desk_sees(phone: Phone, said: int) -> None:
    for text in (STORY, "1", "2", "mine exemple A")[:said]:
        phone.says(text)
    phone.work(timedelta(minutes=11))
    (case,) = phone.cases()
    assert not case.held


def test_two_machines_that_text_each_other_stop_at_six_answers_and_nothing_is_lost(phone: Phone) -> None:
    answered = 0
    for number in range(9):
        answered += bool(phone.says(f"Message automatique numero {number} de cette machine qui repond"))
    assert answered <= 6
    assert phone.waiting() == 0
    assert len(phone.inbound()) == 9


def answered(phone: Phone, texts: int) -> int:
    """How many of so many texts, all of a kind that is always answered, were."""
    return sum(len(phone.says("SUIVI")) for _ in range(texts))


@pytest.mark.parametrize(
    "hours",
    [
        pytest.param([(0, 1, 1), (59, 5, 5), (2, 3, 1), (57, 1, 0)], id="an hour is cut anywhere"),
        pytest.param([(0, 7, 6), (61, 7, 6)], id="an hour after six answers"),
    ],
)
def test_no_hour_however_it_is_cut_holds_more_than_six_answers(
    town: Town, hours: list[tuple[int, int, int]]
) -> None:
    with travel(MORNING) as clock:
        phone = Phone(town)
        for minutes_later, texts, are_answered in hours:
            clock.shift(timedelta(minutes=minutes_later))
            assert answered(phone, texts) == are_answered


def test_a_conversation_remembered_before_the_times_were_kept_goes_on(
    town: Town, services: Services
) -> None:
    with travel(MORNING) as clock:
        phone = Phone(town)
        assert answered(phone, 4) == 4
        forget_the_times(phone, services)
        clock.shift(timedelta(minutes=30))
        assert answered(phone, 3) == 2
        forget_the_times(phone, services)
        clock.shift(timedelta(minutes=31))
        assert answered(phone, 1) == 1


def forget_the_times(phone: Phone, services: Services) -> None:
    """Seals the memory again as it was sealed while one time was kept for all answers of an hour."""
    keys, (row,) = phone.worker.keys, phone.rows(Dialogue)
    kept = open_inbound(row.sealed_state, keys.intake_pairs, Label("dialogue", "sealed_state", row.id))
    del kept["answered_at"]
    sealed = seal_inbound(kept, keys.intake_pairs[0].public, Label("dialogue", "sealed_state", row.id))
    superuser.run(services, phone.town, update(Dialogue).values(sealed_state=sealed))


def test_texts_that_no_worker_can_open_hold_up_nobody_however_many_they_are(
    phone: Phone, services: Services
) -> None:
    for number in range(3):
        assert phone.post(f"Message numero {number}").status_code == 200
    with services.connect(phone.town.database.name) as superuser:
        superuser.execute(
            "insert into inbound (id, channel_id, dedup, sealed, received_at, state)"
            " select gen_random_uuid(), channel_id, dedup || number::text::bytea, sealed, received_at, state"
            " from inbound, generate_series(1, 100) as number"
        )
        superuser.execute("update inbound set sealed = set_byte(sealed, 60, get_byte(sealed, 60) # 1)")
    phone.says(STORY)

    assert [case.held for case in phone.cases()] == [True], "the honest text behind them was taken"
    assert len([row for row in phone.inbound() if row.state == "new"]) == 303, "none that waits was given up"


def test_a_second_complaint_from_a_known_number_is_not_asked_for_its_language(
    phone: Phone, services: Services
) -> None:
    phone.says("SW")
    for text in ("Mbwa ya walinzi imeniuma leo", "1", "2"):
        phone.says(text)
    phone.work(timedelta(minutes=11))
    assert phone.cases()[0].language is Language.SWAHILI
    superuser.run(services, phone.town, update(Dialogue).values(expires_at=process.utcnow()))
    answers = phone.says("PK 12 ???")
    assert "Francais" not in " ".join(answers)
    assert "Hapa ni ONG" in answers[-1]


@pytest.mark.parametrize(
    ("story", "word", "answer"),
    [
        ("Mbwa ya walinzi imeniuma leo", "SUIVI", "Una code?"),
        ("Mbwa ya walinzi imeniuma leo", "FR", "Ici une ONG"),
        (STORY, "MALALAMIKO", "Hapa ni ONG"),
        (STORY, "PLAINTE", "Ici une ONG"),
    ],
)
def test_a_known_number_is_spoken_to_as_in_its_last_case_until_it_asks_for_another_language(
    phone: Phone, services: Services, story: str, word: str, answer: str
) -> None:
    phone.says(story)
    phone.work(timedelta(minutes=11))
    superuser.run(services, phone.town, update(Dialogue).values(expires_at=process.utcnow()))
    assert answer in phone.says(word)[-1]


def test_a_story_in_another_language_becomes_a_call_back_with_a_clock(phone: Phone) -> None:
    phone.says(ANOTHER)
    phone.work(timedelta(minutes=11))
    assert TaskKind.OTHER_LANGUAGE in phone.tasks()
    assert all(task.due_at is not None for task in phone.rows(Task))
    assert ClockKind.CALL_BACK in {clock.kind for clock in phone.rows(ClockRow)}


def story_at_the_desk(phone: Phone) -> str:
    """The one story of the one case, as its desk opens it."""
    actor, (case,) = phone.town.world.desk.actor, phone.cases()
    with transaction(actor) as session:
        (line,) = vault.read_entries(session, actor, case.id, frozenset({EntryKind.STORY}))
    return str(line.text)


def test_parts_that_come_out_of_order_are_one_story_in_order(phone: Phone) -> None:
    first, second = "(1/2) Les gardes ont battu", "(2/2) mon frere pres du portail"
    for text in (second, first):
        phone.post(text)
    phone.work()
    phone.work(timedelta(minutes=11))
    assert story_at_the_desk(phone) == f"{first}\n{second}"


def test_parts_without_a_number_are_read_by_the_time_that_the_telephone_gives(phone: Phone) -> None:
    first, second = "Les gardes ont battu mon frere", "Cela etait hier pres du portail"
    now = process.utcnow()
    for text, at in ((second, now), (first, now - timedelta(seconds=40))):
        told = {"message": text, "sender": phone.number, "receivedAt": at.isoformat()}
        phone.post_event("sms:received", told | {"recipient": phone.town.world.channel.number})
    phone.work()
    phone.work(timedelta(minutes=11))
    assert story_at_the_desk(phone) == f"{first}\n{second}"


def test_texts_within_ten_minutes_of_each_other_are_one_story(town: Town) -> None:
    second = "Ils ont aussi pris son telephone"
    with travel(MORNING) as clock:
        phone = Phone(town)
        phone.says(STORY)
        clock.shift(timedelta(minutes=8))
        phone.says(second)
        clock.shift(timedelta(minutes=7))
        phone.work()
        assert [case.held for case in phone.cases()] == [True]
        clock.shift(timedelta(minutes=4))
        phone.work()
    assert [case.held for case in phone.cases()] == [False]
    assert story_at_the_desk(phone) == f"{STORY}\n{second}"


@pytest.mark.parametrize(
    ("hours", "answer"), [(71, "Maintenant, une personne est blessée"), (73, "Avez-vous un code?")]
)
def test_a_bare_digit_answers_the_open_question_for_three_days(town: Town, hours: int, answer: str) -> None:
    with travel(MORNING) as clock:
        phone = Phone(town)
        phone.says(STORY)
        phone.work(timedelta(minutes=11))
        phone.heard()
        clock.shift(timedelta(hours=hours))
        assert phone.says("1")[0].startswith(answer)


def test_steps_are_counted_without_content_and_the_host_sees_them(phone: Phone) -> None:
    for text in (STORY, "1"):
        phone.says(text)
    seen = {one.step: one for one in dialogue_steps.seen(phone.town.world.host.actor)}
    assert (seen[Question.SAFETY].reached, seen[Question.SAFETY].answered) == (1, 1)
    assert (seen[Question.DANGER].reached, seen[Question.DANGER].answered) == (1, 0)
    assert dialogue_steps.seen(phone.town.world.desk.actor) == ()
