"""What does a provider's report do to a text? Late, twice, out of order, or about somebody else's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from grievance.actions import delivery, delivery_reports
from grievance.rules.dialogue import Template
from grievance.rules.own_ids import OwnId, written
from grievance.store.actors import SMS_ACTOR
from grievance.store.config_values import sent_to_label
from grievance.store.models import Medium, NumberIndex, Outbox, OutboxState
from grievance.store.numbers import open_capsule
from grievance.store.sealing import Label, unseal_whole
from grievance.store.session import transaction
from grievance.vocabulary import GatewayKind, Language, TaskKind
from tests.post_office import NOTHING_KEPT, NOW, NUMBER, SECOND, PostOffice, kept

MINUTE, DAY = timedelta(minutes=1), timedelta(hours=24)
LATER = NOW + MINUTE
OVER = (OutboxState.DELIVERED, OutboxState.DEAD, OutboxState.DROPPED, OutboxState.WAITING)


def left(office: PostOffice, case_id: UUID | None = None, **values: Any) -> UUID:
    """A text that the provider took under the id SM1."""
    usual = {
        "state": OutboxState.SENT, "sent_at": NOW, "provider_id": "SM1", "attempts": 1,
        "channel_id": office.town.world.channel.id,
    }  # fmt: skip
    return office.notice(case_id, **usual | values)


def report(
    office: PostOffice, own_id: UUID | str | None, status: str, *, provider_id: str | None = None,
    error: str | None = None, code: str | None = None, channel_id: UUID | None = None,
    age: timedelta = MINUTE, now: datetime = LATER,
) -> bool:  # fmt: skip
    """The provider tells; gives whether the report is done with."""
    told = str(own_id) if own_id is not None else None
    fields = {"own_id": told, "provider_id": provider_id, "status": status, "error": error, "code": code}
    with transaction(SMS_ACTOR) as session:
        return delivery_reports.reported(
            session, fields, channel_id=channel_id or office.town.world.channel.id, arrived_at=now - age,
            keys=office.keys, now=now,
        )  # fmt: skip


def piece(text_id: UUID, place: int) -> str:
    return written(OwnId(text_id, place))


def test_what_arrived_is_delivered_and_nothing_of_it_is_kept(office: PostOffice) -> None:
    outbox_id = left(office, to=NUMBER, text="Of the desk.", values={"a": "b"})
    assert report(office, outbox_id, "delivered", provider_id="SM2")
    row = office.row(outbox_id)
    assert (row.state, row.provider_id, row.sent_at) == (OutboxState.DELIVERED, "SM2", NOW)
    assert kept(row) == NOTHING_KEPT


def test_a_report_may_overtake_the_answer_that_it_left(office: PostOffice) -> None:
    for state in (OutboxState.LEASED, OutboxState.UNCERTAIN):
        for status, expected in (("sent", OutboxState.SENT), ("delivered", OutboxState.DELIVERED)):
            outbox_id = left(office, state=state, sent_at=None, provider_id=None)
            assert report(office, outbox_id, status)
            row = office.row(outbox_id)
            assert (row.state, row.sent_at, row.provider_id) == (expected, LATER, None)


def test_what_the_provider_still_has_is_kept_as_it_was_sent(office: PostOffice) -> None:
    outbox_id = left(office, to=NUMBER, values={"a": "b"})
    before = kept(office.row(outbox_id))
    for status in ("queued", "sending", "sent"):
        assert report(office, outbox_id, status)
        row = office.row(outbox_id)
        assert (row.state, row.sent_at, row.provider_id, kept(row)) == (OutboxState.SENT, NOW, "SM1", before)


def test_what_was_fetched_stays_fetched_and_is_emptied_when_it_arrived(office: PostOffice) -> None:
    outbox_id = left(office, state=OutboxState.FETCHED, waits_for_follow=True, asked=True, text="Words.")
    assert report(office, outbox_id, "sent", now=NOW + DAY)
    assert (office.state(outbox_id), office.row(outbox_id).sent_at) == (OutboxState.FETCHED, NOW)
    assert office.row(outbox_id).sealed_text is not None
    assert report(office, outbox_id, "delivered")
    row = office.row(outbox_id)
    assert (row.state, kept(row)) == (OutboxState.FETCHED, NOTHING_KEPT)


@pytest.mark.parametrize("state", OVER)
def test_what_is_over_or_not_begun_is_not_moved_by_a_report(office: PostOffice, state: OutboxState) -> None:
    outbox_id = left(office, state=state)
    for status in ("sent", "failed", "delivered"):
        assert report(office, outbox_id, status, error="permanent", code="21614", provider_id="SM9")
    row = office.row(outbox_id)
    assert (row.state, row.error, row.provider_id) == (state, None, "SM1")
    assert office.tasks() == []


def test_a_report_is_found_by_the_provider_s_id_on_the_channel_that_it_came_by(office: PostOffice) -> None:
    other = office.channel("+243970000001")
    of_other = left(office, channel_id=other)
    ours = left(office)
    mail = left(office, medium=Medium.MAIL, provider_id="SM3")
    assert report(office, None, "delivered", provider_id="SM1")
    assert office.state(ours) is OutboxState.DELIVERED
    assert office.state(of_other) is OutboxState.SENT
    assert report(office, "no-uuid", "delivered", provider_id="SM1", channel_id=other)
    assert office.state(of_other) is OutboxState.DELIVERED
    report(office, mail, "failed", provider_id="SM3")
    assert office.state(mail) is OutboxState.SENT


def test_a_report_that_comes_before_its_text_is_known_waits_two_minutes(office: PostOffice) -> None:
    left(office, provider_id=None)
    assert not report(office, None, "sent", provider_id="SM7", age=timedelta())
    assert not report(office, None, "sent", provider_id="SM7", age=2 * MINUTE)
    assert report(office, None, "sent", provider_id="SM7", age=2 * MINUTE + SECOND)
    assert report(office, uuid4(), "sent", age=timedelta())
    assert [row.state for row in office.all(Outbox)] == [OutboxState.SENT]


def test_a_number_that_the_provider_calls_dead_is_a_task_and_nothing_is_kept(office: PostOffice) -> None:
    case_id = office.case()
    outbox_id = left(office, case_id, text="Of the desk.")
    assert report(office, outbox_id, "failed", error="permanent", code="30005")
    row = office.row(outbox_id)
    assert (row.state, row.error, kept(row)) == (OutboxState.DEAD, "30005", NOTHING_KEPT)
    assert office.tasks() == [(TaskKind.DEAD_NUMBER, office.town.world.desk.id, case_id)]


def test_without_a_code_the_kind_of_failure_is_kept(office: PostOffice) -> None:
    outbox_id = left(office)
    assert report(office, outbox_id, "failed", error="permanent")
    assert office.row(outbox_id).error == "permanent"
    assert [kind for kind, _, _ in office.tasks()] == [TaskKind.DEAD_NUMBER]


def test_a_text_that_was_refused_for_what_it_is_tells_nothing_of_its_number(office: PostOffice) -> None:
    report(office, left(office), "failed", error="permanent", code="http_400")
    assert [kind for kind, _, _ in office.tasks()] == [TaskKind.DEAD_MESSAGE]


def test_opting_out_at_the_provider_is_a_stop_of_that_case_alone(office: PostOffice) -> None:
    case_id, other = office.case(), office.case(number="+243970000078")
    outbox_id = left(office, case_id, text="Words.")
    assert report(office, outbox_id, "failed", error="opted_out", code="21610")
    row = office.row(outbox_id)
    assert (row.state, row.error, kept(row)) == (OutboxState.DROPPED, "21610", NOTHING_KEPT)
    stopped = {mark.case_id: mark.stopped_at for mark in office.all(NumberIndex)}
    assert stopped == {case_id: LATER, other: None}
    assert office.tasks() == []


def test_a_failure_that_may_pass_is_tried_again_under_another_id_with_everything_that_it_had(
    office: PostOffice,
) -> None:
    world, case_id = office.town.world, office.case()
    outbox_id = left(
        office, case_id, to=NUMBER, text="Your receipt.", asked=True, values={"code": "7F3Q-82"}, attempts=2,
        template=Template.RECEIPT.value, language=Language.SWAHILI, organisation_id=world.desk.id,
        audience="workers", member_id=world.desk.members[0].row.id, pieces=2, pieces_gone=2,
    )  # fmt: skip
    before = office.row(outbox_id)
    assert report(office, outbox_id, "failed", error="retry", code="30003")
    old = office.row(outbox_id)
    assert (old.state, old.error, kept(old)) == (OutboxState.DROPPED, "30003", NOTHING_KEPT)

    (new,) = (one for one in office.all(Outbox) if one.id != outbox_id)
    same = (
        "medium", "template", "language", "values", "case_id", "referral_id", "member_id", "organisation_id",
        "audience", "channel_id", "asked", "waits_for_follow", "attempts", "created_at",
    )  # fmt: skip
    assert {name: getattr(new, name) for name in same} == {name: getattr(before, name) for name in same}
    assert (new.state, new.once, new.next_at) == (OutboxState.WAITING, f"{before.once}+", LATER + MINUTE)
    assert (new.pieces, new.pieces_gone, new.provider_id, new.sent_at) == (1, 0, None, None)
    assert new.sealed_to is not None
    assert new.sealed_text is not None
    pairs = office.keys.notifier_pairs
    contact = open_capsule(new.sealed_to, pairs, sent_to_label(new.id))
    assert (contact.e164, contact.language) == (NUMBER, Language.FRENCH)
    assert unseal_whole(new.sealed_text, pairs, Label("outbox", "sealed_text", new.id)) == b"Your receipt."


def test_neutral_words_are_tried_again_though_nobody_asked(office: PostOffice) -> None:
    outbox_id = left(office, office.case(), waits_for_follow=True, asked=True)
    report(office, outbox_id, "failed", error="retry", code="30003")
    (new,) = (one for one in office.all(Outbox) if one.id != outbox_id)
    assert (new.waits_for_follow, new.asked, new.sealed_to, new.sealed_text) == (True, True, None, None)
    assert delivery.take_sms(new.id, delivery.Lease(uuid4(), LATER), now=LATER + 10 * SECOND) is not None


@pytest.mark.parametrize("how", [{"asked": False}, {"asked": True, "waits_for_follow": True}])
def test_a_desk_s_own_words_are_not_sent_twice_unnoticed_but_become_a_task(
    office: PostOffice, how: dict[str, bool]
) -> None:
    case_id = office.case()
    outbox_id = left(office, case_id, text="Of the desk.", **how)
    report(office, outbox_id, "failed", error="retry", code="30003")
    assert (office.state(outbox_id), len(office.all(Outbox))) == (OutboxState.DEAD, 1)
    assert office.tasks() == [(TaskKind.DEAD_MESSAGE, office.town.world.desk.id, case_id)]


def test_after_a_day_a_failure_is_not_tried_again_but_becomes_a_task(office: PostOffice) -> None:
    for age, state in ((DAY - SECOND, OutboxState.DROPPED), (DAY, OutboxState.DEAD)):
        outbox_id = left(office, office.case(), created_at=LATER - age)
        report(office, outbox_id, "failed", error="retry", code="30003")
        assert office.state(outbox_id) is state
    assert [kind for kind, _, _ in office.tasks()] == [TaskKind.DEAD_MESSAGE]


def test_the_first_of_several_pieces_does_not_end_a_text_whose_others_are_to_go(office: PostOffice) -> None:
    for status in ("sent", "delivered"):
        being_sent = left(office, state=OutboxState.LEASED, sent_at=None, pieces=3, text="Words.")
        assert report(office, being_sent, status)
        row = office.row(being_sent)
        assert (row.state, row.pieces_gone, row.sealed_text is None) == (OutboxState.LEASED, 1, False)

        unknown = left(office, state=OutboxState.UNCERTAIN, pieces=2, text="Words.", next_at=NOW + DAY)
        assert report(office, unknown, status)
        row = office.row(unknown)
        assert (row.state, row.pieces_gone, row.next_at) == (OutboxState.WAITING, 1, LATER)

        further = left(office, state=OutboxState.UNCERTAIN, pieces=3, pieces_gone=2, text="Words.")
        assert report(office, further, status)
        assert (office.state(further), office.row(further).pieces_gone) == (OutboxState.UNCERTAIN, 2)


def test_a_report_on_a_further_piece_says_that_it_and_those_before_it_left(office: PostOffice) -> None:
    unknown = left(office, state=OutboxState.UNCERTAIN, pieces=4, pieces_gone=1, text="Words.")
    assert report(office, piece(unknown, 2), "sent")
    assert (office.state(unknown), office.row(unknown).pieces_gone) == (OutboxState.WAITING, 3)
    last = left(office, state=OutboxState.UNCERTAIN, pieces=3, pieces_gone=2, provider_id=None, text="Words.")
    assert report(office, piece(last, 2), "sent", provider_id="SM3")
    assert (office.state(last), office.row(last).provider_id) == (OutboxState.SENT, "SM3")


def test_a_long_text_arrived_when_its_last_piece_did(office: PostOffice) -> None:
    whole = left(office, pieces=3, pieces_gone=2, text="Words.")
    for place in (0, 1):
        assert report(office, piece(whole, place), "delivered", provider_id=f"SM{place + 5}")
        row = office.row(whole)
        assert (row.state, row.provider_id, row.sealed_text is None) == (OutboxState.SENT, "SM1", False)
    assert report(office, piece(whole, 2), "delivered")
    assert office.state(whole) is OutboxState.DELIVERED
    by_their_id = left(office, pieces=3, pieces_gone=2, provider_id="SM9", text="Words.")
    assert report(office, None, "delivered", provider_id="SM9")
    assert office.state(by_their_id) is OutboxState.DELIVERED


@pytest.mark.parametrize("place", range(3))
def test_any_piece_s_failure_ends_a_long_text(office: PostOffice, place: int) -> None:
    failed = left(office, state=OutboxState.LEASED, pieces=3, text="Words.")
    assert report(office, piece(failed, place), "failed", error="permanent", code="30005")
    assert office.state(failed) is OutboxState.DEAD


def test_what_went_to_several_people_is_known_by_the_first_and_by_its_provider_s_id(
    office: PostOffice,
) -> None:
    rung = left(office)
    assert report(office, piece(rung, 1), "failed", error="permanent", code="30005")
    assert office.state(rung) is OutboxState.SENT
    assert report(office, piece(rung, 1), "delivered", provider_id="SM1")
    assert office.state(rung) is OutboxState.DELIVERED


def test_another_channel_s_report_does_not_reach_a_text_by_its_provider_s_id(office: PostOffice) -> None:
    other = office.channel("+243970000001", kind=GatewayKind.AFRICASTALKING)
    outbox_id = left(office)
    assert not report(office, None, "delivered", provider_id="SM1", channel_id=other)
    assert office.state(outbox_id) is OutboxState.SENT


def test_a_report_by_our_id_alone_moves_that_text_and_no_other_without_a_provider_s_id(
    office: PostOffice,
) -> None:
    others = [left(office, state=OutboxState.LEASED, provider_id=None, sent_at=None) for _ in range(3)]
    ours = left(office, state=OutboxState.LEASED, provider_id=None, sent_at=None)
    same_name = left(office, provider_id="SM8")
    assert report(office, ours, "delivered")
    assert report(office, uuid4(), "delivered")
    assert office.state(ours) is OutboxState.DELIVERED
    assert {office.state(one) for one in others} == {OutboxState.LEASED}
    assert report(office, others[0], "delivered", provider_id="SM8")
    assert (office.state(others[0]), office.state(same_name)) == (OutboxState.DELIVERED, OutboxState.SENT)
