"""Can somebody take back what they sent in a flood, and does the page that asks them stay light?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from grievance.actions import quarantine
from grievance.rules.floods import LIMITS, Knock
from grievance.store import receipts
from grievance.store.journal import OrganisationMove
from grievance.store.models import Apart, Case, Entry, JournalLine
from tests.figures import Tell
from tests.fixtures import Town
from tests.services import Services
from tests.web import weights
from tests.web.public_pages import Visitor, presses, visitor
from tests.web.test_floods import busy_reports, kept_apart, knocked, rows, sum_on


def put_apart(town: Town) -> Visitor:
    """The receipt page of a report that answered nothing, in a flood."""
    busy_reports(town)
    return kept_apart(town)


def test_a_report_that_answered_the_question_is_taken_back_as_on_any_receipt(
    town: Town, services: Services
) -> None:
    busy_reports(town)
    person = visitor(town.app).answer_all()
    person.send(somme=sum_on(person))
    form = next(one for one in person.forms()[::-1] if "recu" in one["hidden"])
    person.page = person.client.post(
        form["action"], data={**form["hidden"], "vers": "effacer"}, follow_redirects=True
    )
    person.do("take_back")

    assert "Tout est effacé" in person.text
    assert rows(town, services, Entry) == 0


def test_a_report_that_was_put_apart_is_taken_back_by_its_receipt_alone(
    town: Town, services: Services
) -> None:
    person = put_apart(town)
    receipt = person.receipt
    asked = presses(person)
    assert asked.page.status_code == 200
    assert rows(town, services, Apart) == 1
    presses(asked, "effacer-oui")

    assert "Tout est effacé" in person.text
    assert (rows(town, services, Apart), rows(town, services, Case)) == (0, 0)
    assert "n'est pas connu" in visitor(town.app).come_back(receipt).text
    assert quarantine.count(town.world.desk.actor) == 0
    with services.connect(town.database.name) as superuser:
        moves = superuser.execute(f"select move from {JournalLine.__tablename__}").fetchall()  # noqa: S608
    assert (OrganisationMove.TAKEN_BACK.value,) in moves


def test_who_comes_back_to_it_finds_the_button_too(town: Town, services: Services) -> None:
    own = visitor(town.app).come_back(put_apart(town).receipt)
    presses(presses(own), "effacer-oui")

    assert rows(town, services, Apart) == 0


@pytest.mark.parametrize("late", ["half an hour", "set aside", "kept"])
def test_it_cannot_be_taken_back_once_it_is_old_or_a_person_decided(
    town: Town, services: Services, late: str
) -> None:
    person = put_apart(town)
    ready = presses(person)
    (found,), now = quarantine.seen(town.world.desk.actor), datetime.now(UTC)
    if late == "set aside":
        quarantine.set_aside(found.ids, actor=town.world.desk.actor, now=now)
    if late == "kept":
        quarantine.keep(found.ids, actor=town.world.desk.actor, now=now)
    with time_machine.travel(now + timedelta(minutes=31 if late == "half an hour" else 0)):
        presses(ready, "effacer-oui")

    if late == "kept":
        assert "Tout effacer ?" in person.text.replace("\u00a0", " ")  # a case by now: asked as for any case
        assert rows(town, services, Case) == 1
    else:
        assert person.page.status_code == 409
        assert "On ne peut plus l'effacer" in person.text
        assert rows(town, services, Apart) == 1


def test_nobody_takes_back_what_another_sent(town: Town, services: Services) -> None:
    put_apart(town)
    stranger = visitor(town.app)
    stranger.page = stranger.client.post(
        "/fr/suivi", data={"recu": receipts.mint(), "vers": "effacer-oui"}
    )

    assert stranger.page.status_code == 422
    assert rows(town, services, Apart) == 1


def test_a_receipt_that_is_asked_a_sum_first_still_leads_to_its_regret(town: Town) -> None:
    person = visitor(town.app).answer_all().send()
    receipt = person.receipt
    knocked(town, Knock.RECEIPT, LIMITS[Knock.RECEIPT].ask_soon + 1)
    person.page = person.client.post("/fr/suivi", data={"recu": receipt, "vers": "effacer"})
    form = person.forms()[0]
    person.page = person.client.post(
        form["action"], data={**form["hidden"], "recu": receipt, "somme": sum_on(person)},
        follow_redirects=True,
    )  # fmt: skip

    assert person.forms()[0]["does"] == "take_back"


@pytest.mark.parametrize("lang", ["fr", "sw"])
def test_the_pages_of_a_flood_cost_two_requests_and_fourteen_kilobytes_at_most(
    town: Town, lang: str, figure: Tell
) -> None:
    busy_reports(town)
    knocked(town, Knock.RECEIPT, LIMITS[Knock.RECEIPT].ask_soon + 1)
    walk = weights.Weighed(Visitor(weights.Scale(town.app, town.app.response_class), lang))
    person = walk.person
    story = weights.story_of(2_500)
    person.answer_all(recit=story)
    walk.note("the question")
    person.send()
    walk.note("the question again")
    person.send()
    walk.note("put apart")
    receipt = person.receipt
    person.page = person.client.post(f"/{lang}/suivi", data={"recu": receipt})
    walk.note("a receipt's question")

    figure(weights.told(f"in a flood, {lang}", walk.pages))
    assert "data-effort" in person.text
    assert [page for page in walk.pages if page.whole > weights.MOST_BYTES] == []
    assert [page for page in walk.pages if page.requests > weights.MOST_REQUESTS] == []
