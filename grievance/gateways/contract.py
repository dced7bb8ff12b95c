"""What must every SMS gateway be able to do, and in which words does it speak to us?

A gateway is asked: for whom is this call, is it really yours, what does it say, what do you want to hear; and
it is told to send. It knows no database and no web framework.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import parse_qsl
from uuid import UUID

from grievance.terms import GrievanceError
from grievance.vocabulary import GatewayKind

MOST_FORM_FIELDS = 500  # No provider sends nearly as many; more is a try to keep us busy.
LONGEST_ID = 128


class Forged(GrievanceError):
    """The call is not from the provider: signature, secret or account is wrong."""


class Stale(GrievanceError):
    """The call is signed, but not now: more than five minutes away from our clock."""


class Malformed(GrievanceError):
    """The call cannot be read, so it is not acknowledged: the provider keeps it and tries again."""


class SendError(StrEnum):
    """What to do with a message that did not go out."""

    PERMANENT = "permanent"
    RETRY = "retry"
    OPTED_OUT = "opted_out"


class SendFailed(GrievanceError):
    """A provider did not do what was asked; `code` is its code or ours, never its words.

    `uncertain`: the provider may have taken the message all the same; sending it again could make two.
    `refusing`: it is not this message but the whole channel that does not work.
    """

    def __init__(
        self, error: SendError, code: str, *, uncertain: bool = False, refusing: bool = False
    ) -> None:
        super().__init__(f"{error.value}: {code}")
        self.error, self.code, self.uncertain, self.refusing = error, code, uncertain, refusing


class CannotLook(GrievanceError):
    """This kind of provider cannot be asked what became of a text."""


class Sign(StrEnum):
    """What a gateway says of its telephone, and of no text."""

    PING = "ping"
    OFFLINE = "offline"


class DeliveryStatus(StrEnum):
    """How far an outgoing message came, in order.

    `DELIVERED` stands above `FAILED`: the phone itself confirmed it, whatever was said of another part of it.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"


_ORDER = {status: place for place, status in enumerate(DeliveryStatus)}


def forward(old: DeliveryStatus, new: DeliveryStatus) -> DeliveryStatus:
    """The further of the two: reports come late and in any order, a message only moves forward."""
    return max(old, new, key=_ORDER.__getitem__)


@dataclass(frozen=True)
class Account:
    """What a provider wants to know of us; what a kind does not use stays empty.

    `identity`  Twilio: account SID. SMSGate: device id. It must match what an incoming call names.
    `username`  with `password`, for calls to the provider. SMSGate: its Basic pair. Twilio: an API key, else
                the account SID and the channel's secret are used.
    `base_url`  where the provider is asked. SMSGate: compulsory. Twilio: only instead of its own address.
    `service`   Twilio: Messaging Service SID, then the sender is chosen there.
    `sim`       SMSGate: which SIM sends, from 1.
    `ttl`       SMSGate: seconds after which an unsent text is given up.
    `names`     generic: what the other side calls our fields; see `grievance.gateways.generic`.
    `key_name`  generic: the header that carries `password`, when it is neither Basic nor Bearer.
    """

    identity: str = ""
    username: str = ""
    password: str = ""
    base_url: str = ""
    service: str = ""
    region: str | None = None
    edge: str | None = None
    sim: int | None = None
    ttl: int = 6 * 3600
    names: Mapping[str, str] = field(default_factory=dict)
    key_name: str = ""


@dataclass(frozen=True)
class Channel:
    """One number at one provider. `secret` proves incoming calls; `public_url` is our base, from outside."""

    id: UUID
    kind: GatewayKind
    number: str
    secret: str = field(repr=False)
    account: Account = field(repr=False)
    public_url: str


class Form(Mapping[str, str]):
    """A posted form: the first value of each name; `getlist` gives all, as a signature needs them."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> str:
        return self._values[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, name: str) -> list[str]:
        """All values of a name, in order; none: an empty list."""
        return list(self._values.get(name, []))


@dataclass(frozen=True)
class RawRequest:
    """A call as it came. `query` without its question mark; `body` untouched, as signatures need it."""

    method: str
    path: str = field(repr=False)
    query: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def header(self, name: str) -> str:
        """A header's value whatever its case; absent: empty."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")

    @cached_property
    def form(self) -> Form:
        """The body as a posted form. Raises Malformed."""
        try:
            pairs = parse_qsl(
                self.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FORM_FIELDS
            )
        except ValueError:
            pairs = None
        if pairs is None:
            raise Malformed("form")
        return Form(pairs)

    @cached_property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises Malformed."""
        try:
            # A few thousand opening brackets end the parser with RecursionError, not ValueError.
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise Malformed("json")
        return value


@dataclass(frozen=True)
class Inbound:
    """A text that came in. Without a `provider_id` it is told apart by sender, time and text.

    `missed_call`: nobody wrote; somebody rang and hung up.
    """

    provider_id: str | None
    sender: str = field(repr=False)
    text: str = field(repr=False)
    sent_at: datetime | None = None
    recipient: str | None = field(default=None, repr=False)
    parts: int | None = None
    media: tuple[str, ...] = field(default=(), repr=False)
    missed_call: bool = False


@dataclass(frozen=True)
class StatusUpdate:
    """What became of a text we sent; it may name our id, the provider's, or both."""

    provider_id: str | None
    own_id: str | None
    status: DeliveryStatus
    error: SendError | None = None
    code: str | None = None


@dataclass(frozen=True)
class Sent:
    """The provider took it, under this id."""

    provider_id: str


@dataclass(frozen=True)
class Sought:
    """A text that may have gone out. `others`: the provider's ids of other texts of ours."""

    own_id: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    since: datetime
    others: frozenset[str] = frozenset()


def whole_text(text: str) -> str:
    """The text without halves of characters, which an old phone leaves when it cuts a long message."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def provider_code(value: object) -> str | None:
    """An id as providers make them: short, printable ASCII. Nothing: None. Raises Malformed."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > LONGEST_ID or not (value.isascii() and value.isprintable()):
        raise Malformed("id")
    return value


class Gateway(Protocol):
    """The contract. None of its values or errors shows a number or a text when printed."""

    def claimed_account(self, request: RawRequest) -> str | None:
        """The `Account.identity` this call says it is for, to find its channel by. Nothing is proved yet.

        Raises Malformed.
        """

    def verify(self, channel: Channel, request: RawRequest, now: datetime) -> None:
        """Returns when the provider made this call for this channel. Raises Forged, Stale, Malformed."""

    def parse(self, channel: Channel, request: RawRequest) -> Inbound | StatusUpdate | Sign | None:
        """What a verified call says; None: nothing to keep, but that its gateway lives. Raises Malformed."""

    def parse_status(self, channel: Channel, request: RawRequest) -> StatusUpdate | None:
        """A verified delivery report; None when the word is one we do not know. Raises Malformed."""

    def acknowledge(self) -> tuple[str, str]:
        """Body and content type of the 200 the provider expects."""

    def send(
        self, channel: Channel, to: str, text: str, *, own_id: str, timeout: float, now: datetime
    ) -> Sent:
        """Hands one text to the provider; `to` in E.164, `timeout` in seconds. Raises SendFailed.

        `own_id`: ours for this try, at most 36 characters of a-z, A-Z, 0-9 and hyphen.
        """

    def find(self, channel: Channel, sought: Sought, *, timeout: float) -> StatusUpdate | None:
        """Where a text stands that may have gone out; None: the provider never had it.

        Raises SendFailed when it did not answer, CannotLook when this kind cannot be asked.
        """
