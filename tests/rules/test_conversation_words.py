"""What do our words, codes and later questions do in an SMS dialogue?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest

from grievance.rules import learned as told
from grievance.rules.conversation import rang, reply
from grievance.rules.dialogue import CodeHeard, Dialogue, Question, Template, as_stored, from_stored
from grievance.rules.triage import Urgent
from grievance.vocabulary import Language, SafeContact, Settled
from tests.rules.dialogues import FRENCH, HEARD, MINE, NOW, STORY, play


def test_neither_french_nor_swahili_is_kept_and_handed_to_a_person() -> None:
    played = play("balume bandi bankumine", heard=replace(HEARD, other_language=True))
    assert played.learned == [told.OtherLanguage(), told.Story("balume bandi bankumine")]
    assert played.said == [[Template.LANGUAGE]]


def test_stop_stops_messages_and_withdraws_nothing() -> None:
    played = play(STORY, "STOP", "j'ai encore une chose", heard=FRENCH)
    assert played.learned == [told.Story(STORY), told.Stop(), told.Story("j'ai encore une chose")]
    assert played.said[1:] == [[Template.STOPPED], [Template.SAFETY]]


def test_withdrawing_asks_to_confirm() -> None:
    asked = play("RETIRER 7F3Q-82", heard=MINE)
    assert asked.said == [[Template.WITHDRAW]]
    assert asked.learned == []
    confirmed = play("RETIRER 7F3Q-82", "1", heard=MINE)
    assert confirmed.learned == [told.Withdraw()]
    assert confirmed.said[-1] == [Template.WITHDRAWN]
    assert confirmed.last.state.about == "7F3Q-82"
    assert told.Withdraw() not in play("RETIRER 7F3Q-82", "2", heard=MINE).learned


@pytest.mark.parametrize("word", ["SUIVI", "RETIRER", "hali", "ondoa"])
def test_following_without_a_code_gets_the_same_answer_from_any_number(word: str) -> None:
    assert play(word).said == [[Template.ASK_CODE]]


@pytest.mark.parametrize("text", ["SUIVI 7F3Q-82", "7f3q82", "RETIRER 7F3Q 82"])
def test_an_unknown_code_and_another_phone_get_the_same_answer(text: str) -> None:
    played = play(text, heard=replace(HEARD, code=CodeHeard.UNKNOWN))
    assert played.said == [[Template.UNKNOWN_CODE]]
    assert played.learned == []


def test_a_code_from_its_own_number_tells_how_it_stands() -> None:
    played = play("7f3q 82", heard=MINE)
    assert played.said == [[Template.STATUS]]
    assert played.learned == [told.Follow("7F3Q-82")]
    assert dict(played.last.say[0].values) == {
        "stage": "examined",
        "turn": "case_worker",
        "day": NOW.isoformat(),
    }


def test_waiting_texts_are_handed_over_before_consent_is_asked() -> None:
    played = play("SUIVI 7F3Q-82", "2", heard=replace(MINE, waiting=True, open=Question.CONSENT))
    assert played.said[0] == [Template.CONSENT]
    assert played.learned == [
        told.Follow("7F3Q-82"),
        told.HandOver(),
        told.Consent(told.ConsentChoice.PROVIDER),
    ]


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        (Question.CONSENT, "1", told.Consent(told.ConsentChoice.BOTH)),
        (Question.CONSENT, "non", told.Consent(told.ConsentChoice.NOBODY)),
        (Question.CONSENT, "5", told.CallBack()),
        (Question.SETTLED, "oui", told.SettledAnswer(Settled.YES)),
        (Question.SETTLED, "hapana", told.SettledAnswer(Settled.NO)),
        (Question.SETTLED, "4", told.SettledAnswer(Settled.NOTHING_RECEIVED)),
        (Question.CHECK_IN, "2", told.CheckIn(told.CheckInAnswer.BAD)),
        (Question.CHECK_IN, "3", told.CallBack()),
        (Question.WHICH_DESK, "2", told.AnotherDesk(1)),
        (Question.WHICH_DESK, "3", told.CallBack()),
    ],
)
def test_a_question_on_a_case_takes_its_own_answers(
    question: Question, text: str, expected: told.Learned
) -> None:
    state = Dialogue(language=Language.FRENCH, asked=question, received=True, stored=True)
    heard = replace(HEARD, desks=("Une ONG", "Autre ONG"))
    assert play(text, heard=heard, state=state).learned == [expected]


@pytest.mark.parametrize("question", [Question.CONSENT, Question.CHECK_IN])
def test_a_bare_yes_never_chooses_among_several(question: Question) -> None:
    state = Dialogue(language=Language.FRENCH, asked=question, received=True, stored=True)
    assert play("oui", state=state).learned == [told.Flagged(question, "oui")]


def test_another_organisation_is_offered_by_name_or_else_a_call() -> None:
    assert play("AUTRE", heard=replace(HEARD, desks=("A", "B"))).said == [[Template.WHICH_DESK]]
    assert play("AUTRE").learned == [told.CallBack()]


def test_who_is_offered_no_organisation_any_more_is_rung_instead() -> None:
    offered = play("AUTRE", heard=replace(HEARD, desks=("A",)))
    assert play("1", state=offered.last.state).learned[-1] == told.CallBack()


def test_a_cry_for_help_raises_a_call_back_and_keeps_the_open_question() -> None:
    played = play(STORY, "AIDE", "oui", heard=FRENCH)
    assert told.CallBack() in played.learned
    assert played.learned[-1] == told.Agreed()


@pytest.mark.parametrize(("by", "line"), [(NOW, Template.CALL_BACK), (None, Template.CALL_BACK_SOON)])
def test_call_me_is_answered_with_a_time_only_if_there_is_one(by: datetime | None, line: Template) -> None:
    played = play("BIP", heard=replace(HEARD, call_back_by=by))
    assert played.said == [[line]]
    assert played.learned == [told.CallBack()]


def test_six_letters_that_could_be_a_code_are_still_a_story() -> None:
    assert play("gardes", heard=replace(FRENCH, code=CodeHeard.UNKNOWN)).learned == [told.Story("gardes")]


def test_the_sixth_answer_of_the_hour_is_the_receipt_and_then_there_is_silence() -> None:
    played = play(STORY, "?", "!", "bof", "bah", "hein", "encore un mot ici", "et un autre mot", heard=FRENCH)
    assert played.said[5][-1] in {Template.RECEIPT, Template.RECEIPT_QUIET}
    assert played.said[6:] == [[], []]
    assert played.learned[-1] == told.Story("et un autre mot")


def test_a_call_that_was_promised_is_said_beside_the_receipt() -> None:
    state = Dialogue(language=Language.FRENCH, asked=Question.SAFETY, stored=True, turns=5)
    assert play("RAPPEL", state=state).said == [[Template.CALL_BACK_SOON, Template.RECEIPT]]


def test_the_dialogue_can_be_put_away_and_taken_up_again_after_every_text() -> None:
    played = play(STORY, "1", "oui", "1", "Kawama", "1", heard=replace(HEARD, urgent=(Urgent.HELD,)))
    for earlier, _ in pairwise(played.turns):
        assert from_stored(as_stored(earlier.state)) == earlier.state


def test_nothing_a_person_wrote_shows_in_a_trace() -> None:
    heard = replace(MINE, language=Language.FRENCH)
    played = play(STORY, "Kawama derrière le puits", "SUIVI 7F3Q-82", heard=heard)
    shown = repr(played)
    assert "frère" not in shown
    assert "Kawama" not in shown
    assert "7F3Q" not in shown


FR, SW = Language.FRENCH, Language.SWAHILI


@pytest.mark.parametrize(
    ("ours", "stored", "text", "guess", "expected"),
    [
        # What this conversation speaks stays, whatever word or story comes, until the other is asked for.
        (FR, SW, "MALALAMIKO", None, FR),
        (SW, FR, "SUIVI", None, SW),
        (FR, None, "Mbwa ya walinzi imeniuma leo", SW, FR),
        (FR, FR, "SW", None, SW),
        (SW, SW, "FR", None, FR),
        # A new conversation speaks as the number's last case did.
        (None, SW, "PLAINTE", None, SW),
        (None, SW, "7F3Q-82", None, SW),
        (None, SW, "Les gardes ont battu mon frere", FR, SW),
        (None, FR, "Mbwa ya walinzi imeniuma leo", SW, FR),
        # But French may be nobody's choice there: a Swahili word is one.
        (None, FR, "MALALAMIKO", None, SW),
        (None, FR, "1", None, FR),
        # Of an unknown number the word counts, then the guess, then it is asked.
        (None, None, "HALI", FR, SW),
        (None, None, "SUIVI", SW, FR),
        (None, None, "Mbwa ya walinzi imeniuma leo", SW, SW),
        (None, None, "1", SW, None),
    ],
)
def test_which_language_is_spoken_and_who_changes_it(
    ours: Language | None, stored: Language | None, text: str, guess: Language | None,
    expected: Language | None,
) -> None:  # fmt: skip
    turn = reply(Dialogue(language=ours), text, replace(HEARD, stored=stored, language=guess))
    assert turn.state.language is expected


def test_a_known_number_s_story_in_another_language_is_a_call_back_and_answered_in_its_own() -> None:
    turn = reply(Dialogue(), "balume bandi bankumine", replace(HEARD, stored=SW, other_language=True))
    assert told.OtherLanguage() in turn.learned
    assert turn.state.language is SW


def test_who_rings_from_a_known_number_has_a_case_in_its_language() -> None:
    assert rang(Dialogue(), replace(HEARD, stored=SW)).state.language is SW


def test_every_place_of_a_conversation_is_stored_and_found_again() -> None:
    whole = Dialogue(
        language=Language.SWAHILI, asked=Question.CONTACT, misunderstood=1,
        answered=frozenset({Question.SAFETY}), danger=True, contact=SafeContact.SMS, stored=True, agreed=True,
        received=True, quiet=True, told=frozenset(Urgent), about="7F3Q-82", turns=3,
    )  # fmt: skip
    for state in (Dialogue(), whole):
        assert from_stored(json.loads(json.dumps(as_stored(state)))) == state
