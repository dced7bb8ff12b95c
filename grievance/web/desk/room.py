"""What do all pages of the desk share? Their blueprint, who comes in, and what every template may name."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for

from grievance import vocabulary
from grievance.schemas.report import Incident, Share
from grievance.terms import CaseAction, Lane, ReferralAction, ReferralState, Role
from grievance.web.desk import tones, words
from grievance.web.desk.typed import NOTHING

blueprint = Blueprint("desk", __name__, url_prefix="/desk")


@blueprint.context_processor
def names() -> dict[str, Any]:
    """The choices that forms offer, and the words of this room."""
    return {
        "typed": NOTHING, "v": vocabulary, "words": words, "tones": tones, "Incident": Incident,
        "Share": Share, "Lane": Lane, "CaseAction": CaseAction, "Role": Role,
        "ReferralAction": ReferralAction, "ReferralState": ReferralState,
    }  # fmt: skip


def open_code() -> str:
    """The code of the case that this request is about; empty when none is named."""
    return request.args.get("code", "").strip().upper()


def case_address(code: str, done: str | None = None, anchor: str | None = None) -> str:
    """The page of a case; `done` names what was just done, so that the page can say so."""
    # Werkzeug leaves a value of None out of the address.
    return url_for("desk.case", code=code, did=done, _anchor=anchor)
