"""A webhook that is repeated is one case; one that is forged, stale or unreadable keeps nothing."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from grievance.actions import texts
from grievance.store import doorbell
from grievance.store.redis_bell import redis_bell
from tests.fixtures import Town
from tests.stories.phones import Phone
from workers import process

STORY = "Les gardes ont battu mon frere hier pres du portail"


def test_one_webhook_five_times_is_one_case(town: Town) -> None:
    phone, event = Phone(town), str(uuid4())
    answers = {phone.post(STORY, event=event).status_code for _ in range(5)}
    phone.work()

    assert answers == {200}
    assert len(phone.inbound()) == 1
    assert len(phone.cases()) == 1


def test_two_workers_at_once_take_a_text_once(town: Town) -> None:
    phone = Phone(town)
    phone.post(STORY)
    (waiting,) = texts.waiting(process.utcnow())
    keys = phone.worker.keys

    def take(_: int) -> bool:
        with town.app.app_context():
            return texts.take(waiting, keys=keys, now=process.utcnow())

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(take, range(4))) == [False, False, False, True]
    assert len(phone.cases()) == 1


def test_two_texts_of_one_number_at_once_are_one_story(town: Town) -> None:
    phone = Phone(town)
    phone.post(STORY)
    phone.post("Ils etaient trois, un avait un fusil, ils ont pris son argent aussi")
    both, keys = texts.waiting(process.utcnow()), phone.worker.keys

    def take(one: object) -> bool:
        with town.app.app_context():
            return texts.take(one, keys=keys, now=process.utcnow())

    with ThreadPoolExecutor(2) as workers:
        assert list(workers.map(take, both)) == [True, True]
    assert len(phone.cases()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Signature": "0" * 64},
        {"X-Signature": ""},
        {"X-Timestamp": "1700000000"},
        {"X-Timestamp": "soon"},
    ],
)
def test_a_forged_or_stale_webhook_keeps_nothing(town: Town, headers: dict[str, str]) -> None:
    phone = Phone(town)
    answer = phone.post(STORY, **headers)

    assert (answer.status_code, answer.data) == (403, b"")
    assert phone.inbound() == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, json.dumps({"deviceId": "elsewhere"}).encode()]
)
def test_an_unreadable_webhook_is_refused_and_keeps_nothing(town: Town, body: bytes) -> None:
    phone = Phone(town)
    answer = phone.post_signed(body)

    assert (answer.status_code, answer.data) == (403, b"")
    assert phone.inbound() == []


@pytest.mark.parametrize("path", ["/hooks/africastalking/guess", "/hooks/sms/guess"])
def test_a_guessed_secret_in_the_path_keeps_nothing(town: Town, path: str) -> None:
    phone = Phone(town)
    form = {"from": phone.number, "to": "1234", "text": STORY, "id": "1"}
    answer = town.app.test_client().post(path, data=form)

    assert (answer.status_code, answer.data) == (403, b"")
    assert phone.inbound() == []


def test_a_webhook_of_an_unknown_path_finds_nothing(town: Town) -> None:
    Phone(town)
    assert town.app.test_client().post("/hooks/nobody").status_code == 404


def test_a_complaint_is_kept_while_redis_is_down(town: Town) -> None:
    doorbell.hang(redis_bell("redis://127.0.0.1:1/0"))
    phone = Phone(town)
    try:
        began = process.utcnow()
        assert phone.post(STORY).status_code == 200
        assert process.utcnow() - began < timedelta(seconds=2)
    finally:
        doorbell.hang(lambda queue, job, row_id: None)
    phone.work()
    assert "L'ONG peut lire" in phone.heard()[0]


def test_an_operators_message_is_never_answered(town: Town) -> None:
    phone = Phone(town, number="MTN")
    assert phone.says("Gagnez un telephone! Composez 122") == []
    assert phone.cases() == []
