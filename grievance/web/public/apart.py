"""What finds somebody whose report came in a flood and is no case yet? When it is looked at; and regret."""

from __future__ import annotations

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from grievance.actions import quarantine
from grievance.actions.follow import NotKeptYet
from grievance.web.clock import utcnow
from grievance.web.public.room import blueprint

# Where a receipt leads other than to its page; the second wish was asked about on the page of the first.
FIELD, ERASE, ERASE_NOW = "vers", "effacer", "effacer-oui"


@blueprint.errorhandler(NotKeptYet)
def not_kept_yet(error: NotKeptYet) -> Response:
    """Until when somebody has looked; or the question whether all is to go; or that it went.

    No session stands behind such a receipt, so the receipt itself, typed or from its page, asks.
    """
    lang, now = (request.view_args or {}).get("lang", "fr"), utcnow()
    wished, possible = request.form.get(FIELD, ""), error.stands.may_be_taken_back(now)
    if wished == ERASE_NOW and quarantine.take_back(error.opening, now=now):
        return make_response(render_template("public/efface.html", lang=lang))
    page = "apart_effacer" if wished == ERASE and possible else "apart"
    body = render_template(
        f"public/{page}.html", lang=lang, stands=error.stands, receipt=request.form.get("recu", ""),
        possible=possible, too_late=wished in (ERASE, ERASE_NOW),
    )  # fmt: skip
    return make_response(body, 409 if wished == ERASE_NOW else 200)
