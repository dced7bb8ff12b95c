"""After a company was told, the person is asked how they are: on their page, or by the desk for them."""

from __future__ import annotations

from grievance.actions import cases
from grievance.store.models import Case, Task
from grievance.terms import CaseState
from grievance.vocabulary import Harm, Severity, TaskKind
from tests import desk_work
from tests.fixtures import Town
from tests.stories.phones import Phone
from tests.web import desk_pages
from tests.web.desk_pages import now, sit
from tests.web.public_pages import Visitor, visitor


def told_to_a_company(town: Town) -> Visitor:
    """Somebody reported on the web, and the guard company was given a summary; their page is open."""
    site = str(town.world.site.id)
    person = visitor(town.app).answer_all(lieu_site=site, lecture="both", contact="web").send()
    receipt, code = person.receipt, person.code
    desk = sit(town, town.world.desk.members[0])
    desk.knowing_nobody(code).do("take")
    desk.do(
        "triage", severity="serious", harms=["assault"], actor="private", lane="general",
        site_id=str(town.world.site.id), affected_agree="true",
    )  # fmt: skip
    assert "check_in" not in {form["does"] for form in person.come_back(receipt).forms()}
    desk.do(
        "refer", organisation_id=str(town.world.provider.id), kind="ordinary", summary=desk_pages.SUMMARY,
        summary_read="true", people_it_could_be="40", safe_if_guessed="true",
    )  # fmt: skip
    return person.come_back(receipt)


def linked(town: Town) -> list[Case]:
    return [case for case in Phone(town).cases() if case.linked_to is not None]


def test_not_well_said_on_the_page_is_one_critical_case_of_retaliation_and_a_call(town: Town) -> None:
    person = told_to_a_company(town)
    for _ in range(2):
        person.do("check_in", which=1)
        assert "Nous vous avons entendu" in person.text

    (case,) = linked(town)
    assert (case.harms, case.severity, case.state) == (
        [Harm.RETALIATION], Severity.CRITICAL, CaseState.RECEIVED,
    )  # fmt: skip
    calls = [one for one in Phone(town).rows(Task) if one.kind is TaskKind.CALL_BACK]
    assert {one.case_id for one in calls} == {case.linked_to}
    desk = town.world.desk.actor
    cases.know_nobody(case.code, actor=desk, now=now())
    cases.take(case.code, actor=desk, now=now())
    cases.triage(
        case.code, desk_work.decided(town, harms=["retaliation"], severity="critical"), actor=desk, now=now()
    )
    proposed = {one.organisation_id for one in cases.seen(case.code, desk, now()).companies if one.proposed}
    assert proposed == {town.world.mine.id, town.world.overseer.id}


def test_well_is_noted_and_opens_nothing(town: Town) -> None:
    person = told_to_a_company(town)
    assert "Merci" in person.do("check_in", which=0).text
    assert linked(town) == []


def test_the_desk_notes_for_the_person_that_they_are_not_well(town: Town) -> None:
    desk = sit(town, town.world.desk.members[0])
    code, _ = desk_pages.referred(town, desk)
    desk.case(code).do("check_in", well="false")
    assert desk.status == 200
    assert len(linked(town)) == 1


def test_of_a_restricted_case_a_call_is_made_and_no_second_row_tells_of_it(town: Town) -> None:
    desk = sit(town, town.world.desk.members[0])
    code, _ = desk_pages.referred(town, desk)
    cases.triage(
        code, desk_work.decided(town, harms=["sexual_violence"], reason="Dit au téléphone."),
        actor=town.world.desk.actor, now=now(),
    )  # fmt: skip
    desk.case(code).do("check_in", well="false")
    assert linked(town) == []
    assert TaskKind.CALL_BACK in Phone(town).tasks()
