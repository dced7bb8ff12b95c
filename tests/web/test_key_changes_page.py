"""Can a lead change the desk's keys from a page, with a colleague, and see how far it is?"""

from __future__ import annotations

import re

from grievance.actions import people
from tests.fixtures import Town
from tests.web.desk_pages import Desk, now, sit, triaged


def replaced(desk: Desk) -> list[tuple[str, str]]:
    """What the page says of each older key: how many of how many."""
    return re.findall(r'<progress max="(\d+)" value="(\d+)">', desk.get("/members/keys").text)


def test_a_lead_starts_a_colleague_agrees_and_the_page_shows_how_far_it_is(town: Town) -> None:
    members = town.world.desk.members
    colleague, lead = sit(town, members[0]), sit(town, members[2])
    code = triaged(town, colleague)
    people.disable(members[1].row.id, actor=town.world.desk.lead, now=now())

    page = lead.get("/members/keys")
    assert "est partie" in page.text
    assert page.do("start_key_change", kinds=["desk", "triage"]).status == 200
    assert "agree_key_change" not in lead.get("/members/keys").buttons()
    assert "start_key_change" not in colleague.get("/members/keys").buttons()

    while "agree_key_change" in colleague.get("/members/keys").buttons():
        assert colleague.do("agree_key_change").status == 200
    assert replaced(colleague) == [("4", "0"), ("4", "0")]
    assert colleague.do("seal_anew").status == 200
    assert replaced(colleague) == [("4", "4"), ("4", "4")]
    assert "est partie" not in colleague.text
    assert "bras est cassé" in colleague.case(code).text


def test_a_company_and_an_overseer_have_the_page_and_the_host_has_no_keys(town: Town) -> None:
    for tenant in (town.world.provider, town.world.overseer, town.world.host):
        someone = sit(town, tenant.members[0])
        page = someone.get("/members/keys")
        assert page.status == 200
        offered = "start_key_change" in page.buttons()
        assert offered is (tenant is not town.world.host)
