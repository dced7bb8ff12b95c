"""Any other gateway calls its fields as it likes; httpSMS tells of calls that nobody took."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from grievance.gateways import generic
from grievance.gateways.contract import (
    Account,
    CannotLook,
    Channel,
    DeliveryStatus,
    Inbound,
    Malformed,
    RawRequest,
    SendError,
    SendFailed,
    Sign,
    Sought,
    StatusUpdate,
)
from grievance.gateways.generic import Generic
from grievance.schemas.names import NAMED
from grievance.vocabulary import GatewayKind
from tests.gateways.recording_server import Answer, RecordingServer

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
GATEWAY = Generic()
SENDER = "+243810000001"


def channel(base_url: str = "", **more: Any) -> Channel:
    account = Account(base_url=base_url, **more)
    return Channel(UUID(int=7), GatewayKind.GENERIC, "+243880000009", "s", account, "http://h")


def get(path: str = "/hooks/sms/s", **query: str) -> RawRequest:
    return RawRequest("GET", path, urlencode(query), {}, b"")


def event(kind: str, **data: str) -> RawRequest:
    told = json.dumps({"specversion": "1.0", "id": "event-1", "type": kind, "data": data})
    headers = {"Content-Type": "application/cloudevents+json"}
    return RawRequest("POST", "/hooks/sms/s", "", headers, told.encode())


def send(to: Channel) -> str:
    return GATEWAY.send(to, SENDER, "Bonjour", own_id="own-1", timeout=5, now=NOW).provider_id


@pytest.mark.parametrize("sender", ["from", "sender"])
def test_a_text_comes_by_get_or_by_post(sender: str) -> None:
    fields = {sender: SENDER, "text": "Les gardes", "date": "2026-11-26T10:00:00+02:00"}
    posted = RawRequest("POST", "/hooks/sms/s", "", {}, urlencode(fields).encode())
    expected = Inbound(None, SENDER, "Les gardes", NOW)
    assert GATEWAY.parse(channel(), get(**fields)) == expected
    assert GATEWAY.parse(channel(), posted) == expected


def test_the_names_of_a_channel_s_own_gateway_are_used() -> None:
    named = channel(names={"sender": "msisdn", "text": "corps", "id": "ref"})
    said = GATEWAY.parse(named, get(msisdn=SENDER, corps="Les gardes", ref="r1", text="not this"))
    assert said == Inbound("r1", SENDER, "Les gardes")


def test_every_name_that_may_be_configured_is_one_that_the_gateway_knows() -> None:
    assert {*generic.INCOMING, *generic.OUTGOING, generic.FORMAT} == set(NAMED)


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (get("/hooks/sms/s/sent", id="own-1"), DeliveryStatus.SENT),
        (get("/hooks/sms/s/delivered", id="own-1"), DeliveryStatus.DELIVERED),
        (get("/hooks/sms/s/failed", id="own-1"), DeliveryStatus.FAILED),
        (get(id="own-1", status="delivered"), DeliveryStatus.DELIVERED),
        (event("message.phone.delivered", message_id="own-1"), DeliveryStatus.DELIVERED),
        (event("message.send.expired", message_id="own-1"), DeliveryStatus.FAILED),
    ],
)
def test_a_report_is_told_by_the_end_of_the_path_or_by_its_status(
    call: RawRequest, status: DeliveryStatus
) -> None:
    error = SendError.RETRY if status is DeliveryStatus.FAILED else None
    assert GATEWAY.parse(channel(), call) == StatusUpdate("own-1", "own-1", status, error)


def test_a_missed_call_is_known_as_one_and_holds_no_words() -> None:
    ours, at = "+243880000009", "2026-11-26T08:00:00Z"
    said = GATEWAY.parse(channel(), event("message.call.missed", contact=SENDER, owner=ours, timestamp=at))
    assert said == Inbound("event-1", SENDER, "", NOW, ours, missed_call=True)


def test_httpsms_brings_a_text_under_its_own_names() -> None:
    said = GATEWAY.parse(channel(), event("message.phone.received", contact=SENDER, content="Les gardes"))
    assert said == Inbound("event-1", SENDER, "Les gardes")


@pytest.mark.parametrize("call", [get(text="no sender"), get(**{"from": SENDER}), get("/hooks/sms/s/sent")])
def test_what_cannot_be_read_is_not_acknowledged(call: RawRequest) -> None:
    with pytest.raises(Malformed):
        GATEWAY.parse(channel(), call)


def test_a_ping_a_telephone_that_is_away_and_one_that_is_back_are_told_apart() -> None:
    ours, at = "+243880000009", "2026-11-26T08:00:00Z"
    assert GATEWAY.parse(channel(), get(event="ping")) is Sign.PING
    away = event("phone.heartbeat.offline", owner=ours, phone_id="p1", timestamp=at)
    assert GATEWAY.parse(channel(), away) is Sign.OFFLINE
    assert GATEWAY.parse(channel(), event("phone.heartbeat.online", owner=ours, phone_id="p1")) is None


def test_a_text_goes_out_under_the_names_of_the_other_side() -> None:
    names = {"send_text": "content", "send_id": "request_id", "send_format": "json"}
    with RecordingServer(Answer.of({"data": {"id": "given-1"}})) as server:
        to = channel(server.url + "/send", names=names, key_name="x-api-key", password="a-key")
        assert send(to) == "given-1"
    (seen,) = server.calls
    assert (seen.path, seen.headers["x-api-key"]) == ("/send", "a-key")
    assert seen.json == {
        "to": SENDER, "from": "+243880000009", "content": "Bonjour", "request_id": "own-1",
    }  # fmt: skip


def test_where_no_id_comes_back_a_text_is_known_by_ours() -> None:
    with RecordingServer(Answer(200, b"OK")) as server:
        assert send(channel(server.url, username="u", password="p")) == "own-1"
    assert server.calls[0].headers["Authorization"].startswith("Basic ")
    assert server.calls[0].form["text"] == ["Bonjour"]


@pytest.mark.parametrize(
    ("answer", "error", "uncertain", "refusing"),
    [
        (Answer(400), SendError.PERMANENT, False, False),
        (Answer(403), SendError.RETRY, False, True),
        (Answer(500), SendError.RETRY, False, True),
        (Answer(429), SendError.RETRY, False, False),
        (Answer(hang_up=True), SendError.RETRY, True, False),
    ],
)
def test_a_refusal_says_whether_to_try_again_and_who_is_refused(
    answer: Answer, error: SendError, uncertain: bool, refusing: bool
) -> None:
    with RecordingServer(answer) as server, pytest.raises(SendFailed) as refused:
        send(channel(server.url))
    told = refused.value
    assert (told.error, told.uncertain, told.refusing) == (error, uncertain, refusing)
    assert "243" not in f"{told} {told!r} {told.__context__}"


def test_it_cannot_be_asked_what_became_of_a_text() -> None:
    with pytest.raises(CannotLook):
        GATEWAY.find(channel(), Sought("own", SENDER, "x", NOW), timeout=1)
