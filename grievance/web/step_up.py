"""Is it still the member who sits there? Asked before what weighs more; nothing that was typed is lost.

A form that comes too late is answered with a page that asks for the proof. The form itself waits in that
page, sealed, and goes on by itself once the proof is right.
"""

from __future__ import annotations

import functools
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from flask import Blueprint, current_app, make_response, redirect, render_template, request
from marshmallow import ValidationError
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from grievance.actions import entering
from grievance.actions.sign_in import Living, WrongSignIn
from grievance.schemas.people import ProofAgainIn
from grievance.store.sealing import Versions, lock_versioned, unlock_versioned
from grievance.terms import CannotOpen, NotProved, NotSignedIn
from grievance.web import WebSettings
from grievance.web.auth import current_session
from grievance.web.clock import utcnow
from grievance.web.doorway import doorway, is_tight

P = ParamSpec("P")
R = TypeVar("R")
Answer = Response | str
blueprint = Blueprint("step_up", __name__)
_PURPOSE = b"grievance form held for a proof 1"
GIVEN = "proof_password"


def proved(view: Callable[P, Answer]) -> Callable[P, Answer]:
    """Marks a view that weighs more: the member proved within five minutes who they are, or is asked now.

    What comes after the proof is the very request that was made, with the form as it was typed.
    """

    @functools.wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Answer:
        living = _living()
        if GIVEN in request.form:
            if not _proves(living):
                return _ask(living, request.form["proof_held"], wrong=True)
            request.form = _form_of(living)
        elif not living.is_proved(utcnow()):
            return _ask(living, _hold(living))
        return view(*args, **kwargs)

    return _asking(wrapper)


def proved_before(view: Callable[P, R]) -> Callable[P, R]:
    """The same for what a program asks, which fills in no page. Raises NotProved where the proof is older."""

    @functools.wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if not _living().is_proved(utcnow()):
            raise NotProved
        return view(*args, **kwargs)

    return _asking(wrapper)


@blueprint.post("/prove")
def prove() -> Answer:
    """For a page that was only to be read: after the proof, on to that page."""
    living = _living()
    held = _held(living, request.form.get("proof_held", ""))
    if not _proves(living):
        return _ask(living, request.form["proof_held"], wrong=True)
    return redirect(str(held["path"]), code=303)


@blueprint.app_errorhandler(entering.PasskeyMissing)
def passkey_missing(error: entering.PasskeyMissing) -> Response:
    """Whoever must have a passkey and has none comes no further than the page that makes one."""
    return redirect("/account", code=303)


def _asking(view: Callable[P, R]) -> Callable[P, R]:
    view.asks_for_proof = True  # type: ignore[attr-defined]  # a mark on the function itself
    return view


def _proves(living: Living) -> bool:
    try:
        typed = ProofAgainIn().load(request.form)
        email = living.row.email if living.row else ""
        entering.prove_again(
            living, typed.password, typed.second, doorway=doorway(email), now=utcnow()
        )
    except (WrongSignIn, ValidationError):
        return False
    return True


def _ask(living: Living, held: str, *, wrong: bool = False) -> Response:
    reading = _held(living, held)["method"] == "GET"
    email = living.row.email if living.row else ""
    page = render_template(
        "doors/prove.html", held=held, wrong=wrong, address="/prove" if reading else request.full_path,
        tight=is_tight(email), email=email,
    )  # fmt: skip
    return make_response(page, 422 if wrong else 403)


def _hold(living: Living) -> str:
    """This request as text for a hidden field, which only this session can give back."""
    kept = {
        "method": request.method,
        "path": request.full_path,
        "form": [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"],
    }
    sealed = lock_versioned(_keys(), _PURPOSE, json.dumps(kept).encode(), _bound(living))
    return urlsafe_b64encode(sealed).decode()


def _held(living: Living, text: str) -> dict[str, object]:
    """What a hidden field holds. Raises CannotOpen: altered, or of another session."""
    try:
        blob = urlsafe_b64decode(text.encode("ascii"))
    except ValueError:
        raise CannotOpen from None
    return cast(dict[str, object], json.loads(unlock_versioned(_keys(), _PURPOSE, blob, _bound(living))))


def _form_of(living: Living) -> ImmutableMultiDict[str, str]:
    """The form that waited, as it was typed, for the address that it was sent to. Raises CannotOpen."""
    held = _held(living, request.form["proof_held"])
    if held["path"] != request.full_path:
        raise CannotOpen
    return ImmutableMultiDict(cast(list[tuple[str, str]], held["form"]))


def _bound(living: Living) -> bytes:
    return str(living.session_id).encode()


def _living() -> Living:
    living = current_session().living
    if living is None or living.member is None:
        raise NotSignedIn
    return living


def _keys() -> Versions:
    settings: WebSettings = current_app.config["SETTINGS"]
    return settings.token_key
