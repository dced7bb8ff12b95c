"""A desk's long answer leaves in pieces: when one fails it goes on with that one, and none comes twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from grievance.actions import delivery_care, delivery_reports
from grievance.rules.dialogue import Template
from grievance.store.actors import SMS_ACTOR
from grievance.store.config_values import sent_to_label
from grievance.store.models import Medium, Outbox, OutboxState
from grievance.store.numbers import capsule
from grievance.store.sealing import Label, seal_whole
from grievance.store.session import transaction
from grievance.vocabulary import GatewayKind, Language
from tests.fixtures import Town
from tests.gateways.recording_server import Answer, RecordingServer
from tests.services import Services
from tests.stories.desk_numbers import add, really_sending
from tests.stories.phones import NUMBER, Phone
from workers import looking, process, sending, sms

TEXT = " ".join(f"mot{number}" for number in range(600))
PIECES = sending.pieces_of(TEXT)
TAKEN, BUSY, CUT = Answer.of({"id": "taken"}), Answer(503), Answer(hang_up=True)


@pytest.fixture
def phone(town: Town) -> Phone:
    return Phone(town)


def long_answer(phone: Phone, channel_id: UUID) -> UUID:
    """What a desk wrote, ready to go to the person who asked."""
    row_id, now = uuid4(), process.utcnow()
    _, notifier = phone.town.keys.notifier_public[-1]
    words = seal_whole(TEXT.encode(), notifier, Label("outbox", "sealed_text", row_id))
    with transaction(SMS_ACTOR) as session:
        session.add(
            Outbox(
                id=row_id, medium=Medium.SMS, template=Template.NEWS.value, language=Language.FRENCH,
                values={}, once=str(row_id), channel_id=channel_id, asked=True, sealed_text=words,
                sealed_to=capsule(NUMBER, Language.FRENCH, notifier, sent_to_label(row_id)),
                state=OutboxState.WAITING, attempts=0, created_at=now, next_at=now,
            )
        )  # fmt: skip
    return row_id


def row(phone: Phone, outbox_id: UUID) -> Outbox:
    return next(one for one in phone.rows(Outbox) if one.id == outbox_id)


def telephone(phone: Phone, services: Services, server: RecordingServer) -> UUID:
    calls = {"base_url": server.url, "username": "u", "password": "p"}
    more = {"account": "second", "heard_at": process.utcnow()}
    return add(services, phone.town, GatewayKind.SMSGATE, "+243880000006", **more, **calls).id


def asked(server: RecordingServer) -> list[str]:
    """The texts that the provider was asked to send, in order."""
    return [call.json["textMessage"]["text"] for call in server.calls if call.method == "POST"]


def test_the_text_is_long_enough_to_tell() -> None:
    assert len(PIECES) >= 3
    assert "".join(PIECES) == TEXT


def test_after_a_refusal_it_goes_on_with_the_piece_that_failed(phone: Phone, services: Services) -> None:
    with RecordingServer(TAKEN, BUSY, TAKEN) as server:
        outbox_id = long_answer(phone, telephone(phone, services, server))
        worker, now = really_sending(phone.town), process.utcnow()
        sms.send_one(worker, outbox_id, now)
        assert asked(server) == PIECES[:2]
        assert row(phone, outbox_id).state is OutboxState.WAITING
        sms.send_one(worker, outbox_id, now + timedelta(seconds=11))

    assert asked(server) == [PIECES[0], PIECES[1], *PIECES[1:]]
    assert row(phone, outbox_id).state is OutboxState.SENT
    names = [call.json["id"] for call in server.calls]
    assert names[1] == names[2]
    assert len(set(names)) == len(PIECES)


@pytest.mark.parametrize(("had_it", "again"), [(True, []), (False, [1])])
def test_a_piece_that_may_have_gone_is_looked_for_before_it_is_repeated(
    phone: Phone, services: Services, had_it: bool, again: list[int]
) -> None:
    looked = Answer.of({"state": "Sent"}) if had_it else Answer(404)
    with RecordingServer(TAKEN, CUT, looked, TAKEN) as server:
        outbox_id = long_answer(phone, telephone(phone, services, server))
        worker, now = really_sending(phone.town), process.utcnow()
        sms.send_one(worker, outbox_id, now)
        worker_lost(phone, outbox_id, now)
        looking.look_up(worker, now)
        assert row(phone, outbox_id).state is OutboxState.WAITING
        assert server.calls[2].path == f"/messages/{outbox_id.hex}-1"
        sms.send_one(worker, outbox_id, now + timedelta(seconds=11))

    assert asked(server) == [*PIECES[:2], *(PIECES[each] for each in again), *PIECES[2:]]
    assert row(phone, outbox_id).state is OutboxState.SENT


def test_the_last_piece_that_was_found_ends_the_text(phone: Phone, services: Services) -> None:
    before = [TAKEN] * (len(PIECES) - 1)
    with RecordingServer(*before, CUT, Answer.of({"state": "Delivered"})) as server:
        outbox_id = long_answer(phone, telephone(phone, services, server))
        worker, now = really_sending(phone.town), process.utcnow()
        sms.send_one(worker, outbox_id, now)
        worker_lost(phone, outbox_id, now)
        looking.look_up(worker, now)

    assert asked(server) == PIECES
    assert row(phone, outbox_id).state is OutboxState.DELIVERED


@pytest.mark.parametrize("piece", [0, 1])
def test_a_report_on_the_first_piece_does_not_end_a_text_whose_rest_is_still_to_go(
    phone: Phone, services: Services, piece: int
) -> None:
    answers = [TAKEN] * piece + [CUT, TAKEN]
    with RecordingServer(*answers) as server:
        channel_id = telephone(phone, services, server)
        outbox_id = long_answer(phone, channel_id)
        worker, now = really_sending(phone.town), process.utcnow()
        sms.send_one(worker, outbox_id, now)
        worker_lost(phone, outbox_id, now)
        reported(phone, worker, outbox_id, channel_id, now)
        found = row(phone, outbox_id)
        assert (found.pieces_gone, found.sealed_text is None) == (1, False)
        assert found.state is (OutboxState.UNCERTAIN if piece else OutboxState.WAITING)


def worker_lost(phone: Phone, outbox_id: UUID, now: datetime) -> None:
    """The worker was killed before it could tell what became of this piece."""
    with transaction(SMS_ACTOR) as session:
        kept = session.get(Outbox, outbox_id)
        kept.state, kept.leased_until = OutboxState.LEASED, now - timedelta(seconds=1)
    delivery_care.settle_lapsed(Medium.SMS, repeatable=False, now=now)
    assert row(phone, outbox_id).state is OutboxState.UNCERTAIN


def reported(phone: Phone, worker: process.Process, outbox_id: UUID, channel_id: UUID, now: datetime) -> None:
    """The provider says that the text under our first name arrived."""
    fields = {
        "own_id": str(outbox_id), "provider_id": str(outbox_id), "status": "delivered", "error": None,
        "code": None,
    }  # fmt: skip
    with transaction(SMS_ACTOR) as session:
        delivery_reports.reported(
            session, fields, channel_id=channel_id, arrived_at=now, keys=worker.keys, now=now
        )
