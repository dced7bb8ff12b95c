"""A channel that refuses or is silent is red and passed over; the unasked keeps to the quiet number."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from grievance.actions import channel_health, notices
from grievance.actions.sign_in import begin_staff
from grievance.rules.dialogue import Template
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import Capsule, Case, ChannelRow, NumberIndex, Outbox, OutboxState
from grievance.store.session import transaction
from grievance.vocabulary import GatewayKind, SafeContact, TaskKind
from grievance.web.sessions import PLAIN_NAME
from tests import superuser
from tests.fixtures import Town
from tests.gateways.recording_server import Answer, RecordingServer
from tests.services import Services
from tests.stories.desk_numbers import Number, add, really_sending
from tests.stories.phones import Phone
from workers import process, sms

STORY = "Les gardes ont battu mon frere hier pres du portail"
RED = {"channel_silent": "rien entendu", "channel_refuses": "refuse nos messages"}
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


def host(phone: Phone) -> FlaskClient:
    """The administrator's browser."""
    client, who = phone.town.app.test_client(), phone.town.world.host.members[0]
    client.set_cookie(PLAIN_NAME, begin_staff(who.row, who.pair, now=process.utcnow()))
    return client


def red_for_the_host(phone: Phone, number: str) -> list[str]:
    """What stands in red beside a number on the administrator's first page; machines say the same."""
    page = host(phone).get("/admin/").get_data(as_text=True)
    lines = re.findall(r'<p class="told told-over">(.*?)</p>', page)
    found = [why for why, told in RED.items() for line in lines if number in line and told in line]
    reasons = phone.town.app.test_client().get("/readyz").json["reasons"]
    assert found == [code.split(":")[0] for code in reasons if code.startswith("channel_")]
    return found


def last_heard(phone: Phone, services: Services, minutes: int) -> None:
    at = process.utcnow() - timedelta(minutes=minutes)
    superuser.run(services, phone.town, update(ChannelRow).values(last_heard_at=at))


def test_the_host_sees_a_telephone_silent_after_half_an_hour_until_it_pings(
    phone: Phone, services: Services
) -> None:
    number, add_others = phone.town.world.channel.number, (GatewayKind.AFRICASTALKING, GatewayKind.TWILIO)
    for place, kind in enumerate(add_others):
        add(services, phone.town, kind, f"+24397000000{place}", account="a")
    last_heard(phone, services, 29)
    assert red_for_the_host(phone, number) == []
    last_heard(phone, services, 31)
    assert red_for_the_host(phone, number) == ["channel_silent"]
    phone.post_event("system:ping", {})
    assert red_for_the_host(phone, number) == []


def test_a_provider_that_nobody_wrote_to_yet_is_not_called_silent(phone: Phone, services: Services) -> None:
    ours = add(services, phone.town, GatewayKind.AFRICASTALKING, "+243970000001")
    client = host(phone)
    for page in ("", "channels", f"channels/{ours.id}"):
        answer = client.get(f"/admin/{page}")
        assert answer.status_code == 200
        assert "silencieux" not in answer.get_data(as_text=True).lower()


def test_the_host_sees_a_refusal_until_the_provider_takes_a_text_again(
    phone: Phone, services: Services
) -> None:
    with RecordingServer(Answer(401), Answer.of({"id": "g"})) as server:
        quiet = {"quiet": True, "base_url": server.url}
        ours = add(services, phone.town, GatewayKind.GENERIC, "+243970000001", **quiet)
        outbox_id, worker, now = notice(phone), really_sending(phone.town), process.utcnow()
        sms.send_one(worker, outbox_id, now)
        assert red_for_the_host(phone, ours.number) == ["channel_refuses"]
        sms.send_one(worker, outbox_id, now + timedelta(seconds=11))
    assert red_for_the_host(phone, ours.number) == []


def test_a_gateway_that_ever_pinged_is_expected_to_go_on(phone: Phone, services: Services) -> None:
    ours = add(services, phone.town, GatewayKind.GENERIC, "+243970000001")
    last_heard(phone, services, 31)
    phone.post_event("system:ping", {})
    assert red_for_the_host(phone, ours.number) == []
    assert told(phone, ours, event="ping") == 200
    last_heard(phone, services, 31)
    phone.post_event("system:ping", {})
    assert red_for_the_host(phone, ours.number) == ["channel_silent"]
    assert told(phone, ours, event="ping") == 200
    assert red_for_the_host(phone, ours.number) == []


def test_a_telephone_that_its_gateway_calls_away_is_red_until_it_is_heard_again(
    phone: Phone, services: Services
) -> None:
    ours = add(services, phone.town, GatewayKind.GENERIC, "+243970000001")
    phone.post_event("system:ping", {})
    for back in ({"type": "phone.heartbeat.online"}, {"from": AIRTEL_PERSON, "text": "SUIVI"}):
        assert told(phone, ours, type="phone.heartbeat.offline", owner=ours.number) == 200
        assert told(phone, ours, type="message.send.expired", message_id="m1") == 200
        assert red_for_the_host(phone, ours.number) == ["channel_silent"]
        assert told(phone, ours, **back) == 200
        assert red_for_the_host(phone, ours.number) == []


def told(phone: Phone, ours: Number, **event: str) -> int:
    """What the gateway of a number posts."""
    return int(phone.town.app.test_client().post(f"/hooks/sms/{ours.secret}", json=event).status_code)


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


def test_who_wants_to_hear_nothing_after_a_notice_was_written_hears_nothing(
    phone: Phone, services: Services
) -> None:
    outbox_id = notice(phone)
    superuser.run(services, phone.town, update(Case).values(safe_contact=SafeContact.NOTHING))
    phone.heard()
    phone.work()
    assert phone.heard() == []
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
