"""A Twilio account that a story can look into: what passed through it, and which words still stand there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from twilio.request_validator import RequestValidator

from grievance.vocabulary import GatewayKind
from tests import apps
from tests.fixtures import Town
from tests.gateways.recording_server import Answer, Call, RecordingServer
from tests.services import Services
from tests.stories import desk_numbers
from tests.stories.phones import NUMBER, Phone
from workers import process, sms
from workers.process import Process

ANY = "any"
ACCOUNT, OURS = "AC" + "0" * 32, "+243920000009"
FINAL = ("received", "delivered", "undelivered", "failed")
BUSY = Answer.of({"code": 20009, "message": "not complete", "status": 400}, 400)
UNKNOWN = Answer.of({"code": 20404, "message": "not found", "status": 404}, 404)


@dataclass
class Message:
    """One message as the account keeps it. `reports_to`: the address that we gave for reports on it."""

    sid: str
    sender: str
    recipient: str
    words: str
    status: str
    reports_to: str = ""
    code: int | None = None
    at: datetime = field(default_factory=process.utcnow)

    @property
    def ours(self) -> bool:
        return self.sender == OURS

    def listed(self) -> dict[str, Any]:
        at = format_datetime(self.at)
        return {
            "sid": self.sid, "body": self.words, "status": self.status, "from": self.sender,
            "to": self.recipient, "direction": "outbound-api" if self.ours else "inbound",
            "date_sent": at, "date_created": at, "error_code": self.code, "messaging_service_sid": None,
        }  # fmt: skip


class TwilioAccount(RecordingServer):
    """Takes, lists and empties messages as Twilio does: none is emptied while it is in progress.

    `refusals`: what it answers, in order, to the next tries at emptying a message, or `ANY`; `loses`: whether
    it takes a message and hangs up without a word.
    """

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[str, Message] = {}
        self.refusals: dict[str, list[Answer]] = {}
        self.waits_for_the_carrier = True
        self.loses: Callable[[Message], bool] = lambda message: False

    @property
    def sent(self) -> list[Message]:
        """What we gave it to send, in order."""
        return [one for one in self.messages.values() if one.ours]

    @property
    def standing(self) -> list[str]:
        """The messages of ours whose words still stand there."""
        return [one.sid for one in self.sent if one.words]

    @property
    def asked_to_empty(self) -> list[str]:
        """Which messages it was asked to hold no words of any more, in order."""
        asked = [call for call in self.calls if call.method == "POST" and _sid(call) is not None]
        return [str(_sid(call)) for call in asked]

    def next_answer(self, call: Call) -> Answer:
        self.calls.append(call)
        if call.method == "GET":
            return self._list(call)
        sid = _sid(call)
        return self._take(call) if sid is None else self._empty(sid, call)

    def _take(self, call: Call) -> Answer:
        told = {name: values[0] for name, values in call.form.items()}
        sid = f"SM{len(self.messages):032}"
        report_path = urlsplit(told["StatusCallback"]).path
        self.messages[sid] = Message(sid, told["From"], told["To"], told["Body"], "queued", report_path)
        if self.loses(self.messages[sid]):
            return Answer(hang_up=True)
        return Answer.of(self.messages[sid].listed(), 201)

    def _empty(self, sid: str, call: Call) -> Answer:
        assert call.form == {"Body": [""]}
        refusals = self.refusals.get(sid) or self.refusals.get(ANY)
        if refusals:
            return refusals.pop(0)
        message = self.messages[sid]
        over = message.status in FINAL or (message.status == "sent" and not self.waits_for_the_carrier)
        if not over:
            return BUSY
        message.words = ""
        return Answer.of(message.listed())

    def _list(self, call: Call) -> Answer:
        after, before = _instant(call, "DateSent>"), _instant(call, "DateSent<")
        recipient = call.query.get("To", [""])[0]
        found = [
            one.listed()
            for one in reversed(self.messages.values())
            if (after is None or one.at >= after) and (before is None or one.at <= before)
            if recipient in ("", one.recipient)
        ]
        return Answer.of({"messages": found, "next_page_uri": None, "page": 0, "page_size": 1000})


def _sid(call: Call) -> str | None:
    name = call.path.rpartition("/")[2].removesuffix(".json")
    return None if name == "Messages" else name


def _instant(call: Call, name: str) -> datetime | None:
    told = call.query.get(name)
    # Whole seconds are told, and ours are finer.
    return datetime.strptime(told[0], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) if told else None


@dataclass
class TwilioPhone:
    """A telephone whose texts go through that account, both ways, and the worker that answers them."""

    town: Town
    services: Services
    account: TwilioAccount

    def __post_init__(self) -> None:
        more = {"account": ACCOUNT, "base_url": self.account.url}
        self.ours = desk_numbers.add(self.services, self.town, GatewayKind.TWILIO, OURS, **more)
        self.rows = Phone(self.town).rows

    @property
    def worker(self) -> Process:
        return desk_numbers.really_sending(self.town)

    def says(self, text: str) -> None:
        """Sends a text; the worker takes it and hands over what it answers."""
        sid = f"SM{len(self.account.messages):032}"
        self.account.messages[sid] = Message(sid, NUMBER, OURS, text, "received")
        form = {"AccountSid": ACCOUNT, "From": NUMBER, "To": OURS, "MessageSid": sid, "Body": text}
        assert self._post("/hooks/twilio/sms", form) == 200
        self.work()

    def reports(self, message: Message, status: str, code: int | None = None) -> None:
        """Twilio tells how far a text of ours came, and the worker takes that."""
        message.status, message.code = status, code
        form = {"AccountSid": ACCOUNT, "From": OURS, "To": NUMBER, "MessageSid": message.sid}
        error = {"ErrorCode": str(code)} if code else {}
        assert self._post(message.reports_to, {**form, "MessageStatus": status, **error}) == 200
        self.work()

    def work(self, after: timedelta = timedelta()) -> None:
        """The worker takes what came in and sends what is due."""
        now = process.utcnow() + after
        sms.take_waiting(self.worker, now)
        sms.settle(self.worker, now)
        sms.send_waiting(self.worker, now)

    def empty(self, after: timedelta = timedelta()) -> None:
        """The worker empties at the provider what is over."""
        sms.blank_at_provider(self.worker, process.utcnow() + after)

    def _post(self, path: str, form: dict[str, str]) -> int:
        signature = RequestValidator(self.ours.secret).compute_signature(apps.PUBLIC_URL + path, form)
        client = self.town.app.test_client()
        return int(client.post(path, data=form, headers={"X-Twilio-Signature": signature}).status_code)
