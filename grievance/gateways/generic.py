"""How does any other gateway bring and take our texts, in the shape that RapidPro calls "external"?

In: GET or POST (form or JSON) with sender, text, date, id; reports with an id and a status, or at
`…/sent`, `…/delivered`, `…/failed`. httpSMS's events come the same way, missed calls among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from grievance.gateways import wire
from grievance.gateways.contract import (
    CannotLook,
    Channel,
    DeliveryStatus,
    Inbound,
    Malformed,
    RawRequest,
    SendError,
    Sent,
    Sign,
    Sought,
    StatusUpdate,
    provider_code,
    whole_text,
)
from grievance.gateways.posting import given_id, instant, post

# What the other side may call our fields, unless the channel's `names` say so; the first one found counts.
INCOMING: dict[str, tuple[str, ...]] = {
    "sender": ("from", "sender", "contact"),
    "text": ("text", "message", "content"),
    "date": ("date", "timestamp"),
    "id": ("id", "message_id"),
    "report_id": ("message_id", "id"),
    "to": ("to", "owner"),
    "status": ("status",),
    "event": ("event", "type"),
}
# Under which names a text that goes out is posted; `send_…` in the channel's `names` changes them.
OUTGOING = {"send_to": "to", "send_from": "from", "send_text": "text", "send_id": "id"}
FORMAT = "send_format"  # "form", unless it is "json"

REPORTS: dict[str, DeliveryStatus] = {
    "queued": DeliveryStatus.QUEUED,
    "sending": DeliveryStatus.SENDING,
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "failed": DeliveryStatus.FAILED,
    "expired": DeliveryStatus.FAILED,
    "message.phone.sent": DeliveryStatus.SENT,
    "message.phone.delivered": DeliveryStatus.DELIVERED,
    "message.send.failed": DeliveryStatus.FAILED,
    "message.send.expired": DeliveryStatus.FAILED,
}
MISSED_CALLS = frozenset({"message.call.missed", "missed_call"})
# httpSMS says once that a telephone is away, and once that it is back: that it says nothing tells nothing. A
# ping comes every few minutes, from whatever was set up to send it.
SIGNS: dict[str, Sign | None] = {
    "ping": Sign.PING,
    "phone.heartbeat.offline": Sign.OFFLINE,
    "phone.heartbeat.online": None,
    "message.phone.sending": None,
}
Values = Mapping[str, str]
MOST_FIELDS = 100


class Generic:
    """The gateway contract for the rest. It signs nothing: the secret in the path is the proof."""

    def claimed_account(self, request: RawRequest) -> str | None:
        """None: its calls name no account."""
        return None

    def verify(self, channel: Channel, request: RawRequest, now: datetime) -> None:
        """Returns always: whoever found the channel by its secret has proved the call."""

    def parse(self, channel: Channel, request: RawRequest) -> Inbound | StatusUpdate | Sign | None:
        """A text, a missed call, a report, or whether the telephone lives. Raises Malformed."""
        told = _told(channel, request)
        event = _event(told, request)
        if event in SIGNS:
            return SIGNS[event]
        if event in REPORTS:
            return self.parse_status(channel, request)
        missed = event in MISSED_CALLS
        if not told["sender"].strip() or not (missed or _has_text(channel, request)):
            raise Malformed("sender")
        return Inbound(
            provider_id=provider_code(told["id"]),
            sender=told["sender"],
            text="" if missed else whole_text(told["text"]),
            sent_at=instant(told["date"]),
            recipient=told["to"] or None,
            missed_call=missed,
        )

    def parse_status(self, channel: Channel, request: RawRequest) -> StatusUpdate | None:
        """A report; its id is ours if we gave one, else the provider's: both are tried. Raises Malformed."""
        told = _told(channel, request)
        status = REPORTS.get(_event(told, request))
        if status is None:
            return None
        code = provider_code(told["report_id"])
        if code is None:
            raise Malformed("message id")
        failed = SendError.RETRY if status is DeliveryStatus.FAILED else None
        return StatusUpdate(code, code, status, failed)

    def acknowledge(self) -> tuple[str, str]:
        """Any 200 will do."""
        return "", "text/plain"

    def send(
        self, channel: Channel, to: str, text: str, *, own_id: str, timeout: float, now: datetime
    ) -> Sent:
        """Posts one text to the channel's address. Raises SendFailed: `uncertain` without an answer."""
        account = channel.account
        names = {**OUTGOING, **account.names}
        said = {"send_to": to, "send_from": channel.number, "send_text": text, "send_id": own_id}
        headers, basic = _credentials(channel)
        status, answer = post(
            channel, account.base_url, {names[name]: value for name, value in said.items()},
            headers=headers, basic=basic, timeout=timeout, as_json=names.get(FORMAT) == "json",
        )  # fmt: skip
        if not 200 <= status < 300:
            raise wire.refused(status)
        return Sent(_id_in(answer) or own_id)

    def find(self, channel: Channel, sought: Sought, *, timeout: float) -> StatusUpdate | None:
        """Nothing is known of what it could be asked. Raises CannotLook."""
        raise CannotLook


def _credentials(channel: Channel) -> tuple[dict[str, str], tuple[str, str] | None]:
    account = channel.account
    if account.key_name and account.password:
        return {account.key_name: account.password}, None
    if account.username:
        return {}, (account.username, account.password)
    return ({"Authorization": f"Bearer {account.password}"} if account.password else {}), None


def _id_in(answer: Any) -> str | None:
    """The id in an answer, at its top or one level down."""
    if not isinstance(answer, dict):
        return None
    inner = answer.get("data")
    inside = inner if isinstance(inner, dict) else {}
    names = ("id", "message_id", "messageId")
    return given_id(*[where.get(name) for where in (answer, inside) for name in names])


def _told(channel: Channel, request: RawRequest) -> dict[str, str]:
    """Each of our fields as the call gives it; what is not there is empty."""
    values = _values(request)
    return {
        name: next((values[one] for one in _names(channel, name) if one in values), "") for name in INCOMING
    }


def _has_text(channel: Channel, request: RawRequest) -> bool:
    """Whether a text was meant, be it an empty one."""
    values = _values(request)
    return any(one in values for one in _names(channel, "text"))


def _names(channel: Channel, name: str) -> tuple[str, ...]:
    own = channel.account.names.get(name)
    return (own,) if own else INCOMING[name]


def _event(told: Values, request: RawRequest) -> str:
    """What kind of call it is: by its last path segment, its status, or the event it names."""
    last = request.path.rstrip("/").rpartition("/")[2].lower()
    if last in REPORTS:
        return last
    return (told["status"] or told["event"]).strip().lower()


def _query(request: RawRequest) -> dict[str, str]:
    try:
        return dict(parse_qsl(request.query, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise Malformed("query") from None


def _values(request: RawRequest) -> Values:
    """What a call holds: its query, then its form or its JSON, whose `data` lies on the same level."""
    values = _query(request)
    if "json" in request.header("Content-Type").lower():
        inner = request.json.get("data")
        flat = {**request.json, **(inner if isinstance(inner, dict) else {})}
        return values | {name: str(one) for name, one in flat.items() if isinstance(one, str | int)}
    return values | dict(request.form) if request.body else values
