"""What does the overseer read of a case that a complainant brought to it, and how does it decide?"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.actions import cases, proofs
from grievance.schemas.desk import AppealDecisionIn
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.company.pages import open_code
from grievance.web.journal import proof_file
from grievance.web.oversight.room import blueprint
from grievance.web.whole import read_whole


@blueprint.get("/cases")
@read_whole
def case() -> str:
    """One case, as far as its complainant let the overseer in: never identity, never notes."""
    actor = current_actor()
    seen = cases.seen(open_code(), actor, utcnow())
    return render_template("oversight/case.html", case=seen, me=actor.name)


@blueprint.get("/cases/proof")
def proof() -> Response:
    """A file of hashes which shows that the case existed on its day."""
    return proof_file(proofs.of_case(open_code(), actor=current_actor()))


@blueprint.post("/cases/decide_appeal")
def decide_appeal() -> Response:
    """The decision stands, or the case is open again."""
    decision = AppealDecisionIn().load({key: value for key, value in request.form.items() if value.strip()})
    cases.decide_appeal(open_code(), decision, actor=current_actor(), now=utcnow())
    return redirect(url_for(".board", done=1), code=303)
