"""Each question is counted once when it is reached and once when it is answered; what was said is not."""

from __future__ import annotations

from collections import Counter

from grievance.rules.dialogue import Dialogue, Question
from grievance.rules.steps import taken
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
