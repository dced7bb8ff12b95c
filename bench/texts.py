"""What does an SMSGate phone post? A text like many, signed with the channel's secret."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from bench.place import Place

WORDS = "Jana usiku walinzi wa mine walipiga kijana karibu na barabara, mkono umevunjika. Tusaidie."


@dataclass(frozen=True)
class Post:
    """One call of the gateway."""

    body: bytes = field(repr=False)
    headers: dict[str, str] = field(repr=False)


def post(place: Place) -> Post:
    """A new text, signed at this instant."""
    channel, now = place.town.world.channel, datetime.now(UTC)
    told = {
        "deviceId": channel.account, "event": "sms:received", "id": str(uuid4()), "webhookId": "hook",
        "payload": {
            "messageId": "m", "message": WORDS, "sender": "+243880000077", "recipient": channel.number,
            "simNumber": 1, "receivedAt": now.isoformat(),
        },
    }  # fmt: skip
    body, at = json.dumps(told).encode(), str(int(now.timestamp()))
    key = place.town.world.channel_secret.encode()
    signature = hmac.new(key, body + at.encode(), hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Timestamp": at, "X-Signature": signature}
    return Post(body, headers)
