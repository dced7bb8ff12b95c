"""What came in a flood, and what of it is real? Looked at in bulk: many kept, many set aside, none lost."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.actions import quarantine, retention
from grievance.store.models import ApartState
from grievance.terms import InvalidInput
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.desk.room import blueprint

MOST = quarantine.MOST_AT_ONCE


@blueprint.get("/quarantine")
def quarantined() -> str:
    """The reports that wait, the same words together; or those that were set aside."""
    state = ApartState.SET_ASIDE if "set_aside" in request.args else ApartState.WAITING
    actor = current_actor()
    return render_template(
        "desk/quarantine.html", bundles=quarantine.seen(actor, state=state), state=state, states=ApartState,
        waiting=quarantine.count(actor), kept=_number("kept"), put_aside=_number("aside"),
        kept_days=retention.policy().set_aside.days,
    )  # fmt: skip


@blueprint.post("/quarantine/keep")
def keep_apart() -> Response:
    """Those ticked become ordinary cases."""
    kept = quarantine.keep(_ticked(), actor=current_actor(), now=utcnow())
    return redirect(url_for(".quarantined", kept=kept), code=303)


@blueprint.post("/quarantine/set_aside")
def set_aside() -> Response:
    """Those ticked are no complaints."""
    done = quarantine.set_aside(_ticked(), actor=current_actor(), now=utcnow())
    return redirect(url_for(".quarantined", aside=done), code=303)


def _ticked() -> list[UUID]:
    """The ids of every bundle that was ticked. Raises InvalidInput."""
    try:
        ids = [UUID(each) for bundle in request.form.getlist("ids") for each in bundle.split()]
    except ValueError:
        ids = []
    if not ids:
        raise InvalidInput("ids", "missing")
    return ids[:MOST]


def _number(name: str) -> int | None:
    told = request.args.get(name, "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 6 else None
