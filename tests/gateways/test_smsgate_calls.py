"""Does the field phone get our texts once, and do we take its refusals rightly?"""

from __future__ import annotations

import base64
import logging
import socket
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from grievance.gateways.contract import Account, Channel, DeliveryStatus, SendError, SendFailed, Sent
from grievance.gateways.smsgate import SmsGate
from grievance.vocabulary import GatewayKind
from tests.gateways.recording_server import Answer, RecordingServer

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TO = "+243920000002"
ACCOUNT = Account(identity="phone-1", username="sms", password="not-a-real-password", sim=1, ttl=600)
CHANNEL = Channel(
    UUID(int=1), GatewayKind.SMSGATE, "+243880000001", "key", ACCOUNT, "https://plainte.example"
)
GATEWAY = SmsGate()


def _at(url: str) -> Channel:
    return replace(CHANNEL, account=replace(ACCOUNT, base_url=url))


def _send(url: str, timeout: float = 5.0) -> Sent:
    return GATEWAY.send(_at(url), TO, "Habari yako", own_id="own-7", timeout=timeout, now=NOW)


def _failure(answer: Answer, timeout: float = 5.0) -> SendFailed:
    with RecordingServer(answer) as server, pytest.raises(SendFailed) as caught:
        _send(server.url, timeout)
    assert caught.value.__context__ is None
    return caught.value


def test_a_text_is_handed_over_as_the_app_wants_it() -> None:
    with RecordingServer(Answer.of({"id": "own-7", "state": "Pending"}, 202)) as server:
        assert _send(server.url + "/3rdparty/v1/") == Sent("own-7")
    (call,) = server.calls
    assert (call.method, call.path) == ("POST", "/3rdparty/v1/messages")
    assert call.json == {
        "id": "own-7",
        "textMessage": {"text": "Habari yako"},
        "phoneNumbers": [TO],
        "simNumber": 1,
        "ttl": 600,
        "withDeliveryReport": True,
    }
    pair = base64.b64encode(b"sms:not-a-real-password").decode()
    assert call.headers["Authorization"] == f"Basic {pair}"


def test_a_text_the_phone_already_has_counts_as_sent() -> None:
    with RecordingServer(Answer.of({"message": "exists"}, 409)) as server:
        assert _send(server.url) == Sent("own-7")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"id":5}', b"<html>"])
def test_an_odd_answer_to_a_taken_text_changes_nothing(body: bytes) -> None:
    with RecordingServer(Answer(202, body)) as server:
        assert _send(server.url) == Sent("own-7")


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, SendError.PERMANENT), (401, SendError.RETRY), (404, SendError.RETRY), (429, SendError.RETRY),
     (500, SendError.RETRY), (503, SendError.RETRY)],
)  # fmt: skip
def test_each_refusal_has_its_consequence(status: int, error: SendError) -> None:
    failed = _failure(Answer.of({"message": f"invalid {TO}"}, status))
    assert (failed.error, failed.code, failed.uncertain) == (error, f"http_{status}", False)


def test_a_redirect_takes_neither_text_nor_password_elsewhere() -> None:
    with RecordingServer(Answer(202)) as elsewhere:
        failed = _failure(Answer(307, headers={"Location": elsewhere.url}))
        assert (failed.error, elsewhere.calls) == (SendError.RETRY, [])


def test_silence_may_be_tried_again_because_our_id_makes_it_one_text() -> None:
    failed = _failure(Answer(delay=0.6), timeout=0.2)
    assert (failed.error, failed.code, failed.uncertain) == (SendError.RETRY, "timeout", False)
    assert _failure(Answer(hang_up=True)).uncertain is False


def test_a_phone_without_network_is_tried_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    for address, code in ((url, "unreachable"), ("", "not_configured"), ("nowhere", "unreachable")):
        with pytest.raises(SendFailed) as caught:
            _send(address)
        assert (caught.value.error, caught.value.code) == (SendError.RETRY, code)


@pytest.mark.parametrize(
    ("state", "status"),
    [("Pending", DeliveryStatus.QUEUED), ("Processed", DeliveryStatus.SENDING), ("Sent", DeliveryStatus.SENT),
     ("Delivered", DeliveryStatus.DELIVERED), ("Failed", DeliveryStatus.FAILED)],
)  # fmt: skip
def test_the_phone_can_be_asked_where_a_text_stands(state: str, status: DeliveryStatus) -> None:
    with RecordingServer(Answer.of({"id": "own-7", "state": state})) as server:
        found = GATEWAY.status_of(_at(server.url), "own-7", timeout=5)
    assert found is not None
    assert (server.calls[0].method, server.calls[0].path, found.status) == ("GET", "/messages/own-7", status)


def test_a_text_the_phone_never_had_is_nowhere() -> None:
    with RecordingServer(Answer.of({}, 404)) as server:
        assert GATEWAY.status_of(_at(server.url), "own-7", timeout=5) is None


def test_no_number_and_no_text_reaches_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with RecordingServer(Answer.of({"id": "own-7"}, 202)) as server:
        _send(server.url)
    assert "920000002" not in caplog.text
    assert "Habari" not in caplog.text
