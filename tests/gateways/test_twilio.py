"""Do we believe Twilio, and only Twilio, and understand what it says?"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode
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
from grievance.gateways.twilio import Twilio
from grievance.vocabulary import GatewayKind

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TOKEN = "not-a-real-token"
BASE = "https://plainte.example"
SID = "AC00000000000000000000000000000000"
CHANNEL = Channel(UUID(int=1), GatewayKind.TWILIO, "+15005550006", TOKEN, Account(identity=SID), BASE)
SMS = {
    "MessageSid": "SM1",
    "SmsSid": "SM1",
    "AccountSid": SID,
    "From": "+243920000002",
    "To": "+15005550006",
    "Body": "Chien a mordu l'enfant à côté",
    "NumMedia": "0",
    "NumSegments": "1",
}
GATEWAY = Twilio()
Fields = Mapping[str, str] | list[tuple[str, str]]


def _sign(url: str, fields: Fields, digest: str = "sha1", key: str = TOKEN) -> str:
    """Twilio's published rule, written down once more without its library."""
    pairs = sorted(dict(fields).items())
    signed = url + "".join(name + value for name, value in pairs)
    return base64.b64encode(hmac.new(key.encode(), signed.encode(), digest).digest()).decode()


def _call(
    fields: Fields = SMS,
    path: str = "/hooks/twilio/sms",
    *,
    url: str | None = None,
    query: str = "",
    key: str = TOKEN,
) -> RawRequest:
    signature = _sign(url or BASE + path + (f"?{query}" if query else ""), fields, key=key)
    headers = {"X-Twilio-Signature": signature, "Host": "10.0.0.7:8000", "X-Forwarded-Proto": "http"}
    return RawRequest("POST", path, query, headers, urlencode(fields).encode())


def test_a_text_is_believed_and_read() -> None:
    GATEWAY.verify(CHANNEL, _call(), NOW)
    assert GATEWAY.parse(CHANNEL, _call()) == Inbound(
        "SM1", "+243920000002", "Chien a mordu l'enfant à côté", None, "+15005550006", 1, ()
    )
    assert GATEWAY.claimed_account(_call()) == SID


def test_new_fields_and_odd_words_are_signed_and_tolerated() -> None:
    strange = {**SMS, "Zürich": "ü é", "OptOutType": "STOP", "Empty": "", "Body": "a&b=c+d %41 \u2028"}
    GATEWAY.verify(CHANNEL, _call(strange), NOW)
    inbound = GATEWAY.parse(CHANNEL, _call(strange))
    assert isinstance(inbound, Inbound)
    assert inbound.text == "a&b=c+d %41 \u2028"


def test_a_body_in_base64_is_opened() -> None:
    wrapped = base64.b64encode(SMS["Body"].encode()).decode()
    GATEWAY.verify(CHANNEL, _call({**SMS, "Body": wrapped}), NOW)
    assert GATEWAY.parse(CHANNEL, _call({**SMS, "Body": wrapped})) == GATEWAY.parse(CHANNEL, _call())


def test_an_empty_text_is_still_somebody_calling() -> None:
    bare = {name: value for name, value in SMS.items() if name not in {"Body", "NumSegments"}}
    inbound = GATEWAY.parse(CHANNEL, _call(bare))
    assert isinstance(inbound, Inbound)
    assert (inbound.text, inbound.parts) == ("", None)


def test_pictures_are_kept_as_addresses() -> None:
    pictures = {"NumMedia": "many", "MediaUrl0": "https://m/0", "MediaUrl1": "https://m/1"}
    inbound = GATEWAY.parse(CHANNEL, _call({**SMS, **pictures}))
    assert isinstance(inbound, Inbound)
    assert inbound.media == ("https://m/0", "https://m/1")


def test_whatsapp_numbers_are_numbers() -> None:
    road = {"From": "whatsapp:+243920000002", "To": "whatsapp:+15005550006"}
    inbound = GATEWAY.parse(CHANNEL, _call({**SMS, **road}))
    assert isinstance(inbound, Inbound)
    assert (inbound.sender, inbound.recipient) == ("+243920000002", "+15005550006")


@pytest.mark.parametrize(
    "base", [BASE, BASE + "/", "https://plainte.example:443", "https://plainte.example:8443"]
)
def test_the_configured_address_counts_not_the_proxy_s(base: str) -> None:
    request = _call(url=base.rstrip("/") + "/hooks/twilio/sms")
    GATEWAY.verify(replace(CHANNEL, public_url=base), request, NOW)


def test_twilio_may_sign_with_the_usual_port_or_without_it() -> None:
    GATEWAY.verify(CHANNEL, _call(url="https://plainte.example:443/hooks/twilio/sms"), NOW)
    plain = replace(CHANNEL, public_url="http://127.0.0.1:80")
    GATEWAY.verify(plain, _call(url="http://127.0.0.1/hooks/twilio/sms"), NOW)


def test_what_stands_after_the_question_mark_is_signed_too() -> None:
    GATEWAY.verify(CHANNEL, _call(query="desk=1&x=%C3%A9"), NOW)
    with pytest.raises(Forged):
        GATEWAY.verify(CHANNEL, replace(_call(query="desk=1"), query="desk=2"), NOW)


def test_a_site_under_a_folder_signs_with_its_folder() -> None:
    channel = replace(CHANNEL, public_url="https://ong.example/plainte/")
    GATEWAY.verify(channel, _call(url="https://ong.example/plainte/hooks/twilio/sms"), NOW)


def test_the_newer_signature_is_understood_and_unknown_ones_refused() -> None:
    request, url = _call(), BASE + "/hooks/twilio/sms"
    newer = {"X-Twilio-Signature": _sign(url, SMS, "sha256")}
    named = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    settings = "X-Twilio-Webhooks-Signature-Settings"
    GATEWAY.verify(CHANNEL, replace(request, headers={**newer, settings: named}), NOW)
    with pytest.raises(Forged):
        GATEWAY.verify(CHANNEL, replace(request, headers={**newer, settings: "algorithm=NONE"}), NOW)


@pytest.mark.parametrize(
    "forged",
    [
        replace(_call(), headers={}),
        replace(_call(), headers={"X-Twilio-Signature": ""}),
        replace(_call(), headers={"X-Twilio-Signature": "ÿ" * 28}),
        replace(_call(), body=urlencode({**SMS, "Body": "other"}).encode()),
        replace(_call(), body=b"", headers={"X-Twilio-Signature": _sign(BASE + "/hooks/twilio/sms", SMS)}),
        replace(_call(), path="/hooks/twilio/status/1"),
        _call(url="http://plainte.example/hooks/twilio/sms"),
        _call(url="https://plainte.example.evil.example/hooks/twilio/sms"),
        _call(url="https://plainte.example:8443/hooks/twilio/sms"),
        _call({**SMS, "AccountSid": "AC1"}),
        _call({name: value for name, value in SMS.items() if name != "AccountSid"}),
    ],
)
def test_whoever_is_not_twilio_is_refused(forged: RawRequest) -> None:
    with pytest.raises(Forged):
        GATEWAY.verify(CHANNEL, forged, NOW)


def test_a_channel_without_a_secret_believes_nobody() -> None:
    empty = replace(CHANNEL, secret="")
    with pytest.raises(Forged):
        GATEWAY.verify(empty, _call(key=""), NOW)


@given(st.binary(max_size=400), st.text(max_size=60), st.text(max_size=40), st.text(max_size=40))
def test_noise_is_refused_and_never_breaks_the_hook(
    body: bytes, signature: str, path: str, query: str
) -> None:
    request = RawRequest("POST", path, query, {"X-Twilio-Signature": signature}, body)
    with pytest.raises((Forged, Stale, Malformed)):
        GATEWAY.verify(CHANNEL, request, NOW)


NAMES = st.sampled_from([*SMS, "MessageStatus", "ErrorCode", "MediaUrl0", "SmsMessageSid"])


@given(st.dictionaries(NAMES, st.text(max_size=40) | st.sampled_from(["sent", "failed", "21610", "1" * 200])))
def test_any_signed_form_is_a_value_or_malformed(fields: dict[str, str]) -> None:
    request = RawRequest("POST", "/hooks/twilio/sms", "", {}, urlencode(fields, errors="replace").encode())
    try:
        heard = GATEWAY.parse(CHANNEL, request)
    except Malformed:
        return
    assert heard is None or isinstance(heard, Inbound | StatusUpdate)


def _report(status: str, **more: str) -> StatusUpdate | Inbound | None:
    fields = {"MessageSid": "SM2", "AccountSid": SID, "MessageStatus": status, **more}
    request = _call(fields, "/hooks/twilio/status/own-7")
    GATEWAY.verify(CHANNEL, request, NOW)
    return GATEWAY.parse(CHANNEL, request)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("accepted", DeliveryStatus.QUEUED),
        ("queued", DeliveryStatus.QUEUED),
        ("sending", DeliveryStatus.SENDING),
        ("sent", DeliveryStatus.SENT),
        ("delivered", DeliveryStatus.DELIVERED),
        ("read", DeliveryStatus.DELIVERED),
    ],
)
def test_a_report_names_our_message_and_how_far_it_came(word: str, status: DeliveryStatus) -> None:
    assert _report(word) == StatusUpdate("SM2", "own-7", status)


def test_a_word_for_a_state_that_is_new_is_no_report() -> None:
    assert _report("teleported") is None


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("30003", SendError.RETRY),
        ("30008", SendError.RETRY),
        *[(code, SendError.PERMANENT) for code in ("21211", "21408", "21606", "21614")],
        *[(code, SendError.PERMANENT) for code in ("30004", "30005", "30006")],
        ("21610", SendError.OPTED_OUT),
        ("99999", SendError.RETRY),
        ("", SendError.RETRY),
    ],
)
@pytest.mark.parametrize("word", ["failed", "undelivered"])
def test_a_failed_report_says_whether_to_try_again(word: str, code: str, error: SendError) -> None:
    told = StatusUpdate("SM2", "own-7", DeliveryStatus.FAILED, error, code or None)
    assert _report(word, ErrorCode=code) == told


def test_twilio_hears_an_empty_answer() -> None:
    assert GATEWAY.acknowledge() == ("<Response/>", "text/xml")
