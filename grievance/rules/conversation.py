"""What do we answer to a text message, and what did we learn from it?

Order: urgent help, language if unknown, safety and agreement, danger, what, where, contact, receipt. The
first words somebody writes are the story already; what comes after enriches it, and silence loses nothing.
No answer is not a No. After two answers that were not understood the text is taken as it is and we go on.
What each word asks for is in `requests`, what each question takes for an answer in `answers`.
"""

from __future__ import annotations

from dataclasses import replace

from grievance.rules.answers import QUESTIONS, late_no, no_call
from grievance.rules.dialogue import MAX_TURNS, CodeHeard, Dialogue, Heard, Question, Template, Turn
from grievance.rules.flow import (
    Said,
    give_help,
    give_receipt,
    go_on,
    guess_language,
    keep_story,
    put,
    spoken,
)
from grievance.rules.keywords import Parsed, parse
from grievance.rules.learned import GoOnByWeb, HandOver, Refused, Stop, Withdraw
from grievance.rules.lines import GIVES_WAY
from grievance.rules.requests import WORDS, call_me, follow, go_on_by_web, withdraw
from grievance.vocabulary import SafeContact

# Questions to which 3 is an answer of their own, so that there it cannot mean "do not ring".
_OF_THREE = {
    Question.CONTACT,
    Question.CONSENT,
    Question.SETTLED,
    Question.CHECK_IN,
    Question.WHICH_DESK,
}
_ASK_CODE = {Question.CODE, Question.CODE_TO_WITHDRAW, Question.CODE_FOR_WEB}
# For what a code was asked; a code by itself asks how the case stands.
_CODE_FOR = {Question.CODE_TO_WITHDRAW: withdraw, Question.CODE_FOR_WEB: go_on_by_web}
# What sends texts although the turn itself says nothing.
_SENDS = frozenset({HandOver(), GoOnByWeb()})


def reply(state: Dialogue, text: str, heard: Heard) -> Turn:
    """The turn that answers this text. Never raises; at most `MAX_TURNS` answers an hour, then silence.

    Lines are to be said in `Turn.state.language`, or `flow.DEFAULT_LANGUAGE` while that is unknown.
    """
    parsed = parse(text)
    if parsed.word is None and parsed.code and not _is_code(parsed.code, state, heard):
        parsed = Parsed()
    said = Said(text.strip(), parsed, heard)
    turn = Turn(replace(state, quiet=False, language=spoken(state, parsed.language, heard)))
    if parsed.story and said.text:
        turn = give_help(guess_language(state, turn, heard), heard)
    return _within_limit(state, _answer(turn, said), heard)


def rang(state: Dialogue, heard: Heard) -> Turn:
    """Somebody rang and hung up: a person is to ring them. Nothing is said: who rings often cannot read."""
    known = replace(state, quiet=False, language=spoken(state, None, heard))
    turn = call_me(Turn(known), Said("", Parsed(), heard))
    return Turn(replace(turn.state, asked=state.asked), (), turn.learned)


def after_silence(state: Dialogue, heard: Heard) -> Turn:
    """Ten minutes after a part of a story came in unanswered (`quiet`): the open question once more."""
    if not state.quiet or state.asked is None:
        return Turn(state)
    return _within_limit(state, put(Turn(replace(state, quiet=False)), state.asked, heard), heard)


def _answer(turn: Turn, said: Said) -> Turn:
    parsed, asked = said.parsed, turn.state.asked
    if parsed.word is not None:
        return WORDS[parsed.word](turn, said)
    if parsed.code:
        return _CODE_FOR.get(asked, follow)(turn, said) if asked else follow(turn, said)
    if parsed.choice == 3 and parsed.yes is None and _may_take_back(turn.state):
        return no_call(turn, said)
    if parsed.yes is False and parsed.choice is None and asked in {None, Question.WHAT, Question.WHERE}:
        return late_no(turn, said)
    return _unasked(turn, said) if asked is None else QUESTIONS[asked](turn, said)


def _unasked(turn: Turn, said: Said) -> Turn:
    """A text to which no question is open: a story, unless it is a bare answer or nothing at all."""
    state = turn.state
    if said.text and (said.parsed.story or state.received):
        return keep_story(turn, said)
    if said.text and not state.stored and not state.answered:
        return put(turn, Question.CODE, said.heard)
    return give_receipt(turn, said.heard) if state.received else go_on(turn, said.heard)


def _is_code(code: str, state: Dialogue, heard: Heard) -> bool:
    """Whether a text of this shape is meant as one: by their letters "blesse" and "gardes" could be codes."""
    asked_for = state.asked in _ASK_CODE or heard.code is CodeHeard.KNOWN
    return asked_for or any(letter.isdigit() for letter in code)


def _may_take_back(state: Dialogue) -> bool:
    promised = state.danger or (state.received and state.contact in {SafeContact.CALL, SafeContact.SMS})
    return promised and state.asked not in _OF_THREE and state.contact is not SafeContact.NOTHING


def _within_limit(before: Dialogue, turn: Turn, heard: Heard) -> Turn:
    """Two machines that answer each other stop: the hour ends with the receipt, then nothing is said."""
    speaks = bool(turn.say) or bool(_SENDS.intersection(turn.learned))
    if not speaks:
        return turn
    if before.turns >= MAX_TURNS:
        received = before.received and turn.state.received
        state = replace(turn.state, asked=None, told=before.told, received=received)
        return Turn(state, (), tuple(thing for thing in turn.learned if thing not in _SENDS))
    if before.turns == MAX_TURNS - 1:
        turn = _last_of_the_hour(before, turn, heard)
    return replace(turn, state=replace(turn.state, turns=before.turns + 1))


def _last_of_the_hour(before: Dialogue, turn: Turn, heard: Heard) -> Turn:
    ended = any(isinstance(thing, Refused | Stop | Withdraw) for thing in turn.learned)
    given = any(line.template in {Template.RECEIPT, Template.RECEIPT_QUIET} for line in turn.say)
    if ended or given or before.received or not turn.state.stored:
        return turn
    kept = tuple(line for line in turn.say if line.template not in GIVES_WAY)
    return give_receipt(replace(turn, say=kept), heard)
