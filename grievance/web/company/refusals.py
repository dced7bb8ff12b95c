"""What happens when a form about a referral is refused? The same page again, with everything typed."""

from __future__ import annotations

from flask import Blueprint, request
from flask_babel import LazyString
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from grievance import http_errors
from grievance.http_errors import PAGES
from grievance.terms import InvalidInput, MoveNotAllowed, NotFound, Refused
from grievance.web.company import words
from grievance.web.company.pages import open_code, referral_page
from grievance.web.desk.typed import Typed

REFERRALS = "/referrals/"


def register(blueprint: Blueprint) -> None:
    """For one room: each refusal is answered on the page where it was caused."""
    blueprint.register_error_handler(ValidationError, not_valid)
    blueprint.register_error_handler(InvalidInput, invalid)
    blueprint.register_error_handler(Refused, refused)
    blueprint.register_error_handler(MoveNotAllowed, not_allowed)


def not_valid(error: ValidationError) -> Response:
    """A field is empty or cannot be used."""
    wrong = frozenset(error.messages_dict if isinstance(error.messages, dict) else ())
    return _again(422, wrong, tuple(words.of_field(name) for name in sorted(wrong)))


def invalid(error: InvalidInput) -> Response:
    """A field holds what cannot be used."""
    return _again(422, frozenset({error.field}), (words.of_field(error.field),))


def refused(error: Refused) -> Response:
    """A condition is missing."""
    return _again(409, frozenset(), (words.of_refusal(error.reason),))


def not_allowed(error: MoveNotAllowed) -> Response:
    """The referral has moved on since the page was loaded."""
    return _again(409, frozenset(), (PAGES[409].text,), gone=True)


def _again(
    status: int, wrong: frozenset[str], told: tuple[LazyString, ...], *, gone: bool = False
) -> Response:
    if REFERRALS not in request.path or not open_code():
        return http_errors.answer(status, told[0] if status == 409 else None, told if status == 422 else ())
    action = request.path.rpartition("/")[2]
    # Each promise of a remedy has a form of its own; what was typed belongs to one of them.
    about = request.form.get("remedy_id", "")
    refused_form = Typed(action, about, request.form, wrong, told, gone)
    try:
        return referral_page(typed=refused_form, status=status)
    except NotFound:  # Flask asks no second handler: a wrong form about what is not yours is not found either
        return http_errors.answer(404)
