"""How does a complaint told or given on paper get in? One form, by the same door as any other."""

from __future__ import annotations

from flask import render_template, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from grievance.actions import cases, places
from grievance.schemas.report import AssistedIn
from grievance.vocabulary import Channel
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.desk import reasons
from grievance.web.desk.forms import given, wrong_fields
from grievance.web.desk.room import blueprint
from grievance.web.desk.typed import NOTHING, Typed
from grievance.web.public.reading import today_there

ACT = "assisted"


@blueprint.get("/new")
def new_case() -> str:
    """The empty form."""
    return form(NOTHING)


@blueprint.post("/new")
def assisted() -> Response | str | tuple[str, int]:
    """Takes the complaint in; the answer itself shows the code to hand over, its address tells nothing."""
    told = {**given("harms", "clues", "excluded"), "channel": Channel.ASSISTED.value}
    now = utcnow()
    try:
        report = AssistedIn(today=today_there(now)).load(told)
    except ValidationError as error:
        return form(wrong(error)), 422
    received = cases.assisted(report, actor=current_actor(), now=now)
    return render_template("desk/received.html", received=received)


def form(typed: Typed) -> str:
    """The form, with what was typed."""
    sites = [(site.id, f"{site.name} ({site.province})") for site in places.sites()]
    return render_template("desk/new.html", typed=typed, sites=sites)


def wrong(error: ValidationError) -> Typed:
    """The form as it was sent, and what to put right."""
    fields = wrong_fields(error)
    told = tuple(reasons.of_field(name) for name in sorted(fields))
    return Typed(ACT, "", request.form, fields, told)
