"""How does a telephone reach us in the browser stories? Through the signed call of its Android gateway."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tests.browser.product import Product

HEARS_WITHIN = 60  # seconds for an answer


@dataclass
class Telephone:
    """A telephone that texts a number behind an Android gateway."""

    product: Product
    number: str = field(repr=False)
    heard: int = 0

    def says(self, text: str) -> None:
        """The gateway posts one text, signed, and has to be thanked."""
        channel = self.product.channel("smsgate")
        body = json.dumps(self._event(channel, text)).encode()
        at = str(int(time.time()))
        signature = hmac.new(channel["secret"].encode(), body + at.encode(), hashlib.sha256).hexdigest()
        call = urllib.request.Request(  # noqa: S310 - the product's own address
            channel["webhook_url"], data=body,
            headers={"X-Timestamp": at, "X-Signature": signature, "Content-Type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(call, timeout=30) as answer:  # noqa: S310 - the same
            assert answer.status == 200

    def hears(self) -> list[str]:
        """The answers since the last time; waits until there is one."""
        give_up = time.monotonic() + HEARS_WITHIN
        while len(self.product.texts_to(self.number)) == self.heard:
            assert time.monotonic() < give_up, f"no answer within {HEARS_WITHIN} s"
            time.sleep(0.3)
        time.sleep(0.5)  # a turn may hold two texts
        texts = self.product.texts_to(self.number)
        new, self.heard = texts[self.heard :], len(texts)
        return new

    def asks(self, text: str) -> list[str]:
        """Says something and hears the answer."""
        self.says(text)
        return self.hears()

    def _event(self, channel: dict[str, Any], text: str) -> dict[str, Any]:
        return {
            "deviceId": channel["device_id"], "event": "sms:received", "id": str(uuid4()),
            "webhookId": "hook",
            "payload": {
                "messageId": "m", "message": text, "sender": self.number, "recipient": channel["number"],
                "simNumber": 1, "receivedAt": datetime.now(UTC).isoformat(),
            },
        }  # fmt: skip
