"""Can somebody who regrets it take everything back, as long as nobody has opened it?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from grievance.actions import cases, journal_checks
from grievance.store.models import (
    Capsule,
    Case,
    ClassPair,
    Entry,
    JournalOpening,
    Receipt,
    VisitorSession,
    Wrap,
)
from grievance.terms import CaseState
from grievance.vocabulary import Outcome
from tests import superuser
from tests.fixtures import Town
from tests.services import Services
from tests.web.desk_pages import sit
from tests.web.public_pages import STORY, Visitor, visitor

GONE = (Entry, Wrap, ClassPair, Capsule, Receipt, VisitorSession, JournalOpening)


def sent(town: Town) -> Visitor:
    person = visitor(town.app).answer_all(
        lieu_province="Lualaba", faits="assault", contact="sms", telephone="0991234567", nom="Une Personne"
    )
    return person.send()


def regrets(person: Visitor) -> Visitor:
    """Presses the button on the receipt page, and sees the question."""
    receipt = person.receipt
    person.page = person.client.post(
        f"/{person.lang}/suivi", data={"recu": receipt, "vers": "effacer"}, follow_redirects=True
    )
    return person


def test_a_regret_on_the_receipt_page_erases_all_that_was_sent(town: Town, services: Services) -> None:
    person = sent(town)
    receipt, code = person.receipt, person.code
    assert 'value="effacer"' in person.text

    regrets(person).do("take_back")
    assert "Tout est effacé" in person.text
    assert {table.__name__: superuser.count(services, town, table) for table in GONE} == {
        table.__name__: 0 for table in GONE
    }
    assert superuser.count(services, town, Case) == 1
    assert "n'est pas connu" in visitor(town.app).come_back(receipt).text

    # Its desk sees that it is over, and no word of it; the journal still holds.
    desk = town.world.desk.actor
    cases.know_nobody(code, actor=desk, now=datetime.now(UTC))
    shown = cases.seen(code, desk, datetime.now(UTC))
    assert (shown.state, shown.outcome, shown.erased) == (CaseState.CLOSED, Outcome.WITHDRAWN, True)
    page = sit(town, town.world.desk.members[0]).case(code)
    assert (page.status, STORY in page.text) == (200, False)
    assert journal_checks.verify(town.database.owner_url).faults == ()


def test_the_follow_up_page_offers_it_too(town: Town) -> None:
    person = sent(town)
    own = visitor(town.app).come_back(person.receipt)

    assert 'href="/fr/suivi/effacer"' in own.text
    own.get("/fr/suivi/effacer").do("take_back")
    assert "Tout est effacé" in own.text
    assert own.page.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_once_somebody_has_opened_it_the_page_says_what_can_still_be_done(
    town: Town, services: Services
) -> None:
    person = sent(town)
    ready = visitor(town.app).come_back(person.receipt).get("/fr/suivi/effacer")
    cases.know_nobody(person.code, actor=town.world.desk.actor, now=datetime.now(UTC))

    ready.do("take_back")
    assert ready.page.status_code == 409
    assert superuser.count(services, town, Entry) > 0
    again = visitor(town.app).come_back(person.receipt)
    assert "/suivi/effacer" not in again.text
    assert "On ne peut plus l'effacer" in again.get("/fr/suivi/effacer").text
    assert again.forms()[0]["does"] == "withdraw"


def test_after_half_an_hour_it_is_too_late(town: Town) -> None:
    person = sent(town)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31)):
        late = visitor(town.app).come_back(person.receipt)
        assert "/suivi/effacer" not in late.text
        late.page = late.client.post("/fr/suivi/effacer", data=_token(late))
    assert late.page.status_code == 409


@pytest.mark.parametrize("whose", ["nobody", "another complainant"])
def test_nobody_takes_back_what_another_sent(town: Town, services: Services, whose: str) -> None:
    first, second = sent(town), sent(town)
    stranger = visitor(town.app)
    if whose == "another complainant":
        stranger.come_back(second.receipt).get("/fr/suivi/effacer").do("take_back")
    else:
        stranger.page = stranger.client.post("/fr/suivi/effacer")
        assert stranger.page.status_code == 303

    assert STORY in visitor(town.app).come_back(first.receipt).text


def _token(person: Visitor) -> dict[str, object]:
    return next(form["hidden"] for form in person.forms() if "csrf_token" in form["hidden"])
