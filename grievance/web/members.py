"""Who works in my organisation, and with which keys? One room for every kind of organisation."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.actions import fingerprints, keys, people, recovery
from grievance.actions.members_seen import member_seen, staff_seen
from grievance.actions.people import CARERS, ROLES_OF
from grievance.schemas.people import InviteIn, KindsIn, PaperIn, RoleIn
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.step_up import proved

blueprint = Blueprint("members", __name__, url_prefix="/members")


@blueprint.get("")
def members() -> str:
    """All members, the organisation's keys with their fingerprints, and the form that invites."""
    actor = current_actor()
    here = staff_seen(actor)
    return render_template(
        "staff/members.html", here=here, keys=fingerprints.keys_seen(actor),
        roles=sorted(ROLES_OF[here.kind]), may_care=actor.role in CARERS,
    )  # fmt: skip


@blueprint.post("")
@proved
def invite() -> str:
    """Invites somebody and shows the link this one time: we keep no copy, it is handed over by hand."""
    actor = current_actor()
    wanted = InviteIn().load({**request.form, "organisation_id": str(actor.organisation_id)})
    return _link(people.invite(wanted, actor=actor, now=utcnow()))


@blueprint.get("/<uuid:member_id>")
def member(member_id: UUID) -> str:
    """One member and what may be done."""
    actor = current_actor()
    here = staff_seen(actor)
    held = {key.kind for key in fingerprints.keys_seen(actor) if key.held}
    return render_template(
        "staff/member.html", one=member_seen(member_id, actor=actor), here=here,
        mine=[kind for kind in here.kinds if kind in held], may_care=actor.role in CARERS,
        roles=sorted(ROLES_OF[here.kind]),
    )  # fmt: skip


@blueprint.post("/<uuid:member_id>/invite-again")
@proved
def invite_again(member_id: UUID) -> str:
    """A new link for somebody who has not come yet."""
    return _link(people.invite_again(member_id, actor=current_actor(), now=utcnow()))


@blueprint.post("/<uuid:member_id>/reset")
@proved
def reset(member_id: UUID) -> str:
    """A new start for somebody who lost password or phone."""
    return _link(people.reset(member_id, actor=current_actor(), now=utcnow()))


@blueprint.post("/<uuid:member_id>/grant")
@proved
def grant(member_id: UUID) -> Response:
    """Gives keys."""
    chosen = KindsIn().load({"kinds": request.form.getlist("kinds")})
    keys.grant_keys(member_id, chosen["kinds"], actor=current_actor(), now=utcnow())
    return redirect(url_for(".member", member_id=member_id, done=1), code=303)


@blueprint.post("/<uuid:member_id>/take-back")
@proved
def take_back(member_id: UUID) -> Response:
    """Takes keys back."""
    chosen = KindsIn().load({"kinds": request.form.getlist("kinds")})
    keys.take_back_keys(member_id, chosen["kinds"], actor=current_actor(), now=utcnow())
    return redirect(url_for(".member", member_id=member_id, done=1), code=303)


@blueprint.post("/<uuid:member_id>/role")
@proved
def change_role(member_id: UUID) -> Response:
    """Other work from now on."""
    chosen = RoleIn().load(request.form)
    people.change_role(member_id, chosen["role"], actor=current_actor(), now=utcnow())
    return redirect(url_for(".member", member_id=member_id, done=1), code=303)


@blueprint.post("/<uuid:member_id>/disable")
@proved
def disable(member_id: UUID) -> Response:
    """Somebody left."""
    people.disable(member_id, actor=current_actor(), now=utcnow())
    return redirect(url_for(".members", done=1), code=303)


@blueprint.post("/recovery")
@proved
def print_recovery() -> str:
    """The organisation's keys for paper: the answer itself, kept nowhere."""
    printed = recovery.print_recovery(actor=current_actor(), now=utcnow())
    return render_template("staff/recovery.html", printed=printed)


@blueprint.post("/restore")
@proved
def restore() -> Response:
    """Keys typed from paper, for the member who typed them."""
    typed = PaperIn().load(request.form)["texts"]
    texts = [text for text in typed.splitlines() if text.strip()]
    recovery.restore_from_paper(texts, actor=current_actor(), now=utcnow())
    return redirect(url_for(".members", done=1), code=303)


@blueprint.get("/fingerprints")
def fingerprint_list() -> str:
    """For the overseer: every organisation's keys, to be compared by telephone."""
    return render_template(
        "staff/fingerprints.html", keys=fingerprints.keys_seen(current_actor(), of_all=True)
    )


@blueprint.post("/fingerprints/<uuid:key_id>")
@proved
def confirm_fingerprint(key_id: UUID) -> Response:
    """The fingerprint was read aloud and is the same."""
    fingerprints.confirm_fingerprint(key_id, actor=current_actor(), now=utcnow())
    return redirect(url_for(".fingerprint_list", done=1), code=303)


def _link(invited: people.Invited) -> str:
    address = current_app.config["PUBLIC_URL"] + url_for("doors.join_page", token=invited.token)
    return render_template("staff/invited.html", address=address, expires_at=invited.expires_at)
