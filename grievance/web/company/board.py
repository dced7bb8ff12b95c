"""What must this company answer, and until when?"""

from __future__ import annotations

from flask import render_template, request

from grievance.actions import referrals
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.company.room import blueprint


@blueprint.get("/")
def board() -> str:
    """The referrals to this company, what is due first at the top; the finished ones on request."""
    over = request.args.get("show") == "over"
    lines = referrals.company_queue(current_actor(), utcnow(), over=over)
    return render_template("company/board.html", lines=lines, over=over)
