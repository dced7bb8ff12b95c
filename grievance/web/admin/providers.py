"""How would a provider call us with this text? Signed with the channel's secret, as it would really come."""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from uuid import uuid4

from twilio.request_validator import RequestValidator

from grievance.actions.registry_seen import ChannelShown
from grievance.gateways.channels import channel_from
from grievance.vocabulary import GatewayKind
from grievance.web.admin.webhooks import webhook_url

PATIENCE = 10.0  # seconds
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Call:
    """One call of a provider, ready to be made."""

    address: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def call_for(channel: ChannelShown, sender: str, text: str, *, public_url: str, now: datetime) -> Call:
    """The call that this channel's provider would make for a text from `sender` (E.164)."""
    known = channel_from(
        channel.id, channel.kind, channel.number, channel.account, channel.hidden, public_url
    )
    address = webhook_url(channel.kind, known.secret, public_url)
    match channel.kind:
        case GatewayKind.TWILIO:
            return _twilio(address, known.secret, _twilio_fields(channel, sender, text))
        case GatewayKind.SMSGATE:
            return _smsgate(address, known.secret, _smsgate_event(channel, sender, text, now), now)
        case GatewayKind.AFRICASTALKING | GatewayKind.GENERIC:
            fields = {
                "from": sender, "to": channel.number, "text": text, "date": now.isoformat(),
                "id": str(uuid4()), "linkId": str(uuid4()),
            }  # fmt: skip
            return Call(address, {"Content-Type": FORM}, urlencode(fields).encode())


def make(call: Call) -> bool:
    """Makes the call by HTTP; whether our hook took it."""
    request = urllib.request.Request(call.address, call.body, call.headers, method="POST")  # noqa: S310 - ours
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - our own address
            return 200 <= int(answer.status) < 300
    except (urllib.error.URLError, OSError):
        return False


def _twilio_fields(channel: ChannelShown, sender: str, text: str) -> dict[str, str]:
    return {
        "MessageSid": f"SM{uuid4().hex}", "AccountSid": channel.account or "", "From": sender,
        "To": channel.number, "Body": text, "NumMedia": "0", "NumSegments": "1",
    }  # fmt: skip


def _twilio(address: str, secret: str, fields: dict[str, str]) -> Call:
    signature = RequestValidator(secret).compute_signature(address, fields)
    return Call(
        address, {"Content-Type": FORM, "X-Twilio-Signature": str(signature)}, urlencode(fields).encode()
    )


def _smsgate_event(channel: ChannelShown, sender: str, text: str, now: datetime) -> bytes:
    payload = {
        "messageId": uuid4().hex[:16], "message": text, "sender": sender, "recipient": channel.number,
        "simNumber": 1, "receivedAt": now.isoformat(),
    }  # fmt: skip
    event = {
        "deviceId": channel.account, "event": "sms:received", "id": str(uuid4()), "webhookId": "exemple",
        "payload": payload,
    }  # fmt: skip
    return json.dumps(event).encode()


def _smsgate(address: str, secret: str, body: bytes, now: datetime) -> Call:
    at = str(int(now.timestamp()))
    signature = hmac.new(secret.encode(), body + at.encode(), hashlib.sha256).hexdigest()
    return Call(
        address, {"Content-Type": "application/json", "X-Timestamp": at, "X-Signature": signature}, body
    )
