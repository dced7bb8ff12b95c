"""Is a text that may have left found at its provider; does the recording gateway listen like a real one?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from grievance.gateways.contract import (
    Account,
    CannotLook,
    Channel,
    DeliveryStatus,
    Forged,
    RawRequest,
    SendError,
    SendFailed,
    Sought,
    StatusUpdate,
)
from grievance.gateways.phone_book import dialled, masked
from grievance.gateways.recording import RecordingGateway
from grievance.gateways.smsgate import SmsGate
from grievance.gateways.twilio import Twilio
from grievance.vocabulary import GatewayKind
from tests.gateways.recording_server import Answer, RecordingServer

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SID, TO, OURS = "AC" + "0" * 32, "+243920000002", "+15005550006"
WORDS = "Bonjour. Un message vous attend."
SOUGHT = Sought("own-7", TO, WORDS, NOW, frozenset({"SM-other"}))


def channel(kind: GatewayKind, url: str, number: str = OURS) -> Channel:
    account = Account(identity=SID, username="u", password="p", base_url=url)
    return Channel(UUID(int=1), kind, number, "not-a-real-token", account, "https://plainte.example/")


def message(sid: str, body: str = WORDS, **more: Any) -> dict[str, Any]:
    at = format_datetime(NOW)
    usual = {
        "sid": sid, "body": body, "status": "delivered", "direction": "outbound-api", "from": OURS, "to": TO,
        "date_sent": at, "date_created": at, "error_code": None,
    }  # fmt: skip
    return usual | more


def found(*messages: dict[str, Any], number: str = OURS) -> tuple[StatusUpdate | None, dict[str, list[str]]]:
    """What Twilio's list says of the text, and what it was asked."""
    page = Answer.of({"messages": list(messages), "next_page_uri": None, "page": 0, "page_size": 1000})
    with RecordingServer(page) as server:
        ours = channel(GatewayKind.TWILIO, server.url, number)
        return Twilio().find(ours, SOUGHT, timeout=5.0), server.calls[0].query


def test_twilio_s_list_is_asked_for_that_number_since_a_little_before() -> None:
    update, asked = found(message("SM1"))
    assert update == StatusUpdate("SM1", "own-7", DeliveryStatus.DELIVERED, None)
    assert asked["To"] == [TO]
    since = next(value for name, value in asked.items() if name.startswith("DateSent"))
    assert datetime.fromisoformat(since[0].replace("Z", "+00:00")) == NOW - timedelta(minutes=2)


def test_only_our_own_words_that_went_out_and_are_no_other_text_count() -> None:
    others = (
        message("SM2", "other words"), message("SM-other"), message("SM3", direction="inbound"),
        message("SM4", status="dancing"),
    )  # fmt: skip
    assert found(*others)[0] is None
    update, _ = found(*others, message("SM5", status="failed", error_code=30005))
    assert update == StatusUpdate("SM5", "own-7", DeliveryStatus.FAILED, SendError.PERMANENT)


def test_by_whatsapp_the_number_is_sought_as_whatsapp_writes_it() -> None:
    _, asked = found(number=f"whatsapp:{OURS}")
    assert asked["To"] == [f"whatsapp:{TO}"]


def test_a_telephone_is_asked_by_the_id_that_we_gave() -> None:
    with RecordingServer(Answer.of({"state": "Sent"})) as server:
        ours = channel(GatewayKind.SMSGATE, server.url)
        expected = StatusUpdate("own-7", "own-7", DeliveryStatus.SENT, None)
        assert SmsGate().find(ours, SOUGHT, timeout=5.0) == expected
    assert [(call.method, call.path) for call in server.calls] == [("GET", "/messages/own-7")]


def test_a_telephone_that_does_not_answer_in_time_is_not_waited_for() -> None:
    with RecordingServer(Answer(delay=1.0)) as server, pytest.raises(SendFailed, match="timeout"):
        SmsGate().find(channel(GatewayKind.SMSGATE, server.url), SOUGHT, timeout=0.1)


def test_a_telephone_without_an_address_refuses_everything_until_it_has_one() -> None:
    with pytest.raises(SendFailed) as caught:
        SmsGate().find(channel(GatewayKind.SMSGATE, ""), SOUGHT, timeout=1.0)
    assert (caught.value.error, caught.value.code) == (SendError.RETRY, "not_configured")
    assert caught.value.refusing is True


def test_the_recording_gateway_listens_like_the_one_it_stands_in_for(tmp_path: Path) -> None:
    ours = channel(GatewayKind.TWILIO, "")
    form = {"AccountSid": SID, "MessageSid": "SM1", "From": TO, "To": OURS, "Body": "Bonjour"}
    heard = RawRequest("POST", "/hooks/twilio/sms", "", {}, urlencode(form).encode())
    told = replace(heard, body=urlencode(form | {"MessageStatus": "delivered"}).encode())
    real, standing_in = Twilio(), RecordingGateway(Twilio(), tmp_path)
    assert standing_in.claimed_account(heard) == SID
    assert standing_in.parse(ours, heard) == real.parse(ours, heard)
    assert standing_in.parse_status(ours, told) == real.parse_status(ours, told)
    assert standing_in.parse_status(ours, told) is not None
    with pytest.raises(Forged, match="signature"):
        standing_in.verify(ours, heard, NOW)
    with pytest.raises(CannotLook):
        standing_in.find(ours, SOUGHT, timeout=1.0)


@pytest.mark.parametrize(
    ("number", "printed", "hidden"),
    [
        ("+243990000000", "+243 990 000 000", "+243 ••• ••• •00"), ("122", "122", "•••"),
        ("MTN", "MTN", "•••"), ("+99999999999999", "+99999999999999", "•••"),
    ],
)  # fmt: skip
def test_a_number_is_printed_to_be_dialled_and_masked_to_be_told_apart(
    number: str, printed: str, hidden: str
) -> None:
    assert (dialled(number), masked(number)) == (printed, hidden)
