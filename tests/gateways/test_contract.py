"""Do the words between gateways and the rest keep their promises?"""

from __future__ import annotations

import itertools
from contextlib import suppress
from functools import reduce
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance.gateways import gateway_for
from grievance.gateways.contract import (
    Account,
    Channel,
    DeliveryStatus,
    Inbound,
    Malformed,
    RawRequest,
    SendError,
    SendFailed,
    forward,
    provider_code,
    whole_text,
)
from grievance.gateways.smsgate import SmsGate
from grievance.gateways.twilio import Twilio
from grievance.vocabulary import GatewayKind


@given(st.lists(st.sampled_from(DeliveryStatus), min_size=1, max_size=5))
def test_reports_in_any_order_tell_the_same_story(reports: list[DeliveryStatus]) -> None:
    stories = {reduce(forward, order) for order in itertools.permutations(reports)}
    assert len(stories) == 1


def test_a_message_that_reached_the_phone_is_not_called_failed_later() -> None:
    assert forward(DeliveryStatus.DELIVERED, DeliveryStatus.FAILED) is DeliveryStatus.DELIVERED
    assert forward(DeliveryStatus.FAILED, DeliveryStatus.DELIVERED) is DeliveryStatus.DELIVERED
    assert forward(DeliveryStatus.SENT, DeliveryStatus.QUEUED) is DeliveryStatus.SENT


def test_nothing_secret_shows_when_values_are_printed() -> None:
    account = Account(identity="AC1", username="user-x", password="password-x", base_url="http://inside-x")
    channel = Channel(
        UUID(int=1), GatewayKind.TWILIO, "+243880000001", "secret-x", account, "https://a.example"
    )
    request = RawRequest("POST", "/hooks/path-x", "query-x", {"H": "header-x"}, b"body-x")
    inbound = Inbound("SM1", "+243880000002", "text-x", None, "+243880000003", 1, ("https://media-x",))
    printed = f"{channel!r} {request!r} {inbound!r} {SendFailed(SendError.RETRY, 'timeout')!r}"
    for hidden in ("-x", "+243880000002", "+243880000003"):
        assert hidden not in printed


@given(st.binary(max_size=300))
def test_any_body_is_a_form_and_a_json_object_or_malformed(body: bytes) -> None:
    request = RawRequest("POST", "/", "", {}, body)
    assert all(isinstance(value, str) for value in request.form.values())
    with suppress(Malformed):
        assert isinstance(request.json, dict)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 50_000, b"1" * 10_000, b"null", b"[]", b"\xff"])
def test_hostile_json_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        _ = RawRequest("POST", "/", "", {}, body).json


def test_a_form_of_too_many_fields_is_malformed() -> None:
    with pytest.raises(Malformed):
        _ = RawRequest("POST", "/", "", {}, b"&".join(b"a=1" for _ in range(501))).form


def test_a_form_keeps_the_first_value_and_all_values() -> None:
    form = RawRequest("POST", "/", "", {}, b"a=1&a=2&b=").form
    assert (form["a"], form.getlist("a"), form["b"], form.getlist("c")) == ("1", ["1", "2"], "", [])


def test_headers_are_found_in_any_case() -> None:
    request = RawRequest("POST", "/", "", {"x-twilio-signature": "s"}, b"")
    assert request.header("X-Twilio-Signature") == "s"
    assert request.header("X-Other") == ""


def test_half_a_character_does_not_break_a_text() -> None:
    assert whole_text("mbwa \ud83d") == "mbwa \ufffd"
    assert whole_text("mbwa 😀 éà") == "mbwa 😀 éà"


@pytest.mark.parametrize("value", ["é", "a\x00b", "x" * 129, 5, ["a"], "a\nb"])
def test_ids_no_provider_makes_are_malformed(value: object) -> None:
    with pytest.raises(Malformed):
        provider_code(value)


def test_each_kind_finds_its_gateway() -> None:
    assert isinstance(gateway_for(GatewayKind.TWILIO), Twilio)
    assert isinstance(gateway_for(GatewayKind.SMSGATE), SmsGate)
