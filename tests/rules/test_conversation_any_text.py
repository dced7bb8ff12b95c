"""Whatever anybody or any machine writes: does the dialogue stop, keep every story, and never fail?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from grievance.rules.conversation import reply
from grievance.rules.dialogue import MAX_TURNS, CodeHeard, Dialogue, Heard, Question, Receipt, Standing, Turn
from grievance.rules.keywords import WORDS, parse
from grievance.rules.learned import Flagged, NewStory, Refused, Story, Where
from grievance.rules.lines import URGENT_HELP
from grievance.rules.triage import Urgent
from grievance.terms import Role, Stage
from grievance.vocabulary import Language
from grievance.wording import say

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HEARD = Heard(Receipt("7F3Q-82", NOW))
TEXTS = st.one_of(
    st.sampled_from(sorted(WORDS)),
    st.sampled_from(["1", "2", "3", "4", "5", "9", "oui", "non", "ndiyo", "", "7F3Q-82", "SUIVI 7F3Q-82"]),
    st.text(max_size=40),
    st.text(min_size=101, max_size=200),
)
HEARDS = st.builds(
    Heard,
    receipt=st.just(HEARD.receipt),
    urgent=st.lists(st.sampled_from(Urgent), max_size=4).map(tuple),
    language=st.sampled_from([None, Language.FRENCH, Language.SWAHILI]),
    other_language=st.booleans(),
    code=st.sampled_from(CodeHeard),
    standing=st.sampled_from([None, Standing(Stage.CLOSED), Standing(Stage.EXAMINED, Role.COMPANY, NOW)]),
    open=st.sampled_from([None, Question.CONSENT, Question.SETTLED]),
    waiting=st.booleans(),
    desks=st.sampled_from([(), ("A",), ("A", "B"), ("A", "B", "C")]),
    call_back_by=st.sampled_from([None, NOW]),
)


def turns(exchange: list[tuple[str, Heard]]) -> list[Turn]:
    state, played = Dialogue(), []
    for text, heard in exchange:
        turn = reply(state, text, heard)
        state = turn.state
        played.append(turn)
    return played


@given(st.lists(st.tuples(TEXTS, HEARDS), max_size=20))
def test_nobody_gets_more_than_six_answers_in_an_hour_whatever_they_write(
    exchange: list[tuple[str, Heard]],
) -> None:
    played = turns(exchange)
    assert sum(bool(turn.say) for turn in played) <= MAX_TURNS
    for turn in played:
        questions = [line for line in turn.say if line.template not in URGENT_HELP]
        assert len(questions) <= 2
        assert len(turn.say) <= 2 or len(turn.say) - len(questions) >= 2


@given(st.lists(st.tuples(TEXTS, HEARDS), max_size=12))
def test_every_line_of_every_dialogue_can_be_said(exchange: list[tuple[str, Heard]]) -> None:
    for turn in turns(exchange):
        for line in turn.say:
            for language in (Language.FRENCH, Language.SWAHILI):
                assert say(line.template, language, **line.values)


@given(st.lists(st.tuples(TEXTS, HEARDS), max_size=12))
def test_own_words_are_kept_at_every_point_of_every_dialogue(exchange: list[tuple[str, Heard]]) -> None:
    for (text, _), turn in zip(exchange, turns(exchange), strict=True):
        if parse(text).story and text.strip():
            kept = [thing.text for thing in turn.learned if isinstance(thing, Story | Flagged | Where)]
            assert kept == [text.strip()]


@given(st.lists(TEXTS, max_size=20))
def test_slow_answers_end_as_well_because_no_question_is_asked_more_than_twice(texts: list[str]) -> None:
    state, asked = Dialogue(), 0
    for text in texts:
        turn = reply(replace(state, turns=0), text, HEARD)
        begun_again = any(isinstance(thing, Refused | NewStory) for thing in turn.learned)
        if begun_again or parse(text).word is not None:
            asked, state = 0, turn.state
            continue
        same = turn.state.asked is not None and turn.state.asked is state.asked and bool(turn.say)
        asked = asked + 1 if same else 0
        assert asked <= 2
        state = turn.state
