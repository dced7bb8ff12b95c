"""On which numbers do people write, through which gateways, and which of them has gone silent?"""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.actions import registry, registry_seen
from grievance.gateways.channels import channel_from
from grievance.rules.calling import TELLS_OF_CALLS
from grievance.schemas.registry import ChannelIn
from grievance.vocabulary import GatewayKind, OrganisationKind
from grievance.web.admin.room import blueprint
from grievance.web.admin.settings import settings
from grievance.web.admin.webhooks import webhook_url
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow

SIGNED = frozenset({GatewayKind.TWILIO, GatewayKind.SMSGATE})


@blueprint.get("/channels")
def channels() -> str:
    """Every channel, and when it was last heard."""
    actor, now = current_actor(), utcnow()
    seen = registry_seen.channels(settings().config_key, actor)
    return render_template(
        "admin/channels.html", channels=[(one, one.silent(now)) for one in seen], kinds=list(GatewayKind),
        calls=TELLS_OF_CALLS, desks=[
            (one.id, one.name)
            for one in registry_seen.organisations(actor)
            if one.kind is OrganisationKind.CSO
        ],
    )  # fmt: skip


@blueprint.post("/channels")
def make_channel() -> Response:
    """Adds a channel; its page then shows what the gateway must be told."""
    made = registry.make_channel(
        ChannelIn().load(request.form), config_key=settings().config_key, actor=current_actor(), now=utcnow()
    )
    return redirect(url_for(".channel", channel_id=made.id, done=1), code=303)


@blueprint.get("/channels/<uuid:channel_id>")
def channel(channel_id: UUID) -> str:
    """One channel: the address and the secret that its gateway needs."""
    one = registry_seen.channel(channel_id, settings().config_key, current_actor())
    known = channel_from(one.id, one.kind, one.number, one.account, one.hidden, settings().public_url)
    return render_template(
        "admin/channel.html", one=one, silent=one.silent(utcnow()), signed=one.kind in SIGNED,
        calls=one.kind in TELLS_OF_CALLS, secret=known.secret,
        address=webhook_url(one.kind, known.secret, settings().public_url),
    )  # fmt: skip
