"""What is refused says why in our words; what is asked of a provider is asked to the letter."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlencode
from uuid import UUID

import pytest

from grievance.gateways import mail, phone_book, posting
from grievance.gateways.africastalking import AfricasTalking
from grievance.gateways.channels import channel_from
from grievance.gateways.contract import (
    Account,
    Channel,
    Malformed,
    RawRequest,
    SendError,
    SendFailed,
    Stale,
    provider_code,
)
from grievance.gateways.generic import Generic
from grievance.gateways.smsgate import FRESH_SECONDS, SmsGate
from grievance.gateways.twilio import Twilio
from grievance.gateways.wrapped import unwrapped
from grievance.vocabulary import GatewayKind
from tests.gateways.recording_server import Answer, RecordingServer
from tests.gateways.test_smsgate import CHANNEL, _call

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
TO = "+243810000001"


def channel(kind: GatewayKind, base_url: str = "", **more: str) -> Channel:
    return Channel(UUID(int=7), kind, "+243880000009", "s", Account(base_url=base_url, **more), "http://h")


GENERIC = channel(GatewayKind.GENERIC)
TWILIO = channel(GatewayKind.TWILIO)
AT = channel(GatewayKind.AFRICASTALKING, username="ong", password="k")


def form(**fields: str) -> RawRequest:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return RawRequest("POST", "/hooks/x", "", headers, urlencode(fields).encode())


def event(name: str, **payload: str) -> RawRequest:
    told = json.dumps({"event": name, "payload": payload})
    return RawRequest("POST", "/hooks/smsgate", "", {}, told.encode())


@pytest.mark.parametrize(
    ("read", "missing"),
    [
        (lambda: Generic().parse(GENERIC, form(text="x")), "sender"),
        (lambda: Generic().parse_status(GENERIC, form(status="sent")), "message id"),
        (lambda: AfricasTalking().parse(AT, form(text="x")), "sender"),
        (lambda: AfricasTalking().parse_status(AT, form(status="Success")), "message id"),
        (lambda: SmsGate().parse(CHANNEL, event("sms:received", message="x")), "sender"),
        (lambda: SmsGate().parse(CHANNEL, event("sms:sent")), "message id"),
        (lambda: SmsGate().parse(CHANNEL, event("sms:unheard-of")), "event"),
        (lambda: Twilio().parse(TWILIO, form(MessageSid="SM1", Body="x")), "sender"),
        (lambda: Twilio().parse_status(TWILIO, form(MessageStatus="sent")), "message id"),
        (lambda: provider_code("x" * 10_000), "id"),
        (lambda: provider_code(7), "id"),
    ],
)
def test_what_cannot_be_read_names_what_is_missing_and_nothing_else(
    read: Callable[[], object], missing: str
) -> None:
    with pytest.raises(Malformed) as refused:
        read()
    assert refused.value.args == Malformed(missing).args


def test_a_call_too_old_or_of_no_time_says_so() -> None:
    late = NOW - timedelta(seconds=FRESH_SECONDS + 1)
    for call in (_call({"deviceId": "phone-1"}, late), _call({"deviceId": "phone-1"}, stamp="1" * 13)):
        with pytest.raises(Stale) as refused:
            SmsGate().verify(CHANNEL, call, NOW)
        assert refused.value.args == Stale("timestamp").args


def test_a_time_of_twelve_digits_is_still_a_time() -> None:
    far = datetime.fromtimestamp(200_000_000_000, UTC)
    SmsGate().verify(CHANNEL, _call({"deviceId": "phone-1"}, far), far)


def failed(send: Callable[[], object]) -> tuple[SendError, str, bool, bool]:
    with pytest.raises(SendFailed) as refused:
        send()
    told = refused.value
    return told.error, told.code, told.uncertain, told.refusing


def texts(gateway: Generic | AfricasTalking | SmsGate, to: Channel) -> str:
    return gateway.send(to, TO, "Bonjour", own_id="own-1", timeout=5, now=NOW).provider_id


@pytest.mark.parametrize("gateway", [Generic(), SmsGate(), AfricasTalking()])
def test_a_channel_that_was_not_set_up_is_red(gateway: Generic | AfricasTalking | SmsGate) -> None:
    empty = channel(GatewayKind.GENERIC)
    assert failed(lambda: texts(gateway, empty)) == (SendError.RETRY, "not_configured", False, True)


def answered(code: object, message_id: object = "ATXid_1", status: int = 201) -> Answer:
    recipient = {"statusCode": code, "messageId": message_id}
    return Answer.of({"SMSMessageData": {"Recipients": [recipient]}}, status)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (answered(406), (SendError.OPTED_OUT, "at_406", False, False)),
        (answered(403), (SendError.PERMANENT, "at_403", False, False)),
        (answered(402), (SendError.RETRY, "at_402", False, True)),
        (answered(500), (SendError.RETRY, "at_500", False, False)),
        (answered("no number"), (SendError.RETRY, "no_recipient", True, False)),
        (answered(101, None), (SendError.RETRY, "no_id", True, False)),
        (answered(101, status=300), (SendError.RETRY, "http_300", False, False)),
        (Answer(400), (SendError.PERMANENT, "http_400", False, False)),
    ],
)
def test_each_answer_of_africa_s_talking_has_its_consequence(
    answer: Answer, expected: tuple[SendError, str, bool, bool]
) -> None:
    with RecordingServer(answer) as server:
        at = channel(GatewayKind.AFRICASTALKING, server.url, username="ong", password="k")
        assert failed(lambda: texts(AfricasTalking(), at)) == expected


@pytest.mark.parametrize("status", [200, 201, 299])
def test_any_answer_that_says_yes_is_one(status: int) -> None:
    with RecordingServer(answered(101, status=status)) as server:
        # However its address ends.
        at = channel(GatewayKind.AFRICASTALKING, server.url + "//", username="ong", password="k")
        assert texts(AfricasTalking(), at) == "ATXid_1"
    assert server.calls[0].path == "/version1/messaging"
    with RecordingServer(Answer.of({"id": "g1"}, status)) as server:
        assert texts(Generic(), channel(GatewayKind.GENERIC, server.url)) == "g1"


def test_a_stop_without_words_and_a_text_without_words_are_told_apart() -> None:
    said = AfricasTalking().parse(AT, form(**{"from": TO}))
    assert said is not None
    assert (said.text, said.provider_id, said.recipient) == ("", None, None)


@pytest.mark.parametrize(
    ("known", "header"),
    [
        ({"password": "a-key"}, ("authorization", "Bearer a-key")),
        ({"password": "a-key", "key_name": "x-key"}, ("x-key", "a-key")),
        ({}, ("authorization", None)),
    ],
)
def test_a_key_goes_where_the_other_side_looks_for_it(
    known: dict[str, str], header: tuple[str, str | None]
) -> None:
    with RecordingServer(Answer.of({})) as server:
        texts(Generic(), channel(GatewayKind.GENERIC, server.url, **known))
    heard = {name.lower(): value for name, value in server.calls[0].headers.items()}
    assert heard.get(header[0]) == header[1]


@pytest.mark.parametrize(
    ("answer", "given"),
    [
        ({"data": {"message_id": "m1"}}, "m1"), ({"messageId": 7}, "7"), ({"data": "x"}, "own-1"),
        ({"data": ["id"]}, "own-1"), ({"id": None, "data": {"id": "inner"}}, "inner"), ([1], "own-1"),
    ],
)  # fmt: skip
def test_an_id_is_found_where_it_may_stand(answer: object, given: str) -> None:
    with RecordingServer(Answer.of(answer)) as server:
        assert texts(Generic(), channel(GatewayKind.GENERIC, server.url)) == given


def test_a_telephone_s_own_id_is_kept_when_it_gives_one() -> None:
    for answer, given in (({"id": "given"}, "given"), ({}, "own-1"), ({"id": 7}, "own-1")):
        with RecordingServer(Answer.of(answer, 202)) as server:
            phone = channel(GatewayKind.SMSGATE, server.url, username="u", password="p")
            assert texts(SmsGate(), phone) == given


def test_a_call_with_a_query_and_no_form_is_read_by_its_query() -> None:
    bare = RawRequest("GET", "/hooks/sms/s", urlencode({"from": TO, "text": "a"}), {}, b"")
    said = Generic().parse(GENERIC, bare)
    assert said is not None
    assert (said.sender, said.text) == (TO, "a")
    typed = replace(bare, headers={"content-type": "application/JSON"}, body=b'{"text": "b"}', method="POST")
    assert Generic().parse(GENERIC, typed).text == "b"


def test_times_are_told_in_utc_whatever_their_zone() -> None:
    east = datetime(2026, 11, 26, 10, tzinfo=timezone(timedelta(hours=2)))
    told = posting.instant(f" {east.isoformat()} ")
    assert (told, told.tzinfo) == (NOW, UTC)
    assert posting.instant("2026-11-26 08:00:00") == NOW
    assert posting.instant("yesterday") is None


def test_a_number_that_is_none_is_shown_as_dots_alone() -> None:
    assert [phone_book.masked(one) for one in ("", "abc", "+999", "+243810000067")] == [
        "•••", "•••", "•••", "+243 ••• ••• •67",
    ]  # fmt: skip


@pytest.mark.parametrize("break_", ["\n", "\r", "\r\n"])
def test_a_text_wrapped_in_lines_is_unwrapped(break_: str) -> None:
    wrapped = base64.b64encode(b"Les gardes nous ont battus hier").decode()
    assert unwrapped(wrapped[:20] + break_ + wrapped[20:]) == "Les gardes nous ont battus hier"


@pytest.mark.parametrize(
    ("hidden", "secret"),
    [
        ("plain", "plain"), ('{"secret": "inside", "region": "ie1"}', "inside"), ("{not json", "{not json"),
        ('{"key": 1}', '{"key": 1}'), ('{"secret": 7}', '{"secret": 7}'),
    ],
)  # fmt: skip
def test_a_channel_s_secret_is_what_is_hidden_or_stands_inside(hidden: str, secret: str) -> None:
    read = channel_from(UUID(int=1), GatewayKind.TWILIO, "+1", None, hidden, "http://h")
    assert (read.secret, read.account.identity) == (secret, "")
    assert read.account.region == ("ie1" if secret == "inside" else None)


def test_a_letter_of_ours_names_each_part_as_mail_does() -> None:
    letter = mail._letter("Grief <a@ong.example>", "b@ong.example", "Objet", "Texte", NOW, "id-1")
    assert [name for name, _ in letter.items()][:6] == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    ]  # fmt: skip
    assert letter["Message-ID"] == "<id-1@ong.example>"
