"""Who is believed by the secret in a path, and what exactly is kept of it?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from grievance.store.models import ChannelRow, Inbound
from grievance.vocabulary import GatewayKind
from tests.kept_calls import STORY, browser, heard_at, is_now, kept, refused, text
from tests.post_office import NUMBER, PostOffice

OTHER, TWILIO = "+243920000008", "+243920000009"


# Africa's Talking, and any other: the path is the proof.


def by_path(office: PostOffice, secret: str, kind: str = "sms", **form: str) -> Any:
    return browser(office).post(f"/hooks/{kind}/{secret}", data=form)


def test_africa_s_talking_is_known_by_the_secret_of_its_path(office: PostOffice) -> None:
    ours = office.channel(OTHER, kind=GatewayKind.AFRICASTALKING)
    office.channel("+243920000007", kind=GatewayKind.AFRICASTALKING)
    told = {"from": NUMBER, "to": OTHER, "text": STORY, "id": "A1", "date": "2026-03-03 09:00:00"}
    answer = by_path(office, ours.hex, "africastalking", **told)
    assert (answer.status_code, answer.data) == (200, b"")
    expected = text(provider_id="A1", sent_at="2026-03-03T09:00:00+00:00")
    assert kept(office) == [(ours, expected)]
    assert is_now(heard_at(office, ours))


@pytest.mark.parametrize("kind", ["africastalking", "sms"])
def test_a_guessed_a_cut_or_another_kind_s_secret_opens_nothing(office: PostOffice, kind: str) -> None:
    ours = office.channel(OTHER, kind=GatewayKind.AFRICASTALKING)
    other = office.channel(TWILIO, kind=GatewayKind.GENERIC)
    mine, theirs = (ours, other) if kind == "africastalking" else (other, ours)
    told = {"from": NUMBER, "text": STORY, "id": "A1"}
    for secret in ("guess", mine.hex[:-1], mine.hex + "0", theirs.hex, "é"):
        refused(by_path(office, secret, kind, **told), office)


def test_a_secret_that_two_numbers_share_proves_neither_and_an_empty_one_nothing(office: PostOffice) -> None:
    for number in (OTHER, TWILIO):
        office.channel(number, calls={"secret": "shared"})
    office.channel("+243920000007", calls={"secret": ""})
    refused(by_path(office, "shared", **{"from": NUMBER, "text": STORY}), office)
    assert by_path(office, "", **{"from": NUMBER, "text": STORY}).status_code == 404


def test_any_gateway_may_bring_a_text_by_get_by_form_or_by_json(office: PostOffice) -> None:
    ours = office.channel(OTHER)
    client, path = browser(office), f"/hooks/sms/{ours.hex}"
    told = {"from": NUMBER, "text": STORY}
    assert client.get(path + "?" + urlencode(told | {"id": "g1"})).status_code == 200
    assert client.post(path, data=told | {"id": "g2"}).status_code == 200
    assert client.post(path, json=told | {"id": "g3"}).status_code == 200
    assert client.post(path + "/received", data=told | {"id": "g4"}).status_code == 200
    assert kept(office) == [(ours, text(provider_id=f"g{number}")) for number in (1, 2, 3, 4)]


@pytest.mark.parametrize("what", ["sent", "delivered", "failed"])
def test_the_end_of_the_path_may_say_which_report_it_is(office: PostOffice, what: str) -> None:
    ours, own_id = office.channel(OTHER), str(uuid4())
    path = f"/hooks/sms/{ours.hex}/{what}"
    assert browser(office).get(f"{path}?id={own_id}").status_code == 200
    report = {
        "kind": "status", "own_id": own_id, "provider_id": own_id, "status": what,
        "error": "retry" if what == "failed" else None, "code": None,
        "has_words": True,
    }  # fmt: skip
    assert kept(office) == [(ours, report)]
    assert is_now(heard_at(office, ours)) is (what != "failed")
    assert browser(office).get(f"/hooks/sms/{ours.hex}/unheard-of?id={own_id}").status_code == 404


def test_without_an_id_the_same_words_at_the_same_time_are_one_text(office: PostOffice) -> None:
    ours = office.channel(OTHER)
    for date in ("2026-03-03T09:00:00Z", "2026-03-03T09:00:00Z", "2026-03-03T09:00:01Z"):
        by_path(office, ours.hex, **{"from": NUMBER, "text": STORY, "date": date})
    assert len(kept(office)) == 2


def test_a_ping_is_expected_to_go_on_and_a_telephone_said_to_be_away_is_away(office: PostOffice) -> None:
    ours = office.channel(OTHER)

    def row() -> ChannelRow:
        return next(one for one in office.all(ChannelRow) if one.id == ours)

    assert by_path(office, ours.hex, type="phone.heartbeat.online").status_code == 200
    assert (is_now(row().last_heard_at), row().pinged_at, row().offline_at) == (True, None, None)
    assert by_path(office, ours.hex, event="ping").status_code == 200
    assert is_now(row().pinged_at)
    before = row().last_heard_at
    assert by_path(office, ours.hex, type="phone.heartbeat.offline").status_code == 200
    assert is_now(row().offline_at)
    assert row().last_heard_at == before
    assert office.all(Inbound) == []


def test_somebody_who_rang_and_hung_up_is_kept_as_a_missed_call(office: PostOffice) -> None:
    ours = office.channel(OTHER)
    told = {"id": "m1", "type": "message.call.missed", "data": {"contact": NUMBER, "owner": OTHER}}
    assert browser(office).post(f"/hooks/sms/{ours.hex}", json=told).status_code == 200
    assert kept(office) == [(ours, text(said="", provider_id="m1", missed_call=True))]


def test_a_number_is_kept_as_it_is_dialled_and_a_short_sender_is_answered_nothing(office: PostOffice) -> None:
    ours = office.channel(OTHER)
    asks = "Le 0970000077 vous demande de le rappeler"
    told = {"0970000077": STORY, "MTN": "Gagnez 500 FC", "122": asks, "+243970000078": asks}
    for sender, said in told.items():
        assert by_path(office, ours.hex, **{"from": sender, "text": said, "id": sender}).status_code == 200
    found = [
        (said["sender"], said["number"], said["missed_call"], said["text"]) for _, said in kept(office)
    ]
    assert found == [
        ("0970000077", NUMBER, False, STORY), ("MTN", None, False, "Gagnez 500 FC"),
        ("122", NUMBER, True, asks), ("+243970000078", "+243970000078", False, asks),
    ]  # fmt: skip


def test_what_is_no_hook_or_no_post_finds_nothing(office: PostOffice) -> None:
    client = browser(office)
    assert client.post("/hooks/nobody").status_code == 404
    for path in ("/hooks/twilio/sms", "/hooks/twilio/status/a", "/hooks/smsgate", "/hooks/africastalking/a"):
        assert client.get(path).status_code == 405
