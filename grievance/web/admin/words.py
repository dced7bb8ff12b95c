"""What are the choices of this room called?"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from grievance.actions.alarms import Alarm
from grievance.rules.dialogue import Question
from grievance.schemas.registry import IcocaStatus

NAMES: dict[IcocaStatus, LazyString] = {
    IcocaStatus.MEMBER: _l("Member of ICoCA"),
    IcocaStatus.AFFILIATE: _l("Affiliate of ICoCA"),
    IcocaStatus.OBSERVER: _l("Observer at ICoCA"),
    IcocaStatus.NONE: _l("Neither member nor affiliate"),
}

ALARMS: dict[Alarm, LazyString] = {
    Alarm.QUARANTINE_LATE: _l(
        "Messages kept apart have waited for more than a day: a desk must look at them."
    ),
    Alarm.SMS_BUDGET: _l(
        "The day's budget of SMS is used up: only urgent help and receipts still go out today."
    ),
    Alarm.SMS_PUMPING: _l(
        "Texts go out to very many numbers of one block: somebody may be earning from them."
        " Look at the channel and ask the operator."
    ),
}

STEPS: dict[Question, LazyString] = {
    Question.LANGUAGE: _l("Which language?"),
    Question.SAFETY: _l("May the CSO read and keep it?"),
    Question.DANGER: _l("Is somebody in danger now?"),
    Question.WHAT: _l("What happened?"),
    Question.WHERE: _l("Near which village or mine?"),
    Question.CONTACT: _l("Is the telephone their own?"),
    Question.CONSENT: _l("May a summary go to the companies?"),
    Question.SETTLED: _l("Does the answer settle it?"),
    Question.CHECK_IN: _l("How are they?"),
    Question.WITHDRAW: _l("Stop everything?"),
    Question.WHICH_DESK: _l("Which other CSO?"),
    Question.CODE: _l("Which code?"),
    Question.CODE_TO_WITHDRAW: _l("Which code, to withdraw?"),
}


def step_name(step: Question) -> LazyString:
    """What a question of the SMS dialogue asks."""
    return STEPS[step]


def choices(statuses: Iterable[IcocaStatus]) -> list[tuple[str, LazyString]]:
    """Pairs of value and name, for a form."""
    return [(status.value, NAMES[status]) for status in statuses]


def status_name(value: str | None) -> LazyString | str:
    """What a company is to ICoCA; a dash when nobody said."""
    return NAMES[IcocaStatus(value)] if value in set(IcocaStatus) else "–"
