"""Africa's Talking signs nothing and knows no id of ours: what is taken from it, and what is given to it?"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

import pytest

from grievance.gateways.africastalking import AfricasTalking
from grievance.gateways.contract import (
    Account,
    CannotLook,
    Channel,
    DeliveryStatus,
    Inbound,
    Malformed,
    RawRequest,
    SendError,
    SendFailed,
    Sought,
    StatusUpdate,
)
from grievance.vocabulary import GatewayKind
from tests.gateways.recording_server import Answer, RecordingServer

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
GATEWAY = AfricasTalking()


def channel(base_url: str = "", **more: str) -> Channel:
    known = {"username": "ong-exemple", "password": "a-key", "base_url": base_url} | more
    return Channel(UUID(int=7), GatewayKind.AFRICASTALKING, "22444", "s", Account(**known), "http://h")


def call(**form: str) -> RawRequest:
    return RawRequest("POST", "/hooks/africastalking/s", "", {}, urlencode(form).encode())


def recipient(code: int, message_id: str = "ATXid_1") -> Answer:
    told = {"statusCode": code, "number": "+243810000001", "status": "x", "messageId": message_id}
    return Answer.of({"SMSMessageData": {"Message": "Sent", "Recipients": [told]}}, 201)


def send(to: Channel) -> str:
    return GATEWAY.send(
        to, "+243810000001", "Bonjour", own_id="own", timeout=5, now=NOW
    ).provider_id


def test_a_text_is_read_with_its_id_its_time_and_its_number() -> None:
    said = GATEWAY.parse(
        channel(),
        call(
            **{"from": "+243810000001"}, to="22444", text="Les gardes", date="2026-11-26 07:59:00", id="i1",
            linkId="l",
        ),  # fmt: skip
    )
    assert said == Inbound("i1", "+243810000001", "Les gardes", NOW.replace(hour=7, minute=59), "22444")


@pytest.mark.parametrize(
    ("word", "reason", "status", "error"),
    [
        ("Success", "", DeliveryStatus.DELIVERED, None),
        ("Sent", "", DeliveryStatus.SENT, None),
        ("Buffered", "", DeliveryStatus.SENDING, None),
        ("Rejected", "UserInBlackList", DeliveryStatus.FAILED, SendError.OPTED_OUT),
        ("Failed", "UserDoesNotExist", DeliveryStatus.FAILED, SendError.PERMANENT),
        ("Failed", "DeliveryFailure", DeliveryStatus.FAILED, SendError.RETRY),
        ("Expired", "", DeliveryStatus.FAILED, SendError.RETRY),
    ],
)
def test_a_report_says_how_far_a_text_came_and_what_to_do(
    word: str, reason: str, status: DeliveryStatus, error: SendError | None
) -> None:
    said = GATEWAY.parse(channel(), call(id="ATXid_1", status=word, failureReason=reason))
    assert said == StatusUpdate("ATXid_1", None, status, error)


def test_the_provider_s_own_no_more_texts_is_a_stop() -> None:
    said = GATEWAY.parse(channel(), call(senderId="22444", phoneNumber="+243810000001"))
    assert isinstance(said, Inbound)
    assert (said.sender, said.text) == ("+243810000001", "STOP")


@pytest.mark.parametrize("form", [{"text": "no sender"}, {"status": "Success"}])
def test_what_cannot_be_read_is_not_acknowledged(form: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        GATEWAY.parse(channel(), call(**form))


def test_a_word_that_we_do_not_know_is_no_report() -> None:
    assert GATEWAY.parse(channel(), call(id="1", status="Thinking")) is None


def test_a_text_is_posted_with_the_key_in_its_header() -> None:
    with RecordingServer(recipient(101)) as server:
        assert send(channel(server.url)) == "ATXid_1"
    (seen,) = server.calls
    assert (seen.method, seen.path, seen.headers["apikey"]) == ("POST", "/version1/messaging", "a-key")
    assert seen.form == {
        "username": ["ong-exemple"], "to": ["+243810000001"], "message": ["Bonjour"], "from": ["22444"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "error", "uncertain", "refusing"),
    [
        (recipient(403), SendError.PERMANENT, False, False),
        (recipient(404), SendError.PERMANENT, False, False),
        (recipient(406), SendError.OPTED_OUT, False, False),
        (recipient(405), SendError.RETRY, False, True),
        (recipient(402), SendError.RETRY, False, True),
        (recipient(500), SendError.RETRY, False, False),
        (Answer.of({}, 401), SendError.RETRY, False, True),
        (Answer.of({}, 503), SendError.RETRY, False, True),
        (Answer.of({"SMSMessageData": {"Recipients": []}}, 201), SendError.RETRY, True, False),
        (Answer(hang_up=True), SendError.RETRY, True, False),
    ],
)
def test_a_refusal_says_whether_to_try_again_and_who_is_refused(
    answer: Answer, error: SendError, uncertain: bool, refusing: bool
) -> None:
    with RecordingServer(answer) as server, pytest.raises(SendFailed) as refused:
        send(channel(server.url))
    told = refused.value
    assert (told.error, told.uncertain, told.refusing) == (error, uncertain, refusing)
    assert "243" not in f"{told} {told!r} {told.__context__}"


def test_a_channel_without_a_key_sends_nothing_and_is_red() -> None:
    with pytest.raises(SendFailed) as refused:
        send(channel("http://127.0.0.1:1", password=""))
    assert refused.value.refusing


def test_it_cannot_be_asked_what_became_of_a_text() -> None:
    with pytest.raises(CannotLook):
        GATEWAY.find(channel(), Sought("own", "+243810000001", "x", NOW), timeout=1)
