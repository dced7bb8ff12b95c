"""Which coverage waits for its second person? For the overseer and the leads of the two desks concerned."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from grievance.actions import coverage, coverage_seen
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.step_up import proved

blueprint = Blueprint("confirmations", __name__, url_prefix="/coverage")


@blueprint.get("")
def coverages() -> str:
    """Every coverage that concerns the reader."""
    return render_template("admin/confirmations.html", coverages=coverage_seen.coverages(current_actor()))


@blueprint.post("/<uuid:coverage_id>/confirm")
@proved
def confirm(coverage_id: UUID) -> Response:
    """The reader says that these two desks are right for this place."""
    coverage.confirm_coverage(coverage_id, actor=current_actor(), now=utcnow())
    return _done()


@blueprint.post("/<uuid:coverage_id>/end")
@proved
def end(coverage_id: UUID) -> Response:
    """The reader agrees that these two desks answer for this place no longer."""
    coverage.end_coverage(coverage_id, actor=current_actor(), now=utcnow())
    return _done()


@blueprint.post("/<uuid:coverage_id>/keep")
def refuse_end(coverage_id: UUID) -> Response:
    """The reader says no: everything stays as it is."""
    coverage.refuse_end(coverage_id, actor=current_actor(), now=utcnow())
    return _done()


def _done() -> Response:
    return redirect(url_for(".coverages", done=1), code=303)
