"""How does an organisation change its keys, and how far is it? A page beside its members."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.actions import fingerprints, key_changes
from grievance.actions.people import CARERS
from grievance.schemas.people import KindsIn
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.step_up import proved

blueprint = Blueprint("key_changes", __name__, url_prefix="/members/keys")


@blueprint.get("")
def changes() -> str:
    """What waits for a second person, what is still sealed to older keys, and the form that starts."""
    actor = current_actor()
    seen = key_changes.seen(actor=actor)
    waits = {one.kind for one in seen.pending}
    keys = fingerprints.keys_seen(actor)
    held = [key.kind for key in keys if key.held and key.kind not in waits]
    return render_template(
        "staff/key_changes.html", seen=seen, held=held, may_care=actor.role in CARERS,
        prints={(key.kind, key.version): key.fingerprint for key in keys},
    )  # fmt: skip


@blueprint.post("")
@proved
def start() -> Response:
    """Makes the next version of the chosen keys."""
    chosen = KindsIn().load({"kinds": request.form.getlist("kinds")})
    key_changes.start(chosen["kinds"], actor=current_actor(), now=utcnow())
    return redirect(url_for(".changes", done=1), code=303)


@blueprint.post("/<uuid:key_id>/agree")
@proved
def agree(key_id: UUID) -> Response:
    """The second person's yes."""
    key_changes.agree(key_id, actor=current_actor(), now=utcnow())
    return redirect(url_for(".changes", done=1), code=303)


@blueprint.post("/seal-anew")
def seal_anew() -> Response:
    """One batch more; the page shows how far it is."""
    key_changes.seal_anew(actor=current_actor(), now=utcnow())
    return redirect(url_for(".changes"), code=303)
