"""What becomes of a text that was taken? It left, it did not, nobody knows, or nobody may have it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from grievance.actions import delivery
from grievance.actions.notices import Audience
from grievance.store.actors import SMS_ACTOR, SWEEP_ACTOR
from grievance.store.models import Medium, OutboxState, Task
from grievance.store.session import transaction
from grievance.vocabulary import TaskKind
from tests.post_office import NOTHING_KEPT, NOW, NUMBER, SECOND, PostOffice, kept, lease, take

MINUTE = timedelta(minutes=1)


def test_what_left_is_sent_and_kept_until_its_report_unless_none_will_follow(office: PostOffice) -> None:
    case_id = office.case()
    for final in (False, True):
        told = {"text": "Of the desk.", "values": {"a": "b"}, "error": "http_503"}
        outbox_id = office.notice(case_id, to=NUMBER, **told)
        before = kept(office.row(outbox_id))
        held, _ = take(outbox_id)
        delivery.sent(outbox_id, held, "SM1", final=final, now=NOW + MINUTE)
        row = office.row(outbox_id)
        assert (row.state, row.sent_at, row.provider_id) == (OutboxState.SENT, NOW + MINUTE, "SM1")
        assert row.error is None
        assert kept(row) == (NOTHING_KEPT if final else before)


def test_what_waited_for_suivi_was_fetched_once_it_left(office: PostOffice) -> None:
    outbox_id = office.notice(office.case(), waits_for_follow=True, asked=True)
    held, _ = take(outbox_id)
    delivery.sent(outbox_id, held, "SM1", final=False, now=NOW)
    assert office.state(outbox_id) is OutboxState.FETCHED


def test_another_s_lease_tells_nothing_of_a_notice(office: PostOffice) -> None:
    outbox_id = office.notice(office.case(), text="Of the desk.")
    held, _ = take(outbox_id)
    stranger = lease()
    delivery.sent(outbox_id, stranger, "SM1", final=True, now=NOW)
    delivery.failed(outbox_id, stranger, "21614", again=False, now=NOW)
    delivery.dropped(outbox_id, stranger, "locked")
    row = office.row(outbox_id)
    assert (row.state, row.leased_by) == (OutboxState.LEASED, held.holder)
    assert (row.error, row.provider_id) == (None, None)
    assert row.sealed_text is not None
    delivery.sent(uuid4(), held, "SM1", final=True, now=NOW)
    assert office.state(outbox_id) is OutboxState.LEASED


def test_what_became_uncertain_is_still_its_sender_s_to_tell_of_and_what_is_over_is_not(
    office: PostOffice,
) -> None:
    outbox_id = office.notice(office.case())
    held, _ = take(outbox_id)
    delivery.failed(outbox_id, held, "timeout", again=True, uncertain=True, now=NOW)
    row = office.row(outbox_id)
    assert (row.state, row.next_at, row.error) == (OutboxState.UNCERTAIN, NOW + 15 * MINUTE, "timeout")
    delivery.sent(outbox_id, held, "SM1", final=False, now=NOW)
    assert office.state(outbox_id) is OutboxState.SENT
    delivery.dropped(outbox_id, held, "locked")
    delivery.failed(outbox_id, held, "21614", again=False, now=NOW)
    assert (office.state(outbox_id), office.all(Task)) == (OutboxState.SENT, [])


def test_it_is_tried_again_after_10_seconds_1_5_and_15_minutes_then_every_quarter_of_an_hour(
    office: PostOffice,
) -> None:
    outbox_id, now = office.notice(office.case()), NOW
    for pause in (10 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 15 * MINUTE, 15 * MINUTE):
        held, _ = take(outbox_id, now)
        delivery.failed(outbox_id, held, "http_503", again=True, now=now)
        row = office.row(outbox_id)
        assert (row.state, row.next_at - now, row.error) == (OutboxState.WAITING, pause, "http_503")
        now = row.next_at


def test_after_a_day_a_person_at_the_desk_of_the_case_has_a_task_and_nothing_is_kept(
    office: PostOffice,
) -> None:
    day, desk = timedelta(hours=24), office.town.world.desk
    case_id = office.case()
    still = office.notice(case_id, text="Words.")
    over = office.notice(case_id, text="Words.", values={"a": "b"})
    for outbox_id, age in ((still, day - SECOND), (over, day)):
        held, _ = take(outbox_id, NOW)
        delivery.failed(outbox_id, held, "http_503", again=True, now=NOW + age)
    assert office.state(still) is OutboxState.WAITING
    assert (office.state(over), kept(office.row(over))) == (OutboxState.DEAD, NOTHING_KEPT)
    assert office.tasks() == [(TaskKind.DEAD_MESSAGE, desk.id, case_id)]
    assert [task.created_at for task in office.all(Task)] == [NOW + day]


def test_what_was_refused_for_good_is_not_tried_again(office: PostOffice) -> None:
    case_id = office.case()
    outbox_id = office.notice(case_id)
    held, _ = take(outbox_id)
    delivery.failed(outbox_id, held, "21614", again=False, kind=TaskKind.DEAD_NUMBER, now=NOW)
    assert (office.state(outbox_id), office.row(outbox_id).error) == (OutboxState.DEAD, "21614")
    assert office.tasks() == [(TaskKind.DEAD_NUMBER, office.town.world.desk.id, case_id)]


def test_a_dead_number_is_one_task_of_its_case_until_it_is_done_and_each_dead_text_is_its_own(
    office: PostOffice,
) -> None:
    first, second = office.case(), office.case()

    def gives_up(case_id: UUID, kind: TaskKind) -> None:
        outbox_id = office.notice(case_id)
        held, _ = take(outbox_id)
        delivery.failed(outbox_id, held, "21614", again=False, kind=kind, now=NOW)

    for case_id in (first, first, second):
        gives_up(case_id, TaskKind.DEAD_NUMBER)
    desk_id = office.town.world.desk.id
    number = [(TaskKind.DEAD_NUMBER, desk_id, case_id) for case_id in (first, second)]
    assert sorted(office.tasks()) == sorted(number)

    for _ in range(2):
        gives_up(first, TaskKind.DEAD_MESSAGE)
    texts = [(TaskKind.DEAD_MESSAGE, desk_id, first)] * 2
    assert sorted(office.tasks()) == sorted(number + texts)

    for task in office.all(Task):
        office.change(Task, task.id, done_at=NOW)
    gives_up(first, TaskKind.DEAD_NUMBER)
    assert sorted(office.tasks()) == sorted([*number, *texts, number[0]])


def test_a_dead_text_does_not_hide_that_the_number_is_dead_too(office: PostOffice) -> None:
    case_id = office.case()
    for kind in (TaskKind.DEAD_MESSAGE, TaskKind.DEAD_NUMBER):
        outbox_id = office.notice(case_id)
        held, _ = take(outbox_id)
        delivery.failed(outbox_id, held, "21614", again=False, kind=kind, now=NOW)
    assert {kind for kind, _, _ in office.tasks()} == {TaskKind.DEAD_MESSAGE, TaskKind.DEAD_NUMBER}


def test_a_dead_number_without_a_case_is_a_task_for_the_desk_that_it_wrote_to(office: PostOffice) -> None:
    """Two such numbers may be two people, so they are two tasks."""
    world = office.town.world
    for _ in range(2):
        outbox_id = office.notice(to=NUMBER, channel_id=world.channel.id, organisation_id=world.backup.id)
        held, _ = take(outbox_id)
        delivery.failed(outbox_id, held, "21614", again=False, kind=TaskKind.DEAD_NUMBER, now=NOW)
    assert office.tasks() == [(TaskKind.DEAD_NUMBER, world.desk.id, None)] * 2


def test_a_call_that_reached_nobody_on_duty_is_a_task_for_that_desk(office: PostOffice) -> None:
    desk = office.town.world.desk
    office.on_duty("+243880000101", starts_at=NOW, ends_at=NOW + MINUTE)
    outbox_id = office.notice(organisation_id=desk.id, audience=Audience.DUTY.value)
    held, _ = take(outbox_id)
    delivery.failed(outbox_id, held, "too_long", again=False, now=NOW)
    assert office.tasks() == [(TaskKind.DEAD_MESSAGE, desk.id, None)]


def test_a_mail_that_never_left_belongs_to_no_desk_but_its_organisation(office: PostOffice) -> None:
    mine = office.town.world.mine
    outbox_id = office.notice(medium=Medium.MAIL, organisation_id=mine.id)
    held = lease()
    with transaction(SWEEP_ACTOR) as session:
        assert delivery.leased(session, outbox_id, Medium.MAIL, held, NOW) is not None
    delivery.failed(outbox_id, held, "smtp_550", again=False, actor=SWEEP_ACTOR, now=NOW)
    assert office.state(outbox_id) is OutboxState.DEAD
    assert office.tasks() == [(TaskKind.DEAD_MESSAGE, mine.id, None)]


def test_a_mail_that_left_keeps_nothing(office: PostOffice) -> None:
    outbox_id = office.notice(medium=Medium.MAIL, values={"a": "b"})
    held = lease()
    with transaction(SWEEP_ACTOR) as session:
        delivery.leased(session, outbox_id, Medium.MAIL, held, NOW)
    delivery.sent(outbox_id, held, "m", final=True, actor=SWEEP_ACTOR, now=NOW)
    assert (office.state(outbox_id), kept(office.row(outbox_id))) == (OutboxState.SENT, NOTHING_KEPT)


def test_where_nobody_has_the_case_nobody_has_a_task(office: PostOffice) -> None:
    outbox_id = office.notice(to=NUMBER)
    with transaction(SMS_ACTOR) as session:
        held = lease()
        assert delivery.leased(session, outbox_id, Medium.SMS, held, NOW) is not None
    delivery.failed(outbox_id, held, "21614", again=False, now=NOW)
    assert (office.state(outbox_id), office.tasks()) == (OutboxState.DEAD, [])


def test_what_was_locked_meanwhile_is_dropped_with_its_reason_and_nothing_is_kept(office: PostOffice) -> None:
    outbox_id = office.notice(office.case(), text="Of the desk.", values={"a": "b"})
    held, _ = take(outbox_id)
    delivery.dropped(outbox_id, held, "locked")
    row = office.row(outbox_id)
    assert (row.state, row.error, kept(row)) == (OutboxState.DROPPED, "locked", NOTHING_KEPT)
    assert office.tasks() == []


@pytest.mark.parametrize(
    ("error", "code", "kind"),
    [
        ("permanent", "21211", TaskKind.DEAD_NUMBER),
        ("permanent", "21614", TaskKind.DEAD_NUMBER),
        ("permanent", "30005", TaskKind.DEAD_NUMBER),
        ("permanent", "403", TaskKind.DEAD_NUMBER),
        ("permanent", "too_long", TaskKind.DEAD_MESSAGE),
        ("permanent", "unwritable", TaskKind.DEAD_MESSAGE),
        ("permanent", "21408", TaskKind.DEAD_MESSAGE),  # our sender may not write to that country
        ("permanent", "21606", TaskKind.DEAD_MESSAGE),  # our sender cannot send texts
        ("permanent", "http_400", TaskKind.DEAD_MESSAGE),
        ("retry", "30003", TaskKind.DEAD_MESSAGE),
        ("retry", "", TaskKind.DEAD_MESSAGE),
    ],
)
def test_what_a_person_has_to_look_after_is_the_number_or_the_text(
    error: str, code: str, kind: TaskKind
) -> None:
    assert delivery.dead_kind(error, code) is kind
