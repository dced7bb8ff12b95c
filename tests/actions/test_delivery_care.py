"""What becomes of a text whose worker was lost, of one that may have left, and of what left a day ago?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from grievance.actions import delivery_care, delivery_roads
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.models import Medium, NumberIndex, OutboxState
from grievance.store.numbers import number_index
from grievance.vocabulary import TaskKind
from tests.post_office import NOTHING_KEPT, NOW, NUMBER, SECOND, PostOffice, kept

MINUTE, DAY = timedelta(minutes=1), timedelta(hours=24)


def being_sent(office: PostOffice, until: timedelta, **values: Any) -> UUID:
    """A text that a sender has, whose lease ends so long from now."""
    usual = {
        "state": OutboxState.LEASED, "leased_by": uuid4(), "leased_until": NOW + until, "attempts": 1,
        "channel_id": office.town.world.channel.id, "next_at": NOW - MINUTE,
    }  # fmt: skip
    return office.notice(**usual | values)


def in_doubt(office: PostOffice, **values: Any) -> UUID:
    """A text that may have left; its provider may be asked, and the time for asking is over."""
    return being_sent(office, timedelta(), **{"state": OutboxState.UNCERTAIN, "next_at": NOW} | values)


def settle(*, repeatable: bool = False) -> None:
    delivery_care.settle_lapsed(Medium.SMS, repeatable=repeatable, now=NOW)


def test_a_text_whose_sender_was_lost_is_uncertain_for_a_quarter_of_an_hour(office: PostOffice) -> None:
    lost, at_work = being_sent(office, -SECOND), being_sent(office, timedelta())
    waiting, sent = office.notice(), office.notice(state=OutboxState.SENT, leased_until=NOW - MINUTE)
    settle()
    row = office.row(lost)
    assert (row.state, row.next_at) == (OutboxState.UNCERTAIN, NOW + 15 * MINUTE)
    assert office.state(at_work) is OutboxState.LEASED
    assert (office.state(waiting), office.state(sent)) == (OutboxState.WAITING, OutboxState.SENT)


def test_neutral_words_in_doubt_go_again_after_their_time_and_not_before(office: PostOffice) -> None:
    over, early = in_doubt(office), in_doubt(office, next_at=NOW + SECOND)
    settle()
    assert (office.state(over), office.row(over).next_at) == (OutboxState.WAITING, NOW)
    assert office.state(early) is OutboxState.UNCERTAIN
    assert office.tasks() == []


@pytest.mark.parametrize("how", [{"asked": False}, {"asked": True, "waits_for_follow": True}])
def test_a_desk_s_own_words_in_doubt_are_a_person_s_to_decide(
    office: PostOffice, how: dict[str, bool]
) -> None:
    case_id = office.case()
    outbox_id = in_doubt(office, case_id=case_id, text="Of the desk.", **how)
    settle()
    assert (office.state(outbox_id), kept(office.row(outbox_id))) == (OutboxState.DEAD, NOTHING_KEPT)
    assert office.tasks() == [(TaskKind.UNCERTAIN_MESSAGE, office.town.world.desk.id, case_id)]


def test_a_sealed_answer_of_ours_in_doubt_goes_again(office: PostOffice) -> None:
    outbox_id = in_doubt(office, text="Rappel.", asked=True)
    settle()
    assert office.state(outbox_id) is OutboxState.WAITING
    assert office.row(outbox_id).sealed_text is not None


def test_where_a_second_copy_is_harmless_it_is_simply_sent_again(office: PostOffice) -> None:
    lost, doubtful = being_sent(office, -SECOND, text="Words."), in_doubt(office, text="Words.")
    settle(repeatable=True)
    for outbox_id in (lost, doubtful):
        row = office.row(outbox_id)
        assert (row.state, row.next_at, row.sealed_text is None) == (OutboxState.WAITING, NOW, False)


def test_mails_are_settled_as_mails_and_texts_as_texts(office: PostOffice) -> None:
    text, mail = being_sent(office, -SECOND), being_sent(office, -SECOND, medium=Medium.MAIL)
    delivery_care.settle_lapsed(Medium.MAIL, actor=SWEEP_ACTOR, repeatable=True, now=NOW)
    assert (office.state(text), office.state(mail)) == (OutboxState.LEASED, OutboxState.WAITING)
    settle()
    assert office.state(text) is OutboxState.UNCERTAIN


def test_what_somebody_else_settles_is_passed_over_and_not_waited_for(office: PostOffice) -> None:
    theirs, ours = being_sent(office, -SECOND), being_sent(office, -SECOND)
    with office.engine.connect() as other:
        other.exec_driver_sql(f"select 1 from outbox where id = '{theirs}' for update")  # noqa: S608
        settle()
    assert (office.state(theirs), office.state(ours)) == (OutboxState.LEASED, OutboxState.UNCERTAIN)


def test_providers_are_asked_of_what_is_in_doubt_longest_waiting_first(office: PostOffice) -> None:
    told = {"to": NUMBER, "asked": True}
    second = in_doubt(office, next_at=NOW + 2 * MINUTE, **told)
    first = in_doubt(office, next_at=NOW + MINUTE, pieces_gone=1, **told)
    in_doubt(office, leased_until=NOW + SECOND, **told)
    in_doubt(office, channel_id=None, **told)
    in_doubt(office, medium=Medium.MAIL, **told)
    in_doubt(office, next_at=NOW + DAY)  # no way to its number any more
    being_sent(office, -SECOND, **told)
    office.notice(**told)

    asked = delivery_care.uncertain(now=NOW)
    assert [parcel.id for parcel in asked] == [first, second]
    row = office.row(first)
    assert (asked[0].lease.holder, asked[0].lease.until) == (row.leased_by, row.leased_until)
    assert (asked[0].gone, asked[0].own) == (1, office.town.world.channel.id)
    assert [parcel.id for parcel in delivery_care.uncertain(now=NOW, most=1)] == [first]


def test_at_most_fifty_providers_are_asked_in_one_go(office: PostOffice) -> None:
    """Each may take twenty seconds to answer, and what is due to leave waits for it."""
    for _ in range(51):
        in_doubt(office, to=NUMBER, asked=True)
    assert len(delivery_care.uncertain(now=NOW)) == 50


def test_what_has_no_way_any_more_takes_no_place_among_them(office: PostOffice) -> None:
    in_doubt(office, next_at=NOW)
    with_a_way = in_doubt(office, to=NUMBER, asked=True, next_at=NOW + MINUTE)
    assert [one.id for one in delivery_care.uncertain(now=NOW, most=1)] == [with_a_way]


def test_it_is_asked_again_only_when_its_time_came(office: PostOffice) -> None:
    outbox_id = in_doubt(office, to=NUMBER, asked=True)
    delivery_care.look_again(outbox_id, at=NOW + MINUTE)
    assert delivery_care.uncertain(now=NOW + 59 * SECOND) == []
    assert [one.id for one in delivery_care.uncertain(now=NOW + MINUTE)] == [outbox_id]


def test_what_the_provider_never_had_goes_out_again_whatever_it_says(office: PostOffice) -> None:
    outbox_id = in_doubt(office, text="Of the desk.", next_at=NOW + DAY)
    delivery_care.never_left(outbox_id, now=NOW)
    assert (office.state(outbox_id), office.row(outbox_id).next_at) == (OutboxState.WAITING, NOW)


def test_a_found_piece_goes_on_with_the_next_and_the_last_one_does_not(office: PostOffice) -> None:
    outbox_id = in_doubt(office, text="Words.", pieces=2, next_at=NOW + DAY)
    assert delivery_care.piece_found(outbox_id, 1, now=NOW) is True
    row = office.row(outbox_id)
    assert (row.state, row.next_at, row.pieces_gone) == (OutboxState.WAITING, NOW, 1)
    last = in_doubt(office, text="Words.", pieces=2, pieces_gone=1)
    assert delivery_care.piece_found(last, 2, now=NOW) is False
    assert (office.state(last), office.row(last).pieces_gone) == (OutboxState.UNCERTAIN, 1)


def test_what_the_provider_had_is_as_if_its_report_had_come(office: PostOffice) -> None:
    case_id = office.case()
    cases = (
        ("sent", None, OutboxState.SENT), ("delivered", None, OutboxState.DELIVERED),
        ("failed", "permanent", OutboxState.DEAD),
    )  # fmt: skip
    for status, error, expected in cases:
        outbox_id = in_doubt(office, case_id=case_id)
        delivery_care.found(outbox_id, "SM9", status, error, keys=office.keys, now=NOW)
        row = office.row(outbox_id)
        assert (row.state, row.provider_id, row.error) == (expected, "SM9", error)
        assert row.sent_at == (None if error else NOW)
    assert office.tasks() == [(TaskKind.DEAD_NUMBER, office.town.world.desk.id, case_id)]


@pytest.mark.parametrize("state", sorted(set(OutboxState) - {OutboxState.UNCERTAIN}))
def test_what_is_certain_meanwhile_is_left_as_it_is(office: PostOffice, state: OutboxState) -> None:
    outbox_id = being_sent(office, MINUTE, state=state, pieces=3)
    delivery_care.look_again(outbox_id, at=NOW)
    delivery_care.never_left(outbox_id, now=NOW)
    assert not delivery_care.piece_found(outbox_id, 1, now=NOW)
    delivery_care.found(outbox_id, "SM9", "delivered", None, keys=office.keys, now=NOW)
    row = office.row(outbox_id)
    assert (row.state, row.leased_until, row.next_at) == (state, NOW + MINUTE, NOW - MINUTE)
    assert (row.pieces_gone, row.provider_id) == (0, None)


def test_the_other_texts_of_a_channel_are_those_that_left_since_shortly_before(office: PostOffice) -> None:
    """A lease is two minutes long, so what left earlier cannot be the text that is looked for."""
    channel_id, other = office.town.world.channel.id, office.channel("+243970000001")
    told = {"state": OutboxState.SENT}
    for name, at in (("before", NOW - 2 * MINUTE), ("just", NOW - 2 * MINUTE + SECOND), ("after", NOW)):
        office.notice(channel_id=channel_id, sent_at=at, provider_id=name, **told)
    office.notice(channel_id=other, sent_at=NOW, provider_id="elsewhere", **told)
    office.notice(channel_id=channel_id, sent_at=NOW, **told)
    assert delivery_care.known_ids(channel_id, NOW) == {"just", "after"}


def test_what_was_sent_a_day_ago_and_never_reported_keeps_nothing(office: PostOffice) -> None:
    told = {"to": NUMBER, "text": "Words.", "values": {"a": "b"}}
    old, young = NOW - DAY - SECOND, NOW - DAY
    sent = office.notice(state=OutboxState.SENT, sent_at=old, **told)
    fetched = office.notice(state=OutboxState.FETCHED, sent_at=old, **told)
    by_its_case = office.notice(state=OutboxState.FETCHED, sent_at=old, text="Of the desk.")
    values_alone = office.notice(state=OutboxState.SENT, sent_at=old, values={"a": "b"})
    number_alone = office.notice(state=OutboxState.SENT, sent_at=old, to=NUMBER)
    kept_on = [
        office.notice(state=OutboxState.SENT, sent_at=young, **told),
        office.notice(state=OutboxState.UNCERTAIN, sent_at=old, **told),
        office.notice(state=OutboxState.SENT, sent_at=old, medium=Medium.MAIL, **told),
    ]
    delivery_care.forget_sent(NOW)
    forgotten = (sent, fetched, by_its_case, values_alone, number_alone)
    assert [kept(office.row(one)) for one in forgotten] == [NOTHING_KEPT] * 5
    assert [office.state(one) for one in (sent, fetched)] == [OutboxState.SENT, OutboxState.FETCHED]
    assert all(office.row(one).sealed_text is not None for one in kept_on)


def marked(office: PostOffice, *, desk: bool = True, **marks: Any) -> UUID:
    """A case of a desk with this number."""
    world = office.town.world
    ours, theirs = (world.desk, world.backup) if desk else (world.backup, world.desk)
    return office.case(desk_id=ours.id, backup_id=theirs.id, marks=marks)


def test_a_locked_number_is_texted_nothing_and_a_stopped_one_nothing_unasked(office: PostOffice) -> None:
    desk_id, keys = office.town.world.desk.id, office.keys

    def barred() -> list[bool]:
        return [delivery_roads.barred(desk_id, NUMBER, unasked=one, keys=keys) for one in (True, False)]

    marked(office)
    marked(office, desk=False, stopped_at=NOW, locked_at=NOW)
    assert barred() == [False, False]
    marked(office, stopped_at=NOW)
    assert barred() == [True, False]
    marked(office, locked_at=NOW)
    assert barred() == [True, True]
    assert not delivery_roads.barred(desk_id, "+243970000078", unasked=True, keys=keys)


def test_a_number_is_known_by_an_older_key_too(office: PostOffice) -> None:
    desk_id, old = office.town.world.desk.id, office.town.keys.number_index
    case_id = marked(office, locked_at=NOW)
    (mark,) = office.all(NumberIndex)
    assert mark.mac == number_index(old, desk_id, NUMBER)
    office.change(NumberIndex, mark.id, mac=number_index(((0, b"o" * 32),), desk_id, NUMBER))
    assert not delivery_roads.barred(desk_id, NUMBER, unasked=True, keys=office.keys)
    assert mark.case_id == case_id


def test_opting_out_at_the_provider_stops_every_case_of_that_number_at_that_desk(office: PostOffice) -> None:
    first, second, elsewhere = marked(office), marked(office, stopped_at=NOW), marked(office, desk=False)
    other = office.case(number="+243970000078")
    delivery_roads.opted_out(office.town.world.desk.id, NUMBER, keys=office.keys, now=NOW + MINUTE)
    stopped = {mark.case_id: mark.stopped_at for mark in office.all(NumberIndex)}
    assert stopped == {first: NOW + MINUTE, second: NOW, elsewhere: None, other: None}
