"""Is there an end to what one day of texts may cost, and does somebody hear when answers are being pumped?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from grievance.actions import alarms, sms_budget
from grievance.actions.alarms import Alarm
from grievance.rules import budget
from grievance.store.models import Medium, Outbox, OutboxState, SmsTally
from tests.fixtures import Town
from tests.services import Services
from tests.stories.phones import Phone
from tests.web.desk_pages import sit
from workers import process, sms


def take(town: Town, number: str, *, needed: bool = False, later: timedelta = timedelta()) -> bool:
    """Whether one more text may go to this number."""
    return sms_budget.take(
        town.world.channel.id, [number], needed=needed, index_key=town.keys.number_index,
        now=process.utcnow() + later,
    )  # fmt: skip


def spend(services: Services, town: Town, kind: str, count: int) -> None:
    """As if so much had gone out today."""
    with services.connect(town.database.name) as superuser:
        superuser.execute("update sms_tally set count = %s where kind = %s", (count, kind))


def test_one_number_has_its_budget_of_the_day_and_tomorrow_another(town: Town, services: Services) -> None:
    number = "+243880000123"
    assert take(town, number)
    spend(services, town, "number", budget.PER_NUMBER)

    assert not take(town, number)
    assert take(town, number, needed=True), "help that cannot wait has a budget of its own"
    assert take(town, "+243880000124")
    assert take(town, number, later=timedelta(days=1))


def _first_pages(town: Town) -> dict[str, list[str]]:
    """The alarms on the first page of the host, of the desk whose number it is, and of another desk."""
    pages = {"host": "/admin/", "desk": "/desk/", "backup": "/desk/"}
    seats = {who: sit(town, getattr(town.world, who).members[0]).get(page) for who, page in pages.items()}
    return {who: re.findall(r"data-alarm>([^<]*)<", seat.text) for who, seat in seats.items()}


def test_with_the_last_text_of_the_day_s_budget_the_host_and_the_desk_hear_of_it(
    town: Town, services: Services
) -> None:
    assert take(town, "+243880000123")
    spend(services, town, "channel", budget.PER_CHANNEL - 1)
    assert alarms.raised(process.utcnow()) == ()
    assert _first_pages(town) == {"host": [], "desk": [], "backup": []}

    assert take(town, "+243880000124")
    assert alarms.raised(process.utcnow()) == (Alarm.SMS_BUDGET,)
    found = _first_pages(town)
    assert "Le budget de SMS du jour est épuisé" in found["host"][0]
    assert found["desk"][0].startswith("Vos SMS du jour sont épuisés")
    assert found["backup"] == [], "another desk's number goes on"
    assert "sms_budget" in town.app.test_client().get("/readyz").json["reasons"]
    assert not take(town, "+243880000125")
    assert take(town, "+243880000125", needed=True)

    assert alarms.of_desk(town.world.desk.actor, process.utcnow() + timedelta(days=1)) == ()
    assert alarms.raised(process.utcnow() + timedelta(days=2)) == ()


def test_answers_to_very_many_numbers_over_one_channel_raise_an_alarm(town: Town, services: Services) -> None:
    assert take(town, "+243880000123")
    spend(services, town, "numbers", budget.NUMBERS_OF_CHANNEL - 1)
    assert take(town, "+243890000123")
    assert alarms.raised(process.utcnow()) == ()

    assert take(town, "+243900000123")
    assert alarms.raised(process.utcnow()) == (Alarm.SMS_PUMPING,)
    found = _first_pages(town)
    assert "quelqu'un en tire peut-être profit" in found["host"][0]
    assert found["desk"][0].startswith("Vos SMS partent aujourd'hui vers de très nombreux numéros")
    assert found["backup"] == []
    assert take(town, "+243910000123"), "an alarm stops nobody's answer"


def test_when_the_channel_has_spent_its_day_an_answer_waits(
    town: Town, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Phone(town)
    assert phone.says("Walinzi walinipiga jana karibu na mine")
    monkeypatch.setattr(budget, "PER_CHANNEL", 1)
    assert phone.says("1") == []
    (waiting,) = [row for row in phone.rows(Outbox) if row.error == "over_budget"]
    assert (waiting.medium, waiting.state) == (Medium.SMS, OutboxState.WAITING)

    # With money for it again, it goes out after all.
    monkeypatch.setattr(budget, "PER_CHANNEL", 1_000)
    sms.send_waiting(phone.worker, process.utcnow() + timedelta(minutes=20))
    assert phone.heard()


def test_answers_to_very_many_numbers_of_one_block_raise_an_alarm(town: Town) -> None:
    for last in range(budget.NUMBERS_OF_BLOCK):
        assert take(town, f"+24388000{last:04d}")
    assert alarms.raised(process.utcnow()) == ()
    assert take(town, "+243880009999")

    assert alarms.raised(process.utcnow()) == (Alarm.SMS_PUMPING,)
    assert alarms.raised(process.utcnow() + timedelta(hours=25)) == ()
    assert "sms_pumping" in town.app.test_client().get("/readyz").json["reasons"]
    assert "quelqu'un en tire peut-être profit" in sit(town, town.world.host.members[0]).get("/admin/").text


def test_the_counts_name_no_number_and_are_forgotten_after_two_days(town: Town, services: Services) -> None:
    take(town, "+243880000123")
    with services.connect(town.database.name) as superuser:
        kept = repr(superuser.execute(f"select * from {SmsTally.__tablename__}").fetchall())  # noqa: S608
        assert "880000123" not in kept
        sms_budget.forget_old(process.utcnow() + timedelta(days=4))
        assert superuser.execute("select count(*) from sms_tally").fetchone() == (0,)
