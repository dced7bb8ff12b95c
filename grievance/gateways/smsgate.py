"""How does an Android phone running SMSGate bring and take our texts?

Facts are those of the app's public documentation: events, headers and states are quoted as it writes them.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

import requests

from grievance.gateways import wire
from grievance.gateways.contract import (
    Channel,
    DeliveryStatus,
    Forged,
    Inbound,
    Malformed,
    RawRequest,
    SendError,
    SendFailed,
    Sent,
    Sought,
    Stale,
    StatusUpdate,
    provider_code,
    whole_text,
)

# Our own, as the app's documentation advises; each retry of the app is signed anew.
FRESH_SECONDS = 300
# Unix seconds have ten digits until the year 2286.
LONGEST_TIMESTAMP = 12
TAKEN_BEFORE = 409

TEXTS = frozenset({"sms:received", "mms:downloaded"})
REPORTS: dict[str, DeliveryStatus] = {
    "sms:sent": DeliveryStatus.SENT,
    "sms:delivered": DeliveryStatus.DELIVERED,
    "sms:failed": DeliveryStatus.FAILED,
    "sms:cancelled": DeliveryStatus.FAILED,
}
SIGNS_OF_LIFE = frozenset({"system:ping", "app:started"})
STATES: dict[str, DeliveryStatus] = {
    "Pending": DeliveryStatus.QUEUED,
    "Processed": DeliveryStatus.SENDING,
    "Sent": DeliveryStatus.SENT,
    "Delivered": DeliveryStatus.DELIVERED,
    "Failed": DeliveryStatus.FAILED,
}


class SmsGate:
    """The gateway contract for SMSGate."""

    def claimed_account(self, request: RawRequest) -> str | None:
        """The device id the body names. Raises Malformed."""
        return provider_code(request.json.get("deviceId"))

    def verify(self, channel: Channel, request: RawRequest, now: datetime) -> None:
        """Signature over body and time, then the time, then the device. Raises Forged, Stale, Malformed."""
        timestamp = request.header("X-Timestamp")
        told = request.header("X-Signature").strip().lower().encode("utf-8", "replace")
        ours = _signature(channel.secret, request.body, timestamp).encode()
        if not channel.secret or not hmac.compare_digest(ours, told):
            raise Forged("signature")
        if not _fresh(timestamp, now):
            raise Stale("timestamp")
        if channel.account.identity and self.claimed_account(request) != channel.account.identity:
            raise Forged("device")

    def parse(self, channel: Channel, request: RawRequest) -> Inbound | StatusUpdate | None:
        """A text, a report, or a sign of life (None).

        An event we do not read is Malformed: it may hold texts, and once acknowledged they would be lost.
        """
        event = _event(request)
        if event in TEXTS:
            return _inbound(request.json)
        if event in REPORTS:
            return self.parse_status(channel, request)
        if event in SIGNS_OF_LIFE:
            return None
        raise Malformed("event")

    def parse_status(self, channel: Channel, request: RawRequest) -> StatusUpdate | None:
        """What became of a text; the app's message id is the one we gave it. Raises Malformed."""
        status = REPORTS.get(_event(request))
        if status is None:
            return None
        own_id = provider_code(_payload(request.json).get("messageId"))
        if own_id is None:
            raise Malformed("message id")
        failed = SendError.RETRY if status is DeliveryStatus.FAILED else None
        # The app's `reason` is free text, so it is not kept.
        return StatusUpdate(own_id, own_id, status, failed)

    def acknowledge(self) -> tuple[str, str]:
        """Any 2xx will do."""
        return "", "text/plain"

    def send(
        self, channel: Channel, to: str, text: str, *, own_id: str, timeout: float, now: datetime
    ) -> Sent:
        """Hands the text to the phone; `own_id` (at most 36 characters) makes a second try harmless.

        Raises SendFailed.
        """
        order = {
            "id": own_id,
            "textMessage": {"text": text},
            "phoneNumbers": [to],
            "ttl": channel.account.ttl,
            "withDeliveryReport": True,
        }
        if channel.account.sim is not None:
            order["simNumber"] = channel.account.sim
        status, answer = _call(channel, "POST", "/messages", order, timeout)
        if status == TAKEN_BEFORE:
            return Sent(own_id)
        if not 200 <= status < 300:
            raise wire.refused(status)
        return Sent(_given_id(answer) or own_id)

    def status_of(self, channel: Channel, own_id: str, *, timeout: float) -> StatusUpdate | None:
        """Asks where a text stands; None when the phone never had it. Raises SendFailed."""
        status, answer = _call(channel, "GET", f"/messages/{own_id}", None, timeout)
        if status == 404:
            return None
        if not 200 <= status < 300:
            raise wire.refused(status)
        state = STATES.get(str(answer.get("state")), DeliveryStatus.QUEUED)
        failed = SendError.RETRY if state is DeliveryStatus.FAILED else None
        return StatusUpdate(own_id, own_id, state, failed)

    def find(self, channel: Channel, sought: Sought, *, timeout: float) -> StatusUpdate | None:
        """As `status_of`: the app knows a text by the id we gave it."""
        return self.status_of(channel, sought.own_id, timeout=timeout)


def _signature(secret: str, body: bytes, timestamp: str) -> str:
    message = body + timestamp.encode("utf-8", "replace")
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _fresh(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_TIMESTAMP):
        return False
    return abs(now.timestamp() - int(timestamp)) <= FRESH_SECONDS


def _event(request: RawRequest) -> str:
    event = request.json.get("event")
    if not isinstance(event, str):
        raise Malformed("event")
    return event


def _payload(event: dict[str, Any]) -> dict[str, Any]:
    payload = event.get("payload")
    if not isinstance(payload, dict):
        raise Malformed("payload")
    return payload


def _inbound(event: dict[str, Any]) -> Inbound:
    payload = _payload(event)
    # Older apps call the sender `phoneNumber`; some send both.
    sender = _words(payload, "sender") or _words(payload, "phoneNumber")
    if not sender.strip():
        raise Malformed("sender")
    written = [_words(payload, name) for name in ("subject", "message", "body")]
    return Inbound(
        # payload.messageId is made from the content and is not unique; the event's own id is.
        provider_id=provider_code(event.get("id")),
        sender=sender,
        text="\n".join(words for words in written if words),
        sent_at=_instant(payload.get("receivedAt")),
        recipient=_words(payload, "recipient") or None,
    )


def _words(payload: dict[str, Any], name: str) -> str:
    value = payload.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(name)
    return whole_text(value)


def _instant(value: object) -> datetime | None:
    """An ISO 8601 time with its zone, in UTC; without a zone it says nothing to us."""
    if not isinstance(value, str):
        return None
    try:
        told = datetime.fromisoformat(value)
        return told.astimezone(UTC) if told.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _call(
    channel: Channel, method: str, path: str, body: dict[str, Any] | None, timeout: float
) -> tuple[int, dict[str, Any]]:
    account = channel.account
    if not account.base_url:
        raise SendFailed(SendError.RETRY, "not_configured", refusing=True)
    failed: SendFailed
    try:
        response = requests.request(
            method,
            account.base_url.rstrip("/") + path,
            json=body,
            auth=(account.username, account.password),
            timeout=timeout,
            # A redirect would carry the password and the text to an address nobody configured.
            allow_redirects=False,
        )
        return response.status_code, _object(response)
    except (requests.RequestException, ValueError) as error:
        failed = wire.unanswered(error, repeatable=True)
    # Raised outside the `except`: the provider's own error, kept as context, would show the number.
    raise failed


def _object(response: requests.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _given_id(answer: dict[str, Any]) -> str | None:
    try:
        return provider_code(answer.get("id"))
    except Malformed:
        return None
