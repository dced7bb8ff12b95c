"""Which coverage waits for its second person? For the overseer and the leads of the two desks concerned."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from grievance.actions import coverage, registry_seen
from grievance.terms import Role
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow

blueprint = Blueprint("confirmations", __name__, url_prefix="/coverage")


@blueprint.get("")
def coverages() -> str:
    """Every coverage that concerns the reader."""
    actor = current_actor()
    seen = [
        one
        for one in registry_seen.coverages(actor)
        if actor.role is Role.OVERSEER or actor.organisation_id in one.desk_ids
    ]
    return render_template("admin/confirmations.html", coverages=seen)


@blueprint.post("/<uuid:coverage_id>/confirm")
def confirm(coverage_id: UUID) -> Response:
    """The reader says that these two desks are right for this place."""
    coverage.confirm_coverage(coverage_id, actor=current_actor(), now=utcnow())
    return redirect(url_for(".coverages", done=1), code=303)
