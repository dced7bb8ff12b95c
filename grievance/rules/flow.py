"""How does a turn grow? What we say next, what is kept, and how a dialogue goes on after anything."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from grievance.rules.dialogue import CodeHeard, Dialogue, Heard, Line, Question, Template, Turn
from grievance.rules.keywords import Parsed, code_in
from grievance.rules.learned import Danger, Flagged, Learned, OtherLanguage, Refused, Story
from grievance.rules.lines import ASK_LANGUAGE_TOO, help_line, question_line, receipt_line
from grievance.rules.triage import Urgent
from grievance.vocabulary import Language, SafeContact

# Schools teach writing in it; used only where nothing tells the person's own.
DEFAULT_LANGUAGE = Language.FRENCH
INTAKE = (
    Question.LANGUAGE,
    Question.SAFETY,
    Question.DANGER,
    Question.WHAT,
    Question.WHERE,
    Question.CONTACT,
)
LONG = 100  # characters; beyond, a text is one more part of a story and not the answer to a short question
WORDS_OF_A_STORY = 3
SMS_PER_TURN = 2
HELP_ORDER = (Urgent.DANGER, Urgent.DOG_BITE, Urgent.SEXUAL_VIOLENCE, Urgent.HELD)


@dataclass(frozen=True)
class Said:
    """One text, as our words see it, and what is known beside it."""

    text: str = field(repr=False)
    parsed: Parsed = field(repr=False)
    heard: Heard


def change(turn: Turn, **values: Any) -> Turn:
    """The turn with these fields of its state changed."""
    return replace(turn, state=replace(turn.state, **values))


def learn(turn: Turn, *learned: Learned) -> Turn:
    """The turn that also learned this."""
    return replace(turn, learned=turn.learned + learned)


def say(turn: Turn, line: Line) -> Turn:
    """The turn that also says this."""
    return replace(turn, say=(*turn.say, line))


def done(turn: Turn) -> Turn:
    """The open question is answered."""
    asked = turn.state.asked
    return change(turn, answered=turn.state.answered | ({asked} if asked else set()), misunderstood=0)


def next_question(state: Dialogue) -> Question | None:
    """The first question of the intake that nothing has answered yet; `None` when it is done."""
    known = {
        Question.LANGUAGE: state.language is not None,
        Question.DANGER: state.danger,
        Question.WHAT: state.stored,
        Question.CONTACT: state.contact is not None,
    }
    return next((q for q in INTAKE if q not in state.answered and not known.get(q)), None)


def put(turn: Turn, question: Question, heard: Heard) -> Turn:
    """Ask this, if the turn has room: two SMS. Without room it is asked in the next turn."""
    again = question is turn.state.asked
    turn = change(turn, asked=question, misunderstood=turn.state.misunderstood if again else 0)
    if question is Question.LANGUAGE and any(line.template in ASK_LANGUAGE_TOO for line in turn.say):
        return turn
    if len(turn.say) >= SMS_PER_TURN:
        return change(turn, asked=None)
    return say(turn, question_line(question, heard))


def go_on(turn: Turn, heard: Heard) -> Turn:
    """The next question of the intake, or the receipt."""
    question = next_question(turn.state)
    return give_receipt(turn, heard) if question is None else put(turn, question, heard)


def give_receipt(turn: Turn, heard: Heard) -> Turn:
    """The receipt, which ends the intake. Nothing is promised to a phone that we may not text or ring."""
    state = turn.state
    reachable = state.contact in {SafeContact.CALL, SafeContact.SMS}
    quiet = not reachable and not (state.danger and state.contact is None)
    return say(change(turn, asked=None, received=True), receipt_line(heard, quiet=quiet, danger=state.danger))


def resume(turn: Turn, heard: Heard) -> Turn:
    """After an answer that is not part of the intake: go on with it, or say that it was noted."""
    turn = change(turn, asked=None, misunderstood=0)
    begun = turn.state.stored or turn.state.answered
    if begun and not turn.state.received:
        return go_on(turn, heard)
    return say(turn, Line(Template.ADDED))


def give_help(turn: Turn, heard: Heard) -> Turn:
    """Urgent help that the words call for, each kind once in a dialogue, before anything else is said."""
    both = turn.state.language is None
    for urgent in HELP_ORDER:
        if urgent not in heard.urgent or urgent in turn.state.told:
            continue
        turn = change(turn, told=turn.state.told | {urgent})
        turn = say(turn, help_line(urgent, heard.duty, both=both))
        if urgent is Urgent.DANGER:
            turn = learn(change(turn, danger=True), Danger())
    return turn


def spoken(state: Dialogue, word: Language | None, heard: Heard) -> Language | None:
    """The language of this conversation, else that of the number's last case, else that of one of our words.

    French may be nothing but our default in that case; so there a word of the other language counts.
    """
    if state.language is not None:
        return state.language
    if heard.stored is DEFAULT_LANGUAGE:
        return word or heard.stored
    return heard.stored or word


def guess_language(before: Dialogue, turn: Turn, heard: Heard) -> Turn:
    """Take the guessed language if nothing tells another; note one that we do not speak."""
    if before.language is None and heard.other_language:
        return learn(turn, OtherLanguage())
    return change(turn, language=turn.state.language or heard.language)


def keep_story(turn: Turn, said: Said) -> Turn:
    """Their own words are kept, and we go on."""
    code = code_in(said.text) if said.heard.code is CodeHeard.KNOWN else None
    turn = learn(turn, Story(said.text, code))
    if code is not None and not turn.state.stored:
        return resume(change(turn, about=code), said.heard)
    turn = change(turn, stored=True)
    return say(turn, Line(Template.ADDED)) if turn.state.received else go_on(turn, said.heard)


def misunderstood(turn: Turn, said: Said) -> Turn:
    """Not an answer to the open question. Kept; asked once more; the second time flagged, and we go on."""
    question = turn.state.asked or Question.WHAT
    if len(said.text) > LONG and question in INTAKE and not turn.say:
        return change(learn(turn, Story(said.text)), stored=True, quiet=True)
    own_words = len(said.text.split()) >= WORDS_OF_A_STORY and said.parsed.story
    if turn.state.misunderstood >= 1:
        stored = turn.state.stored or own_words or (question is Question.WHAT and bool(said.text))
        return _take_as_it_is(change(turn, stored=stored), said, question)
    if own_words:
        turn = change(learn(turn, Story(said.text)), stored=True)
    elif said.text:
        turn = learn(turn, Flagged(question, said.text))
    turn = change(turn, misunderstood=1)
    if not own_words and not turn.say and question not in {Question.LANGUAGE, Question.WHAT, Question.CODE}:
        turn = say(turn, Line(Template.NOT_UNDERSTOOD))
    return put(turn, question, said.heard)


def _take_as_it_is(turn: Turn, said: Said, question: Question) -> Turn:
    if said.text:
        turn = learn(turn, Flagged(question, said.text))
    if question is Question.LANGUAGE:
        turn = change(turn, language=said.heard.language or DEFAULT_LANGUAGE)
    turn = done(turn)
    return go_on(turn, said.heard) if question in INTAKE else resume(turn, said.heard)


def refuse(turn: Turn) -> Turn:
    """No: everything of this dialogue goes, and it starts from nothing."""
    state = Dialogue(language=turn.state.language, turns=turn.state.turns)
    return Turn(state, (Line(Template.AFTER_NO),), (Refused(),))
