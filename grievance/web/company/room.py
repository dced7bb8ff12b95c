"""What do the pages of a company share? Their blueprint, and who comes in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from grievance.web.company.pages import names

blueprint = Blueprint("company", __name__, url_prefix="/company")


@blueprint.context_processor
def room_names() -> dict[str, Any]:
    """What every template of this room may name."""
    return names()
