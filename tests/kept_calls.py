"""What was kept of a provider's call, on which channel, and does the channel live?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient

from grievance.actions.inbound import label
from grievance.store.models import ChannelRow, Inbound, InboundState
from grievance.store.numbers import open_inbound
from grievance.web.clock import utcnow
from tests.post_office import NUMBER, PostOffice

STORY = "Mbwa ya walinzi imeniuma"
SOON = timedelta(minutes=1)


def browser(office: PostOffice) -> FlaskClient:
    """A provider that calls in: it keeps no cookies."""
    return office.town.app.test_client(use_cookies=False)


def kept(office: PostOffice) -> list[tuple[UUID, dict[str, Any]]]:
    """On which channel each call was kept, and what of it."""
    rows = sorted(office.all(Inbound), key=lambda row: row.received_at)
    assert {row.state for row in rows} <= {InboundState.NEW}
    pairs = office.keys.intake_pairs
    return [(row.channel_id, open_inbound(row.sealed, pairs, label(row.id))) for row in rows if row.sealed]


def text(number: str | None = NUMBER, said: str = STORY, **more: Any) -> dict[str, Any]:
    """What is kept of a text."""
    usual = {
        "kind": "text", "provider_id": "SM1", "sender": number, "number": number, "text": said, "sent_at": "",
        "missed_call": False,
    }  # fmt: skip
    return usual | more


def refused(answer: Any, office: PostOffice) -> None:
    """A stranger learns nothing, and nothing is kept."""
    assert (answer.status_code, answer.data) == (403, b"")
    assert office.all(Inbound) == []
    assert {row.last_heard_at for row in office.all(ChannelRow)} == {None}


def heard_at(office: PostOffice, channel_id: UUID) -> datetime | None:
    return next(row.last_heard_at for row in office.all(ChannelRow) if row.id == channel_id)


def is_now(at: datetime | None) -> bool:
    return at is not None and utcnow() - SOON < at <= utcnow()
