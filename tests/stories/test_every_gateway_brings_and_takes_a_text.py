"""Whatever gateway brings a text, it is kept, answered, and what became of the answer is known."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from grievance.store.models import Inbound, Outbox, OutboxState, Task
from grievance.vocabulary import GatewayKind, Language, TaskKind
from grievance.web import hooks
from grievance.web.desk import words
from tests.fixtures import Town
from tests.gateways.recording_server import Answer, RecordingServer
from tests.services import Services
from tests.stories.desk_numbers import Number, add, really_sending
from tests.stories.phones import NUMBER, Phone
from tests.web import desk_pages
from workers import process, sms

STORY = "Les gardes ont battu mon frere hier pres du portail"
PATHS = {GatewayKind.AFRICASTALKING: "/hooks/africastalking/", GatewayKind.GENERIC: "/hooks/sms/"}


def recipient(code: int, message_id: str) -> Answer:
    told = {"statusCode": code, "messageId": message_id}
    return Answer.of({"SMSMessageData": {"Recipients": [told]}}, 201)


@pytest.fixture
def phone(town: Town) -> Phone:
    if "hooks" not in town.app.blueprints:
        town.app.register_blueprint(hooks.blueprint)
    return Phone(town)


def text(phone: Phone, kind: GatewayKind, ours: Number, said: str, sender: str = NUMBER) -> int:
    form = {"from": sender, "to": ours.number, "text": said, "date": process.utcnow().isoformat()}
    answer = phone.town.app.test_client().post(PATHS[kind] + ours.secret, data=form | {"id": uuid4().hex})
    return int(answer.status_code)


@pytest.mark.parametrize("kind", PATHS)
def test_a_text_is_kept_answered_and_begins_a_case(
    phone: Phone, services: Services, kind: GatewayKind
) -> None:
    ours = add(services, phone.town, kind, "+243930000009")
    assert text(phone, kind, ours, STORY) == 200
    phone.work()
    assert "L'ONG peut lire" in phone.heard()[-1]
    assert len(phone.cases()) == 1
    assert phone.town.texts()[-1]["channel"] == ours.number


@pytest.mark.parametrize("kind", PATHS)
def test_a_wrong_secret_keeps_nothing(phone: Phone, services: Services, kind: GatewayKind) -> None:
    ours = add(services, phone.town, kind, "+243930000009")
    wrong = Number(ours.id, ours.number, ours.secret[:-1] + "!")
    assert text(phone, kind, wrong, STORY) == 403
    assert phone.inbound() == []


def test_africa_s_talking_takes_an_answer_and_reports_a_dead_number_to_a_person(
    phone: Phone, services: Services
) -> None:
    with RecordingServer(recipient(101, "ATXid_9")) as server:
        ours = add(
            services, phone.town, GatewayKind.AFRICASTALKING, "+243930000009", username="ong", password="key",
            base_url=server.url,
        )  # fmt: skip
        text(phone, GatewayKind.AFRICASTALKING, ours, STORY)
        now, worker = process.utcnow(), really_sending(phone.town)
        sms.take_waiting(worker, now)
        sms.send_waiting(worker, now)
    assert "L'ONG peut lire" in server.calls[0].form["message"][0]

    client = phone.town.app.test_client()
    report = {"id": "ATXid_9", "status": "Failed", "failureReason": "UserDoesNotExist"}
    assert client.post(PATHS[GatewayKind.AFRICASTALKING] + ours.secret, data=report).status_code == 200
    sms.take_waiting(worker, process.utcnow())
    (row,) = phone.rows(Outbox)
    assert (row.state, row.values, row.sealed_to) == (OutboxState.DEAD, {}, None)
    assert phone.tasks() == {TaskKind.DEAD_NUMBER}


def test_a_report_that_overtakes_our_knowledge_of_its_text_waits_for_it(
    phone: Phone, services: Services
) -> None:
    ours = add(services, phone.town, GatewayKind.AFRICASTALKING, "+243930000009")
    report = {"id": "ATXid_7", "status": "Success"}
    phone.town.app.test_client().post(PATHS[GatewayKind.AFRICASTALKING] + ours.secret, data=report)
    phone.work()
    (row,) = phone.rows(Inbound)
    assert row.sealed is not None


def test_a_missed_call_becomes_one_call_back_with_a_clock_and_nothing_is_texted(
    phone: Phone, services: Services
) -> None:
    ours = add(services, phone.town, GatewayKind.GENERIC, "+243930000009")
    client = phone.town.app.test_client()
    for number in range(3):
        told = {
            "id": f"event-{number}", "type": "message.call.missed",
            "data": {"contact": NUMBER, "owner": ours.number, "timestamp": process.utcnow().isoformat()},
        }  # fmt: skip
        assert client.post(PATHS[GatewayKind.GENERIC] + ours.secret, json=told).status_code == 200
        phone.work()
    assert phone.heard() == []
    assert len(phone.cases()) == 1
    assert not phone.cases()[0].held
    assert [task.due_at is not None for task in phone.rows(Task)] == [True]
    assert phone.tasks() == {TaskKind.CALL_BACK}
    desk = desk_pages.sit(phone.town, phone.town.world.desk.members[0])
    assert_a_safe_script(desk.knowing_nobody(phone.cases()[0].code).text)


def assert_a_safe_script(page: str) -> None:
    """What the desk is told to say: nothing of what it may be about before place and day are named."""
    (said,) = re.findall(r'<div class="script">(.*?)</div>', page, re.DOTALL)
    sentences = words.script(Language.FRENCH)
    assert re.findall(r"<li>(.*?)</li>", said) == list(sentences)
    before, place_and_day, _ = said.partition(sentences[2])
    assert place_and_day
    for word in ("plaint", "gard", "mine", "société", "chien", "viol", "bless", "batt", "danger", "enferm"):
        assert word not in before.casefold(), word


def test_an_operators_call_me_rings_the_number_in_it_and_answers_no_short_sender(
    phone: Phone, services: Services
) -> None:
    ours = add(services, phone.town, GatewayKind.GENERIC, "+243930000009")
    asks = "Le 0880000077 vous demande de le rappeler"
    assert text(phone, GatewayKind.GENERIC, ours, asks, sender="122") == 200
    assert text(phone, GatewayKind.GENERIC, ours, "Votre solde: 500 FC", sender="MTN") == 200
    phone.work()
    assert phone.town.texts() == []
    assert phone.tasks() == {TaskKind.CALL_BACK}
