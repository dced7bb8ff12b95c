"""Which notice is due, may it go out, and what becomes of it? Each answer alone, on real rows."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from grievance.actions import delivery
from grievance.actions.delivery import Parcel
from grievance.actions.notices import Audience
from grievance.rules.dialogue import Template
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.models import Medium, OutboxState
from grievance.store.numbers import open_capsule
from grievance.store.session import transaction
from grievance.vocabulary import GatewayKind, Language, SafeContact
from tests.post_office import NOTHING_KEPT, NOW, NUMBER, SECOND, PostOffice, kept, lease, take

MINUTE = timedelta(minutes=1)
NIGHT = NOW.replace(hour=20)  # ten in the evening, where the telephones are


def test_what_is_due_goes_in_the_order_in_which_it_is_due(office: PostOffice) -> None:
    written_first = office.notice(next_at=NOW, created_at=NOW - 2 * MINUTE)
    written_later = office.notice(next_at=NOW, created_at=NOW - MINUTE)
    longest_due = office.notice(next_at=NOW - SECOND, created_at=NOW)
    office.notice(next_at=NOW + SECOND)
    mail = office.notice(medium=Medium.MAIL, next_at=NOW)
    for state in set(OutboxState) - {OutboxState.WAITING}:
        office.notice(state=state)
    office.notice(waits_for_follow=True)
    asked_for = office.notice(waits_for_follow=True, asked=True, created_at=NOW + MINUTE)

    order = [longest_due, written_first, written_later, asked_for]
    assert delivery.due(Medium.SMS, NOW) == order
    assert delivery.due(Medium.SMS, NOW, most=2) == order[:2]
    assert delivery.due(Medium.MAIL, NOW, actor=SWEEP_ACTOR) == [mail]
    assert delivery.due(Medium.SMS, NOW - MINUTE) == []


def test_no_more_than_two_hundred_are_looked_at_in_one_go(office: PostOffice) -> None:
    row_id = office.notice()
    columns = "medium, template, language, values, state, attempts, created_at, next_at, asked, pieces"
    with office.engine.begin() as connection:
        connection.exec_driver_sql(
            f"insert into outbox (id, once, waits_for_follow, pieces_gone, {columns})"  # noqa: S608  -- our own names
            f" select gen_random_uuid(), n::text, false, 0, {columns} from outbox, generate_series(1, 200) n"
            f" where outbox.id = '{row_id}'"
        )
    assert len(delivery.due(Medium.SMS, NOW)) == 200


def test_one_notice_is_one_sender_s_until_its_lease_ends(office: PostOffice) -> None:
    outbox_id = office.notice(to=NUMBER, asked=True, channel_id=office.town.world.channel.id)
    first = lease()
    parcel = delivery.take_sms(outbox_id, first, now=NOW)
    assert parcel is not None
    assert (parcel.id, parcel.lease, parcel.attempts) == (outbox_id, first, 1)
    row = office.row(outbox_id)
    assert (row.state, row.leased_by, row.leased_until) == (OutboxState.LEASED, first.holder, first.until)
    assert row.attempts == 1

    assert delivery.take_sms(outbox_id, lease(), now=NOW) is None
    assert office.row(outbox_id).leased_by == first.holder
    delivery.failed(outbox_id, first, "http_503", again=True, now=NOW)
    assert delivery.take_sms(outbox_id, lease(), now=NOW) is None
    assert take(outbox_id, NOW + 10 * SECOND)[1].attempts == 2


def test_what_another_sender_is_taking_is_passed_over_and_not_waited_for(office: PostOffice) -> None:
    outbox_id = office.notice(to=NUMBER, asked=True, channel_id=office.town.world.channel.id)
    with office.engine.connect() as other:
        other.exec_driver_sql(f"select 1 from outbox where id = '{outbox_id}' for update")  # noqa: S608
        assert delivery.take_sms(outbox_id, lease(), now=NOW) is None
    take(outbox_id)


def test_a_mail_is_not_taken_as_a_text_nor_a_text_as_a_mail(office: PostOffice) -> None:
    mail, text = office.notice(medium=Medium.MAIL), office.notice()
    assert delivery.take_sms(mail, lease(), now=NOW) is None
    assert delivery.take_sms(uuid4(), lease(), now=NOW) is None
    with transaction(SWEEP_ACTOR) as session:
        assert delivery.leased(session, text, Medium.MAIL, lease(), NOW) is None
        found = delivery.leased(session, mail, Medium.MAIL, lease(), NOW)
        assert found is not None
        assert found.id == mail
    assert office.state(text) is OutboxState.WAITING


def test_an_answer_goes_to_the_number_that_asked_by_the_number_it_wrote_to(office: PostOffice) -> None:
    channel = office.town.world.channel
    third, second = office.channel("+243970000003"), office.channel("+243970000001")
    office.channel("+243970000002", desk_id=office.town.world.backup.id)
    outbox_id = office.notice(
        to=NUMBER, asked=True, channel_id=channel.id, values={"code": "7F3Q-82"},
        template=Template.RECEIPT.value, language=Language.SWAHILI, text="Sealed.", attempts=3,
        pieces_gone=1, pieces=2,
    )  # fmt: skip
    _, parcel = take(outbox_id)
    assert [road.id for road in parcel.roads] == [channel.id, second, third]
    assert (parcel.own, parcel.asked, parcel.on_duty, parcel.case_id) == (channel.id, True, (), None)
    assert (parcel.template, parcel.language) == ("receipt", Language.SWAHILI)
    assert (parcel.values, parcel.gone, parcel.attempts) == ({"code": "7F3Q-82"}, 1, 4)
    assert parcel.sealed_text == office.row(outbox_id).sealed_text
    assert parcel.sealed_text is not None
    assert to_whom(office, parcel) == NUMBER


def to_whom(office: PostOffice, parcel: Parcel) -> str:
    """The number that a parcel goes to."""
    assert parcel.capsule is not None
    sealed, label = parcel.capsule
    return open_capsule(sealed, office.keys.notifier_pairs, label).e164


def test_news_go_to_the_number_of_the_case_in_the_language_of_the_case(office: PostOffice) -> None:
    case_id = office.case()
    outbox_id = office.notice(case_id, language=Language.FRENCH)
    _, parcel = take(outbox_id)
    assert to_whom(office, parcel) == NUMBER
    assert (parcel.language, parcel.asked, parcel.case_id) == (Language.SWAHILI, False, case_id)
    assert parcel.own == office.town.world.channel.id == office.row(outbox_id).channel_id


def test_an_answer_of_a_case_keeps_the_language_it_was_asked_in(office: PostOffice) -> None:
    _, parcel = take(office.notice(office.case(), language=Language.FRENCH, asked=True))
    assert parcel.language is Language.FRENCH


def test_news_of_a_case_that_came_by_the_web_leave_by_its_desk(office: PostOffice) -> None:
    case_id = office.case(desk_id=office.town.world.backup.id, backup_id=office.town.world.desk.id)
    with office.engine.begin() as connection:
        connection.exec_driver_sql("update capsule set channel_id = null")
    of_its_desk = office.channel("+243970000002", desk_id=office.town.world.backup.id)
    _, parcel = take(office.notice(case_id))
    assert [road.id for road in parcel.roads] == [of_its_desk]
    assert parcel.own is None


def test_a_person_hears_from_the_desk_they_wrote_to_also_when_another_has_the_case(
    office: PostOffice,
) -> None:
    case_id = office.case(desk_id=office.town.world.backup.id, backup_id=office.town.world.desk.id)
    office.channel("+243970000002", desk_id=office.town.world.backup.id)
    _, parcel = take(office.notice(case_id))
    assert [road.id for road in parcel.roads] == [office.town.world.channel.id]


def test_it_leaves_by_the_channel_that_it_left_by_before(office: PostOffice) -> None:
    second = office.channel("+243970000001")
    outbox_id = office.notice(office.case(), channel_id=second)
    assert take(outbox_id)[1].own == second
    assert office.row(outbox_id).channel_id == second


@pytest.mark.parametrize("contact", sorted(set(SafeContact) - {SafeContact.SMS}))
def test_nothing_unasked_goes_to_who_did_not_choose_texts(office: PostOffice, contact: SafeContact) -> None:
    case_id = office.case(safe_contact=contact)
    unasked = office.notice(case_id, text="Of the desk.", values={"a": "b"})
    assert delivery.take_sms(unasked, lease(), now=NOW) is None
    assert office.state(unasked) is OutboxState.DROPPED
    assert kept(office.row(unasked)) == NOTHING_KEPT
    take(office.notice(case_id, asked=True))


def test_stop_ends_what_is_unasked_and_a_lock_ends_everything(office: PostOffice) -> None:
    stopped = office.case(marks={"stopped_at": NOW})
    locked = office.case(marks={"locked_at": NOW})
    dropped = [office.notice(stopped), office.notice(locked), office.notice(locked, asked=True)]
    for outbox_id in dropped:
        assert delivery.take_sms(outbox_id, lease(), now=NOW) is None
        assert office.state(outbox_id) is OutboxState.DROPPED
    take(office.notice(stopped, asked=True))


def test_a_stop_of_another_case_says_nothing_of_this_one(office: PostOffice) -> None:
    office.case(marks={"stopped_at": NOW, "locked_at": NOW})
    take(office.notice(office.case()))


def test_without_a_number_or_a_channel_there_is_no_way(office: PostOffice) -> None:
    world = office.town.world
    nobody = [
        office.notice(office.case(number=None)),
        office.notice(),
        office.notice(channel_id=world.channel.id),
        office.notice(to=NUMBER, organisation_id=world.backup.id),
        office.notice(office.case(desk_id=world.backup.id, backup_id=world.desk.id, number=None), to=NUMBER),
    ]
    for outbox_id in nobody:
        assert delivery.take_sms(outbox_id, lease(), now=NOW) is None
        assert office.state(outbox_id) is OutboxState.DROPPED
        assert kept(office.row(outbox_id)) == NOTHING_KEPT
    take(office.notice(to=NUMBER, organisation_id=world.desk.id))


def test_a_reminder_that_waited_until_the_night_does_not_go(office: PostOffice) -> None:
    channel_id = office.town.world.channel.id
    reminder = office.notice(to=NUMBER, channel_id=channel_id, template=Template.REMINDER.value)
    assert delivery.take_sms(reminder, lease(), now=NIGHT) is None
    assert office.state(reminder) is OutboxState.DROPPED
    take(office.notice(to=NUMBER, channel_id=channel_id, template=Template.REMINDER.value))
    take(office.notice(to=NUMBER, channel_id=channel_id), NIGHT)


def test_a_duty_call_rings_whoever_is_on_duty_at_that_instant(office: PostOffice) -> None:
    desk = office.town.world.desk
    began = office.on_duty("+243880000101", starts_at=NOW, ends_at=NOW + MINUTE)
    office.on_duty("+243880000102", starts_at=NOW - MINUTE, ends_at=NOW)
    office.on_duty("+243880000103", starts_at=NOW + SECOND, ends_at=NOW + MINUTE)
    case_id = office.case(desk_id=office.town.world.backup.id, backup_id=desk.id, number=None)
    told = {"template": Template.DUTY_CALL.value, "organisation_id": desk.id, "channel_id": None}
    _, parcel = take(office.notice(audience=Audience.DUTY.value, **told))
    assert [duty for duty, _ in parcel.on_duty] == [began]
    assert parcel.capsule is None

    office.channel("+243970000002", desk_id=office.town.world.backup.id)
    _, of_a_case = take(office.notice(case_id, audience=Audience.DUTY.value, **told))
    assert of_a_case.language is Language.FRENCH  # of the members who are rung, not of the case

    for audience in (Audience.LEADS.value, None):
        other = office.notice(audience=audience, **told)
        assert delivery.take_sms(other, lease(), now=NOW) is None
    nowhere = office.notice(audience=Audience.DUTY.value, **told | {"organisation_id": None})
    assert delivery.take_sms(nowhere, lease(), now=NOW) is None
    assert delivery.take_sms(office.notice(audience=Audience.DUTY.value, **told), lease(), now=NIGHT) is None


def test_where_it_leaves_by_and_how_far_it_came_is_written_down_by_its_sender_alone(
    office: PostOffice,
) -> None:
    second = office.channel("+243970000001")
    outbox_id = office.notice(to=NUMBER, asked=True, channel_id=office.town.world.channel.id)
    held, _ = take(outbox_id)
    delivery.leaves_by(outbox_id, lease(), second)
    delivery.next_piece(outbox_id, lease(), 1, 3)
    row = office.row(outbox_id)
    assert (row.channel_id, row.pieces_gone, row.pieces) == (office.town.world.channel.id, 0, 1)

    delivery.leaves_by(outbox_id, held, second)
    delivery.next_piece(outbox_id, held, 1, 3)
    row = office.row(outbox_id)
    assert (row.channel_id, row.pieces_gone, row.pieces) == (second, 1, 3)


def test_each_kind_of_gateway_is_a_road(office: PostOffice) -> None:
    others = [
        office.channel(f"+24397000001{place}", kind=kind, account="a")
        for place, kind in enumerate(GatewayKind)
    ]
    _, parcel = take(office.notice(office.case()))
    assert [road.id for road in parcel.roads] == [office.town.world.channel.id, *others]
    assert [road.kind for road in parcel.roads[1:]] == list(GatewayKind)
