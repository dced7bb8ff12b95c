"""The real client and our gateway, against Twilio's own description: is every call of ours one it allows?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import requests

from grievance.gateways.contract import Account, Channel, SendError, SendFailed, Sought
from grievance.gateways.twilio import Twilio
from grievance.vocabulary import GatewayKind
from tests.gateways.described import twilio_as_described

pytestmark = [pytest.mark.prism, pytest.mark.xdist_group("prism")]

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
ACCOUNT = "AC" + "a" * 32
TO, OURS = "+243810000001", "+243920000001"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with twilio_as_described() as address:
        yield address


def channel(url: str, account: str = ACCOUNT, **more: str) -> Channel:
    known = Account(identity=account, base_url=url, **more)
    return Channel(UUID(int=1), GatewayKind.TWILIO, OURS, "a-token", known, "https://grievance.example")


def test_what_the_description_does_not_allow_is_refused(url: str) -> None:
    """Else none of the other tests here would prove anything."""
    path = f"{url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    without_number = requests.post(path, data={"Body": "x"}, auth=(ACCOUNT, "a-token"), timeout=20)
    without_key = requests.post(path, data={"To": TO, "Body": "x"}, timeout=20)
    assert (without_number.status_code, without_key.status_code) == (422, 401)


@pytest.mark.parametrize("more", [{}, {"service": "MG" + "b" * 32}])
def test_a_text_is_sent_and_has_an_id(url: str, more: dict[str, str]) -> None:
    sent = Twilio().send(
        channel(url, **more), TO, "Bonjour", own_id=str(UUID(int=5)), timeout=20, now=NOW
    )
    assert sent.provider_id.startswith("SM")
    assert len(sent.provider_id) == 34


def test_the_list_is_read_with_directions_states_and_times(url: str) -> None:
    listed = Twilio().list_messages(channel(url), NOW - timedelta(days=1), timeout=20)
    assert listed
    for one in listed:
        assert one.provider_id
        assert one.at is not None
        assert one.at.tzinfo is not None
        assert one.inbound or one.status is not None


def test_what_left_a_day_ago_is_listed_by_itself(url: str) -> None:
    yesterday = NOW - timedelta(days=1)
    assert Twilio().list_messages(channel(url), yesterday - timedelta(hours=1), before=yesterday, timeout=20)


def test_a_text_that_may_have_gone_out_is_looked_for(url: str) -> None:
    sought = Sought(str(UUID(int=5)), TO, "words that no example holds", NOW)
    assert Twilio().find(channel(url), sought, timeout=20) is None


def test_a_text_is_emptied(url: str) -> None:
    Twilio().blank(channel(url), "SM" + "c" * 32, timeout=20)


def test_an_address_that_is_none_of_twilio_s_is_a_refusal_that_shows_nothing(url: str) -> None:
    with pytest.raises(SendFailed) as refused:
        Twilio().blank(channel(url), "not-an-id", timeout=20)
    assert refused.value.error is SendError.PERMANENT
    with pytest.raises(SendFailed) as nowhere:
        Twilio().send(channel(url + "0"), TO, "Bonjour", own_id="x", timeout=20, now=NOW)
    assert nowhere.value.refusing
    assert "243" not in f"{refused.value} {nowhere.value} {nowhere.value.__context__}"
