"""Do we believe the field phone, and only now, and understand what it says?"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance.gateways.contract import (
    Account,
    Channel,
    DeliveryStatus,
    Forged,
    Inbound,
    Malformed,
    RawRequest,
    SendError,
    Stale,
    StatusUpdate,
)
from grievance.gateways.smsgate import SmsGate
from grievance.vocabulary import GatewayKind

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
KEY = "not-a-real-key"
TO = "+243920000002"
ACCOUNT = Account(identity="phone-1")
CHANNEL = Channel(UUID(int=1), GatewayKind.SMSGATE, "+243880000001", KEY, ACCOUNT, "https://plainte.example")
GATEWAY = SmsGate()


def _event(name: str = "sms:received", device: str = "phone-1", **payload: Any) -> dict[str, Any]:
    return {"deviceId": device, "event": name, "id": "Ev1", "webhookId": "w", "payload": payload}


TEXT = _event(
    messageId="abc", message="Mbwa ameuma mtoto", sender=TO, recipient=None, simNumber=None,
    receivedAt="2026-11-24T09:58:00.000+02:00",
)  # fmt: skip


def _call(event: object, at: datetime = NOW, key: str = KEY, stamp: str | None = None) -> RawRequest:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    timestamp = str(int(at.timestamp())) if stamp is None else stamp
    # The app's published rule, written down once more.
    signature = hmac.new(key.encode(), body + timestamp.encode(), hashlib.sha256).hexdigest()
    headers = {"X-Signature": signature, "X-Timestamp": timestamp}
    return RawRequest("POST", "/hooks/smsgate", "", headers, body)


def _said(event: object) -> Inbound | StatusUpdate | None:
    request = _call(event)
    GATEWAY.verify(CHANNEL, request, NOW)
    return GATEWAY.parse(CHANNEL, request)


def test_a_text_is_believed_and_read_in_our_time() -> None:
    heard = Inbound("Ev1", TO, "Mbwa ameuma mtoto", datetime(2026, 11, 24, 7, 58, tzinfo=UTC))
    assert _said(TEXT) == heard
    assert GATEWAY.claimed_account(_call(TEXT)) == "phone-1"


def test_an_older_app_s_text_is_read_too() -> None:
    older = _event(messageId="abc", message="Mbwa", phoneNumber=TO, simNumber=1, receivedAt="hier")
    assert _said(older) == Inbound("Ev1", TO, "Mbwa", None)


@pytest.mark.parametrize(
    "told", ["2026-11-24T09:58:00", "0001-01-01T00:00:00+14:00", "24/11", 1764000000, None]
)
def test_a_time_without_its_zone_says_nothing(told: object) -> None:
    heard = _said(_event(message="Mbwa", sender=TO, receivedAt=told))
    assert isinstance(heard, Inbound)
    assert heard.sent_at is None


def test_two_texts_with_the_same_words_stay_two() -> None:
    first, second = _said(TEXT), _said({**TEXT, "id": "Ev2"})
    assert isinstance(first, Inbound)
    assert isinstance(second, Inbound)
    assert first.provider_id != second.provider_id


def test_a_picture_message_brings_its_words() -> None:
    heard = _said(_event("mms:downloaded", sender=TO, subject="Kolwezi", body="Picha", attachments=[]))
    assert isinstance(heard, Inbound)
    assert heard.text == "Kolwezi\nPicha"


def test_half_a_character_from_an_old_phone_is_taken_in() -> None:
    heard = _said(json.dumps({**TEXT, "payload": {"message": "a\ud83d", "sender": TO}}).encode())
    assert isinstance(heard, Inbound)
    assert heard.text.encode() == "a\ufffd".encode()


@pytest.mark.parametrize("seconds", [-300, -1, 0, 299, 300])
def test_five_minutes_either_way_are_now(seconds: int) -> None:
    GATEWAY.verify(CHANNEL, _call(TEXT, NOW + timedelta(seconds=seconds)), NOW)


@pytest.mark.parametrize("seconds", [-86400, -301, 301, 86400])
def test_a_signed_call_from_another_time_is_stale(seconds: int) -> None:
    with pytest.raises(Stale):
        GATEWAY.verify(CHANNEL, _call(TEXT, NOW + timedelta(seconds=seconds)), NOW)


@pytest.mark.parametrize("stamp", ["", "now", "-5", "1e9", "１２３", "9" * 400, "1764000000.0", " 1"])
def test_a_time_that_is_no_time_is_stale(stamp: str) -> None:
    with pytest.raises(Stale):
        GATEWAY.verify(CHANNEL, _call(TEXT, stamp=stamp), NOW)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda request: replace(request, headers={}),
        lambda request: replace(request, headers={**request.headers, "X-Signature": ""}),
        lambda request: replace(request, headers={**request.headers, "X-Signature": "é" * 64}),
        lambda request: replace(request, headers={**request.headers, "X-Timestamp": "1"}),
        lambda request: replace(request, body=request.body + b" "),
        lambda request: _call(TEXT, key="another-key"),
        lambda request: _call({**TEXT, "deviceId": "phone-2"}),
        lambda request: _call({**TEXT, "deviceId": None}),
    ],
)
def test_whoever_is_not_our_phone_is_refused(spoil: Callable[[RawRequest], RawRequest]) -> None:
    with pytest.raises(Forged):
        GATEWAY.verify(CHANNEL, spoil(_call(TEXT)), NOW)


def test_a_signature_in_capitals_is_the_same_signature() -> None:
    request = _call(TEXT)
    loud, stamp = request.headers["X-Signature"].upper(), request.headers["X-Timestamp"]
    shouted = {"x-signature": loud, "x-timestamp": stamp}
    GATEWAY.verify(CHANNEL, replace(request, headers=shouted), NOW)


def test_a_channel_without_a_key_believes_nobody() -> None:
    with pytest.raises(Forged):
        GATEWAY.verify(replace(CHANNEL, secret=""), _call(TEXT, key=""), NOW)


@pytest.mark.parametrize(
    ("event", "status", "error"),
    [
        ("sms:sent", DeliveryStatus.SENT, None),
        ("sms:delivered", DeliveryStatus.DELIVERED, None),
        ("sms:failed", DeliveryStatus.FAILED, SendError.RETRY),
        ("sms:cancelled", DeliveryStatus.FAILED, SendError.RETRY),
    ],
)
def test_a_report_names_our_message(event: str, status: DeliveryStatus, error: SendError | None) -> None:
    told = _event(event, messageId="own-7", phoneNumber=TO, reason="RESULT_ERROR_GENERIC_FAILURE")
    assert _said(told) == StatusUpdate("own-7", "own-7", status, error)


@pytest.mark.parametrize("event", ["system:ping", "app:started"])
def test_a_sign_of_life_says_nothing_more(event: str) -> None:
    assert _said(_event(event, health={})) is None


@pytest.mark.parametrize(
    "event",
    [
        _event("sms:batch:received", messages=[]),
        _event("mms:received", sender=TO),
        _event("something:new"),
        {**TEXT, "event": ["sms:received"]},
        {**TEXT, "event": None},
        {**TEXT, "payload": "none"},
        {**TEXT, "id": 5},
        _event(message="no sender"),
        _event(message=5, sender=TO),
        _event("sms:sent"),
        b"[]",
        b"",
    ],
)
def test_what_we_cannot_read_is_never_acknowledged(event: object) -> None:
    with pytest.raises(Malformed):
        GATEWAY.parse(CHANNEL, _call(event))


def test_a_body_that_is_no_json_is_malformed_however_well_signed() -> None:
    with pytest.raises(Malformed):
        GATEWAY.verify(CHANNEL, _call(b"Bonjour"), NOW)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["messageId", "message", "sender", "phoneNumber", "recipient", "receivedAt", "body"])
EVENTS = st.sampled_from(["sms:received", "mms:downloaded", "sms:sent", "sms:failed", "system:ping"])


@given(EVENTS | ANYTHING, ANYTHING, st.dictionaries(FIELDS, ANYTHING | st.text()) | ANYTHING)
def test_any_signed_event_is_a_value_or_malformed(event: Any, identity: Any, payload: Any) -> None:
    request = _call({"deviceId": "phone-1", "event": event, "id": identity, "payload": payload})
    GATEWAY.verify(CHANNEL, request, NOW)
    try:
        heard = GATEWAY.parse(CHANNEL, request)
    except Malformed:
        return
    assert heard is None or isinstance(heard, Inbound | StatusUpdate)


@given(st.binary(max_size=300), st.text(max_size=80), st.text(max_size=20))
def test_noise_is_refused_and_never_breaks_the_hook(body: bytes, signature: str, stamp: str) -> None:
    request = RawRequest("POST", "/hooks/smsgate", "", {"X-Signature": signature, "X-Timestamp": stamp}, body)
    with pytest.raises((Forged, Stale, Malformed)):
        GATEWAY.verify(CHANNEL, request, NOW)


def test_the_app_hears_a_plain_yes() -> None:
    assert GATEWAY.acknowledge() == ("", "text/plain")
