"""Which closed cases will be erased, and when? A lead may keep one, with a reason."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from grievance.actions import holds, retention
from grievance.schemas.desk import WordsIn
from grievance.terms import CaseAction
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.desk.deeds import done
from grievance.web.desk.forms import given
from grievance.web.desk.room import blueprint, open_code


@blueprint.get("/endings")
def endings() -> str:
    """The closed cases of this desk that will go, and those that a lead keeps."""
    return render_template("desk/endings.html", lines=retention.near(current_actor(), utcnow()))


@blueprint.post("/cases/hold")
def hold() -> Response:
    """The case stays, whatever its age."""
    holds.hold(open_code(), WordsIn().load(given()), actor=current_actor(), now=utcnow())
    return done(CaseAction.HOLD)


@blueprint.post("/cases/lift_hold")
def lift_hold() -> Response:
    """The case may go when its time is over."""
    holds.lift(open_code(), WordsIn().load(given()), actor=current_actor(), now=utcnow())
    return done(CaseAction.LIFT_HOLD)
