"""What happens when a form is refused? The same page again: what is wrong, and everything that was typed."""

from __future__ import annotations

from flask import request
from flask_babel import LazyString
from marshmallow import ValidationError
from werkzeug.wrappers import Response as AnyResponse

from grievance import http_errors
from grievance.cleaning.kinds import FIELD
from grievance.http_errors import PAGES
from grievance.reasons import UNKNOWN, sentence_of
from grievance.terms import InvalidInput, MoveNotAllowed, NotFound, Refused
from grievance.web.desk import reasons
from grievance.web.desk.forms import wrong_fields
from grievance.web.desk.pages import case_page
from grievance.web.desk.room import blueprint, open_code
from grievance.web.desk.typed import Typed

UNSAFE = "POST"


@blueprint.errorhandler(ValidationError)
def not_valid(error: ValidationError) -> AnyResponse:
    """A field is empty or cannot be used."""
    wrong = wrong_fields(error)
    return again(422, wrong=wrong, told=tuple(reasons.of_field(name) for name in sorted(wrong)))


@blueprint.errorhandler(InvalidInput)
def invalid(error: InvalidInput) -> AnyResponse:
    """A field holds what cannot be used."""
    said = sentence_of(error.reason) if error.field == FIELD else reasons.of_field(error.field)
    return again(422, wrong=frozenset({error.field}), told=(said,))


@blueprint.errorhandler(Refused)
def refused(error: Refused) -> AnyResponse:
    """A condition is missing."""
    return again(409, told=(reasons.of_refusal(error.reason),))


@blueprint.errorhandler(MoveNotAllowed)
def not_allowed(error: MoveNotAllowed) -> AnyResponse:
    """The case has moved on since the page was loaded."""
    return again(409, told=(PAGES[409].text,), gone=True)


def again(
    status: int, *, told: tuple[LazyString, ...], wrong: frozenset[str] = frozenset(), gone: bool = False
) -> AnyResponse:
    """The page of the case with the refused form; where no case is named, a page of its own."""
    if request.method != UNSAFE or not open_code():
        return http_errors.answer(status, told[0] if status == 409 else None, told if status == 422 else ())
    try:
        return case_page(typed=typed(wrong=wrong, told=told or (UNKNOWN,), gone=gone), status=status)
    except NotFound:  # Flask asks no second handler: a wrong form about what is not yours is not found either
        return http_errors.answer(404)


def typed(
    *, wrong: frozenset[str] = frozenset(), told: tuple[LazyString, ...] = (), gone: bool = False
) -> Typed:
    """What this request's form holds. Its move is the last part of the address."""
    action = request.path.rpartition("/")[2]
    return Typed(action, request.args.get("referral", ""), request.form, wrong, told, gone)

