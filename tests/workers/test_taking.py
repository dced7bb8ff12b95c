"""What of the texts that came in is still to be taken, and what is to be emptied where it came from?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from grievance.actions import hearing, inbound, sms_budget
from grievance.actions.inbound import Seals
from grievance.rules.dialogue import Template
from grievance.store.models import (
    Case,
    ChannelRow,
    Dialogue,
    Inbound,
    InboundState,
    Outbox,
    OutboxState,
    SmsTally,
)
from grievance.vocabulary import GatewayKind
from tests.gateways.recording_server import Answer, RecordingServer
from tests.post_office import NOTHING_KEPT, NOW, NUMBER, SECOND, PostOffice, kept
from workers import reconciling, sms

STORY = "Les gardes ont battu mon frere hier pres du portail"
OTHERS = ("+243970000078", "+243970000079")
MINUTE, DAY = timedelta(minutes=1), timedelta(hours=24)


def came(
    office: PostOffice, said: str, number: str = NUMBER, *, channel_id: UUID | None = None,
    provider_id: str | None = None, now: datetime = NOW,
) -> UUID:  # fmt: skip
    """A text that the webhook kept."""
    seals = Seals(office.town.keys.intake_public[-1][1], office.town.keys.config)
    heard = hearing.text(provider_id, number, number, said, now)
    row_id = inbound.keep(
        channel_id or office.town.world.channel.id, heard, seals=seals, now=now
    )
    assert row_id is not None
    return row_id


def state(office: PostOffice, inbound_id: UUID) -> InboundState:
    return next(row.state for row in office.all(Inbound) if row.id == inbound_id)


def test_one_text_that_came_in_is_taken_with_what_this_worker_holds(office: PostOffice) -> None:
    first, second = came(office, STORY), came(office, STORY, OTHERS[0])
    sms.converse(office.worker(), first, NOW + MINUTE)
    assert (state(office, first), state(office, second)) == (InboundState.HELD, InboundState.NEW)
    assert [row.last_text_at for row in office.all(Dialogue)] == [NOW + MINUTE]
    assert office.all(Outbox) != []


def test_what_waits_is_taken_in_its_order_and_a_text_that_no_key_opens_holds_up_no_other(
    office: PostOffice,
) -> None:
    taken = [came(office, "AIDE", NUMBER), came(office, "AIDE", OTHERS[0], now=NOW + SECOND)]
    lost = came(office, "AIDE", "+243970000070", now=NOW - SECOND)
    late = came(office, "AIDE", OTHERS[1], now=NOW + MINUTE)
    office.change(Inbound, lost, sealed=b"no key opens this")
    assert sms.take_waiting(office.worker(), NOW + SECOND) == 2
    left = {row.id for row in office.all(Inbound) if row.state is InboundState.NEW}
    assert left == {lost, late}
    step = timedelta(milliseconds=4)
    heard = sorted(row.last_text_at for row in office.all(Dialogue))
    assert heard == [NOW + SECOND + step, NOW + SECOND + 2 * step]
    answers = [row for row in office.all(Outbox) if row.template == Template.HELP.value]
    assert len(answers) == 2
    assert {state(office, one) for one in taken} == {InboundState.WIPED}
    assert sms.take_waiting(office.worker(), NOW + SECOND) == 0


def test_a_text_taken_meanwhile_by_somebody_else_is_not_counted(office: PostOffice) -> None:
    theirs = came(office, "AIDE")
    came(office, "AIDE", OTHERS[0])
    with office.engine.connect() as other:
        other.exec_driver_sql(f"select 1 from inbound where id = '{theirs}' for update")  # noqa: S608
        assert sms.take_waiting(office.worker(), NOW) == 1
    assert state(office, theirs) is InboundState.NEW


def test_what_was_held_for_ten_minutes_is_sealed_to_the_desks(office: PostOffice) -> None:
    sms.converse(office.worker(), came(office, STORY), NOW)
    sms.settle(office.worker(), NOW + 10 * MINUTE - SECOND)
    assert [case for case in office.all(Case) if not case.held] == []
    sms.settle(office.worker(), NOW + 10 * MINUTE)
    assert [row.state for row in office.all(Inbound)] == [InboundState.WIPED]
    assert len([case for case in office.all(Case) if not case.held]) == 1


def test_who_left_a_question_open_is_reminded_once_the_next_day_on_a_telephone_of_their_own(
    office: PostOffice,
) -> None:
    office.case()
    sms.converse(office.worker(), came(office, STORY), NOW)

    def reminded() -> list[datetime | None]:
        return [row.reminded_at for row in office.all(Dialogue)]

    next_day = NOW + timedelta(hours=21)
    sms.settle(office.worker(), NOW + timedelta(hours=3))
    assert reminded() == [None]
    for _ in range(2):
        sms.settle(office.worker(), next_day)
    assert reminded() == [next_day]
    assert [row.template for row in office.all(Outbox)].count(Template.REMINDER.value) == 1


def test_conversations_end_after_three_days_and_counts_after_two(office: PostOffice) -> None:
    sms.converse(office.worker(), came(office, STORY), NOW)
    channel_id, key = office.town.world.channel.id, office.keys.number_index
    sms_budget.take(channel_id, [NUMBER], needed=False, index_key=key, now=NOW)
    sms.settle(office.worker(), NOW + 2 * DAY)
    assert (len(office.all(Dialogue)), bool(office.all(SmsTally))) == (1, True)
    sms.settle(office.worker(), NOW + 3 * DAY + SECOND)
    assert (office.all(Dialogue), office.all(SmsTally)) == ([], [])


def test_what_was_sent_a_day_ago_is_forgotten(office: PostOffice) -> None:
    outbox_id = office.notice(to=NUMBER, state=OutboxState.SENT, sent_at=NOW, values={"a": "b"})
    sms.settle(office.worker(), NOW + DAY)
    assert office.row(outbox_id).sealed_to is not None
    sms.settle(office.worker(), NOW + DAY + SECOND)
    assert kept(office.row(outbox_id)) == NOTHING_KEPT


# What was sealed or refused here is emptied at the provider that still has it.


def taken_from_twilio(office: PostOffice, url: str, sid: str = "SM1", **more: Any) -> UUID:
    """A text that was decided here, and stands at Twilio under this id."""
    known = [row for row in office.all(ChannelRow) if row.kind is GatewayKind.TWILIO]
    channel_id = known[0].id if known else office.channel(
        "+243920000009", kind=GatewayKind.TWILIO, account="AC" + "7" * 32, calls={"base_url": url}
    )  # fmt: skip
    row_id = came(office, STORY, channel_id=channel_id, provider_id=sid, **more)
    office.change(Inbound, row_id, state=InboundState.TAKEN)
    return row_id


def emptied(server: RecordingServer) -> list[tuple[str, dict[str, list[str]]]]:
    return [(call.path.rpartition("/")[2], call.form) for call in server.calls]


def test_it_is_emptied_at_the_provider_then_here_and_never_again(office: PostOffice) -> None:
    with RecordingServer(Answer.of({"sid": "SM1"})) as server:
        first = taken_from_twilio(office, server.url)
        second = taken_from_twilio(office, server.url, "SM2", now=NOW + SECOND)
        for _ in range(2):
            sms.blank_at_provider(office.worker(asks_providers=True), NOW + MINUTE)
    assert emptied(server) == [("SM1.json", {"Body": [""]}), ("SM2.json", {"Body": [""]})]
    assert {state(office, one) for one in (first, second)} == {InboundState.WIPED}


def test_in_sample_mode_nobody_is_asked_and_it_is_emptied_here(office: PostOffice) -> None:
    with RecordingServer() as server:
        row_id = taken_from_twilio(office, server.url)
        sms.blank_at_provider(office.worker(), NOW)
    assert (server.calls, state(office, row_id)) == ([], InboundState.WIPED)


@pytest.mark.parametrize(
    ("status", "age", "expected", "asked"),
    [
        (503, timedelta(), [InboundState.TAKEN] * 2, ["SM1.json"]),  # silent: asked once in a run
        (503, 15 * DAY - SECOND, [InboundState.TAKEN] * 2, ["SM1.json"]),
        (503, 15 * DAY, [InboundState.WIPED, InboundState.TAKEN], ["SM1.json"]),  # it had its time
        (400, timedelta(), [InboundState.WIPED] * 2, ["SM1.json", "SM2.json"]),  # no later try does better
        (404, timedelta(), [InboundState.TAKEN] * 2, ["SM1.json"]),  # not Twilio's own word: a wrong address
    ],
)
def test_a_provider_that_does_not_empty_it_is_asked_again_for_fifteen_days(
    office: PostOffice, status: int, age: timedelta, expected: list[InboundState], asked: list[str]
) -> None:
    with RecordingServer(Answer(status), Answer.of({"sid": "SM2"})) as server:
        first = taken_from_twilio(office, server.url)
        second = taken_from_twilio(office, server.url, "SM2", now=NOW + SECOND)
        sms.blank_at_provider(office.worker(asks_providers=True), NOW + age)
    assert [name for name, _ in emptied(server)] == asked
    assert [state(office, first), state(office, second)] == expected


def test_a_channel_whose_secret_no_key_opens_holds_up_no_other(office: PostOffice) -> None:
    with RecordingServer(Answer.of({"messages": []}), Answer.of({"messages": []}), Answer.of({})) as server:
        second = taken_from_twilio(office, server.url, now=NOW + SECOND)
        locked = office.channel("+243920000008", kind=GatewayKind.TWILIO, account="AC" + "8" * 32)
        first = came(office, STORY, channel_id=locked, provider_id="SM0")
        office.change(Inbound, first, state=InboundState.TAKEN)
        office.change(ChannelRow, locked, secret_hidden=b"no key opens this")
        worker = office.worker(asks_providers=True)
        reconciling.reconcile(worker, NOW)
        sms.blank_at_provider(worker, NOW + MINUTE)
    assert [call.method for call in server.calls] == ["GET", "GET", "POST"]
    assert (state(office, first), state(office, second)) == (InboundState.TAKEN, InboundState.WIPED)
