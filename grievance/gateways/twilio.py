"""How does Twilio bring and take our texts?

Codes, fields and states are those of Twilio's public API reference (2010-04-01).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    add_port,
    get_signature_algorithm,
    remove_port,
)

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
    StatusUpdate,
    provider_code,
)
from grievance.gateways.twilio_calls import ask, error_class
from grievance.gateways.wrapped import unwrapped

LONGEST_BODY = 1600
MOST_MEDIA = 10
MOST_LISTED = 10_000
MOST_IN_A_PAGE = 1000  # Twilio's own limit; the client would ask for as many as are wanted in all
# Twilio's clock and ours may differ, and it lists by whole seconds.
CLOCKS_DIFFER = timedelta(minutes=2)
# It has no such message any more. A 404 without this code of its own is another's: an address that is wrong.
GONE = frozenset({"20404", "http_410"})
STATUS_PATH = "/hooks/twilio/status/"
WHATSAPP = "whatsapp:"

STATUSES: dict[str, DeliveryStatus] = {
    "accepted": DeliveryStatus.QUEUED,
    "scheduled": DeliveryStatus.QUEUED,
    "queued": DeliveryStatus.QUEUED,
    "sending": DeliveryStatus.SENDING,
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "partially_delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.DELIVERED,
    "undelivered": DeliveryStatus.FAILED,
    "failed": DeliveryStatus.FAILED,
    "canceled": DeliveryStatus.FAILED,
}


@dataclass(frozen=True)
class Listed:
    """One message as the provider's own list holds it; `inbound`: it came from a phone.

    `service`: the Messaging Service that chose the sender, if one did.
    """

    provider_id: str
    inbound: bool
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime | None
    status: DeliveryStatus | None
    error: SendError | None
    service: str = ""

    def left_by(self, channel: Channel) -> bool:
        """Whether we sent it by this channel; before it leaves, a service has not chosen a sender."""
        theirs = channel.account.service
        chosen = bool(theirs) and self.service == theirs
        return not self.inbound and (chosen or self.sender in ("", channel.number.removeprefix(WHATSAPP)))


class Twilio:
    """The gateway contract for Twilio; the reconciler asks `list_messages` and `blank` beside."""

    def claimed_account(self, request: RawRequest) -> str | None:
        """The account SID the form names. Raises Malformed."""
        return provider_code(request.form.get("AccountSid"))

    def verify(self, channel: Channel, request: RawRequest, now: datetime) -> None:
        """Signature over our public URL and every field, then the account. Raises Forged, Malformed.

        Twilio signs no time: a call heard before is recognised by its message SID, not here.
        """
        told = request.header(SIGNATURE_HEADER).encode("utf-8", "replace")
        ours = _signatures(channel, request)
        # Both are compared in full, so that the time taken tells nothing.
        matches = [hmac.compare_digest(signature.encode(), told) for signature in ours]
        if not channel.secret or not any(matches):
            raise Forged("signature")
        if self.claimed_account(request) != channel.account.identity:
            raise Forged("account")

    def parse(self, channel: Channel, request: RawRequest) -> Inbound | StatusUpdate | None:
        """A text (with or without a body) or a delivery report. Raises Malformed."""
        form = request.form
        if "MessageStatus" in form:
            return self.parse_status(channel, request)
        sender = form.get("From", "").removeprefix(WHATSAPP)
        if not sender.strip():
            raise Malformed("sender")
        media = (form.get(f"MediaUrl{number}", "") for number in range(MOST_MEDIA))
        return Inbound(
            provider_id=_message_sid(request),
            sender=sender,
            text=unwrapped(form.get("Body", "")),
            recipient=form.get("To", "").removeprefix(WHATSAPP) or None,
            parts=_small_number(form.get("NumSegments", "")),
            media=tuple(address for address in media if address),
        )

    def parse_status(self, channel: Channel, request: RawRequest) -> StatusUpdate | None:
        """A delivery report; our own id stands in the path we gave. Raises Malformed."""
        status = STATUSES.get(request.form.get("MessageStatus", "").lower())
        if status is None:
            return None
        own_id = provider_code(request.path.partition(STATUS_PATH)[2].strip("/"))
        provider_id = _message_sid(request)
        if own_id is None and provider_id is None:
            raise Malformed("message id")
        code = _small_number(request.form.get("ErrorCode", "")) or None
        failed = error_class(code) if status is DeliveryStatus.FAILED else None
        return StatusUpdate(provider_id, own_id, status, failed, str(code) if code else None)

    def acknowledge(self) -> tuple[str, str]:
        """Empty TwiML: our answer goes by the REST API, which gives it an id and reports."""
        return "<Response/>", "text/xml"

    def send(
        self, channel: Channel, to: str, text: str, *, own_id: str, timeout: float, now: datetime
    ) -> Sent:
        """Hands over one text. Raises SendFailed: `uncertain` without an answer, as Twilio drops no copy."""
        if len(text) > LONGEST_BODY:
            raise SendFailed(SendError.PERMANENT, "too_long")
        road = WHATSAPP if channel.number.startswith(WHATSAPP) else ""
        order: dict[str, Any] = {
            "to": road + to,
            "body": text,
            # The report may come before the answer does, so it must carry our id.
            "status_callback": f"{channel.public_url.rstrip('/')}{STATUS_PATH}{own_id}",
        }
        if channel.account.service:
            order["messaging_service_sid"] = channel.account.service
        else:
            order["from_"] = channel.number
        return Sent(ask(channel, timeout, lambda client: _given_sid(client.messages.create(**order))))

    def list_messages(
        self, channel: Channel, since: datetime, *, timeout: float, before: datetime | None = None,
        to: str | None = None,
    ) -> tuple[Listed, ...]:  # fmt: skip
        """What went in and out since then, newest first; `to` one number alone. Raises SendFailed."""
        # The client writes a Z after whatever hour it is given.
        narrow: dict[str, Any] = {
            "date_sent_after": since.astimezone(UTC), "limit": MOST_LISTED, "page_size": MOST_IN_A_PAGE,
        }  # fmt: skip
        if before is not None:
            narrow["date_sent_before"] = before.astimezone(UTC)
        if to is not None:
            narrow["to"] = to
        return ask(
            channel,
            timeout,
            lambda client: tuple(_listed(message) for message in client.messages.list(**narrow)),
        )

    def find(self, channel: Channel, sought: Sought, *, timeout: float) -> StatusUpdate | None:
        """The text in Twilio's own list, which does not show our id: by number, time and words."""
        road = WHATSAPP if channel.number.startswith(WHATSAPP) else ""
        listed = self.list_messages(
            channel, sought.since - CLOCKS_DIFFER, timeout=timeout, to=road + sought.to
        )
        for one in listed:
            mine = not one.inbound and one.text == sought.text and one.provider_id not in sought.others
            if mine and one.status is not None:
                return StatusUpdate(one.provider_id, sought.own_id, one.status, one.error)
        return None

    def blank(self, channel: Channel, provider_id: str, *, timeout: float) -> None:
        """Empties a message's text at the provider; its number stays there. Raises SendFailed.

        Only of a message that is no longer in progress: until then Twilio refuses, to be asked again.
        """
        try:
            ask(channel, timeout, lambda client: client.messages(provider_id).update(body=""))
        except SendFailed as refusal:
            if refusal.code not in GONE:
                raise


def _signatures(channel: Channel, request: RawRequest) -> tuple[str, str]:
    """What the signature should be, for our address with and without its port: Twilio has signed both."""
    url = channel.public_url.rstrip("/") + request.path + (f"?{request.query}" if request.query else "")
    try:
        algorithm = get_signature_algorithm(request.header(SIGNATURE_SETTINGS_HEADER))
        validator, parts = RequestValidator(channel.secret), urlsplit(url)
        bare, ported = remove_port(parts), add_port(parts)
        return (
            validator.compute_signature(bare, request.form, algorithm),
            validator.compute_signature(ported, request.form, algorithm),
        )
    except ValueError:
        unsupported = Forged("algorithm")
    raise unsupported


def _message_sid(request: RawRequest) -> str | None:
    form = request.form
    return provider_code(form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid"))


def _small_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def _given_sid(message: Any) -> str:
    if not isinstance(message.sid, str) or not message.sid:
        raise KeyError("sid")
    return message.sid


def _listed(message: Any) -> Listed:
    status = STATUSES.get(str(message.status))
    at = message.date_sent or message.date_created
    inbound = message.direction == "inbound"
    return Listed(
        provider_id=_given_sid(message),
        inbound=inbound,
        sender=str(message.from_ or "").removeprefix(WHATSAPP),
        recipient=str(message.to or "").removeprefix(WHATSAPP),
        text=unwrapped(str(message.body or "")) if inbound else str(message.body or ""),
        at=at if isinstance(at, datetime) else None,
        status=status,
        error=error_class(message.error_code) if status is DeliveryStatus.FAILED else None,
        service=str(message.messaging_service_sid or ""),
    )
