"""Each question is counted once when it is reached and once when it is answered; what was said is not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from grievance.rules.dialogue import Dialogue, Question
from grievance.rules.steps import taken
from grievance.vocabulary import Language, SafeContact
from tests.rules.dialogues import FRENCH, STORY, play


def counted(*texts: str) -> tuple[Counter[Question], Counter[Question]]:
    before, reached, answered = Dialogue(), Counter(), Counter()
    for turn in play(*texts, heard=FRENCH).turns:
        asked, told = taken(before, turn.state)
        reached.update(asked)
        answered.update(told)
        before = turn.state
    return reached, answered


def test_a_whole_dialogue_reaches_and_answers_each_question_once() -> None:
    steps = {Question.SAFETY: 1, Question.DANGER: 1, Question.WHERE: 1, Question.CONTACT: 1}
    assert counted(STORY, "1", "2", "mine A", "2") == (Counter(steps), Counter(steps))


def test_whoever_stops_is_counted_as_far_as_they_came() -> None:
    reached, answered = counted(STORY, "1")
    assert (reached[Question.DANGER], answered[Question.DANGER]) == (1, 0)
    assert answered[Question.SAFETY] == 1


def test_a_question_that_is_asked_again_is_reached_once() -> None:
    reached, answered = counted(STORY, "7", "1")
    assert (reached[Question.SAFETY], answered[Question.SAFETY]) == (1, 1)


def test_a_refusal_is_an_answer_too() -> None:
    assert counted(STORY, "2")[1] == Counter({Question.SAFETY: 1})


NEW = Dialogue(language=Language.FRENCH)


@pytest.mark.parametrize(
    ("before", "after", "answered"),
    [
        # The language: said once there is one.
        (Dialogue(asked=Question.LANGUAGE), NEW, True),
        (Dialogue(asked=Question.LANGUAGE), Dialogue(), False),
        (replace(NEW, asked=Question.LANGUAGE), NEW, False),
        # Whether it is safe: a refusal leaves nothing of what was stored.
        (replace(NEW, asked=Question.SAFETY, stored=True), NEW, True),
        (replace(NEW, asked=Question.SAFETY, stored=True), replace(NEW, stored=True), False),
        (replace(NEW, asked=Question.SAFETY), NEW, False),
        (replace(NEW, asked=Question.SAFETY), replace(NEW, answered=frozenset({Question.SAFETY})), True),
        # Danger, what happened, how we may answer.
        (replace(NEW, asked=Question.DANGER), replace(NEW, danger=True), True),
        (replace(NEW, asked=Question.DANGER, danger=True), replace(NEW, danger=True), False),
        (replace(NEW, asked=Question.DANGER), NEW, False),
        (replace(NEW, asked=Question.WHAT), replace(NEW, stored=True), True),
        (replace(NEW, asked=Question.WHAT, stored=True), replace(NEW, stored=True), False),
        (replace(NEW, asked=Question.WHAT), NEW, False),
        (replace(NEW, asked=Question.CONTACT), replace(NEW, contact=SafeContact.SMS), True),
        (
            replace(NEW, asked=Question.CONTACT, contact=SafeContact.SMS),
            replace(NEW, contact=SafeContact.CALL),
            False,
        ),
        (replace(NEW, asked=Question.CONTACT), NEW, False),
        # Where: by the list of answers alone.
        (replace(NEW, asked=Question.WHERE), replace(NEW, stored=True, danger=True), False),
        (replace(NEW, asked=Question.WHERE), replace(NEW, answered=frozenset({Question.WHERE})), True),
    ],
)
def test_a_question_is_answered_by_what_it_asks_for(
    before: Dialogue, after: Dialogue, answered: bool
) -> None:
    expected = frozenset({before.asked}) if answered else frozenset()
    assert taken(before, after) == (frozenset(), expected)


def test_what_was_told_before_it_was_asked_is_no_step() -> None:
    told = replace(NEW, asked=Question.WHERE, answered=frozenset({Question.WHERE}))
    assert taken(told, replace(told, asked=Question.CONTACT)) == (frozenset({Question.CONTACT}), frozenset())
    assert taken(NEW, NEW) == (frozenset(), frozenset())
