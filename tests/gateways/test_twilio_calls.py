"""Does Twilio's real client say what we mean, and do we take its refusals rightly?"""

from __future__ import annotations

import base64
import logging
import socket
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from grievance.gateways.contract import Account, Channel, DeliveryStatus, SendError, SendFailed, Sent
from grievance.gateways.twilio import Twilio
from grievance.gateways.twilio_calls import ask
from grievance.vocabulary import GatewayKind
from tests.gateways.recording_server import Answer, RecordingServer

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SID = "AC00000000000000000000000000000000"
TO = "+243920000002"
GATEWAY = Twilio()


def _channel(url: str, number: str = "+15005550006", service: str = "") -> Channel:
    account = Account(identity=SID, base_url=url, service=service)
    return Channel(
        UUID(int=1), GatewayKind.TWILIO, number, "not-a-real-token", account, "https://plainte.example/"
    )


def _send(channel: Channel, text: str = "Bonjour", timeout: float = 5.0) -> Sent:
    return GATEWAY.send(channel, TO, text, own_id="own-7", timeout=timeout, now=NOW)


def _failure(answer: Answer, timeout: float = 5.0) -> SendFailed:
    with RecordingServer(answer) as server, pytest.raises(SendFailed) as caught:
        _send(_channel(server.url), timeout=timeout)
    assert caught.value.__context__ is None
    assert TO not in f"{caught.value!r}"
    return caught.value


def test_a_text_goes_out_once_with_our_own_id_in_its_report_address() -> None:
    with RecordingServer(Answer.of({"sid": "SM9", "status": "queued"}, 201)) as server:
        assert _send(_channel(server.url), "Ça va? é") == Sent("SM9")
    (call,) = server.calls
    assert (call.method, call.path) == ("POST", f"/2010-04-01/Accounts/{SID}/Messages.json")
    assert call.form == {
        "To": [TO],
        "From": ["+15005550006"],
        "Body": ["Ça va? é"],
        "StatusCallback": ["https://plainte.example/hooks/twilio/status/own-7"],
    }
    assert call.headers["Authorization"].startswith("Basic ")


def test_a_messaging_service_chooses_the_sender() -> None:
    with RecordingServer(Answer.of({"sid": "SM9"}, 201)) as server:
        _send(_channel(server.url, service="MG1"))
    assert server.calls[0].form["MessagingServiceSid"] == ["MG1"]
    assert "From" not in server.calls[0].form


def test_whatsapp_answers_on_whatsapp() -> None:
    with RecordingServer(Answer.of({"sid": "SM9"}, 201)) as server:
        _send(_channel(server.url, number="whatsapp:+15005550006"))
    assert server.calls[0].form["To"] == [f"whatsapp:{TO}"]


def test_the_machine_s_own_twilio_settings_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_REGION", "TWILIO_EDGE"):
        monkeypatch.setenv(name, "elsewhere")
    heard = ask(
        _channel(""), 5, lambda client: (client.account_sid, client.auth, client.region or client.edge)
    )
    assert heard == (SID, (SID, "not-a-real-token"), None)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, 21211, SendError.PERMANENT),
        (400, 21606, SendError.PERMANENT),
        (400, 30004, SendError.PERMANENT),
        (400, 21408, SendError.PERMANENT),
        (400, 21610, SendError.OPTED_OUT),
        (400, 21614, SendError.PERMANENT),
        (400, 99999, SendError.PERMANENT),
        (429, 20429, SendError.RETRY),
        (400, 30001, SendError.RETRY),
        (401, 20003, SendError.RETRY),
        (500, 20500, SendError.RETRY),
    ],
)
def test_each_refusal_of_twilio_has_its_consequence(status: int, code: int, error: SendError) -> None:
    told = {"code": code, "message": f"The 'To' number {TO} is odd", "more_info": "", "status": status}
    failed = _failure(Answer.of(told, status))
    assert (failed.error, failed.code, failed.uncertain) == (error, str(code), False)


@pytest.mark.parametrize("status", [503, 429, 302])
def test_a_proxy_that_answers_for_twilio_is_tried_again(status: int) -> None:
    failed = _failure(Answer(status, b"<html>busy</html>", headers={"Location": "http://127.0.0.1:9/"}))
    assert (failed.error, failed.code, failed.uncertain) == (SendError.RETRY, f"http_{status}", False)


def test_no_answer_in_time_is_uncertain() -> None:
    failed = _failure(Answer(delay=0.6), timeout=0.2)
    assert (failed.error, failed.code, failed.uncertain) == (SendError.RETRY, "timeout", True)


def test_a_line_cut_before_the_answer_is_uncertain() -> None:
    failed = _failure(Answer(hang_up=True))
    assert (failed.error, failed.uncertain) == (SendError.RETRY, True)


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"{}", b"null"])
def test_an_answer_nobody_can_read_is_uncertain(body: bytes) -> None:
    failed = _failure(Answer(201, body))
    assert (failed.error, failed.uncertain) == (SendError.RETRY, True)


def test_nobody_there_means_nothing_left_us() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(SendFailed) as caught:
        _send(_channel(url))
    failed = caught.value
    assert (failed.error, failed.code, failed.uncertain) == (SendError.RETRY, "unreachable", False)


def test_a_text_too_long_for_twilio_is_not_tried() -> None:
    with RecordingServer() as server, pytest.raises(SendFailed) as caught:
        _send(_channel(server.url), "a" * 1601)
    assert (caught.value.error, caught.value.code) == (SendError.PERMANENT, "too_long")
    assert server.calls == []


def test_no_number_and_no_text_reaches_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with RecordingServer(Answer.of({"sid": "SM9"}, 201)) as server:
        _send(_channel(server.url), "Habari yako")
    assert TO not in caplog.text
    assert "920000002" not in caplog.text
    assert "Habari" not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith("twilio")]


def test_the_reconciler_reads_page_after_page() -> None:
    message = {
        "sid": "SM1", "direction": "inbound", "from": TO, "to": "+15005550006", "body": "Mbwa",
        "status": "received", "date_sent": "Tue, 24 Nov 2026 07:30:00 +0000", "error_code": None,
    }  # fmt: skip
    failed = {**message, "sid": "SM2", "direction": "outbound-api", "status": "failed", "error_code": 30005}
    more = f"/2010-04-01/Accounts/{SID}/Messages.json?Page=1&PageToken=P"
    pages = [{"messages": [message], "next_page_uri": more}, {"messages": [failed], "next_page_uri": None}]
    with RecordingServer(*(Answer.of(page) for page in pages)) as server:
        since = datetime(2026, 11, 24, 9, 0, tzinfo=timezone(timedelta(hours=2)))
        first, second = GATEWAY.list_messages(_channel(server.url), since, timeout=5)
    assert server.calls[0].query["DateSent>"] == ["2026-11-24T07:00:00Z"]
    assert (first.provider_id, first.inbound, first.sender, first.text) == ("SM1", True, TO, "Mbwa")
    assert first.at == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert not second.inbound
    assert (second.status, second.error) == (DeliveryStatus.FAILED, SendError.PERMANENT)
    assert TO not in repr(first)
    assert "Mbwa" not in repr(first)


def test_a_body_in_base64_is_opened_in_the_list_too_when_a_person_wrote_it() -> None:
    wrapped = base64.b64encode(b"Les gardes ont battu mon frere").decode()
    said = {"body": wrapped, "status": "received", "from": TO, "to": "+15005550006", "error_code": None}
    ways = {"SM1": "inbound", "SM2": "outbound-api"}
    listed = [said | {"sid": sid, "direction": way} for sid, way in ways.items()]
    with RecordingServer(Answer.of({"messages": listed, "next_page_uri": None})) as server:
        theirs, ours = GATEWAY.list_messages(_channel(server.url), NOW, timeout=5)
    assert theirs.text == "Les gardes ont battu mon frere"
    assert ours.text == wrapped


def test_a_text_is_blanked_at_the_provider() -> None:
    with RecordingServer(Answer.of({"sid": "SM1", "body": ""})) as server:
        GATEWAY.blank(_channel(server.url), "SM1", timeout=5)
    (call,) = server.calls
    assert (call.method, call.path) == ("POST", f"/2010-04-01/Accounts/{SID}/Messages/SM1.json")
    assert call.form == {"Body": [""]}


def test_a_text_that_twilio_has_no_more_is_blank_already() -> None:
    for gone in (Answer.of({"code": 20404, "message": "not found", "status": 404}, 404), Answer(410, b"")):
        with RecordingServer(gone) as server:
            GATEWAY.blank(_channel(server.url), "SM1", timeout=5)


def test_an_address_that_is_not_twilio_s_has_emptied_nothing() -> None:
    with RecordingServer(Answer(404, b"<html>")) as server, pytest.raises(SendFailed) as caught:
        GATEWAY.blank(_channel(server.url), "SM1", timeout=5)
    assert (caught.value.error, caught.value.refusing) == (SendError.RETRY, True)


def test_what_left_by_a_number_or_its_service_is_told_from_what_others_sent() -> None:
    ours, theirs, mine, other = "+15005550006", "+15005550007", "MG1", "MG2"
    told = (
        (ours, None, True), (ours, other, True), (theirs, mine, True), ("", mine, True), ("", None, True),
        (theirs, None, False), (theirs, other, False),
    )  # fmt: skip
    listed = [
        {"sid": "SM1", "body": "x", "status": "sent", "from": sender, "to": TO, "direction": "outbound-api",
         "messaging_service_sid": service, "error_code": None}
        for sender, service, _ in told
    ]  # fmt: skip
    came_in = listed[0] | {"direction": "inbound"}
    with RecordingServer(Answer.of({"messages": [*listed, came_in], "next_page_uri": None})) as server:
        found = GATEWAY.list_messages(_channel(server.url), NOW, timeout=5)
    channel = _channel("", number=f"whatsapp:{ours}", service=mine)
    assert [one.left_by(channel) for one in found] == [*(expected for *_, expected in told), False]
    assert not found[2].left_by(_channel("", number=ours))


def test_the_list_can_end_at_an_instant() -> None:
    with RecordingServer(Answer.of({"messages": [], "next_page_uri": None})) as server:
        GATEWAY.list_messages(_channel(server.url), NOW - timedelta(hours=1), before=NOW, timeout=5)
    assert server.calls[0].query["DateSent>"] == ["2026-11-24T07:00:00Z"]
    assert server.calls[0].query["DateSent<"] == ["2026-11-24T08:00:00Z"]


def test_a_text_that_is_still_on_its_way_is_blanked_later() -> None:
    busy = Answer.of({"code": 20009, "message": "busy", "status": 400}, 400)
    with RecordingServer(busy) as server, pytest.raises(SendFailed) as caught:
        GATEWAY.blank(_channel(server.url), "SM1", timeout=5)
    assert caught.value.error is SendError.RETRY
