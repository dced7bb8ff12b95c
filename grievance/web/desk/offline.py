"""How does a desk take a complaint where there is no network? On a page that seals, waits, and sends later.

The page holds nobody's name and no case, so a telephone may keep it. What is written there is sealed in the
browser to the desk's public triage key; here it is opened with the session of whoever sends it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request, url_for
from flask_babel import LazyString, gettext
from flask_wtf.csrf import generate_csrf
from marshmallow import ValidationError

from grievance.actions import slips
from grievance.actions.intake import Received
from grievance.actions.slips import DeskKey
from grievance.i18n import current_language
from grievance.rules.triage import Urgent
from grievance.schemas.report import AssistedIn
from grievance.schemas.slips import SlipIn
from grievance.terms import InvalidInput, Refused
from grievance.web import headers
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.desk import reasons, room, words
from grievance.web.desk.forms import wrong_fields
from grievance.web.public.reading import today_there

PAGE = "/desk/offline"
blueprint = Blueprint("offline", __name__, url_prefix=PAGE)
blueprint.context_processor(room.names)

SODIUM = ("sodium/libsodium-wrappers.mjs", "sodium/libsodium.mjs")
STYLES = ("staff.css", "desk.css")
# A style sheet names its pictures without the hash that our own addresses carry.
PICTURES = ("down.svg", "tick.svg", "dot.svg")


@blueprint.get("")
def page() -> Response:
    """The form, with the key to seal to; on a server without libsodium a sentence that says so."""
    key = slips.key_in_use(actor=current_actor())
    if key is None or not all((_static() / name).is_file() for name in SODIUM):
        return make_response(render_template("desk/offline.html", key=None))
    body = render_template("desk/offline.html", key=_told(key), urgent=Urgent)
    return headers.may_seal(make_response(body))


@blueprint.get("/worker.js")
def worker() -> Response:
    """The worker that keeps the page on the telephone; a new copy whenever one of its files is another."""
    code = (_static() / "offline-worker.js").read_text(encoding="utf-8")
    files = _files()
    name = hashlib.sha256("\n".join([code, *files]).encode()).hexdigest()[:10]
    shell = json.dumps({"name": f"offline-{name}", "page": PAGE, "files": files})
    response = make_response(f"const SHELL = {shell};\n{code}")
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Service-Worker-Allowed"] = PAGE
    return headers.allow(response, "connect-src 'self'")


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """What a telephone shows of the page among its programs: a word and a picture that tell nothing."""
    icon = {"src": url_for("static", filename="icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    told = {
        "id": PAGE, "start_url": PAGE, "scope": PAGE, "name": gettext("Form"), "short_name": gettext("Form"),
        "lang": current_language().value, "display": "standalone", "background_color": "#fafaf7",
        "theme_color": "#0b5d5e", "icons": [icon],
    }  # fmt: skip
    return Response(json.dumps(told), content_type="application/manifest+json")


@blueprint.get("/state")
def state() -> Response:
    """What a page that was kept for days must know anew: a form token, and the key in use."""
    key = slips.key_in_use(actor=current_actor())
    return jsonify(csrf=generate_csrf(), key=_told(key) if key else None)


@blueprint.post("/entries")
def take_in() -> Response | tuple[Response, int]:
    """One slip: the code of its case, which it may have been before. Refused, it stays on the telephone."""
    actor, now = current_actor(), utcnow()
    sent = SlipIn().load(request.form)
    before = slips.taken_before(sent.own_id, actor=actor)
    if before is not None:
        return _received(before)
    told = slips.opened(sent, actor=actor).as_told(today_there(now))
    try:
        report = AssistedIn(today=today_there(now)).load(told)
    except ValidationError as error:
        # Whoever opened it reads what they wrote: the page puts it back into the form, to be put right.
        return jsonify(told=_sentences(error), correct=told), 422
    received = slips.take_in(report, sent.own_id, actor=actor, now=now)
    return _received(received), 200 if received.already else 201


@blueprint.errorhandler(ValidationError)
@blueprint.errorhandler(InvalidInput)
def not_usable(error: ValidationError | InvalidInput) -> tuple[Response, int]:
    """What came is no slip, or does not open."""
    names = [error.field] if isinstance(error, InvalidInput) else ["sealed"]
    return jsonify(told=[str(reasons.of_field(name)) for name in names]), 422


@blueprint.errorhandler(Refused)
def refused(error: Refused) -> tuple[Response, int]:
    """This member cannot open it, or nobody can."""
    return jsonify(told=[str(reasons.of_refusal(error.reason))]), 409


def _received(received: Received) -> Response:
    said: list[LazyString] = [words.name(one) for one in received.urgent]
    return jsonify(code=received.code, say=[str(one) for one in said])


def _sentences(error: ValidationError) -> list[str]:
    return [str(reasons.of_field(name)) for name in sorted(wrong_fields(error))]


def _told(key: DeskKey) -> dict[str, Any]:
    public = base64.urlsafe_b64encode(key.public).decode().rstrip("=")
    return {"id": str(key.id), "public": public, "opens": key.opens}


def _files() -> list[str]:
    """The addresses of all that the page is made of, as its HTML and its style sheets name them."""
    own = [url_for("static", filename=name) for name in (*STYLES, *SODIUM, "offline.js", "icon.svg")]
    pictures = [url_for("static", filename=name).partition("?")[0] for name in PICTURES]
    return [url_for("bootstrap.static", filename="css/bootstrap.min.css", v="5"), *own, *pictures]


def _static() -> Path:
    return Path(str(current_app.static_folder))
