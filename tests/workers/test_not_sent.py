"""What when a text does not leave? Refused, in doubt, unwritable, locked, or left behind by a lost sender."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from grievance.rules.dialogue import Template
from grievance.store.models import ChannelRow, NumberIndex, OutboxState
from grievance.vocabulary import GatewayKind, TaskKind
from tests.gateways.recording_server import Answer, RecordingServer
from tests.post_office import AIRTEL, NOTHING_KEPT, NOW, SECOND, PostOffice, answer, kept, provider
from workers import sms

MINUTE = timedelta(minutes=1)


def test_a_refusal_that_may_pass_is_tried_again_and_shows_on_its_channel(office: PostOffice) -> None:
    with RecordingServer(Answer(401), Answer.of({"id": "theirs"})) as server:
        channel_id = provider(office, server)
        outbox_id, worker = answer(office, channel_id=channel_id), office.worker(asks_providers=True)
        assert sms.send_one(worker, outbox_id, NOW) is True
        row = office.row(outbox_id)
        assert (row.state, row.error, row.next_at) == (OutboxState.WAITING, "http_401", NOW + 10 * SECOND)
        channel = refused(office, channel_id)
        assert channel == (NOW, "http_401")
        office.change(ChannelRow, office.town.world.channel.id, refused_at=NOW)
        sms.send_one(worker, outbox_id, NOW + 10 * SECOND)
    assert office.state(outbox_id) is OutboxState.SENT
    assert refused(office, channel_id) == (None, None)


def refused(office: PostOffice, channel_id: UUID) -> tuple[Any, Any]:
    """Since when, and why, a channel takes nothing."""
    row = next(one for one in office.all(ChannelRow) if one.id == channel_id)
    return row.refused_at, row.refusal


def test_a_busy_provider_is_tried_again_and_its_channel_is_not_called_refusing(office: PostOffice) -> None:
    with RecordingServer(Answer(429)) as server:
        channel_id = provider(office, server)
        outbox_id = answer(office, channel_id=channel_id)
        sms.send_one(office.worker(asks_providers=True), outbox_id, NOW)
    assert (office.state(outbox_id), office.row(outbox_id).error) == (OutboxState.WAITING, "http_429")
    assert refused(office, channel_id) == (None, None)


def test_what_may_have_left_is_uncertain(office: PostOffice) -> None:
    with RecordingServer(Answer(hang_up=True)) as server:
        channel_id = office.channel(AIRTEL, calls={"base_url": server.url})  # which drops no second copy
        outbox_id = answer(office, channel_id=channel_id)
        sms.send_one(office.worker(asks_providers=True), outbox_id, NOW)
    row = office.row(outbox_id)
    assert (row.state, row.next_at) == (OutboxState.UNCERTAIN, NOW + 15 * MINUTE)


@pytest.mark.parametrize(
    ("code", "state", "tasks"),
    [
        (403, OutboxState.DEAD, [TaskKind.DEAD_NUMBER]),  # a bad number, says Africa's Talking
        (406, OutboxState.DROPPED, []),  # on its list of those who want nothing
    ],
)
def test_what_a_provider_says_of_the_number_is_kept(
    office: PostOffice, code: int, state: OutboxState, tasks: list[TaskKind]
) -> None:
    told = {"SMSMessageData": {"Recipients": [{"statusCode": code, "messageId": "None"}]}}
    case_id, other = office.case(), office.case(number="+243970000078")
    with RecordingServer(Answer.of(told, 201)) as server:
        calls = {"username": "u", "password": "p", "base_url": server.url}
        channel_id = office.channel(AIRTEL, kind=GatewayKind.AFRICASTALKING, calls=calls)
        outbox_id = office.notice(case_id, channel_id=channel_id, text="Words.")
        assert sms.send_one(office.worker(asks_providers=True), outbox_id, NOW) is True
    row = office.row(outbox_id)
    assert (row.state, row.error, kept(row)) == (state, f"at_{code}", NOTHING_KEPT)
    assert [kind for kind, _, _ in office.tasks()] == tasks
    stopped = {mark.case_id: mark.stopped_at for mark in office.all(NumberIndex)}
    assert stopped == {case_id: NOW if code == 406 else None, other: None}


@pytest.mark.parametrize("values", [{"template": Template.RECEIPT.value}, {"template": "unheard of"}])
def test_a_text_that_cannot_be_written_is_given_up_at_once(
    office: PostOffice, values: dict[str, Any]
) -> None:
    outbox_id = answer(office, **values)
    assert sms.send_one(office.worker(), outbox_id, NOW) is True
    assert (office.state(outbox_id), office.row(outbox_id).error) == (OutboxState.DEAD, "unwritable")
    assert office.tasks() == [(TaskKind.DEAD_MESSAGE, office.town.world.desk.id, None)]
    assert office.town.texts() == []


def test_a_number_that_no_key_opens_is_given_up_at_once(office: PostOffice) -> None:
    moved = office.row(answer(office)).sealed_to
    outbox_id = answer(office, sealed_to=moved, to=None)
    sms.send_one(office.worker(), outbox_id, NOW)
    assert (office.state(outbox_id), office.row(outbox_id).error) == (OutboxState.DEAD, "unwritable")


def test_a_number_locked_since_is_texted_nothing_and_its_text_is_dropped(office: PostOffice) -> None:
    office.case(marks={"locked_at": NOW})
    for values in ({}, {"asked": False, "organisation_id": office.town.world.desk.id}):
        outbox_id = answer(office, text="Words.", **values)
        assert sms.send_one(office.worker(), outbox_id, NOW) is True
        row = office.row(outbox_id)
        assert (row.state, row.error, kept(row)) == (OutboxState.DROPPED, "locked", NOTHING_KEPT)
    assert office.town.texts() == []


def test_an_older_case_s_stop_holds_what_belongs_to_no_case_and_nothing_else(office: PostOffice) -> None:
    office.case(marks={"stopped_at": NOW})
    unasked, asked = answer(office, asked=False), answer(office)
    of_a_case = office.notice(office.case())
    for outbox_id in (unasked, asked, of_a_case):
        sms.send_one(office.worker(), outbox_id, NOW)
    assert (office.state(unasked), office.row(unasked).error) == (OutboxState.DROPPED, "locked")
    assert (office.state(asked), office.state(of_a_case)) == (OutboxState.SENT, OutboxState.SENT)


def test_another_desk_s_lock_holds_nothing_here(office: PostOffice) -> None:
    world = office.town.world
    office.case(desk_id=world.backup.id, backup_id=world.desk.id, marks={"locked_at": NOW})
    outbox_id = answer(office)
    sms.send_one(office.worker(), outbox_id, NOW)
    assert office.state(outbox_id) is OutboxState.SENT


def test_what_waits_is_sent_and_counted_and_what_a_lost_sender_left_is_taken_up(office: PostOffice) -> None:
    due = [answer(office), answer(office)]
    later = answer(office, next_at=NOW + SECOND)
    lost = answer(office, state=OutboxState.LEASED, leased_until=NOW, leased_by=uuid4())
    played = sms.utcnow() + MINUTE
    assert sms.send_waiting(office.worker(), NOW) == 2
    assert [office.state(one) for one in (*due, later)] == [OutboxState.SENT] * 2 + [OutboxState.WAITING]
    assert office.state(lost) is OutboxState.WAITING  # a second line in sample mode harms nobody
    assert sms.send_waiting(office.worker(), played) == 2
    assert len(office.town.texts()) == 4


def test_in_production_what_a_lost_sender_left_is_uncertain_first(office: PostOffice) -> None:
    lost = answer(office, state=OutboxState.LEASED, leased_until=NOW, leased_by=uuid4())
    assert sms.send_waiting(office.worker(asks_providers=True), NOW) == 0
    assert office.state(lost) is OutboxState.UNCERTAIN
