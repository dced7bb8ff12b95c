"""How does it feel to report by SMS? A telephone for newcomers; it exists with fictional data only."""

from __future__ import annotations

import secrets
from pathlib import Path
from uuid import UUID

from flask import Blueprint, render_template, request
from marshmallow import EXCLUDE, Schema, fields, validate

from grievance.actions import registry_seen
from grievance.actions.registry_seen import ChannelShown
from grievance.web.admin import conversation, providers
from grievance.web.admin.conversation import Bubble
from grievance.web.admin.settings import settings
from grievance.web.clock import utcnow
from grievance.web.csrf import at_the_door

blueprint = Blueprint("phone", __name__, url_prefix="/admin/phone")

# Numbers of possible length that no operator of DR Congo has.
NOBODYS = r"^\+243(88|92|93|94|95)[0-9]{7}$"
LONGEST_TEXT = 1_600
WAITS = 3.0  # seconds for an answer; the page can be asked to look again
MOST_CARRIED = 200


class PhoneIn(Schema):
    """What the telephone's page sends."""

    class Meta:
        unknown = EXCLUDE

    channel = fields.UUID(required=True)
    number = fields.String(required=True, validate=validate.Regexp(NOBODYS))
    text = fields.String(load_default="", validate=validate.Length(max=LONGEST_TEXT))


@blueprint.get("")
def phone() -> str:
    """A telephone with a number of its own, not yet used."""
    return _page(None, f"+24388{secrets.randbelow(10**7):07d}", [], taken=True)


@blueprint.post("")
@at_the_door
def send() -> str:
    """Sends a text through our own hook, or only looks for answers when there is none."""
    typed = PhoneIn().load({name: value.strip() for name, value in request.form.items()})
    channel = registry_seen.channel(typed["channel"], settings().config_key)
    said = conversation.said_before(request.form.getlist("said")[-MOST_CARRIED:])
    only_looks = "look" in request.form or not typed["text"]
    taken = only_looks or _send(channel, typed["number"], typed["text"], said)
    return _page(channel.id, typed["number"], said, taken=taken)


def _send(channel: ChannelShown, number: str, text: str, said: list[Bubble]) -> bool:
    """Whether our hook took the text; then the page remembers it and waits a little for the answer."""
    now = utcnow()
    folder = _recorded()
    known = len(conversation.answers(folder, channel.number, number))
    call = providers.call_for(channel, number, text, public_url=settings().public_url, now=now)
    if not providers.make(call):
        return False
    said.append(Bubble(False, now, text))
    conversation.wait_for_more(folder, channel.number, number, known, WAITS)
    return True


def _page(channel_id: UUID | None, number: str, said: list[Bubble], *, taken: bool) -> str:
    channels = registry_seen.channels(settings().config_key)
    chosen = next((one for one in channels if one.id == channel_id), channels[0] if channels else None)
    heard = conversation.answers(_recorded(), chosen.number, number) if chosen and channel_id else []
    return render_template(
        "admin/phone.html", channels=channels, chosen=chosen, number=number, said=said, taken=taken,
        bubbles=sorted([*said, *heard], key=lambda bubble: bubble.at), longest=LONGEST_TEXT,
    )  # fmt: skip


def _recorded() -> Path:
    return settings().recorded or Path()
