"""A channel that refuses or is silent is red and passed over; the unasked keeps to the quiet number."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from grievance.actions import channel_health, notices
from grievance.rules.dialogue import Template
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import Capsule, ChannelRow, NumberIndex, Outbox, OutboxState
from grievance.store.session import transaction
from grievance.vocabulary import GatewayKind, SafeContact, TaskKind
from tests import superuser
from tests.fixtures import Town
from tests.gateways.recording_server import Answer, RecordingServer
from tests.services import Services
from tests.stories.desk_numbers import add, really_sending
from tests.stories.phones import Phone
from workers import process, sms

STORY = "Les gardes ont battu mon frere hier pres du portail"
AIRTEL_PERSON = "+243970000077"  # of an operator's range, and nobody's in these tests


@pytest.fixture
def phone(town: Town) -> Phone:
    """A telephone whose case may be texted."""
    phone = Phone(town, number=AIRTEL_PERSON)
    for text in (STORY, "1", "2", "mine exemple A", "2"):
        phone.says(text)
    assert phone.cases()[0].safe_contact is SafeContact.SMS
    return phone


def notice(phone: Phone) -> UUID:
    once, case = f"test:{uuid4()}", phone.cases()[0]
    with transaction(SMS_ACTOR) as session:
        notices.to_complainant(session, case, Template.NEWS, once=once, now=phone.now)
    return next(row.id for row in phone.rows(Outbox) if row.once == once)


def row(phone: Phone, outbox_id: UUID) -> Outbox:
    return next(one for one in phone.rows(Outbox) if one.id == outbox_id)


def red(phone: Phone) -> list[str]:
    return [why.split(":")[0] for why in channel_health.red(process.utcnow())]


def left_by(phone: Phone) -> str:
    notice(phone)
    phone.work()
    return str(phone.town.texts()[-1]["channel"])


def test_news_leave_by_the_sim_of_the_person_s_operator(phone: Phone, services: Services) -> None:
    airtel = add(services, phone.town, GatewayKind.GENERIC, "+243970000001")
    assert left_by(phone) == airtel.number
    phone.says("SUIVI")
    assert phone.town.texts()[-1]["channel"] == phone.town.world.channel.number


def test_news_leave_by_the_quiet_number_and_by_no_other(phone: Phone, services: Services) -> None:
    add(services, phone.town, GatewayKind.GENERIC, "+243970000001")
    quiet = add(services, phone.town, GatewayKind.GENERIC, "+243880000005", quiet=True)
    assert left_by(phone) == quiet.number
    channel_health.refused(quiet.id, "http_401", now=process.utcnow())
    assert left_by(phone) == quiet.number


def test_a_channel_that_refuses_is_red_and_the_next_try_leaves_by_another(
    phone: Phone, services: Services
) -> None:
    with RecordingServer(Answer(401)) as refuses, RecordingServer(Answer.of({"id": "g"})) as takes:
        first = add(services, phone.town, GatewayKind.GENERIC, "+243970000001", base_url=refuses.url)
        add(services, phone.town, GatewayKind.GENERIC, "+243970000002", base_url=takes.url)
        outbox_id, worker, now = notice(phone), really_sending(phone.town), process.utcnow()
        sms.send_one(worker, outbox_id, now)
        assert row(phone, outbox_id).state is OutboxState.WAITING
        assert red(phone) == ["channel_refuses"]
        assert phone.town.app.test_client().get("/readyz").status_code == 503
        sms.send_one(worker, outbox_id, now + timedelta(seconds=11))
        assert (len(refuses.calls), len(takes.calls)) == (1, 1)
        assert row(phone, outbox_id).state is OutboxState.SENT

    with RecordingServer(Answer.of({"id": "h"})):
        assert first.id in {one.id for one, _ in channel_health.of_kind(GatewayKind.GENERIC)}
        channel_health.worked(first.id)
    assert red(phone) == []


def test_a_telephone_silent_for_half_an_hour_is_red_until_it_speaks(phone: Phone, services: Services) -> None:
    assert red(phone) == []
    before = process.utcnow() - timedelta(minutes=31)
    superuser.run(services, phone.town, update(ChannelRow).values(last_heard_at=before))
    assert red(phone) == ["channel_silent"]
    reasons = phone.town.app.test_client().get("/readyz").json["reasons"]
    assert any(why.startswith("channel_silent:smsgate:") for why in reasons)
    assert phone.town.world.channel.number not in str(reasons)
    phone.post_event("system:ping", {})
    assert red(phone) == []


def test_a_number_locked_after_a_text_was_written_gets_nothing(phone: Phone, services: Services) -> None:
    phone.post("SUIVI")
    sms.take_waiting(phone.worker, process.utcnow() + timedelta(seconds=1))
    superuser.run(services, phone.town, update(NumberIndex).values(locked_at=process.utcnow()))
    phone.heard()
    phone.work()
    assert phone.heard() == []


def test_a_stop_after_a_notice_was_written_keeps_it_from_leaving(phone: Phone, services: Services) -> None:
    outbox_id = notice(phone)
    superuser.run(services, phone.town, update(NumberIndex).values(stopped_at=process.utcnow()))
    phone.work()
    assert row(phone, outbox_id).state is OutboxState.DROPPED


@pytest.mark.parametrize(("code", "tasks"), [(403, {TaskKind.DEAD_NUMBER}), (406, set())])
def test_a_dead_number_becomes_one_task_and_an_opted_out_one_a_stop(
    phone: Phone, services: Services, code: int, tasks: set[TaskKind]
) -> None:
    answer = Answer.of({"SMSMessageData": {"Recipients": [{"statusCode": code, "messageId": "None"}]}}, 201)
    with RecordingServer(answer) as server:
        add(
            services, phone.town, GatewayKind.AFRICASTALKING, "+243970000001", username="u", password="p",
            base_url=server.url,
        )  # fmt: skip
        for _ in range(2):
            sms.send_one(really_sending(phone.town), notice(phone), process.utcnow() + timedelta(seconds=1))
    assert phone.tasks() == tasks
    assert len(phone.rows(Capsule)) == 1
    stopped = [mark.stopped_at is not None for mark in phone.rows(NumberIndex)]
    assert stopped == [code == 406]
    assert len(server.calls) == (1 if code == 406 else 2)
