"""What does the worker say of a text that did not leave? Which one, how often, what kind of error."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from structlog.testing import capture_logs

from grievance.actions import hearing, inbound, sms_budget
from grievance.actions.inbound import Seals
from grievance.gateways.contract import SendFailed
from grievance.rules import budget
from grievance.rules.dialogue import Template
from grievance.store.models import Inbound, InboundState
from grievance.terms import CannotOpen
from grievance.vocabulary import GatewayKind
from tests.gateways.recording_server import Answer, RecordingServer
from tests.post_office import NOW, NUMBER, PostOffice
from workers import sms

OURS = "+243970000001"


def answer(office: PostOffice, **values: Any) -> UUID:
    """An answer to a number that just wrote."""
    usual = {"to": NUMBER, "asked": True, "channel_id": office.town.world.channel.id}
    return office.notice(**usual | values)


def came(office: PostOffice, channel_id: UUID, state: InboundState) -> UUID:
    """A text that came in."""
    seals = Seals(office.town.keys.intake_public[-1][1], office.town.keys.config)
    row_id = inbound.keep(channel_id, hearing.text("SM1", NUMBER, NUMBER, "AIDE", NOW), seals=seals, now=NOW)
    assert row_id is not None
    office.change(Inbound, row_id, state=state)
    return row_id


def test_a_refusal_tells_which_text_how_many_tries_and_nothing_of_its_number(office: PostOffice) -> None:
    with RecordingServer(Answer(429)) as server:
        channel_id = office.channel(OURS, calls={"base_url": server.url})
        outbox_id = answer(office, channel_id=channel_id, attempts=2)
        with capture_logs() as said:
            sms.send_one(office.worker(asks_providers=True), outbox_id, NOW)
    (line,) = said
    assert isinstance(line.pop("error"), SendFailed)
    assert line == {"event": "text_refused", "log_level": "warning", "outbox_id": str(outbox_id), "tries": 3}


def test_what_cannot_be_written_is_an_error_with_its_place(office: PostOffice) -> None:
    outbox_id = answer(office, template=Template.RECEIPT.value)
    with capture_logs() as said:
        sms.send_one(office.worker(), outbox_id, NOW)
    (line,) = said
    assert isinstance(line.pop("exc_info"), ValueError)
    assert line == {"event": "text_not_sent", "log_level": "error", "outbox_id": str(outbox_id)}


def test_a_text_over_budget_is_told(office: PostOffice) -> None:
    outbox_id, key = answer(office), office.keys.number_index
    assert sms_budget.take(office.town.world.channel.id, [NUMBER], needed=True, index_key=key, now=NOW)
    with office.engine.begin() as connection:
        connection.exec_driver_sql(f"update sms_tally set count = {budget.PER_NUMBER}")  # noqa: S608
    with capture_logs() as said:
        sms.send_one(office.worker(), outbox_id, NOW)
    assert said == [{"event": "text_over_budget", "log_level": "warning", "outbox_id": str(outbox_id)}]


def test_a_text_that_could_not_be_taken_is_told(office: PostOffice) -> None:
    row_id = came(office, office.town.world.channel.id, InboundState.NEW)
    office.change(Inbound, row_id, sealed=b"no key opens this")
    with capture_logs() as said:
        sms.take_waiting(office.worker(), NOW)
    (line,) = said
    assert isinstance(line.pop("exc_info"), CannotOpen)
    assert line == {"event": "text_not_taken", "log_level": "error", "inbound_id": str(row_id)}


def test_a_text_that_its_provider_did_not_empty_is_told(office: PostOffice) -> None:
    with RecordingServer(Answer(503)) as server:
        told = {"account": "AC" + "7" * 32, "calls": {"base_url": server.url}}
        channel_id = office.channel(OURS, kind=GatewayKind.TWILIO, **told)
        row_id = came(office, channel_id, InboundState.TAKEN)
        with capture_logs() as said:
            sms.blank_at_provider(office.worker(asks_providers=True), NOW)
    (line,) = said
    assert isinstance(line.pop("error"), SendFailed)
    told = {"event": "text_not_blanked", "log_level": "warning", "inbound_id": str(row_id), "tries": 0}
    assert line == told
