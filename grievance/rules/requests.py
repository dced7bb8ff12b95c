"""What does each of our words ask for, whatever question is open?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from grievance.rules import learned as told
from grievance.rules.dialogue import CodeHeard, Dialogue, Line, Question, Template, Turn
from grievance.rules.flow import INTAKE, Said, change, go_on, learn, put, resume, say
from grievance.rules.keywords import Word
from grievance.rules.lines import call_back_line, danger_line, status_line
from grievance.rules.triage import Urgent
from grievance.vocabulary import Language, SafeContact


def _new(turn: Turn, said: Said) -> Turn:
    if turn.state.received:
        kept = turn.state
        fresh = Dialogue(
            language=kept.language,
            agreed=kept.agreed,
            answered=kept.answered & {Question.SAFETY},
            turns=kept.turns,
        )
        turn = replace(learn(turn, told.NewStory()), state=fresh)
    return go_on(turn, said.heard)


def follow(turn: Turn, said: Said) -> Turn:
    """Tell how it stands to the number that may know, and ask what waits for them."""
    heard, code = said.heard, said.parsed.code
    if code and heard.code is not CodeHeard.KNOWN:
        return say(change(turn, asked=None), Line(Template.UNKNOWN_CODE))
    if heard.standing is None:
        return put(turn, Question.CODE, heard)
    turn = learn(change(turn, asked=None, about=code), told.Follow(code))
    turn = learn(turn, told.HandOver()) if heard.waiting else turn
    if heard.open is None or not heard.waiting:
        turn = say(turn, status_line(heard.standing))
    return turn if heard.open is None else put(turn, heard.open, heard)


def withdraw(turn: Turn, said: Said) -> Turn:
    """Ask whether to stop everything: one word by mistake must not."""
    code = said.parsed.code
    if code and said.heard.code is not CodeHeard.KNOWN:
        return say(change(turn, asked=None), Line(Template.UNKNOWN_CODE))
    if said.heard.standing is None and not turn.state.stored:
        return put(turn, Question.CODE_TO_WITHDRAW, said.heard)
    return put(change(turn, about=code), Question.WITHDRAW, said.heard)


def go_on_by_web(turn: Turn, said: Said) -> Turn:
    """A receipt for the web, to the number that may know of the case."""
    code = said.parsed.code
    if code and said.heard.code is not CodeHeard.KNOWN:
        return say(change(turn, asked=None), Line(Template.UNKNOWN_CODE))
    if said.heard.standing is None:
        return put(turn, Question.CODE_FOR_WEB, said.heard)
    return learn(change(turn, asked=None, about=code), told.GoOnByWeb())


def _help(turn: Turn, said: Said) -> Turn:
    return say(learn(turn, told.CallBack()), Line(Template.HELP))


def danger(turn: Turn, said: Said) -> Turn:
    """Somebody is in danger now: help first, then the questions."""
    turn = learn(change(turn, danger=True, told=turn.state.told | {Urgent.DANGER}), told.Danger())
    turn = say(turn, danger_line(said.heard.duty, both=turn.state.language is None))
    return change(turn, asked=None) if turn.state.received else go_on(turn, said.heard)


def _stop(turn: Turn, said: Said) -> Turn:
    return say(learn(change(turn, asked=None), told.Stop()), Line(Template.STOPPED))


def _start(turn: Turn, said: Said) -> Turn:
    turn = learn(turn, told.Start())
    return resume(turn, said.heard) if turn.state.received else go_on(turn, said.heard)


def call_me(turn: Turn, said: Said) -> Turn:
    """A person is to ring this telephone, so how to reach them is answered."""
    turn = learn(change(turn, contact=SafeContact.CALL), told.CallBack())
    turn = say(turn, call_back_line(said.heard))
    going_on = turn.state.stored and not turn.state.received
    return go_on(turn, said.heard) if going_on else change(turn, asked=None)


def _another(turn: Turn, said: Said) -> Turn:
    if not said.heard.desks:
        return call_me(turn, said)
    return put(change(turn, about=said.parsed.code), Question.WHICH_DESK, said.heard)


def _end(turn: Turn, said: Said) -> Turn:
    # The question that follows a story is on their screen already: asking twice would use up their answers.
    if turn.state.stored and turn.state.asked in INTAKE:
        return change(turn, quiet=True)
    return go_on(turn, said.heard)


def speak(language: Language) -> Callable[[Turn, Said], Turn]:
    """Go on in this language."""

    def chosen(turn: Turn, said: Said) -> Turn:
        turn = learn(change(turn, language=language), told.LanguageChosen(language))
        return say(turn, Line(Template.HELP)) if turn.state.received else go_on(turn, said.heard)

    return chosen


WORDS: dict[Word, Callable[[Turn, Said], Turn]] = {
    Word.NEW: _new,
    Word.FOLLOW: follow,
    Word.HELP: _help,
    Word.DANGER: danger,
    Word.STOP: _stop,
    Word.START: _start,
    Word.WITHDRAW: withdraw,
    Word.CALL_ME: call_me,
    Word.ANOTHER: _another,
    Word.END: _end,
    Word.WEB: go_on_by_web,
    Word.FRENCH: speak(Language.FRENCH),
    Word.SWAHILI: speak(Language.SWAHILI),
}
