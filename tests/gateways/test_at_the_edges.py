"""What is said at the edges: an empty text, a header of nothing, too many fields, a provider that is slow?"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from grievance.gateways import twilio_calls
from grievance.gateways.africastalking import AfricasTalking
from grievance.gateways.contract import Forged, Malformed, RawRequest, SendError, SendFailed
from grievance.gateways.generic import Generic
from grievance.gateways.smsgate import SmsGate
from grievance.gateways.twilio import Twilio
from grievance.vocabulary import GatewayKind
from tests.gateways.recording_server import Answer, RecordingServer
from tests.gateways.test_in_which_words import GENERIC, NOW, TO, TWILIO, channel, failed, form, texts
from tests.gateways.test_smsgate import CHANNEL, _call


@pytest.mark.parametrize(
    ("gateway", "words"),
    [
        (Generic(), ("", "text/plain")), (SmsGate(), ("", "text/plain")),
        (AfricasTalking(), ("", "text/plain")), (Twilio(), ("<Response/>", "text/xml")),
    ],
)  # fmt: skip
def test_each_hears_what_it_waits_for(
    gateway: Generic | SmsGate | AfricasTalking | Twilio, words: tuple[str, str]
) -> None:
    assert gateway.acknowledge() == words


@pytest.mark.parametrize("name", ["X-Signature", "X-Timestamp"])
def test_a_header_that_no_text_can_hold_is_a_forgery(name: str) -> None:
    call = _call({"deviceId": "phone-1"}, NOW)
    with pytest.raises(Forged):
        SmsGate().verify(CHANNEL, replace(call, headers={**call.headers, name: "\ud800"}), NOW)
    with pytest.raises(Forged):
        Twilio().verify(TWILIO, replace(call, headers={"X-Twilio-Signature": "\ud800"}), NOW)


def test_a_count_of_parts_longer_than_any_text_is_none() -> None:
    said = [
        Twilio().parse(TWILIO, form(MessageSid="SM1", From=TO, Body="x", NumSegments=many))
        for many in ("3", "999999", "1000000", "many")
    ]
    assert [one.parts for one in said if one] == [3, 999_999, None, None]


def test_a_region_of_twilio_is_the_one_that_is_asked() -> None:
    abroad = channel(GatewayKind.TWILIO, region="ie1", edge="dublin", identity="AC1")
    client = twilio_calls.ask(abroad, 5, lambda one: one)
    assert (client.region, client.edge) == ("ie1", "dublin")


def test_a_text_without_words_by_get_is_still_a_text() -> None:
    said = Generic().parse(GENERIC, RawRequest("GET", "/hooks/sms/s/", f"from=%2B{TO[1:]}&text=", {}, b""))
    assert said is not None
    assert (said.sender, said.text) == (TO, "")


def test_the_end_of_a_path_is_read_with_and_without_its_last_stroke() -> None:
    for path in ("/hooks/sms/s/delivered", "/hooks/sms/s/delivered/", "/hooks/sms/s/DELIVERED"):
        report = Generic().parse(GENERIC, RawRequest("GET", path, "id=own-1", {}, b""))
        assert report is not None
        assert report.status.value == "delivered"


def test_a_query_of_too_many_fields_is_refused_by_its_number() -> None:
    fields = [("from", TO), ("text", "x"), *(("n", "1") for _ in range(98))]
    assert Generic().parse(GENERIC, RawRequest("GET", "/hooks/sms/s", urlencode(fields), {}, b"")) is not None
    more = RawRequest("GET", "/hooks/sms/s", urlencode([*fields, ("n", "1")]), {}, b"")
    with pytest.raises(Malformed, match="query"):
        Generic().parse(GENERIC, more)


def test_three_hundred_is_no_yes() -> None:
    for gateway in (Generic(), SmsGate()):
        with RecordingServer(Answer.of({}, 300)) as server:
            asked = channel(GatewayKind.GENERIC, server.url)
            assert failed(lambda: texts(gateway, asked)) == (SendError.RETRY, "http_300", False, False)  # noqa: B023


def test_nobody_waits_for_a_provider_longer_than_they_were_told() -> None:
    at = {"username": "ong", "password": "k", "identity": "AC" + "0" * 32}
    for gateway in (Generic(), SmsGate(), AfricasTalking(), Twilio()):
        with RecordingServer(Answer(200, b"{}", delay=1.5)) as server:
            asked = channel(GatewayKind.GENERIC, server.url, **at)
            with pytest.raises(SendFailed) as late:
                gateway.send(asked, TO, "x", own_id="own-1", timeout=0.3, now=NOW)
        assert late.value.code == "timeout"
