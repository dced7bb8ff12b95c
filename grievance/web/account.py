"""What can a member look after themselves? Password, language, recovery key, passkeys, sessions."""

from __future__ import annotations

import json
from uuid import UUID

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from grievance.actions import account, passkeys
from grievance.actions.entering import NEEDS_PASSKEY
from grievance.actions.sign_in import Living
from grievance.reasons import sentence_of
from grievance.schemas.people import NewPasswordIn, PasskeyIn
from grievance.terms import Actor, InvalidInput, NotSignedIn, Refused
from grievance.web import WebSettings
from grievance.web.auth import current_member, current_session, must_add_passkey
from grievance.web.clock import utcnow
from grievance.web.doorway import site
from grievance.web.step_up import proved

blueprint = Blueprint("account", __name__, url_prefix="/account")

DONE: dict[str, LazyString] = {
    "password": _l("The new password is set. Everywhere else you are signed out."),
    "session": _l("That session is over."),
    "passkey": _l("The passkey is kept. From now on you can sign in with it."),
    "removed": _l("The passkey is removed."),
}
NAMELESS = "1"


@blueprint.get("")
def own() -> Response:
    """The member's own page."""
    return _page()


@blueprint.post("/password")
@proved
def change_password() -> Response:
    """Sets a new password; this browser goes on with a new session, every other one is over."""
    typed = NewPasswordIn().load(request.form)
    cookie = account.change_password(_living(), typed["password"], actor=current_member(), now=utcnow())
    current_session().begin(cookie)
    return _done("password")


@blueprint.post("/recovery")
@proved
def new_recovery_key() -> str:
    """Shows a fresh recovery key this one time."""
    text = account.new_recovery_key(_living(), actor=current_member(), now=utcnow())
    return render_template("account/recovery.html", recovery_key=text)


@blueprint.post("/sessions/<uuid:session_id>/end")
def end_session(session_id: UUID) -> Response:
    """Ends one session."""
    account.end_session(session_id, actor=current_member(), now=utcnow())
    return _done("session")


@blueprint.post("/sessions/end-others")
def end_others() -> Response:
    """Ends every session but this one."""
    account.end_others(_living(), actor=current_member(), now=utcnow())
    return _done("session")


@blueprint.post("/passkeys")
@proved
def add_passkey() -> Response:
    """Keeps what the browser made."""
    typed, actor = PasskeyIn().load(request.form), current_member()
    challenge = passkeys.challenge_of_new(
        typed["challenge"], _settings().token_key, utcnow(), _about(actor)
    )
    name = " ".join(typed["name"].split()) or NAMELESS
    passkeys.add(typed["passkey"], name, challenge, site(), actor=actor, now=utcnow())
    return _done("passkey")


@blueprint.post("/passkeys/<uuid:passkey_id>/remove")
@proved
def remove_passkey(passkey_id: UUID) -> Response:
    """Removes a passkey that was lost or is no longer used."""
    actor = current_member()
    passkeys.remove(passkey_id, must_keep_one=_needs_one(actor), actor=actor, now=utcnow())
    return _done("removed")


@blueprint.errorhandler(ValidationError)
@blueprint.errorhandler(InvalidInput)
@blueprint.errorhandler(Refused)
def wrong(error: Exception) -> Response:
    """The same page again, with what was not right."""
    if isinstance(error, Refused):
        return _page(told=sentence_of(error.reason), status=409)
    field = "field_password" if request.endpoint == "account.change_password" else "passkey_not_made"
    return _page(told=sentence_of(field), status=422)


def _page(*, told: LazyString | None = None, status: int = 200) -> Response:
    actor, living, now = current_member(), _living(), utcnow()
    challenge = passkeys.new_challenge(_settings().token_key, now, _about(actor))
    email = living.row.email if living.row else ""
    page = render_template(
        "account/own.html", email=email, sessions=account.sessions(living, actor=actor, now=now),
        passkeys=passkeys.of_member(actor), challenge=challenge, site=site(), told=told,
        options=json.dumps(passkeys.registration(actor, site(), challenge, email)),
        must_add=must_add_passkey(), needs_one=_needs_one(actor), nameless=NAMELESS,
        did=DONE.get(request.args.get("did", "")),
    )  # fmt: skip
    return make_response(page, status)


def _living() -> Living:
    living = current_session().living
    if living is None or living.member is None:
        raise NotSignedIn
    return living


def _needs_one(actor: Actor) -> bool:
    return actor.role in NEEDS_PASSKEY and not _settings().sample


def _about(actor: Actor) -> bytes:
    return actor.member_id.bytes if actor.member_id else b""


def _done(what: str) -> Response:
    return redirect(url_for(".own", did=what), code=303)


def _settings() -> WebSettings:
    settings: WebSettings = current_app.config["SETTINGS"]
    return settings
