"""Who is the complainant? The forms by which a name and a number are asked for, agreed to, and opened."""

from __future__ import annotations

from uuid import UUID

from flask import redirect
from werkzeug.wrappers import Response

from grievance.actions import reveals
from grievance.schemas.desk import RevealIn
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.desk.forms import given
from grievance.web.desk.pages import case_page
from grievance.web.desk.room import blueprint, case_address, open_code
from grievance.web.step_up import proved


@blueprint.post("/cases/identity")
@proved
def identity() -> Response:
    """Asks for name and number. Where a call is owed they stand in this answer alone."""
    wish = RevealIn().load(given())
    shown = reveals.ask(open_code(), wish, actor=current_actor(), now=utcnow())
    if shown is None:
        return redirect(case_address(open_code(), "identity", "names"), code=303)
    return case_page(identity=shown)


@blueprint.post("/cases/reveals/<uuid:reveal>/look")
@proved
def look(reveal: UUID) -> Response:
    """Name and number, which a colleague agreed to, shown in this answer alone."""
    shown = reveals.look(open_code(), reveal, actor=current_actor(), now=utcnow())
    return case_page(identity=shown)


@blueprint.post("/cases/reveals/<uuid:reveal>/agree_reveal")
@proved
def agree_reveal(reveal: UUID) -> Response:
    """The second person agrees."""
    reveals.answer(open_code(), reveal, agrees=True, actor=current_actor(), now=utcnow())
    return redirect(case_address(open_code(), "agree_reveal", "names"), code=303)


@blueprint.post("/cases/reveals/<uuid:reveal>/refuse_reveal")
@proved
def refuse_reveal(reveal: UUID) -> Response:
    """The second person does not agree."""
    reveals.answer(open_code(), reveal, agrees=False, actor=current_actor(), now=utcnow())
    return redirect(case_address(open_code(), "refuse_reveal", "names"), code=303)
