"""The provider's own list: a missed text is taken in once and emptied, a doubtful send is looked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from twilio.request_validator import RequestValidator

from grievance.actions import delivery, notices
from grievance.actions.delivery import Lease
from grievance.rules.dialogue import Template
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import Inbound, InboundState, Outbox, OutboxState
from grievance.store.session import transaction
from grievance.vocabulary import GatewayKind, TaskKind
from tests import apps
from tests.fixtures import Town
from tests.gateways.recording_server import Answer, RecordingServer
from tests.services import Services
from tests.stories.desk_numbers import Number, add, really_sending
from tests.stories.phones import NUMBER, Phone
from workers import looking, process, reconciling, sms
from workers.schedule import SMS

ACCOUNT, OURS = "AC" + "0" * 32, "+243920000009"
STORY = "Les gardes ont battu mon frere hier pres du portail"


@pytest.fixture
def phone(town: Town) -> Phone:
    return Phone(town)


def message(sid: str, body: str, *, inbound: bool, status: str = "received") -> dict[str, Any]:
    now = format_datetime(process.utcnow())
    return {
        "sid": sid, "body": body, "status": status, "date_sent": now, "date_created": now, "error_code": None,
        "direction": "inbound" if inbound else "outbound-api", "from": NUMBER if inbound else OURS,
        "to": OURS if inbound else NUMBER,
    }  # fmt: skip


def listed(*messages: dict[str, Any]) -> Answer:
    return Answer.of({"messages": list(messages), "next_page_uri": None, "page": 0, "page_size": 1000})


def twilio(services: Services, town: Town, url: str) -> Number:
    return add(services, town, GatewayKind.TWILIO, OURS, account=ACCOUNT, base_url=url)


def by_webhook(phone: Phone, ours: Number, sid: str, body: str, sender: str = NUMBER) -> int:
    form = {"AccountSid": ACCOUNT, "From": sender, "To": OURS, "MessageSid": sid, "Body": body}
    path = "/hooks/twilio/sms"
    signature = RequestValidator(ours.secret).compute_signature(apps.PUBLIC_URL + path, form)
    client = phone.town.app.test_client()
    return int(client.post(path, data=form, headers={"X-Twilio-Signature": signature}).status_code)


def test_a_missed_text_is_taken_in_once_answered_and_emptied_there(phone: Phone, services: Services) -> None:
    had, missed = "SM" + "1" * 32, "SM" + "2" * 32
    both = listed(message(missed, "SUIVI", inbound=True), message(had, STORY, inbound=True))
    with RecordingServer(both) as server:
        ours = twilio(services, phone.town, server.url)
        assert by_webhook(phone, ours, had, STORY) == 200
        worker, now = really_sending(phone.town), process.utcnow()
        assert reconciling.reconcile(worker, now) == 1
        assert reconciling.reconcile(worker, now) == 0
        assert by_webhook(phone, ours, missed, "SUIVI") == 200
        assert len(phone.rows(Inbound)) == 2

        phone.work()
        sms.blank_at_provider(worker, now)
    assert emptied(server) == [missed]
    assert {one.state for one in phone.rows(Inbound)} == {InboundState.HELD, InboundState.WIPED}


def emptied(server: RecordingServer) -> list[str]:
    """Which messages the provider was told to hold no words of any more, in order."""
    calls = [call for call in server.calls if call.method == "POST" and call.form.get("Body") == [""]]
    return [call.path.rpartition("/")[2].removesuffix(".json") for call in calls]


def test_a_held_text_is_emptied_once_it_is_sealed_and_so_is_what_decided_something(
    phone: Phone, services: Services
) -> None:
    texts = (STORY, "1", "2", "mine exemple A", "2", "RAPPEL")
    said = {f"SM{number:032}": body for number, body in enumerate(texts)}
    with RecordingServer(listed()) as server:
        ours, worker = twilio(services, phone.town, server.url), really_sending(phone.town)
        for place, (sid, body) in enumerate(said.items()):
            assert by_webhook(phone, ours, sid, body) == 200
            phone.work()
            sms.blank_at_provider(worker, phone.now)
            assert sorted(emptied(server)) == list(said)[: place + 1 if place else 0]
    assert TaskKind.CALL_BACK in phone.tasks()
    assert {one.state for one in phone.rows(Inbound)} == {InboundState.WIPED}


def test_texts_of_companies_are_emptied_too_and_hold_up_nobody_s(phone: Phone, services: Services) -> None:
    promotions = [f"SM{number:032}" for number in range(101)]
    story, agreed = "SM" + "a" * 32, "SM" + "b" * 32
    with RecordingServer(listed()) as server:
        ours, worker = twilio(services, phone.town, server.url), really_sending(phone.town)
        for sid in promotions:
            assert by_webhook(phone, ours, sid, "Promo: 100 unites", sender="MTN") == 200
        for sid, body in ((story, STORY), (agreed, "1")):
            assert by_webhook(phone, ours, sid, body) == 200
            phone.work()
        for _ in range(2):
            sms.blank_at_provider(worker, phone.now)
    assert emptied(server) == [*promotions, story, agreed]
    assert {one.state for one in phone.rows(Inbound)} == {InboundState.WIPED}
    assert {line["to"] for line in phone.town.texts()} == {NUMBER}


def test_a_text_that_no_key_opens_holds_up_no_emptying(phone: Phone, services: Services) -> None:
    lost, story = "SM" + "a" * 32, "SM" + "b" * 32
    with RecordingServer(listed()) as server:
        ours, worker = twilio(services, phone.town, server.url), really_sending(phone.town)
        by_webhook(phone, ours, lost, "Promo", sender="MTN")
        phone.work()
        with services.connect(phone.town.database.name) as superuser:
            superuser.execute("update inbound set sealed = set_byte(sealed, 60, get_byte(sealed, 60) # 1)")
        by_webhook(phone, ours, story, "Promo", sender="MTN")
        phone.work()
        sms.blank_at_provider(worker, phone.now)
    assert emptied(server) == [story]


def test_what_was_emptied_or_is_anothers_is_not_taken_in(phone: Phone, services: Services) -> None:
    other = message("SM" + "4" * 32, "Bonjour", inbound=True) | {"to": "+243920000008"}
    with RecordingServer(listed(message("SM" + "3" * 32, "", inbound=True), other)) as server:
        twilio(services, phone.town, server.url)
        assert reconciling.reconcile(really_sending(phone.town), process.utcnow()) == 0
    assert phone.rows(Inbound) == []


def test_the_list_is_asked_every_five_minutes() -> None:
    assert {entry.seconds for entry in SMS if entry.run is reconciling.reconcile} == {300}


def uncertain(phone: Phone, ours: UUID) -> UUID:
    """A notice whose worker was lost while the provider was asked."""
    for text in (STORY, "1", "2", "mine exemple A", "2"):
        phone.says(text)
    once, case = f"test:{uuid4()}", phone.cases()[0]
    with transaction(SMS_ACTOR) as session:
        notices.to_complainant(session, case, Template.NEWS, once=once, now=phone.now)
    outbox_id = next(row.id for row in phone.rows(Outbox) if row.once == once)
    lease = Lease(uuid4(), process.utcnow() - timedelta(seconds=1))
    assert delivery.take_sms(outbox_id, lease, now=phone.now) is not None
    delivery.leaves_by(outbox_id, lease, ours)
    delivery.failed(outbox_id, lease, "timeout", again=True, uncertain=True, now=phone.now)
    return outbox_id


def state(phone: Phone, outbox_id: UUID) -> OutboxState:
    return next(one for one in phone.rows(Outbox) if one.id == outbox_id).state


NEWS = "Bonjour. Un message vous attend. Envoyez SUIVI et votre code quand vous pouvez."


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (listed(message("SM" + "9" * 32, NEWS, inbound=False, status="delivered")), OutboxState.DELIVERED),
        (listed(message("SM" + "9" * 32, NEWS, inbound=False, status="sent")), OutboxState.SENT),
        (listed(message("SM" + "9" * 32, "other words", inbound=False, status="sent")), OutboxState.WAITING),
        (listed(), OutboxState.WAITING),
        (Answer(503), OutboxState.UNCERTAIN),
    ],
)
def test_a_send_that_may_have_happened_is_looked_for_before_it_is_repeated(
    phone: Phone, services: Services, answer: Answer, expected: OutboxState
) -> None:
    with RecordingServer(answer) as server:
        ours = twilio(services, phone.town, server.url)
        outbox_id = uncertain(phone, ours.id)
        looking.look_up(really_sending(phone.town), process.utcnow())
    assert state(phone, outbox_id) is expected
    assert [call.method for call in server.calls] == ["GET"]
    assert server.calls[0].query["To"] == [NUMBER]


def test_however_often_nobody_could_tell_it_is_looked_for_from_when_it_was_made(
    phone: Phone, services: Services
) -> None:
    with RecordingServer(Answer(503)) as server:
        ours = twilio(services, phone.town, server.url)
        outbox_id = uncertain(phone, ours.id)
        for _ in range(3):
            looking.look_up(really_sending(phone.town), process.utcnow())
            with services.connect(phone.town.database.name) as superuser:
                # As if the minute until the next look were over.
                superuser.execute("update outbox set leased_until = now() where id = %s", (outbox_id,))
    assert state(phone, outbox_id) is OutboxState.UNCERTAIN
    made_at = next(row.created_at for row in phone.rows(Outbox) if row.id == outbox_id)
    asked = {datetime.fromisoformat(call.query["DateSent>"][0]) for call in server.calls}
    assert len(server.calls) == 3
    assert len(asked) == 1
    assert asked.pop() <= made_at


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer.of({"state": "Delivered"}), OutboxState.DELIVERED),
        (Answer.of({"state": "Pending"}), OutboxState.SENT),
        (Answer(404), OutboxState.WAITING),
    ],
)
def test_a_telephone_is_asked_by_our_own_id(
    phone: Phone, services: Services, answer: Answer, expected: OutboxState
) -> None:
    with RecordingServer(answer) as server:
        calls = {"base_url": server.url, "username": "u", "password": "p"}
        ours = add(services, phone.town, GatewayKind.SMSGATE, "+243880000006", account="second", **calls)
        outbox_id = uncertain(phone, ours.id)
        looking.look_up(really_sending(phone.town), process.utcnow())
    assert server.calls[0].path == f"/messages/{outbox_id}"
    assert state(phone, outbox_id) is expected


def test_where_nobody_can_be_asked_it_waits_for_a_report(phone: Phone, services: Services) -> None:
    ours = add(services, phone.town, GatewayKind.GENERIC, "+243880000006")
    outbox_id = uncertain(phone, ours.id)
    looking.look_up(really_sending(phone.town), process.utcnow())
    assert state(phone, outbox_id) is OutboxState.UNCERTAIN
    assert TaskKind.UNCERTAIN_MESSAGE not in phone.tasks()
