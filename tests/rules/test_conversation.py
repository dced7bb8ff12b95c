"""Does the SMS dialogue help first, lose nothing, and take nobody's silence for a No?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from grievance.rules import learned as told
from grievance.rules.conversation import after_silence, rang, reply
from grievance.rules.dialogue import MAX_TURNS, Dialogue, Duty, Question, Receipt, Template, Turn
from grievance.rules.flow import give_receipt
from grievance.rules.lines import time
from grievance.rules.triage import Urgent
from grievance.vocabulary import Language, SafeContact
from tests.rules.dialogues import FRENCH, HEARD, MINE, NOW, STORY, play


def test_a_whole_report_with_the_language_unknown_takes_six_answers_and_ends_with_the_receipt() -> None:
    played = play(STORY, "1", "oui", "2", "Kawama", "1")
    assert played.said == [
        [Template.LANGUAGE],
        [Template.SAFETY],
        [Template.DANGER],
        [Template.WHERE],
        [Template.CONTACT],
        [Template.RECEIPT],
    ]
    assert played.learned == [
        told.Story(STORY),
        told.LanguageChosen(Language.FRENCH),
        told.Agreed(),
        told.Where("Kawama"),
        told.Contact(SafeContact.CALL),
    ]


def test_a_report_that_begins_with_our_word_is_asked_what_happened_and_takes_six_answers() -> None:
    played = play("MALALAMIKO", "ndiyo", "hapana", "walinzi wamenipiga", "Kawama", "2")
    assert [templates[-1] for templates in played.said] == [
        Template.SAFETY,
        Template.DANGER,
        Template.WHAT,
        Template.WHERE,
        Template.CONTACT,
        Template.RECEIPT,
    ]
    assert played.last.state.language is Language.SWAHILI


def test_a_guessed_language_is_not_asked_for() -> None:
    assert play(STORY, heard=FRENCH).said == [[Template.SAFETY]]


@pytest.mark.parametrize(
    ("urgent", "help_line"),
    [
        (Urgent.DOG_BITE, Template.DOG_BITE),
        (Urgent.SEXUAL_VIOLENCE, Template.SEXUAL_VIOLENCE),
        (Urgent.HELD, Template.HELD),
        (Urgent.DANGER, Template.DANGER_ALONE),
    ],
)
def test_urgent_help_goes_out_before_any_question(urgent: Urgent, help_line: Template) -> None:
    assert play(STORY, heard=replace(FRENCH, urgent=(urgent,))).said == [[help_line, Template.SAFETY]]


@pytest.mark.parametrize("urgent", Urgent)
def test_with_the_language_unknown_urgent_help_is_one_sms_in_both_that_asks_for_it(urgent: Urgent) -> None:
    played = play(STORY, "2", heard=replace(HEARD, urgent=(urgent,)))
    assert len(played.said[0]) == 1
    assert played.said[0][0].value.endswith("_both")
    assert played.said[1] == [Template.SAFETY]


def test_no_urgent_help_is_cut_and_the_question_waits_for_the_next_turn() -> None:
    urgent = (Urgent.DOG_BITE, Urgent.HELD, Urgent.DANGER)
    played = play(STORY, "venez vite les amis", heard=replace(FRENCH, urgent=urgent))
    assert played.said == [[Template.DANGER_ALONE, Template.DOG_BITE, Template.HELD], [Template.SAFETY]]


def test_a_turn_of_two_helps_has_no_room_for_a_question() -> None:
    played = play(STORY, heard=replace(FRENCH, urgent=(Urgent.HELD, Urgent.DOG_BITE)))
    assert played.said == [[Template.DOG_BITE, Template.HELD]]


def test_the_same_urgent_help_is_given_once_in_a_dialogue() -> None:
    bitten = replace(FRENCH, urgent=(Urgent.DOG_BITE,))
    first = reply(Dialogue(), STORY, bitten)
    again = reply(first.state, "le chien m'a mordu la jambe", bitten)
    assert [line.template for line in again.say] == [Template.SAFETY]


def test_urgent_help_that_fell_into_the_silence_is_given_when_the_hour_is_over() -> None:
    bitten = replace(FRENCH, urgent=(Urgent.DOG_BITE,))
    silent = reply(Dialogue(language=Language.FRENCH, stored=True, received=True, turns=6), STORY, bitten)
    assert silent.say == ()
    later = reply(replace(silent.state, turns=0), "le chien m'a mordu", bitten)
    assert later.say[0].template is Template.DOG_BITE


def test_danger_in_the_silence_still_reaches_a_person() -> None:
    silent = reply(Dialogue(language=Language.FRENCH, stored=True, received=True, turns=6), "DANGER", HEARD)
    assert (silent.say, silent.learned) == ((), (told.Danger(),))


@pytest.mark.parametrize(
    ("duty", "line"),
    [
        (Duty(call_by=NOW), Template.DANGER_CALL),
        (Duty(next_at=NOW), Template.DANGER_LATER),
        (Duty(next_at=NOW, help_number="+243 000 000 000"), Template.DANGER_LATER_NUMBER),
        (Duty(), Template.DANGER_ALONE),
        (Duty(help_number="+243 000 000 000"), Template.DANGER_ALONE_NUMBER),
    ],
)
def test_a_call_is_promised_only_when_somebody_is_on_duty(duty: Duty, line: Template) -> None:
    played = play("HATARI", heard=replace(HEARD, duty=duty))
    assert played.said == [[line, Template.SAFETY]]
    assert played.learned == [told.Danger()]


def test_yes_to_danger_brings_help_and_the_next_question_and_is_not_asked_again() -> None:
    played = play(STORY, "1", "1", heard=FRENCH)
    assert played.said[-1] == [Template.DANGER_ALONE, Template.WHERE]
    assert told.Danger() in played.learned


def test_a_3_after_danger_takes_the_number_out_again() -> None:
    played = play("DANGER", "3", heard=replace(HEARD, duty=Duty(call_by=NOW)))
    assert played.learned == [told.Danger(), told.Contact(SafeContact.NOTHING)]
    assert Question.CONTACT not in {played.last.state.asked}


def test_a_3_after_the_receipt_takes_the_number_out_and_promises_nothing_more() -> None:
    played = play(STORY, "1", "2", "Kawama", "1", "3", heard=FRENCH)
    assert played.learned[-1] == told.Contact(SafeContact.NOTHING)
    assert played.said[-1] == [Template.RECEIPT_QUIET]


@pytest.mark.parametrize("answer", ["3", "non"])
def test_who_wants_nothing_sent_is_told_that_nothing_will_be(answer: str) -> None:
    played = play(STORY, "1", "2", "Kawama", answer, heard=FRENCH)
    assert played.said[-1] == [Template.RECEIPT_QUIET]
    assert played.learned[-1] == told.Contact(SafeContact.NOTHING)


def test_who_never_answered_the_contact_question_is_promised_nothing() -> None:
    played = play(STORY, "1", "2", "Kawama", "oui", "oui", heard=FRENCH)
    assert told.Contact(SafeContact.CALL) not in played.learned
    assert played.said[-1] == [Template.RECEIPT_QUIET]


@pytest.mark.parametrize("answer", ["Non", "2", "hapana", "apana"])
def test_no_erases_and_says_so(answer: str) -> None:
    played = play(STORY, answer, heard=FRENCH)
    assert played.learned == [told.Story(STORY), told.Refused()]
    assert played.said[-1] == [Template.AFTER_NO]
    assert not played.last.state.stored


def test_a_late_no_erases_too_when_nobody_said_yes() -> None:
    played = play(STORY, "bof", "bof", "1", "Non", heard=FRENCH)
    assert told.Refused() not in play(STORY, "bof", "bof", "1", heard=FRENCH).learned
    assert played.learned[-1] == told.Refused()


def test_a_no_after_the_receipt_asks_before_it_stops_anything() -> None:
    played = play("MALALAMIKO", "1", "2", "walinzi", "Kawama", "2", heard=HEARD)
    turn = reply(replace(played.last.state, turns=0), "hapana", HEARD)
    assert [line.template for line in turn.say] == [Template.WITHDRAW]
    assert turn.learned == ()


def test_two_answers_not_understood_are_kept_flagged_and_passed_over() -> None:
    played = play(STORY, "7", "bof", heard=FRENCH)
    assert played.said[1:] == [[Template.NOT_UNDERSTOOD, Template.SAFETY], [Template.DANGER]]
    assert played.learned == [
        told.Story(STORY),
        told.Flagged(Question.SAFETY, "7"),
        told.Flagged(Question.SAFETY, "bof"),
    ]
    assert not played.last.state.agreed


def test_a_story_instead_of_an_answer_stays_a_story_and_the_question_is_asked_again() -> None:
    played = play(STORY, "ils ont aussi pris son argent", heard=FRENCH)
    assert played.learned == [told.Story(STORY), told.Story("ils ont aussi pris son argent")]
    assert played.said[-1] == [Template.SAFETY]


def test_a_long_part_of_a_story_is_taken_in_silence_and_asked_about_ten_minutes_later() -> None:
    part = "et puis ils sont entrés dans la maison " * 4
    played = play(STORY, part, heard=FRENCH)
    assert played.last.say == ()
    assert played.learned[-1] == told.Story(part.strip())
    assert played.last.state.turns == 1
    asked = after_silence(played.last.state, FRENCH)
    assert [line.template for line in asked.say] == [Template.SAFETY]
    assert asked.state.asked == played.last.state.asked
    assert after_silence(asked.state, FRENCH) == Turn(asked.state), "it is asked once"


def test_silence_is_broken_for_nobody_who_was_answered_or_asked_nothing() -> None:
    fresh = Dialogue()
    assert after_silence(fresh, FRENCH) == Turn(fresh)
    answered = play(STORY, heard=FRENCH).last.state
    assert after_silence(answered, FRENCH) == Turn(answered)
    unasked = replace(answered, quiet=True, asked=None)
    assert after_silence(unasked, FRENCH) == Turn(unasked)


def test_six_answers_in_an_hour_are_enough_also_after_a_silence() -> None:
    part = "et puis ils sont entrés dans la maison " * 4
    state = play(STORY, part, heard=FRENCH).last.state
    assert after_silence(replace(state, turns=MAX_TURNS), FRENCH).say == ()


def test_the_end_of_a_story_uses_up_no_answer() -> None:
    played = play("PLAINTE", "1", "2", STORY, "FIN", "Kawama", "1")
    assert played.said[4] == []
    assert played.said[-1] == [Template.RECEIPT]


def test_words_after_the_receipt_are_added_without_showing_the_code_again() -> None:
    played = play(STORY, "1", "2", "Kawama", "1", heard=FRENCH)
    turn = reply(replace(played.last.state, turns=1), "ils sont revenus hier", HEARD)
    assert [line.template for line in turn.say] == [Template.ADDED]
    assert turn.learned == (told.Story("ils sont revenus hier"),)


def test_a_new_complaint_after_the_receipt_is_another_case() -> None:
    played = play(STORY, "1", "2", "Kawama", "1", heard=FRENCH)
    turn = reply(replace(played.last.state, turns=1), "PLAINTE", HEARD)
    assert turn.learned == (told.NewStory(),)
    assert [line.template for line in turn.say] == [Template.DANGER]


def test_the_sixth_answer_does_not_repeat_a_receipt_that_was_given() -> None:
    played = play("PLAINTE", "1", "2", STORY, "FIN", "Kawama", "2", heard=FRENCH)
    state = replace(played.last.state, turns=MAX_TURNS - 1)
    asked = reply(state, "SUIVI", replace(MINE, language=Language.FRENCH))
    assert Template.RECEIPT not in [line.template for line in asked.say]
    assert asked.say


def test_in_danger_the_receipt_names_the_day_of_the_call_that_was_promised() -> None:
    soon = NOW + timedelta(hours=1)
    later = replace(FRENCH, receipt=Receipt("7F3Q-82", NOW + timedelta(days=5)), duty=Duty(call_by=soon))
    state = play(STORY, "1", heard=FRENCH).last.state
    called = play("OUI", heard=later, state=replace(state, turns=MAX_TURNS - 1)).last
    (receipt,) = [line for line in called.say if line.template is Template.RECEIPT]
    calm = give_receipt(Turn(Dialogue(contact=SafeContact.SMS)), later).say[0]
    assert receipt.values["day"] == time(soon)
    assert calm.values["day"] == time(NOW + timedelta(days=5))


def test_who_rings_is_rung_back_and_nothing_is_said_nor_asked() -> None:
    turn = rang(Dialogue(), HEARD)
    assert turn.say == ()
    assert turn.learned == (told.CallBack(),)
    assert turn.state.contact is SafeContact.CALL
    assert turn.state.asked is None


def test_a_call_leaves_the_open_question_open_and_a_waiting_story_is_no_longer_waited_for() -> None:
    asked = play(STORY, heard=FRENCH).last.state
    turn = rang(replace(asked, quiet=True), HEARD)
    assert turn.say == ()
    assert told.CallBack() in turn.learned
    assert turn.state.asked is asked.asked is not None
    assert turn.state.quiet is False
    assert turn.state.language is Language.FRENCH
