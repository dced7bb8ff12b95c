"""Can somebody put a report down, come back with a receipt, and nobody else read it meanwhile?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from config.keys import VersionedKey
from config.retention import load_retention
from grievance.actions import retention
from grievance.rules.floods import LIMITS, Knock
from grievance.store import receipts
from grievance.store.actors import door_actor
from grievance.store.models import Case, Unfinished
from grievance.store.session import transaction
from tests import superuser
from tests.fixtures import Town
from tests.services import Services
from tests.web.public_pages import PAGES, STORY, Visitor, visitor
from tests.web.test_floods import knocked


def put_down(town: Town, lang: str = "fr") -> Visitor:
    """Somebody who wrote a story, said where, and chose to continue later."""
    person = visitor(town.app, lang).begin().send(lieu_province="Lualaba", lieu_pres="Près de la rivière")
    person.send(date_quand="yesterday").send(qui="private").send(faits="assault")
    return person.send(recit=STORY, souhait="Des soins", garder="1")


def rows(town: Town, services: Services, table: type) -> int:
    return superuser.count(services, town, table)


@pytest.mark.parametrize("lang", ["fr", "sw"])
def test_a_report_put_down_comes_back_with_its_receipt_where_it_was_and_is_sent_under_it(
    town: Town, services: Services, lang: str
) -> None:
    person = put_down(town, lang)
    receipt = person.receipt
    assert receipts.shown(receipt) in person.text
    assert rows(town, services, Case) == 0

    back = visitor(town.app, lang).come_back(receipt)
    assert 'name="recit"' in back.text
    assert STORY in back.text
    assert "Set-Cookie" not in back.page.headers
    back.send(recit=STORY + " Le soir.").send(lecture="nobody").send(contact="web")
    back.send()

    assert back.receipt == receipt
    assert (rows(town, services, Case), rows(town, services, Unfinished)) == (1, 0)
    own = visitor(town.app, lang).come_back(receipt)
    assert STORY + " Le soir." in own.text
    assert "Près de la rivière" in own.text


def test_whoever_goes_on_at_once_loses_nothing(town: Town) -> None:
    person = put_down(town)
    person.send(vers="recit")

    assert STORY in person.text
    assert "Des soins" in person.text


def test_it_can_be_put_down_again_and_again_under_one_receipt(town: Town, services: Services) -> None:
    receipt = put_down(town).receipt
    back = visitor(town.app).come_back(receipt)
    back.send(recit="Autrement raconté.", garder="1")

    assert back.receipt == receipt
    assert rows(town, services, Unfinished) == 1
    assert "Autrement raconté." in visitor(town.app).come_back(receipt).text


def test_the_button_sent_twice_keeps_one_draft(town: Town, services: Services) -> None:
    person = visitor(town.app).begin().send().send().send().send(faits="theft")
    page = person.page
    first = person.send(recit=STORY, garder="1").receipt
    person.page = page

    assert person.send(recit=STORY, garder="1").receipt == first
    assert rows(town, services, Unfinished) == 1


def test_the_choice_is_offered_from_the_story_on(town: Town) -> None:
    person = visitor(town.app).answer_all()
    offered = {name: 'name="garder"' in visitor(town.app).get(f"/fr/plainte/{name}").text for name in PAGES}

    assert [name for name, there in offered.items() if there] == ["recit", "lecture", "contact", "verifier"]
    assert 'name="garder"' in person.text


def test_no_desk_no_dump_and_no_other_receipt_reads_it(town: Town, services: Services) -> None:
    receipt = put_down(town).receipt
    for actor in (town.world.desk.actor, town.world.desk.lead, town.world.host.actor):
        with transaction(actor) as session, pytest.raises(Exception, match="permission denied"):
            session.scalar(select(func.count()).select_from(Unfinished))
    with transaction(door_actor(b"another receipt")) as session:
        assert session.scalars(select(Unfinished)).all() == []
    with services.connect(town.database.name) as thief:
        (line,) = thief.execute(text("select unfinished_report::text from unfinished_report").text).fetchall()
    for word in (STORY, "soins", receipt):
        assert word.encode().hex() not in line[0]
        assert word not in line[0]


def test_after_thirty_days_it_is_gone_and_its_receipt_is_not_known(town: Town) -> None:
    receipt = put_down(town).receipt
    now = datetime.now(UTC)
    thirty_days = load_retention().unfinished
    assert thirty_days == timedelta(days=30)

    assert retention.clear_mail_and_sessions(now + thirty_days - timedelta(hours=1))["unfinished"] == 0
    assert STORY in visitor(town.app).come_back(receipt).text
    assert retention.clear_mail_and_sessions(now + thirty_days + timedelta(hours=1))["unfinished"] == 1
    assert "n'est pas connu" in visitor(town.app).come_back(receipt).text


def test_in_a_flood_nothing_is_kept_and_nothing_that_was_written_is_lost(
    town: Town, services: Services
) -> None:
    knocked(town, Knock.KEEP, LIMITS[Knock.KEEP].ask_soon + 1)
    person = put_down(town)

    assert person.page.status_code == 422
    assert STORY in person.text
    assert "data-receipt" not in person.text
    assert rows(town, services, Unfinished) == 0


def test_a_draft_outlives_a_change_of_the_pepper(town: Town) -> None:
    receipt = put_down(town).receipt
    old = town.keys.pepper
    new = VersionedKey([*old, (2, bytes(range(32)))])
    town.app.config["SETTINGS"] = town.app.config["SETTINGS"].__class__(
        **{**vars(town.app.config["SETTINGS"]), "pepper": new}
    )
    assert STORY in visitor(town.app).come_back(receipt).text
