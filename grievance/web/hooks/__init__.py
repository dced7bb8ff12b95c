"""Where do the SMS providers call in? Verify, seal, store one row, answer: nothing else happens here."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from grievance.actions import hearing, inbound
from grievance.actions.inbound import ChannelSeen, Heard, Seals
from grievance.gateways import gateway_for
from grievance.gateways.channels import channel_from
from grievance.gateways.contract import (
    Channel,
    DeliveryStatus,
    Forged,
    Gateway,
    Inbound,
    Malformed,
    RawRequest,
    Sign,
    Stale,
    StatusUpdate,
)
from grievance.gateways.phone_book import normal
from grievance.rules import calling
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
@blueprint.route("/sms/<secret>/<any(received, sent, delivered, failed):what>", methods=["GET", "POST"])
def generic(secret: str, what: str | None = None) -> Response:
    """A text or a report from any other gateway: the path is the proof, and its end may say which report."""
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
    if said is Sign.OFFLINE:
        inbound.note_offline(channel.id, now=now)
    elif said is None or isinstance(said, Sign):
        inbound.note_life(channel.id, pings=said is Sign.PING, now=now)
    else:
        # That a text failed is also said of a telephone that is away.
        lives = not (isinstance(said, StatusUpdate) and said.status is DeliveryStatus.FAILED)
        inbound.keep(channel.id, _told(said), seals=_seals(), called_us=lives, now=now)
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
    """Of an account's channels, the one whose number or SIM the call names; its only one where none is named.

    A telephone with two SIMs may not tell which of them a text came to; then it is one of its desk's.
    """
    told = _numbers(raw, kind)
    named = [row for row in candidates if row.number in told]
    if named:
        return _opened(named[0])
    one_telephone = kind is GatewayKind.SMSGATE and len({row.desk_id for row in candidates}) == 1
    if not (one_telephone or len(candidates) == 1):
        raise Forged("channel")
    opened = [_opened(row) for row in candidates]
    by_sim = [one for one in opened if one_telephone and one.account.sim == _sim(raw)]
    return (by_sim or opened)[0]


def _numbers(raw: RawRequest, kind: GatewayKind) -> set[str]:
    if kind is GatewayKind.TWILIO:
        told = {raw.form.get("To", ""), raw.form.get("From", "")}
        return told | {number.removeprefix(WHATSAPP) for number in told}
    payload = raw.json.get("payload")
    recipient = payload.get("recipient") if isinstance(payload, dict) else None
    return {recipient} if isinstance(recipient, str) else set()


def _sim(raw: RawRequest) -> int | None:
    payload = raw.json.get("payload")
    sim = payload.get("simNumber") if isinstance(payload, dict) else None
    return sim if isinstance(sim, int) else None


def _opened(row: ChannelSeen) -> Channel:
    settings = current_app.config["SETTINGS"]
    hidden = show_config(settings.config_key, row.secret_hidden, channel_label(row.id))
    return channel_from(row.id, row.kind, row.number, row.account, hidden, settings.public_url)


def _seals() -> Seals:
    settings = current_app.config["SETTINGS"]
    return Seals(settings.intake_public[-1][1], settings.config_key)


def _told(said: Inbound | StatusUpdate) -> Heard:
    if isinstance(said, StatusUpdate):
        error = said.error.value if said.error else None
        return hearing.report(said.own_id, said.provider_id, said.status.value, error, said.code)
    number = normal(said.sender)
    # An operator's "call me" comes from its short sender, with the person's number among its words.
    inside = calling.number_to_ring(said.text) if number is None else None
    ringing = normal(inside) if inside else None
    return hearing.text(
        said.provider_id, said.sender, number or ringing, said.text, said.sent_at,
        missed_call=said.missed_call or ringing is not None,
    )  # fmt: skip
