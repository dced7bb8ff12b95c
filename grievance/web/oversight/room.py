"""What do the pages of the overseer share? Their blueprint, who comes in, and what templates may name."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from grievance.terms import CaseAction, CaseState
from grievance.web.company.pages import names
from grievance.web.oversight import words

blueprint = Blueprint("oversight", __name__, url_prefix="/oversight")


@blueprint.context_processor
def room_names() -> dict[str, Any]:
    """What every template of this room may name."""
    return names() | {"says": words, "CaseAction": CaseAction, "CaseState": CaseState}
