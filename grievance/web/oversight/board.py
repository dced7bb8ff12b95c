"""What reached the overseer? Matters that climbed, appeals, complaints about a desk; and what could not."""

from __future__ import annotations

from flask import render_template, request

from grievance.actions import coverage_seen, queue, referrals, statistics
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.oversight.room import blueprint


@blueprint.get("/")
def board() -> str:
    """Referrals that climbed here, cases that the complainant brought here, and steps that were skipped."""
    actor, now = current_actor(), utcnow()
    over = request.args.get("show") == "over"
    return render_template(
        "oversight/board.html", lines=referrals.company_queue(actor, now, over=over), over=over,
        cases=queue.queue(actor, now, closed=over), missed=statistics.not_reached(actor),
        coverages=coverage_seen.waiting(actor),
    )  # fmt: skip
