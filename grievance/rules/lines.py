"""Which sentence says it? From what is known to the lines of a turn."""

from __future__ import annotations

from datetime import datetime

from grievance.rules.dialogue import Duty, Heard, Line, Question, Standing, Template
from grievance.rules.triage import Urgent

ASKS: dict[Question, Template] = {
    Question.LANGUAGE: Template.LANGUAGE,
    Question.SAFETY: Template.SAFETY,
    Question.DANGER: Template.DANGER,
    Question.WHAT: Template.WHAT,
    Question.WHERE: Template.WHERE,
    Question.CONTACT: Template.CONTACT,
    Question.CONSENT: Template.CONSENT,
    Question.SETTLED: Template.SETTLED,
    Question.CHECK_IN: Template.CHECK_IN,
    Question.WITHDRAW: Template.WITHDRAW,
    Question.WHICH_DESK: Template.WHICH_DESK,
    Question.CODE: Template.ASK_CODE,
    Question.CODE_TO_WITHDRAW: Template.ASK_CODE,
    Question.CODE_FOR_WEB: Template.ASK_CODE,
}
# Urgent help in one language, and in both while the language is unknown: those ask for the language as well.
HELPS: dict[Urgent, tuple[Template, Template]] = {
    Urgent.DOG_BITE: (Template.DOG_BITE, Template.DOG_BITE_BOTH),
    Urgent.SEXUAL_VIOLENCE: (Template.SEXUAL_VIOLENCE, Template.SEXUAL_VIOLENCE_BOTH),
    Urgent.HELD: (Template.HELD, Template.HELD_BOTH),
}
_CALL = (Template.DANGER_CALL, Template.DANGER_CALL_BOTH)
_LATER = (Template.DANGER_LATER, Template.DANGER_LATER_BOTH)
_LATER_NUMBER = (Template.DANGER_LATER_NUMBER, Template.DANGER_LATER_NUMBER_BOTH)
_ALONE = (Template.DANGER_ALONE, Template.DANGER_ALONE_BOTH)
_ALONE_NUMBER = (Template.DANGER_ALONE_NUMBER, Template.DANGER_ALONE_NUMBER_BOTH)
_DANGERS = frozenset({*_CALL, *_LATER, *_LATER_NUMBER, *_ALONE, *_ALONE_NUMBER})
URGENT_HELP = _DANGERS | {template for pair in HELPS.values() for template in pair}
# What the last answer of the hour leaves out for the receipt: nothing that asks would be answered.
GIVES_WAY = frozenset({*ASKS.values(), Template.WHICH_DESK_ONE, Template.NOT_UNDERSTOOD, Template.ADDED})
ASK_LANGUAGE_TOO = frozenset({Template.LANGUAGE}) | {t for t in URGENT_HELP if t.value.endswith("_both")}


def time(moment: datetime) -> str:
    """A time as a line carries it. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.isoformat()


def question_line(question: Question, heard: Heard) -> Line:
    """The line that asks this."""
    if question is Question.WHICH_DESK:
        values = dict(zip(("first", "second"), heard.desks, strict=False))
        return Line(Template.WHICH_DESK if len(values) == 2 else Template.WHICH_DESK_ONE, values)
    return Line(ASKS[question])


def help_line(urgent: Urgent, duty: Duty, *, both: bool) -> Line:
    """The urgent help for this, in both languages if theirs is unknown."""
    return danger_line(duty, both=both) if urgent is Urgent.DANGER else Line(HELPS[urgent][both])


def danger_line(duty: Duty, *, both: bool) -> Line:
    """Get safe first; who rings and by when, or that nobody does: a call is promised only by a roster."""
    if duty.call_by is not None:
        return Line(_CALL[both], {"hour": time(duty.call_by)})
    values = {"number": duty.help_number} if duty.help_number else {}
    if duty.next_at is None:
        return Line((_ALONE_NUMBER if values else _ALONE)[both], values)
    return Line((_LATER_NUMBER if values else _LATER)[both], {**values, "day_hour": time(duty.next_at)})


def receipt_line(heard: Heard, *, quiet: bool, danger: bool = False) -> Line:
    """The receipt; `quiet` when nothing will be sent unasked and they come back by themselves.

    In danger the day is that of the call which was just promised: no later date takes its weight away.
    """
    template = Template.RECEIPT_QUIET if quiet else Template.RECEIPT
    by, call = heard.receipt.answer_by, heard.duty.call_by
    day = min(by, call) if danger and call else by
    return Line(template, {"code": heard.receipt.code, "day": time(day)})


def status_line(standing: Standing) -> Line:
    """Stage, whose turn, by when; a date that has passed is called late."""
    values = {"stage": standing.stage.value}
    if standing.due_at is None or standing.turn is None:
        return Line(Template.STATUS_ENDED, values)
    template = Template.STATUS_LATE if standing.late else Template.STATUS
    return Line(template, {**values, "turn": standing.turn.value, "day": time(standing.due_at)})


def call_back_line(heard: Heard) -> Line:
    """That somebody rings, and by when if a time can be promised."""
    if heard.call_back_by is None:
        return Line(Template.CALL_BACK_SOON)
    return Line(Template.CALL_BACK, {"day_hour": time(heard.call_back_by)})
