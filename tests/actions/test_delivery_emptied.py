"""When may a text of ours be emptied at its provider? Never while a lookup may still need its words."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from grievance.actions import delivery_reports
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import Medium, OutboxState
from grievance.store.session import transaction
from grievance.vocabulary import GatewayKind
from tests.actions.test_delivery_reports import left, piece
from tests.post_office import PostOffice

DOUBT = (OutboxState.LEASED, OutboxState.UNCERTAIN)


def may(
    office: PostOffice, own_id: str | None, status: str = "delivered", *, provider_id: str | None = None,
    channel_id: UUID | None = None, **more: Any,
) -> bool:  # fmt: skip
    """Whether this report is a reason to empty the text that it is on."""
    fields = {"own_id": own_id, "provider_id": provider_id, "status": status, **more}
    with transaction(SMS_ACTOR) as session:
        return delivery_reports.may_be_emptied(session, fields, channel_id or office.town.world.channel.id)


@pytest.mark.parametrize(
    ("status", "last"),
    [("queued", False), ("sending", False), ("sent", False), ("delivered", True), ("failed", True)],
)
def test_only_the_last_report_is_a_reason(office: PostOffice, status: str, last: bool) -> None:
    assert may(office, piece(left(office), 0), status) is last


def test_what_holds_no_words_any_more_needs_no_emptying(office: PostOffice) -> None:
    own = piece(left(office), 0)
    assert not may(office, own, has_words=False)
    assert may(office, own, has_words=True)


@pytest.mark.parametrize("state", list(OutboxState))
def test_a_text_in_doubt_keeps_its_words_whoever_names_it(office: PostOffice, state: OutboxState) -> None:
    text_id = left(office, state=state)
    for named in (may(office, piece(text_id, 0)), may(office, None, provider_id="SM1")):
        assert named is (state not in DOUBT)


@pytest.mark.parametrize("state", DOUBT)
def test_of_a_text_in_pieces_those_that_are_gone_may_be_emptied(
    office: PostOffice, state: OutboxState
) -> None:
    text_id = left(office, state=state, pieces=3, pieces_gone=2)
    assert [may(office, piece(text_id, place)) for place in range(4)] == [True, True, False, False]
    assert not may(office, None, provider_id="SM1"), "which piece it was nobody can tell"


def test_what_went_with_its_case_is_emptied_and_what_is_nobody_s_is_not(office: PostOffice) -> None:
    left(office)
    assert may(office, piece(uuid4(), 0))
    assert not may(office, None, provider_id="SM2")
    assert not may(office, "not of ours", provider_id="SM2")
    assert not may(office, None)


def test_a_provider_s_id_counts_on_its_own_channel_alone(office: PostOffice) -> None:
    left(office)
    other = office.channel("+243880000099", kind=GatewayKind.GENERIC)
    assert may(office, None, provider_id="SM1")
    assert not may(office, None, provider_id="SM1", channel_id=other)


def test_a_mail_is_no_text(office: PostOffice) -> None:
    mail_id = left(office, medium=Medium.MAIL, state=OutboxState.UNCERTAIN)
    assert may(office, piece(mail_id, 0)), "as if it had gone with its case"
    assert not may(office, None, provider_id="SM1")
