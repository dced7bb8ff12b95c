"""What does each question take for an answer?"""

from __future__ import annotations

from collections.abc import Callable

from grievance.rules import learned as told
from grievance.rules.dialogue import Line, Question, Template, Turn
from grievance.rules.flow import (
    LONG,
    Said,
    change,
    done,
    give_receipt,
    go_on,
    keep_story,
    learn,
    misunderstood,
    put,
    refuse,
    resume,
    say,
)
from grievance.rules.requests import call_me, danger, speak
from grievance.vocabulary import Language, SafeContact, Settled

CONTACTS = {1: SafeContact.CALL, 2: SafeContact.SMS, 3: SafeContact.NOTHING}
CONSENTS = {
    1: told.ConsentChoice.BOTH,
    2: told.ConsentChoice.PROVIDER,
    3: told.ConsentChoice.MINE,
    4: told.ConsentChoice.NOBODY,
}
SETTLEMENTS = {
    1: Settled.YES,
    2: Settled.PARTLY,
    3: Settled.NO,
    4: Settled.NOTHING_RECEIVED,
    5: Settled.ANOTHER_BODY,
}
CHECK_INS = {1: told.CheckInAnswer.GOOD, 2: told.CheckInAnswer.BAD}


def _language(turn: Turn, said: Said) -> Turn:
    chosen = {1: Language.FRENCH, 2: Language.SWAHILI}.get(said.parsed.choice or 0)
    if chosen:
        return speak(chosen)(turn, said)
    if turn.state.language and said.parsed.story and said.text:
        return keep_story(turn, said)
    return misunderstood(turn, said)


def _safety(turn: Turn, said: Said) -> Turn:
    if said.parsed.agrees is None:
        return misunderstood(turn, said)
    if not said.parsed.agrees:
        return refuse(turn)
    return go_on(learn(done(change(turn, agreed=True)), told.Agreed()), said.heard)


def _in_danger(turn: Turn, said: Said) -> Turn:
    if said.parsed.agrees is None:
        return misunderstood(turn, said)
    return danger(turn, said) if said.parsed.agrees else go_on(done(turn), said.heard)


def _what(turn: Turn, said: Said) -> Turn:
    return keep_story(turn, said) if said.parsed.story and said.text else misunderstood(turn, said)


def _where(turn: Turn, said: Said) -> Turn:
    if len(said.text) > LONG:
        return misunderstood(turn, said)
    return go_on(learn(done(turn), *([told.Where(said.text)] if said.text else [])), said.heard)


def _contact(turn: Turn, said: Said) -> Turn:
    how = CONTACTS.get(said.parsed.choice or (3 if said.parsed.yes is False else 0))
    if how is None:
        return misunderstood(turn, said)
    return go_on(learn(change(turn, contact=how), told.Contact(how)), said.heard)


def _consent(turn: Turn, said: Said) -> Turn:
    number = said.parsed.choice or (4 if said.parsed.yes is False else 0)
    if number == 5:
        return call_me(turn, said)
    choice = CONSENTS.get(number)
    return resume(learn(turn, told.Consent(choice)), said.heard) if choice else misunderstood(turn, said)


def _settled(turn: Turn, said: Said) -> Turn:
    by_word = {True: 1, False: 3, None: 0}[said.parsed.yes]
    choice = SETTLEMENTS.get(said.parsed.choice or by_word)
    return (
        resume(learn(turn, told.SettledAnswer(choice)), said.heard) if choice else misunderstood(turn, said)
    )


def _check_in(turn: Turn, said: Said) -> Turn:
    if said.parsed.choice == 3:
        return call_me(turn, said)
    answer = CHECK_INS.get(said.parsed.choice or 0)
    return resume(learn(turn, told.CheckIn(answer)), said.heard) if answer else misunderstood(turn, said)


def _confirm_withdrawal(turn: Turn, said: Said) -> Turn:
    if said.parsed.agrees is None:
        return misunderstood(turn, said)
    if not said.parsed.agrees:
        return resume(turn, said.heard)
    turn = change(learn(turn, told.Withdraw()), asked=None, received=True)
    return say(turn, Line(Template.WITHDRAWN))


def _which_desk(turn: Turn, said: Said) -> Turn:
    desks = said.heard.desks[:2]
    choice = (said.parsed.choice or 0) - 1
    if choice == len(desks):
        return call_me(turn, said)
    if not desks:  # none is left to offer: their words are kept, and a person rings
        return call_me(learn(turn, told.Flagged(Question.WHICH_DESK, said.text)), said)
    if not 0 <= choice < len(desks):
        return misunderstood(turn, said)
    return resume(learn(turn, told.AnotherDesk(choice)), said.heard)


def _code(turn: Turn, said: Said) -> Turn:
    if said.parsed.story and said.text:
        return keep_story(change(turn, asked=None), said)
    return misunderstood(turn, said)


def no_call(turn: Turn, said: Said) -> Turn:
    """A 3 after a call was promised, or after a number was given: it is taken out again."""
    turn = learn(change(turn, contact=SafeContact.NOTHING), told.Contact(SafeContact.NOTHING))
    return give_receipt(turn, said.heard) if turn.state.received else go_on(turn, said.heard)


def late_no(turn: Turn, said: Said) -> Turn:
    """A No where none was asked. Before any Yes it is the answer to "may we read it?", however late."""
    state = turn.state
    if not state.stored and not state.received:
        return put(turn, Question.CODE_TO_WITHDRAW, said.heard)
    if not state.agreed:
        return refuse(turn)
    if state.asked is None and state.received:
        return put(turn, Question.WITHDRAW, said.heard)
    return QUESTIONS[state.asked](turn, said) if state.asked else go_on(turn, said.heard)


QUESTIONS: dict[Question, Callable[[Turn, Said], Turn]] = {
    Question.LANGUAGE: _language,
    Question.SAFETY: _safety,
    Question.DANGER: _in_danger,
    Question.WHAT: _what,
    Question.WHERE: _where,
    Question.CONTACT: _contact,
    Question.CONSENT: _consent,
    Question.SETTLED: _settled,
    Question.CHECK_IN: _check_in,
    Question.WITHDRAW: _confirm_withdrawal,
    Question.WHICH_DESK: _which_desk,
    Question.CODE: _code,
    Question.CODE_TO_WITHDRAW: _code,
    Question.CODE_FOR_WEB: _code,
}
