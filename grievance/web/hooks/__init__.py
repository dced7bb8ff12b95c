"""Where do the SMS providers call in? Verify, seal, store one row, answer: nothing else happens here."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from grievance.actions import inbound
from grievance.actions.inbound import ChannelSeen, Heard, Kept, Seals
from grievance.gateways import gateway_for
from grievance.gateways.channels import channel_from
from grievance.gateways.contract import (
    Channel,
    Forged,
    Gateway,
    Inbound,
    Malformed,
    RawRequest,
    Stale,
    StatusUpdate,
)
from grievance.gateways.phone_book import normal
from grievance.store.config_values import channel_label
from grievance.store.numbers import show_config
from grievance.terms import CannotOpen, NotFound
from grievance.vocabulary import GatewayKind
from grievance.web.clock import utcnow

blueprint = Blueprint("hooks", __name__, url_prefix="/hooks")

LARGEST_CALL = 256 * 1024  # bytes; the longest text with all that a provider adds has far less
WHATSAPP = "whatsapp:"


@blueprint.post("/twilio/sms")
def twilio_sms() -> Response:
    """A text from Twilio."""
    return _hear(GatewayKind.TWILIO)


@blueprint.post("/twilio/status/<own_id>")
def twilio_status(own_id: str) -> Response:
    """What became of a text that we sent; our id is read from the path by the gateway."""
    return _hear(GatewayKind.TWILIO)


@blueprint.post("/smsgate")
def smsgate() -> Response:
    """A text, a report or a sign of life from a telephone."""
    return _hear(GatewayKind.SMSGATE)


@blueprint.post("/africastalking/<secret>")
def africastalking(secret: str) -> Response:
    """A text or a report from Africa's Talking, which signs nothing: the path is the proof."""
    return _hear(GatewayKind.AFRICASTALKING, secret)


@blueprint.route("/sms/<secret>", methods=["GET", "POST"])
def generic(secret: str) -> Response:
    """A text or a report from any other gateway: the path is the proof."""
    return _hear(GatewayKind.GENERIC, secret)


def _refuse(error: Exception) -> Response:
    """A stranger learns nothing; a provider that was misread keeps its text and tries again."""
    return Response(status=403)


for _error in (Forged, Stale, Malformed, NotFound, CannotOpen, RequestEntityTooLarge):
    blueprint.register_error_handler(_error, _refuse)


def _hear(kind: GatewayKind, secret: str | None = None) -> Response:
    now = utcnow()
    raw = _raw_request()
    gateway = gateway_for(kind)
    channel = _verified(gateway, kind, raw) if secret is None else _by_secret(gateway, kind, raw, secret)
    said = gateway.parse(channel, raw)
    heard = _told(said)
    if heard is None:
        inbound.note_life(channel.id, now=now)
    else:
        inbound.keep(channel.id, heard, seals=_seals(), now=now)
    body, content_type = gateway.acknowledge()
    return Response(body, content_type=content_type)


def _raw_request() -> RawRequest:
    request.max_content_length = LARGEST_CALL
    return RawRequest(
        method=request.method,
        path=request.path,
        query=request.query_string.decode("latin-1"),
        headers=dict(request.headers),
        body=request.get_data(),
    )


def _verified(gateway: Gateway, kind: GatewayKind, raw: RawRequest) -> Channel:
    """The channel that this call is for, proved by its signature. Raises Forged, Stale, Malformed."""
    account = gateway.claimed_account(raw)
    candidates = inbound.channels_of(kind, account) if account else ()
    channel = _named(candidates, raw, kind)
    gateway.verify(channel, raw, utcnow())
    return channel


def _by_secret(gateway: Gateway, kind: GatewayKind, raw: RawRequest, secret: str) -> Channel:
    """The channel whose secret stands in the path. All are compared, so that the time taken tells nothing."""
    told = secret.encode()
    channels = [_opened(row) for row in inbound.channels_of(kind)]
    ours = [one for one in channels if one.secret and hmac.compare_digest(one.secret.encode(), told)]
    if len(ours) != 1:
        raise Forged("secret")
    gateway.verify(ours[0], raw, utcnow())
    return ours[0]


def _named(candidates: tuple[ChannelSeen, ...], raw: RawRequest, kind: GatewayKind) -> Channel:
    """Of an account's channels, the one whose number the call names; its only one where none is named."""
    named = [row for row in candidates if row.number in _numbers(raw, kind)]
    if not named and len(candidates) != 1:
        raise Forged("channel")
    return _opened((named or list(candidates))[0])


def _numbers(raw: RawRequest, kind: GatewayKind) -> set[str]:
    if kind is GatewayKind.TWILIO:
        told = {raw.form.get("To", ""), raw.form.get("From", "")}
        return told | {number.removeprefix(WHATSAPP) for number in told}
    payload = raw.json.get("payload")
    recipient = payload.get("recipient") if isinstance(payload, dict) else None
    return {recipient} if isinstance(recipient, str) else set()


def _opened(row: ChannelSeen) -> Channel:
    settings = current_app.config["SETTINGS"]
    hidden = show_config(settings.config_key, row.secret_hidden, channel_label(row.id))
    return channel_from(row.id, row.kind, row.number, row.account, hidden, settings.public_url)


def _seals() -> Seals:
    settings = current_app.config["SETTINGS"]
    return Seals(settings.intake_public[-1][1], settings.config_key)


def _told(said: Inbound | StatusUpdate | None) -> Heard | None:
    if said is None:
        return None
    return _status(said) if isinstance(said, StatusUpdate) else _text(said)


def _text(said: Inbound) -> Heard:
    at = said.sent_at.isoformat() if said.sent_at else ""
    fields: dict[str, Any] = {
        "provider_id": said.provider_id,
        "sender": said.sender,
        "number": normal(said.sender),
        "text": said.text,
        "sent_at": at,
    }
    return Heard(Kept.TEXT, said.provider_id or (said.sender, at, said.text), fields)


def _status(said: StatusUpdate) -> Heard:
    fields: dict[str, Any] = {
        "own_id": said.own_id,
        "provider_id": said.provider_id,
        "status": said.status.value,
        "error": said.error.value if said.error else None,
        "code": said.code,
    }
    return Heard(Kept.STATUS, ("status", said.own_id or said.provider_id or "", said.status.value), fields)
