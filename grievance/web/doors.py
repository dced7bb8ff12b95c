"""How do members come in and go out? Sign-in, sign-out, the first visit, the language they read."""

from __future__ import annotations

from io import BytesIO

import segno
from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from markupsafe import Markup
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from grievance.actions import entering, forgotten, joining, people
from grievance.actions.joining import Awaited
from grievance.actions.sign_in import WrongSignIn
from grievance.http_errors import answer
from grievance.schemas.people import JoinIn, LanguageIn, RecoverIn, SignInIn
from grievance.terms import InvalidInput, NotFound, Role
from grievance.web import WebSettings
from grievance.web.auth import current_actor, current_member, current_session
from grievance.web.clock import utcnow
from grievance.web.csrf import at_the_door
from grievance.web.doorway import doorway, is_tight
from grievance.web.headers import FORGET_BUT_SLIPS, path_here

blueprint = Blueprint("doors", __name__)

# Where each role's room is, and what it is called.
ROOMS = {
    Role.CASE_WORKER: "/desk/",
    Role.CASE_LEAD: "/desk/",
    Role.COMPANY: "/company/",
    Role.OVERSEER: "/oversight/",
    Role.ADMINISTRATOR: "/admin/",
}

ROOM_NAMES = {
    Role.CASE_WORKER: _l("Desk"),
    Role.CASE_LEAD: _l("Desk"),
    Role.COMPANY: _l("Company"),
    Role.OVERSEER: _l("Oversight"),
    Role.ADMINISTRATOR: _l("Administration"),
}


@blueprint.app_template_global()
def room_name() -> LazyString:
    """What the signed-in member's room is called; the service's own name at the door."""
    return ROOM_NAMES[current_user.role] if current_user.is_authenticated else _l("Grievances")


@blueprint.get("/sign-in")
def sign_in_page() -> str:
    """The one page with e-mail, password and code."""
    return render_template("doors/sign_in.html", wrong=False, tight=is_tight(""))


@blueprint.post("/sign-in", endpoint="sign_in")
@at_the_door
def come_in() -> Response:
    """Opens a session and leads to the member's room."""
    typed = SignInIn().load(request.form)
    cookie = entering.come_in(
        typed.email, typed.password, typed.second, doorway=doorway(typed.email), now=utcnow()
    )
    current_session().begin(cookie)
    return redirect(url_for(".room"), code=303)


@blueprint.errorhandler(WrongSignIn)
@blueprint.errorhandler(InvalidInput)
@blueprint.errorhandler(ValidationError)
def wrong(error: Exception) -> Response:
    """The same page again, and the same words whatever was wrong."""
    token = (request.view_args or {}).get("token")
    if token is None:
        page = "doors/recover.html" if request.endpoint == "doors.recover" else "doors/sign_in.html"
        tight = is_tight(request.form.get("email", ""))
        return make_response(render_template(page, wrong=True, tight=tight), 422)
    try:
        carried = request.form.get("carried", "")
        awaited = joining.awaited(token, token_key=_settings().token_key, now=utcnow(), carried=carried)
    except NotFound:  # an error in here has no handler of its own
        return answer(404)
    return make_response(_join_page(awaited, wrong=True), 422)


@blueprint.get("/join/<token>")
def join_page(token: str) -> str:
    """What an invited person sees: a password to choose, a picture for their phone, a code to type."""
    return _join_page(joining.awaited(token, token_key=_settings().token_key, now=utcnow()), wrong=False)


@blueprint.post("/join/<token>")
@at_the_door
def join(token: str) -> Response:
    """Takes them in, and shows their recovery key this one time."""
    typed, settings = JoinIn().load(request.form), _settings()
    joined = joining.join(
        token, typed, config_key=settings.config_key, token_key=settings.token_key, now=utcnow()
    )
    current_session().begin(joined.cookie)
    return make_response(
        render_template(
            "doors/joined.html", recovery_key=joined.recovery_key_text, made_keys=joined.made_keys
        )
    )


@blueprint.get("/recover")
def recover_page() -> str:
    """For a forgotten password."""
    return render_template("doors/recover.html", wrong=False, tight=is_tight(""))


@blueprint.post("/recover")
@at_the_door
def recover() -> Response:
    """Sets a new password by the printed key, and shows the next printed key this one time."""
    typed = RecoverIn().load(request.form)
    recovered = forgotten.recover(typed, doorway=doorway(typed.email), now=utcnow())
    current_session().begin(recovered.cookie)
    return make_response(
        render_template("doors/joined.html", recovery_key=recovered.recovery_key_text, made_keys=False)
    )


@blueprint.get("/room")
def room() -> Response:
    """To the member's own room."""
    return redirect(ROOMS[current_actor().role], code=303)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Ends the session for good, and the browser forgets what it kept, but for slips that still wait."""
    current_member()
    current_session().end()
    response = redirect(url_for(".sign_in_page"), code=303)
    response.headers.update(FORGET_BUT_SLIPS)
    return response


@blueprint.post("/language")
def language() -> Response:
    """The language a member reads in, from now on; back to the page they came from."""
    chosen = LanguageIn().load(request.form)
    people.choose_language(chosen["language"], actor=current_member())
    return redirect(path_here(request.referrer) if request.referrer else url_for(".room"), code=303)


def _join_page(awaited: Awaited, *, wrong: bool) -> str:
    return render_template("doors/join.html", awaited=awaited, picture=_picture(awaited.address), wrong=wrong)


def _picture(address: str) -> Markup:
    """A QR as SVG in the page itself, so that it lies at no address and in no cache."""
    drawn = BytesIO()
    segno.make(address, micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=True, border=4, dark="#1b1b18", light="#fff", omitsize=True
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - segno draws paths; the address is not in the markup


def _settings() -> WebSettings:
    settings: WebSettings = current_app.config["SETTINGS"]
    return settings
