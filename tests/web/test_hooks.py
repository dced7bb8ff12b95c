"""Who may call in, for which of our numbers, and what exactly is kept of it? Each hook alone."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from twilio.request_validator import RequestValidator

from grievance.store.models import ChannelRow, Inbound
from grievance.vocabulary import GatewayKind
from grievance.web.clock import utcnow
from grievance.web.hooks import LARGEST_CALL
from tests.apps import PUBLIC_URL
from tests.kept_calls import STORY, browser, heard_at, is_now, kept, refused, text
from tests.post_office import NUMBER, PostOffice

ACCOUNT, TWILIO, OTHER = "AC" + "7" * 32, "+243920000009", "+243920000008"
TOKEN = "a-token-for-tests"


# Twilio: signed with its token over our public address and every field.


def twilio(office: PostOffice, number: str = TWILIO, **calls: Any) -> UUID:
    return office.channel(number, kind=GatewayKind.TWILIO, account=ACCOUNT, calls={"secret": TOKEN} | calls)


def by_twilio(
    office: PostOffice, path: str = "/hooks/twilio/sms", *, signed_by: str = TOKEN, base: str = PUBLIC_URL,
    **form: str,
) -> Any:  # fmt: skip
    told = {"AccountSid": ACCOUNT, "MessageSid": "SM1", "From": NUMBER, "To": TWILIO, "Body": STORY} | form
    sign = RequestValidator(signed_by).compute_signature(base + path, told)
    return browser(office).post(path, data=told, headers={"X-Twilio-Signature": sign})


def test_a_text_from_twilio_is_kept_sealed_and_answered_with_empty_twiml(office: PostOffice) -> None:
    ours = twilio(office)
    answer = by_twilio(office)
    assert (answer.status_code, answer.data) == (200, b"<Response/>")
    assert answer.content_type.partition(";")[0] == "text/xml"
    assert kept(office) == [(ours, text())]
    assert is_now(heard_at(office, ours))
    (row,) = office.all(Inbound)
    assert is_now(row.received_at)
    assert STORY.encode() not in (row.sealed or b"")

    assert by_twilio(office).status_code == 200
    assert len(office.all(Inbound)) == 1


@pytest.mark.parametrize(
    "spoilt",
    [
        {"signed_by": "another"}, {"base": "https://elsewhere.example"}, {"AccountSid": "AC" + "8" * 32},
        {"AccountSid": ""}, {"AccountSid": "x" * 129}, {"From": " "}, {"MessageSid": "x" * 129},
    ],
)  # fmt: skip
def test_twilio_is_believed_only_as_it_signs_and_for_its_own_account(
    office: PostOffice, spoilt: dict[str, str]
) -> None:
    twilio(office)
    refused(by_twilio(office, **spoilt), office)


def test_without_a_signature_twilio_is_not_believed(office: PostOffice) -> None:
    twilio(office)
    refused(browser(office).post("/hooks/twilio/sms", data={"AccountSid": ACCOUNT, "To": TWILIO}), office)


def test_of_several_numbers_of_an_account_the_called_one_is_found(office: PostOffice) -> None:
    first, second = twilio(office, OTHER), twilio(office)
    whatsapp = {"To": f"whatsapp:{OTHER}", "From": f"whatsapp:{NUMBER}", "MessageSid": "SM2"}
    assert by_twilio(office).status_code == 200
    assert by_twilio(office, **whatsapp).status_code == 200
    assert kept(office) == [(second, text()), (first, text(provider_id="SM2"))]


def test_a_report_names_our_number_as_its_sender(office: PostOffice) -> None:
    twilio(office, OTHER)
    second, own_id = twilio(office), str(uuid4())
    told = {"From": TWILIO, "To": NUMBER, "MessageStatus": "undelivered", "ErrorCode": "30005"}
    answer = by_twilio(office, path=f"/hooks/twilio/status/{own_id}", **told)
    assert (answer.status_code, answer.data) == (200, b"<Response/>")
    report = {
        "kind": "status", "own_id": own_id, "provider_id": "SM1", "status": "failed", "error": "permanent",
        "code": "30005",
        "has_words": True,
    }  # fmt: skip
    assert kept(office) == [(second, report)]
    assert heard_at(office, second) is None  # that a text failed is also said of a telephone that is away

    told = {"From": TWILIO, "To": NUMBER, "MessageStatus": "delivered"}
    assert by_twilio(office, path=f"/hooks/twilio/status/{own_id}", **told).status_code == 200
    assert kept(office)[1][1] == report | {"status": "delivered", "error": None, "code": None}
    assert is_now(heard_at(office, second))


def test_the_only_number_of_an_account_is_meant_though_it_is_not_named_and_of_two_neither(
    office: PostOffice,
) -> None:
    ours = twilio(office)
    assert by_twilio(office, To="MG" + "1" * 32).status_code == 200
    assert [channel for channel, _ in kept(office)] == [ours]
    office.empty()
    twilio(office)
    twilio(office, OTHER)
    refused(by_twilio(office, To="MG" + "1" * 32), office)


def test_a_word_of_twilio_s_that_we_do_not_know_keeps_nothing_but_that_it_lives(office: PostOffice) -> None:
    ours = twilio(office)
    answer = by_twilio(office, path="/hooks/twilio/status/a", MessageStatus="dancing")
    assert (answer.status_code, office.all(Inbound)) == (200, [])
    assert is_now(heard_at(office, ours))
    assert [row.pinged_at for row in office.all(ChannelRow)] == [None, None]


# SMSGate: signed with the telephone's key over the body and the time.


def by_telephone(
    office: PostOffice, payload: object = None, *, event: str = "sms:received", device: object = None,
    age: int = 0, key: str | None = None, body: bytes | None = None, drop: str = "", event_id: str = "Ev1",
) -> Any:  # fmt: skip
    channel = office.town.world.channel
    told = {"deviceId": device or channel.account, "event": event, "id": event_id, "payload": payload}
    sent = json.dumps(told).encode() if body is None else body
    at = str(int(utcnow().timestamp()) - age)
    secret = (office.town.world.channel_secret if key is None else key).encode()
    signature = hmac.new(secret, sent + at.encode(), hashlib.sha256).hexdigest()
    headers = {"X-Timestamp": at, "X-Signature": signature}
    headers.pop(drop, None)
    return browser(office).post("/hooks/smsgate", data=sent, headers=headers)


def words(**more: Any) -> dict[str, Any]:
    return {"message": STORY, "sender": NUMBER} | more


def test_a_text_from_a_telephone_is_kept_with_its_time(office: PostOffice) -> None:
    channel = office.town.world.channel
    answer = by_telephone(office, words(recipient=channel.number, receivedAt="2026-03-03T11:00:00+02:00"))
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.content_type.partition(";")[0] == "text/plain"
    expected = text(provider_id="Ev1", sent_at="2026-03-03T09:00:00+00:00")
    assert kept(office) == [(channel.id, expected)]
    assert is_now(heard_at(office, channel.id))


@pytest.mark.parametrize("age", [-290, 290])
def test_within_five_minutes_of_our_clock_a_telephone_is_believed(office: PostOffice, age: int) -> None:
    assert by_telephone(office, words(), age=age).status_code == 200


@pytest.mark.parametrize(
    "spoilt",
    [
        {"age": 310}, {"age": -310}, {"key": "another"}, {"drop": "X-Signature"}, {"drop": "X-Timestamp"},
        {"device": "elsewhere"}, {"device": 7}, {"event": "sms:unheard-of"}, {"payload": None},
        {"payload": []}, {"payload": {"message": STORY}},
        {"payload": {"message": STORY, "sender": NUMBER, "recipient": [OTHER]}}, {"body": b"{"},
        {"body": b"[]"}, {"body": b"{}"}, {"body": b"[" * 100_000},
    ],
)  # fmt: skip
def test_a_telephone_is_believed_only_as_it_signs_now_and_says_what_we_read(
    office: PostOffice, spoilt: dict[str, Any]
) -> None:
    refused(by_telephone(office, **{"payload": words()} | spoilt), office)


@pytest.mark.parametrize(("size", "status"), [(LARGEST_CALL, 200), (LARGEST_CALL + 1, 403)])
def test_a_call_of_more_than_256_kib_is_not_read(office: PostOffice, size: int, status: int) -> None:
    assert LARGEST_CALL == 256 * 1024
    channel = office.town.world.channel
    told = {"deviceId": channel.account, "event": "sms:received", "id": "Ev1", "payload": words(message="")}
    bare = len(json.dumps(told))
    told["payload"] = words(message="a" * (size - bare))
    body = json.dumps(told).encode()
    assert len(body) == size
    answer = by_telephone(office, body=body)
    assert (answer.status_code, answer.data, len(office.all(Inbound))) == (status, b"", int(status == 200))


def second_sim(office: PostOffice, number: str = OTHER, sim: int = 2, desk_id: UUID | None = None) -> UUID:
    channel = office.town.world.channel
    calls = {"secret": office.town.world.channel_secret, "sim": sim}
    return office.channel(
        number, kind=GatewayKind.SMSGATE, account=channel.account, calls=calls, desk_id=desk_id
    )


def test_of_a_telephone_with_two_sims_the_number_then_the_sim_says_which(office: PostOffice) -> None:
    first, second = office.town.world.channel, second_sim(office)
    told = (
        ({"recipient": OTHER, "simNumber": 1}, second),
        ({"recipient": first.number, "simNumber": 2}, first.id),
        ({"simNumber": 2}, second), ({"recipient": None, "simNumber": None}, first.id),
        ({"simNumber": "2"}, first.id), ({"recipient": "+1", "simNumber": 9}, first.id),
    )  # fmt: skip
    for place, (more, expected) in enumerate(told):
        assert by_telephone(office, words(**more), event_id=f"Ev{place}").status_code == 200
        assert kept(office)[-1][0] == expected


def test_a_telephone_that_serves_two_desks_says_for_which(office: PostOffice) -> None:
    theirs = second_sim(office, desk_id=office.town.world.backup.id)
    refused(by_telephone(office, words(simNumber=2)), office)
    assert by_telephone(office, words(recipient=OTHER)).status_code == 200
    assert [channel for channel, _ in kept(office)] == [theirs]


def test_a_ping_keeps_nothing_but_that_the_telephone_lives(office: PostOffice) -> None:
    assert by_telephone(office, {}, event="system:ping").status_code == 200
    assert office.all(Inbound) == []
    assert is_now(heard_at(office, office.town.world.channel.id))


def test_a_telephone_s_report_names_our_own_id(office: PostOffice) -> None:
    own_id = str(uuid4())
    assert by_telephone(office, {"messageId": own_id}, event="sms:failed").status_code == 200
    report = {
        "kind": "status", "own_id": own_id, "provider_id": own_id, "status": "failed", "error": "retry",
        "code": None,
        "has_words": True,
    }  # fmt: skip
    assert [said for _, said in kept(office)] == [report]
