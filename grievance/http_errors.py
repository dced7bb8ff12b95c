"""What does somebody see when we refuse? Each error of ours is answered here, once, in their language."""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog
from flask import Flask, Response, json, make_response, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from grievance.i18n import PUBLIC
from grievance.reasons import sentence_of
from grievance.terms import (
    Altered,
    Busy,
    CannotOpen,
    GrievanceError,
    InvalidInput,
    MoveNotAllowed,
    NotFound,
    NotProved,
    NotSignedIn,
    Refused,
    Unavailable,
)

log = structlog.get_logger()

# Machines call these; a page would mean nothing to them, and an empty answer tells a stranger nothing.
FOR_MACHINES = ("/hooks/", "/metrics")
# What is asked here is answered in the words of RFC 9457, in the language asked.
API = "/api/"
PROBLEM_JSON = "application/problem+json"
# Rooms in which people write; the page of an error hands back no password and no receipt typed at a door.
WRITING_ROOMS = frozenset({"public", "desk", "company", "oversight"})
DOORS = frozenset({"public.come_back"})
# The first part of a member's addresses; "prove" is the page that asks again who they are.
STAFF_ROOMS = frozenset({
    "desk", "company", "oversight", "admin", "members", "account", "coverage", "prove",
})  # fmt: skip


@dataclass(frozen=True)
class Page:
    """What an error page says: a heading, what to do, and the fields that were wrong."""

    title: LazyString
    text: LazyString
    wrong: tuple[LazyString, ...] = field(default=())


PAGES: dict[int, Page] = {
    400: Page(
        _l("We could not read this"),
        _l("Go back one page and send it again. What you wrote may still be there."),
    ),
    404: Page(_l("There is nothing here"), _l("The address is wrong, or this page is not yours to read.")),
    405: Page(_l("There is nothing here"), _l("The address is wrong, or this page is not yours to read.")),
    409: Page(
        _l("This is not possible now"),
        _l("Somebody may have been faster. Go back, load the page again and look."),
    ),
    413: Page(_l("This is too big"), _l("Send less text or a smaller file, or send it in parts.")),
    422: Page(
        _l("Something is missing or cannot be used"),
        _l("Go back one page: what you wrote is still there. Correct it and send it again."),
    ),
    429: Page(_l("Too many tries"), _l("Wait a little, then try again.")),
    500: Page(
        _l("Something went wrong here"),
        _l("Go back one page: what you wrote may still be there. Try again in a few minutes."),
    ),
    503: Page(
        _l("We could not save this"),
        _l("Nothing was recorded. Keep your text, go back one page and try again in a few minutes."),
    ),
}


SIGN_IN = Page(_l("Nobody is signed in"), _l("Sign in at /sign-in and send its cookie with the request."))
PROVE = Page(
    _l("This weighs more, so we ask again who you are"),
    _l("Sign in again at /sign-in and send the request with the new cookie, within five minutes."),
)
TO_WHOM = {401: SIGN_IN, 403: PROVE}
# What a machine is told to do, where the page would speak of going back.
TO_MACHINES: dict[int, LazyString] = {
    400: _l("Send one JSON object, in UTF-8."),
    415: _l("Send it as application/json."),
    422: _l("Correct what is named here and send it again."),
    500: _l("Send it again in a few minutes, with the same Idempotency-Key."),
    503: _l("Nothing was recorded. Send it again in a few minutes, with the same Idempotency-Key."),
}
NOT_USABLE = _l("This is missing or cannot be used.")

BUSY = _l("Too many people are here at once. Keep your text, wait a moment and try again.")
ALTERED = _l(
    "Something stored here does not open: it was altered or moved, or its key is gone."
    " Nothing was changed now. Tell the people who run this service."
)


def register(app: Flask) -> None:
    """One handler for each error of ours and for those of HTTP; no page carries a trace."""
    app.register_error_handler(NotSignedIn, _not_signed_in)
    app.register_error_handler(NotProved, lambda error: answer(403))
    app.register_error_handler(NotFound, lambda error: answer(404))
    app.register_error_handler(CannotOpen, lambda error: answer(404))
    app.register_error_handler(Altered, lambda error: answer(409, ALTERED))
    app.register_error_handler(MoveNotAllowed, lambda error: answer(409))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(InvalidInput, _invalid)
    app.register_error_handler(ValidationError, _not_valid)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(GrievanceError, lambda error: answer(400))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def answer(status: int, text: LazyString | None = None, wrong: tuple[LazyString, ...] = ()) -> Response:
    """The page of one status; to machines only the status."""
    if request.path.startswith(FOR_MACHINES):
        return Response(status=status)
    if request.path.startswith(API):
        return _problem(status, text, [("", str(sentence)) for sentence in wrong])
    page = PAGES.get(status, PAGES[400 if status < 500 else 500])
    said = Page(page.title, text or page.text, wrong)
    again = typed_here() if status == 503 else ()
    return make_response(render_template("errors/error.html", page=said, again=again, back=_back()), status)


def _back() -> str:
    """Where to begin again, from the address alone: what is missing and what is foreign get the same page."""
    first = request.path.lstrip("/").partition("/")[0]
    if first in {chosen.value for chosen in PUBLIC}:
        return f"/{first}/"
    return url_for("doors.room") if first in STAFF_ROOMS else "/"


def _problem(status: int, text: LazyString | None, wrong: list[tuple[str, str]]) -> Response:
    """What RFC 9457 calls a problem: fields by name, and never what stood in one."""
    page = TO_WHOM.get(status) or PAGES.get(status, PAGES[400 if status < 500 else 500])
    problem = {
        "type": "about:blank", "title": str(page.title), "status": status,
        "detail": str(text or TO_MACHINES.get(status, page.text)),
        "errors": [{"field": name, "detail": detail} for name, detail in wrong],
    }  # fmt: skip
    return Response(json.dumps(problem), status, content_type=PROBLEM_JSON)


def typed_here() -> tuple[tuple[str, str], ...]:
    """What this form held, so that the page that could not keep it can send it again as it is.

    Not every telephone still has a text when its owner goes back. Empty where nothing was written.
    """
    if request.method != "POST" or request.blueprint not in WRITING_ROOMS or request.endpoint in DOORS:
        return ()
    return tuple(request.form.items(multi=True))


def _not_signed_in(error: NotSignedIn) -> AnyResponse:
    if request.path.startswith(API):
        return answer(401)
    first = request.path.lstrip("/").partition("/")[0]
    if first in {chosen.value for chosen in PUBLIC}:
        return redirect(f"/{first}/suivi", code=303)
    return redirect(url_for("doors.sign_in"), code=303)


def _refused(error: Refused) -> Response:
    return answer(409, sentence_of(error.reason))


def _invalid(error: InvalidInput) -> Response:
    return answer(422, wrong=(sentence_of(error.reason),))


def _not_valid(error: ValidationError) -> Response:
    """Marshmallow's own words are English; what we say names the fields we have a sentence for."""
    fields = error.messages_dict if isinstance(error.messages, dict) else {}
    if request.path.startswith(API):
        return _problem(422, None, [(name, _why(told)) for name, told in fields.items()])
    return answer(422, wrong=tuple(sentence_of(f"field_{name}") for name in fields))


def _why(told: object) -> str:
    """Our own sentence about a field, where there is one."""
    own = [one for one in told if isinstance(one, LazyString)] if isinstance(told, list) else []
    return str(own[0] if own else NOT_USABLE)


def _unavailable(error: Unavailable) -> Response:
    response = answer(503, BUSY if isinstance(error, Busy) else None)
    response.headers["Retry-After"] = "60"
    return response


def _http(error: HTTPException) -> AnyResponse:
    """Redirects pass; every other error of HTTP gets our page."""
    if error.code is None or error.code < 400:
        return error.get_response()
    response = answer(error.code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _unknown(error: Exception) -> Response:
    """A fault of ours: the log takes its class and places, never its message."""
    log.error("fault", endpoint=request.endpoint, method=request.method, exc_info=error)
    return answer(500)
