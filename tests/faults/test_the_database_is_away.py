"""The database is stopped while people write: nobody is told that it was kept, and nothing typed is lost."""

from __future__ import annotations

from uuid import uuid4

import pytest

from grievance.actions import cases, intake, referrals
from grievance.schemas.report import ReportIn
from grievance.store import receipts
from grievance.store.models import Case
from grievance.terms import Unavailable
from tests.faults.power import Power
from tests.fixtures import Town
from tests.stories.phones import Phone
from tests.web import desk_pages
from tests.web.desk_pages import Desk, now, sit
from tests.web.public_pages import STORY, Visitor, visitor
from workers import timers
from workers.schedule import SMS

KEEP_YOUR_TEXT = {"fr": "Gardez votre texte", "sw": "Chunga maandishi yako", "en": "Keep your text"}
LONG = "Première ligne.\nDeuxième « ligne », avec <guillemets> & \"signes\"."


def refused(page: Visitor | Desk, lang: str = "fr") -> None:
    """503, keep your text, try again; and no sign of an acknowledgement."""
    assert page.page.status_code == 503
    assert page.page.headers["Retry-After"] == "60"
    assert KEEP_YOUR_TEXT[lang] in page.text
    for sign in ("data-receipt", "data-code"):
        assert sign not in page.text


@pytest.mark.parametrize("lang", ["fr", "sw"])
def test_a_report_is_not_acknowledged_and_its_page_sends_it_again(
    shaky: Town, power: Power, lang: str
) -> None:
    person = visitor(shaky.app, lang).answer_all(lieu_province="Lualaba", contact="web", souhait=LONG)
    power.database_off()
    refused(person.send(), lang)
    refused(person.do("again"), lang)

    power.everything_on()
    person.do("again")
    receipt = person.receipt
    assert len(Phone(shaky).rows(Case)) == 1
    came_back = visitor(shaky.app, lang).come_back(receipt)
    assert STORY in came_back.text
    assert LONG in came_back.text


def test_a_story_is_carried_on_meanwhile_and_no_page_of_it_is_lost(shaky: Town, power: Power) -> None:
    person = visitor(shaky.app).begin().send(lieu_province="Lualaba").send().send().send(faits="assault")
    power.database_off()
    assert person.send(recit=LONG).page.status_code == 200
    refused(person.send(vers="recit", lecture="both"))

    power.everything_on()
    assert LONG in person.do("again").text


def test_who_comes_back_is_told_to_keep_their_words(shaky: Town, power: Power) -> None:
    person = visitor(shaky.app).come_back(_receipt())
    power.database_off()
    refused(person.do("add", texte=LONG))

    power.everything_on()
    assert LONG in person.do("again").text


def test_a_receipt_typed_meanwhile_is_not_handed_back_in_the_page(shaky: Town, power: Power) -> None:
    receipt = _receipt()
    power.database_off()
    person = visitor(shaky.app).come_back(receipt)
    refused(person)
    assert receipt not in person.text
    assert person.forms() == []


def test_a_text_is_not_taken_from_its_gateway_which_sends_it_again(shaky: Town, power: Power) -> None:
    phone, event = Phone(shaky), str(uuid4())
    power.database_off()
    answer = phone.post(STORY, event=event)
    assert (answer.status_code, answer.data) == (503, b"")
    assert answer.headers["Retry-After"] == "60"

    power.everything_on()
    assert [phone.post(STORY, event=event).status_code for _ in range(2)] == [200, 200]
    phone.work()
    assert len(phone.cases()) == 1


def test_a_case_worker_and_a_company_send_again_what_they_wrote(shaky: Town, power: Power) -> None:
    desk = sit(shaky, shaky.world.desk.members[0])
    code, referral = desk_pages.referred(shaky, desk)
    company = sit(shaky, shaky.world.provider.members[0]).get(f"/company/referrals?code={referral}")
    desk.case(code)
    power.database_off()
    refused(desk.do("note", text=LONG))
    refused(company.do("answer", text=LONG))
    at = now()
    with pytest.raises(Unavailable):
        cases.note(code, LONG, actor=shaky.world.desk.actor, now=at)

    power.everything_on()
    assert LONG in desk.do("again").text
    assert LONG in company.do("again").text
    kept = [line.text for line in cases.seen(code, shaky.world.desk.actor, now()).timeline]
    assert kept.count(LONG) == 2
    shown = referrals.referral_seen(referral, shaky.world.desk.actor, now())
    assert shown.answered_at is not None


def test_a_password_typed_meanwhile_is_not_handed_back_in_the_page(shaky: Town, power: Power) -> None:
    power.database_off()
    client = visitor(shaky.app)
    form = {"email": "a@b.example", "password": "montagne cobalt", "code": "123456"}
    client.page = client.client.post("/sign-in", data=form)
    assert client.page.status_code == 503
    assert "montagne" not in client.text
    assert client.forms() == []


def test_a_timer_outlives_its_database_and_sends_what_waited(shaky: Town, power: Power) -> None:
    phone = Phone(shaky)
    phone.post(STORY)
    power.database_off()
    for entry in SMS:
        timers.turn(phone.worker, entry)
    assert phone.heard() == []

    power.everything_on()
    for entry in SMS:
        timers.turn(phone.worker, entry)
    assert "L'ONG peut lire" in phone.heard()[-1]


def _receipt() -> str:
    """Somebody reported before the fault; what opens their page."""
    receipt = receipts.mint()
    opening = receipts.open_receipt(receipt)
    said = {
        "channel": "web", "language": "fr", "province": "Lualaba", "incident": "yesterday",
        "harms": ["assault"], "story": STORY, "safe_contact": "web",
    }  # fmt: skip
    half = intake.ReceiptHalf(opening.lookup, opening.pair.public)
    intake.receive(ReportIn().load(said), opening=half, now=now())
    return receipt
