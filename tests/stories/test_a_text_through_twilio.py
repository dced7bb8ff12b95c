"""A text through Twilio is signed over the address that people see, answered by REST, and emptied there."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from grievance.store.config_values import channel_label
from grievance.store.models import ChannelRow, InboundState
from grievance.store.numbers import hide_config
from grievance.vocabulary import GatewayKind
from tests import apps
from tests.fixtures import Town
from tests.services import Services
from tests.stories.phones import Phone
from workers import sms

TOKEN, ACCOUNT, OURS = "a-token-for-tests", "AC" + "0" * 32, "+243880000002"
STORY = "Les gardes ont battu mon frere hier pres du portail"


@pytest.fixture
def phone(town: Town, services: Services) -> Phone:
    """A telephone that texts the desk's second number, which is Twilio's."""
    channel_id = uuid4()
    row = ChannelRow(
        id=channel_id, desk_id=town.world.desk.id, kind=GatewayKind.TWILIO, number=OURS, account=ACCOUNT,
        secret_hidden=hide_config(town.keys.config, TOKEN, channel_label(channel_id)),
        created_at=town.world.channel.created_at,
    )  # fmt: skip
    engine = create_engine(services.url("postgres", town.database.name))
    with Session(engine) as session, session.begin():
        session.add(row)
    engine.dispose()
    return Phone(town)


def post(phone: Phone, *, token: str = TOKEN, path: str = "/hooks/twilio/sms", **fields: str) -> object:
    """What Twilio posts, signed with this token."""
    form = {"AccountSid": ACCOUNT, "From": phone.number, "To": OURS, "NewField": "x"} | fields
    signature = RequestValidator(token).compute_signature(apps.PUBLIC_URL + path, form)
    client = phone.town.app.test_client()
    return client.post(path, data=form, headers={"X-Twilio-Signature": signature})


def test_a_text_through_twilio_is_kept_answered_and_emptied_there(phone: Phone) -> None:
    sid = "SM" + "1" * 32
    answer = post(phone, MessageSid=sid, Body=STORY)
    assert (answer.status_code, answer.data) == (200, b"<Response/>")
    assert post(phone, MessageSid=sid, Body=STORY).status_code == 200
    phone.work()
    assert "L'ONG peut lire" in phone.heard()[-1]
    assert len(phone.cases()) == 1

    post(phone, MessageSid="SM" + "2" * 32, Body="1")
    phone.work()
    assert {row.state for row in phone.inbound()} == {InboundState.TAKEN}
    sms.blank_at_provider(phone.worker, phone.now)
    assert {row.state for row in phone.inbound()} == {InboundState.WIPED}


def test_another_accounts_signature_keeps_nothing(phone: Phone) -> None:
    answer = post(phone, token="somebody-else", MessageSid="SM" + "3" * 32, Body=STORY)

    assert (answer.status_code, answer.data) == (403, b"")
    assert phone.inbound() == []


def test_a_text_without_a_body_or_from_an_unknown_number_of_ours_is_no_fault(phone: Phone) -> None:
    assert post(phone, MessageSid="SM" + "4" * 32).status_code == 200
    assert post(phone, MessageSid="SM" + "5" * 32, To="+243880000003", Body=STORY).status_code == 200
    phone.work()
