"""How does somebody come back by web whose receipt is lost, or who wrote by SMS? The forms that let them."""

from __future__ import annotations

from flask import redirect
from werkzeug.wrappers import Response

from grievance.actions import receipts_given
from grievance.schemas.receipts import NewReceiptIn
from grievance.store import receipts
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.desk.forms import given
from grievance.web.desk.pages import case_page
from grievance.web.desk.room import blueprint, case_address, open_code
from grievance.web.step_up import proved


@blueprint.post("/cases/give_receipt")
@proved
def give_receipt() -> Response:
    """A new receipt, shown in this answer alone; by text it waits for the person's SUIVI."""
    asked = NewReceiptIn().load(given())
    receipt = receipts_given.give(open_code(), asked, actor=current_actor(), now=utcnow())
    if receipt is None:
        return redirect(case_address(open_code(), "give_receipt"), code=303)
    return case_page(receipt=receipts.shown(receipt))


@blueprint.post("/cases/open_way")
@proved
def open_way() -> Response:
    """The receipt that was texted opens the messages too."""
    receipts_given.open_way(open_code(), actor=current_actor(), now=utcnow())
    return redirect(case_address(open_code(), "open_way"), code=303)
