"""How does Africa's Talking bring and take our texts?

Fields, states and codes are those of its public documentation of bulk SMS, two-way SMS and delivery reports.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from grievance.gateways import wire
from grievance.gateways.contract import (
    CannotLook,
    Channel,
    DeliveryStatus,
    Inbound,
    Malformed,
    RawRequest,
    SendError,
    SendFailed,
    Sent,
    Sought,
    StatusUpdate,
    provider_code,
    whole_text,
)
from grievance.gateways.posting import given_id, instant, post

LIVE, SANDBOX = "https://api.africastalking.com", "https://api.sandbox.africastalking.com"
SENDING_PATH = "/version1/messaging"

STATUSES: dict[str, DeliveryStatus] = {
    "buffered": DeliveryStatus.SENDING,
    "submitted": DeliveryStatus.SENT,
    "sent": DeliveryStatus.SENT,
    "success": DeliveryStatus.DELIVERED,
    "rejected": DeliveryStatus.FAILED,
    "failed": DeliveryStatus.FAILED,
    "expired": DeliveryStatus.FAILED,
    "absentsubscriber": DeliveryStatus.FAILED,
}
REASONS: dict[str, SendError] = {
    "userinblacklist": SendError.OPTED_OUT,
    "userdoesnotexist": SendError.PERMANENT,
    "notnetworksubscriber": SendError.PERMANENT,
    "useraccountsuspended": SendError.PERMANENT,
    "usernotsubscribedtoproduct": SendError.PERMANENT,
}
TAKEN = frozenset({100, 101, 102})
# 403 no such number, 404 a line that takes no texts; 406 blacklisted, 409 do not disturb.
PERMANENT, OPTED_OUT = frozenset({403, 404}), frozenset({406, 409})
# Held as a risk, sender not ours, no credit: everything is refused until the host repairs it.
REFUSES_ALL = frozenset({401, 402, 405})


class AfricasTalking:
    """The gateway contract for Africa's Talking. It signs nothing: the secret in the path is the proof."""

    def claimed_account(self, request: RawRequest) -> str | None:
        """None: its calls name no account."""
        return None

    def verify(self, channel: Channel, request: RawRequest, now: datetime) -> None:
        """Returns always: whoever found the channel by its secret has proved the call."""

    def parse(self, channel: Channel, request: RawRequest) -> Inbound | StatusUpdate | None:
        """A text, a delivery report, or the provider's own "no more texts". Raises Malformed."""
        form = request.form
        if "status" in form:
            return self.parse_status(channel, request)
        if "phoneNumber" in form and "senderId" in form:
            return Inbound(provider_id=None, sender=form["phoneNumber"], text="STOP")
        sender = form.get("from", "")
        if not sender.strip():
            raise Malformed("sender")
        return Inbound(
            provider_id=provider_code(form.get("id")),
            sender=sender,
            text=whole_text(form.get("text", "")),
            sent_at=instant(form.get("date", "")),
            recipient=form.get("to") or None,
        )

    def parse_status(self, channel: Channel, request: RawRequest) -> StatusUpdate | None:
        """A delivery report; it names the provider's id alone. Raises Malformed."""
        form = request.form
        status = STATUSES.get(form.get("status", "").strip().lower())
        provider_id = provider_code(form.get("id"))
        if status is None:
            return None
        if provider_id is None:
            raise Malformed("message id")
        if status is not DeliveryStatus.FAILED:
            return StatusUpdate(provider_id, None, status)
        reason = form.get("failureReason", "").strip().lower()
        return StatusUpdate(provider_id, None, status, REASONS.get(reason, SendError.RETRY))

    def acknowledge(self) -> tuple[str, str]:
        """Any 200 will do; what stands in it is not read."""
        return "", "text/plain"

    def send(
        self, channel: Channel, to: str, text: str, *, own_id: str, timeout: float, now: datetime
    ) -> Sent:
        """Hands over one text. Raises SendFailed, `uncertain` without an answer: it takes no id of ours."""
        account = channel.account
        order = {"username": account.username, "to": to, "message": text, "from": channel.number}
        status, answer = post(
            channel, _address(channel), order, timeout=timeout,
            headers={"apikey": account.password, "Accept": "application/json"},
        )  # fmt: skip
        if not 200 <= status < 300:
            raise wire.refused(status)
        return _taken(answer)

    def find(self, channel: Channel, sought: Sought, *, timeout: float) -> StatusUpdate | None:
        """It lists no texts that were sent. Raises CannotLook."""
        raise CannotLook


def _address(channel: Channel) -> str:
    account = channel.account
    if not account.username or not account.password:
        raise SendFailed(SendError.RETRY, "not_configured", refusing=True)
    own = SANDBOX if account.username == "sandbox" else LIVE
    return (account.base_url or own).rstrip("/") + SENDING_PATH


def _taken(answer: Any) -> Sent:
    """What the answer says of the one number that we gave. Raises SendFailed."""
    try:
        told = answer["SMSMessageData"]["Recipients"][0]
        code = int(told["statusCode"])
    except (KeyError, IndexError, TypeError, ValueError):
        told, code = {}, None
    if code is None:
        # It was told of, and names nobody: the sender's name is refused, or the text was taken all the same.
        raise SendFailed(SendError.RETRY, "no_recipient", uncertain=True)
    if code not in TAKEN:
        raise _refusal(code)
    provider_id = given_id(told.get("messageId"))
    if provider_id is None:
        raise SendFailed(SendError.RETRY, "no_id", uncertain=True)
    return Sent(provider_id)


def _refusal(code: int) -> SendFailed:
    if code in OPTED_OUT:
        return SendFailed(SendError.OPTED_OUT, f"at_{code}")
    if code in PERMANENT:
        return SendFailed(SendError.PERMANENT, f"at_{code}")
    return SendFailed(SendError.RETRY, f"at_{code}", refusing=code in REFUSES_ALL)
