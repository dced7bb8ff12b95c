"""Who can be rung when somebody is in danger? The roster that the lead keeps."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from grievance.actions import duty
from grievance.gateways import phone_book
from grievance.schemas.duty import Turn, TurnIn
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.desk import reasons
from grievance.web.desk.forms import given, wrong_fields
from grievance.web.desk.room import blueprint
from grievance.web.desk.typed import NOTHING, Typed

ACT = "duty"


@blueprint.get("/duty")
def duty_roster() -> str:
    """The turns that are not over; the lead adds and removes."""
    return page(NOTHING)


@blueprint.post("/duty")
def add_turn() -> Response | tuple[str, int]:
    """One more turn; its number is hidden at once and shown to nobody again."""
    try:
        turn = checked(TurnIn().load(given()))
    except ValidationError as error:
        return page(wrong(error)), 422
    key = current_app.config["SETTINGS"].config_key
    duty.add_turn(turn, config_key=key, actor=current_actor(), now=utcnow())
    return redirect(url_for(".duty_roster", done=1), code=303)


@blueprint.post("/duty/<uuid:turn>/remove")
def remove_turn(turn: UUID) -> Response:
    """A turn that will not be taken."""
    duty.remove_turn(turn, actor=current_actor(), now=utcnow())
    return redirect(url_for(".duty_roster", done=1), code=303)


def checked(turn: Turn) -> Turn:
    """The turn with its number as networks write it. Raises ValidationError."""
    number = phone_book.normal(turn.number)
    if number is None:
        raise ValidationError("unknown", "number")
    return Turn(turn.member_id, turn.starts_at, turn.ends_at, number)


def page(typed: Typed) -> str:
    """The roster and, for the lead, the form."""
    return render_template("desk/duty.html", roster=duty.roster(current_actor(), utcnow()), typed=typed)


def wrong(error: ValidationError) -> Typed:
    """The form as it was sent, and what to put right."""
    fields = wrong_fields(error)
    return Typed(ACT, "", request.form, fields, tuple(reasons.of_field(name) for name in sorted(fields)))
