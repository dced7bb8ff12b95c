"""A reminder goes once, by day, quietly, to a telephone of their own; a check-in is answered by a digit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from time_machine import Traveller, travel

from grievance.actions import notices, texts_unasked
from grievance.rules.dialogue import Template
from grievance.rules.triage import ZONE
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import Outbox, OutboxState
from grievance.store.session import transaction
from grievance.vocabulary import GatewayKind, Harm, Severity, TaskKind
from tests.fixtures import Town
from tests.gateways.recording_server import Answer, RecordingServer
from tests.services import Services
from tests.stories.desk_numbers import add, really_sending
from tests.stories.phones import Phone
from tests.web import desk_pages
from tests.web.public_pages import visitor
from workers import sms

STORY = "Les gardes ont battu mon frere hier pres du portail"
ANOTHER = "Un garde a pris mon argent au marche ce matin"
MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)  # ten in the morning in Lubumbashi
REMINDER = "Bonjour. Vous pouvez continuer quand vous voulez."


def finish(phone: Phone, contact: str) -> None:
    for text in (STORY, "1", "2", "mine exemple A", contact):
        phone.says(text)


@pytest.mark.parametrize(("contact", "reminded"), [("2", [REMINDER]), ("3", [])])
def test_a_reminder_goes_only_to_a_phone_known_to_be_their_own(
    town: Town, contact: str, reminded: list[str]
) -> None:
    with travel(MORNING) as clock:
        phone = Phone(town)
        finish(phone, contact)
        clock.shift(timedelta(hours=80))
        phone.says(ANOTHER)
        clock.shift(timedelta(hours=21))
        phone.work()
        phone.work()

    assert phone.heard() == reminded


def on_the_day(day: int, at: str) -> datetime:
    """An instant of that November, on the clocks of Lubumbashi."""
    hour, minute = map(int, at.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def half_told(town: Town, clock: Traveller, at: str) -> Phone:
    """A telephone known to be the person's own, whose second story stopped at this hour of the 27th."""
    phone = Phone(town)
    finish(phone, "2")
    clock.move_to(on_the_day(27, at))
    phone.says(ANOTHER)
    return phone


@pytest.mark.parametrize(
    ("last_text", "looked_at", "reminded_at"),
    [
        ("10:00", ["06:30", "07:59", "08:00", "08:01"], ["08:00"]),
        ("20:00", ["16:01", "18:59"], ["16:01"]),
        ("22:40", ["18:39", "18:45", "19:00"], ["18:45"]),
        ("23:30", ["18:59", "19:31", "22:00", "23:29"], []),
    ],
)
def test_a_reminder_leaves_by_day_alone(
    town: Town, last_text: str, looked_at: list[str], reminded_at: list[str]
) -> None:
    with travel(MORNING) as clock:
        phone = half_told(town, clock, last_text)
        reminded = []
        for at in looked_at:
            clock.move_to(on_the_day(28, at))
            phone.work()
            reminded += [at for said in phone.heard() if said == REMINDER]

    assert reminded == reminded_at


def test_a_reminder_leaves_by_the_quiet_number(town: Town, services: Services) -> None:
    with travel(MORNING) as clock:
        phone = half_told(town, clock, "12:00")
        quiet = add(services, town, GatewayKind.GENERIC, "+243880000005", quiet=True)
        clock.move_to(on_the_day(28, "09:00"))
        phone.post_event("system:ping", {})  # the poster's number works, and is not used all the same
        phone.work()

    assert (phone.heard(), town.texts()[-1]["channel"]) == ([REMINDER], quiet.number)


def test_a_stop_after_a_reminder_was_written_keeps_it_from_leaving(town: Town) -> None:
    with travel(MORNING) as clock:
        phone = half_told(town, clock, "12:00")
        clock.move_to(on_the_day(28, "09:00"))
        assert texts_unasked.remind_due(keys=phone.worker.keys, now=phone.now + timedelta(hours=21)) == 1
        assert phone.says("STOP") == ["D'accord, plus de SMS. Vous pouvez revenir quand vous voulez."]

    assert reminder(phone).state is OutboxState.DROPPED


def test_a_stop_of_long_ago_keeps_no_news_from_a_later_case_that_wants_them(town: Town) -> None:
    with travel(MORNING) as clock:
        phone = Phone(town)
        finish(phone, "2")
        phone.says("STOP")
        clock.shift(timedelta(hours=80))
        finish(phone, "2")
        case = max(phone.cases(), key=lambda one: one.received_at)
        with transaction(SMS_ACTOR) as session:
            notices.to_complainant(session, case, Template.NEWS, once="news", now=phone.now)
        phone.work()

    assert [said[:29] for said in phone.heard()] == ["Bonjour. Un message vous atte"]


def test_a_reminder_that_its_provider_refuses_until_the_night_is_dropped(
    town: Town, services: Services
) -> None:
    with travel(MORNING) as clock, RecordingServer(Answer(503)) as server:
        phone = half_told(town, clock, "21:00")
        add(services, town, GatewayKind.GENERIC, "+243880000005", quiet=True, base_url=server.url)
        worker, tried = really_sending(town), []
        for at in ("17:30", "18:00", "18:45", "19:00", "20:00", "22:00"):
            clock.move_to(now := on_the_day(28, at))
            texts_unasked.remind_due(keys=worker.keys, now=now)
            sms.send_waiting(worker, now)
            tried.append(len(server.calls))

    assert tried == [1, 2, 3, 3, 3, 3]
    assert reminder(phone).state is OutboxState.DROPPED


def reminder(phone: Phone) -> Outbox:
    (row,) = [one for one in phone.rows(Outbox) if one.template == Template.REMINDER]
    return row


def test_a_first_text_that_stopped_half_way_is_never_reminded(town: Town) -> None:
    with travel(MORNING) as clock:
        phone = Phone(town)
        phone.says(STORY)
        clock.shift(timedelta(hours=21))
        phone.work()

    assert phone.heard() == []


def test_whoever_wrote_by_web_and_wants_news_by_sms_gets_one_neutral_text(town: Town) -> None:
    phone = Phone(town, number="+243880000079")
    sender = visitor(town.app).answer_all(
        lieu_site=str(town.world.site.id), contact="sms", telephone="0880000079"
    ).send()
    desk = desk_pages.sit(town, town.world.desk.members[0]).knowing_nobody(sender.code)
    desk.do("write", text="Pouvez-vous venir jeudi au bureau ?")
    assert desk.status == 200, desk.text
    for _ in range(2):
        phone.work()
    (text,) = phone.heard()

    assert text.startswith("Bonjour. Un message vous attend.")
    assert sender.code not in text
    assert "jeudi" not in text


def test_not_well_becomes_a_call_to_make_and_a_linked_case_of_retaliation(town: Town) -> None:
    with travel(MORNING) as clock:
        phone = Phone(town)
        finish(phone, "2")
        clock.shift(timedelta(days=7))
        phone.work()
        with transaction(SMS_ACTOR) as session:
            (case,) = phone.cases()
            notices.to_complainant(session, case, Template.CHECK_IN, once="check-in", now=phone.now)
        sms.send_waiting(phone.worker, phone.now)
        assert phone.heard() == ["Bonjour, comment allez-vous? 1 Bien 2 Pas bien 3 Appelez-moi"]
        assert phone.says("2") == ["Bien noté. Une personne va lire votre message."]

    assert phone.tasks() == {TaskKind.CALL_BACK}
    (linked,) = [one for one in phone.cases() if one.linked_to == case.id]
    assert (linked.harms, linked.severity) == ([Harm.RETALIATION.value], Severity.CRITICAL)
