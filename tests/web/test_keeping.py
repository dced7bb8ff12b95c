"""The desk sees what will be erased, and a lead keeps a case, with a reason that nobody outside reads."""

from __future__ import annotations

from datetime import timedelta

from config.retention import load_retention
from grievance.actions import cases, retention
from grievance.schemas.desk import Closing
from grievance.vocabulary import NotAdmitted, Outcome
from tests import desk_work
from tests.fixtures import Town
from tests.make import Someone
from tests.web.desk_pages import now, sit

AGO = now() - load_retention().closed_case
DAY = timedelta(days=1)
WHY = "Le tribunal en a encore besoin."


def lead(town: Town) -> Someone:
    return next(one for one in town.world.desk.members if one.actor.name == town.world.desk.lead.name)


def near_its_end(town: Town) -> str:
    """A case that was closed so long ago that it goes in ten days."""
    began = AGO + 9 * DAY
    code = desk_work.taken(town, began)
    ending = Closing(
        Outcome.NOT_ADMITTED, text="Ce n'est pas pour nous.", not_admitted=NotAdmitted.NOT_ABOUT_SECURITY
    )
    cases.close(code, ending, actor=town.world.desk.actor, now=began + DAY)
    cases.know_nobody(code, actor=town.world.desk.lead, now=began + DAY)
    return code


def test_the_list_names_the_case_and_its_page_says_the_day(town: Town) -> None:
    code = near_its_end(town)
    retention.tell(now())
    seat = sit(town, lead(town))

    assert code in seat.get("/desk/endings").text
    assert "Annoncé" in seat.text
    assert "Il sera effacé le" in seat.get(f"/desk/cases?code={code}").text


def test_a_lead_keeps_the_case_and_lets_it_go_again(town: Town) -> None:
    code = near_its_end(town)
    seat = sit(town, lead(town)).get(f"/desk/cases?code={code}")

    seat.do("hold", text=WHY)
    assert "Un responsable garde ce dossier" in seat.text
    assert WHY in seat.text  # among the notes, which only the desk reads
    assert "Gardé par un responsable" in seat.get("/desk/endings").text
    seat.get(f"/desk/cases?code={code}").do("lift_hold", text="C'est fini.")
    assert "Il sera effacé le" in seat.text


def test_without_a_reason_nothing_is_kept_and_the_page_says_so(town: Town) -> None:
    code = near_its_end(town)
    seat = sit(town, lead(town)).get(f"/desk/cases?code={code}").do("hold", text="")

    assert seat.status == 422
    assert "Il sera effacé le" in seat.text


def test_a_case_worker_reads_the_day_and_is_offered_no_hold(town: Town) -> None:
    code = near_its_end(town)
    page = sit(town, town.world.desk.members[0]).get(f"/desk/cases?code={code}").text

    assert "Il sera effacé le" in page
    assert 'data-action="hold"' not in page


def test_an_empty_list_says_what_will_appear(town: Town) -> None:
    assert "Aucun dossier ne sera effacé" in sit(town, lead(town)).get("/desk/endings").text
