"""How is it said to a company: who wrote a line, what was just done, what was wrong with a form?"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from grievance.actions.case_values import ReferralSeen, Words
from grievance.labels import label
from grievance.reasons import sentence_of
from grievance.terms import ReferralAction, ReferralState
from grievance.vocabulary import RemedyKind

DONE: dict[str, LazyString] = {
    ReferralAction.ACKNOWLEDGE.value: _l("Receipt is confirmed. The deadline of the answer runs on."),
    ReferralAction.ASK.value: _l("The question is on its way. It moves no deadline by itself."),
    ReferralAction.ANSWER.value: _l("The answer is with the organisation, which tells the complainant."),
    ReferralAction.NOT_OURS.value: _l("The organisation reads why it is not yours, and decides."),
    ReferralAction.EXTEND.value: _l(
        "The deadline has moved. The organisation tells the complainant, with the reason."
    ),
    ReferralAction.PROMISE_REMEDY.value: _l("The promise stands in the record."),
    ReferralAction.DELIVER_REMEDY.value: _l("The delivery is recorded. The complainant has the last word."),
}
FIELDS: dict[str, LazyString] = {
    "text": _l("The text is missing, or too long."),
    "proof": _l("Write what shows that it was done."),
    "reason": _l("Write the reason."),
    "days": _l("Write a number of days within what is allowed."),
    "kind": _l("Choose what you will do."),
    "due_on": _l("Write the day, or leave it empty."),
    "remedy_id": _l("Choose which promise it is about."),
}
OTHER = _l("Something in the form cannot be used. Look at the marked fields.")
REFUSED: dict[str, LazyString] = {
    "already_confirmed_remedy": _l("The complainant has already confirmed this one."),
}


def done(what: str) -> LazyString | None:
    """What to say after something was done; nothing for a word that is none of ours."""
    return DONE.get(what)


def of_field(name: str) -> LazyString:
    """What to say about a field that is empty or wrong."""
    return FIELDS.get(name, OTHER)


def of_refusal(code: str) -> LazyString:
    """The sentence behind a refusal."""
    return REFUSED.get(code) or sentence_of(code)


def author(line: Words, me: str, desk_name: str) -> LazyString | str:
    """Who wrote a line, without a name: you, a colleague, or the organisation that refers."""
    if line.author == me:
        return _l("you")
    return (desk_name or _l("the organisation")) if line.ours else _l("a colleague")


def remedy_kinds() -> list[tuple[str, LazyString]]:
    """What can be promised, as choices."""
    return [(kind.value, label(kind)) for kind in RemedyKind]


def next_deed(one: ReferralSeen) -> ReferralAction | None:
    """The one thing that is owed now: first that somebody has it, then the answer."""
    wanted = {
        ReferralState.SENT: ReferralAction.ACKNOWLEDGE, ReferralState.ACKNOWLEDGED: ReferralAction.ANSWER,
    }.get(one.state)  # fmt: skip
    return wanted if wanted in one.moves else None
