"""Do the pages ask for a reason and a second person, and does the one concerned read what was opened?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine

from grievance.actions.sign_in import PROOF_LASTS
from tests.fixtures import Town
from tests.web.desk_pages import reported, sit
from tests.web.public_pages import visitor

NAME, NUMBER, WHY = "Nom Inventé", "+243880000777", "Pour fixer le jour de la rencontre."


def test_two_people_open_a_name_and_the_complainant_reads_it_in_their_language(town: Town) -> None:
    reporter = visitor(town.app).answer_all(
        lieu_site=str(town.world.site.id), lieu_province="Lualaba", contact="web", nom=NAME,
        telephone=NUMBER,
    )  # fmt: skip
    receipt, code = reporter.send().receipt, reporter.code
    desk, colleague = (sit(town, member) for member in town.world.desk.members[:2])

    desk.knowing_nobody(code).do("identity", reason="meeting", text=WHY)
    assert "Vos collègues sont consultés" in desk.text
    assert NAME not in desk.text
    assert "look" not in desk.buttons()
    assert "agree_reveal" not in desk.buttons()

    colleague.knowing_nobody(code)
    assert WHY in colleague.text
    assert NAME not in colleague.do("agree_reveal").text
    shown = desk.case(code).do("look").text
    assert NAME in shown
    assert "880" in shown
    assert NAME not in desk.case(code).text

    for lang, said in (("fr", "ont été ouverts par"), ("sw", "vilifunguliwa na")):
        person = visitor(town.app, lang).come_back(receipt)
        assert said in person.text
        assert WHY in person.text


def test_another_reason_is_written_out(town: Town) -> None:
    code = reported(town, safe_contact="call", phone=NUMBER, name=NAME)
    desk = sit(town, town.world.desk.members[0])
    desk.knowing_nobody(code).do("identity", reason="other")
    assert desk.status == 422
    assert NAME not in desk.text


def test_a_name_is_shown_only_to_who_proved_lately_who_they_are_and_the_reason_is_not_lost(
    town: Town,
) -> None:
    code = reported(town, safe_contact="call", phone=NUMBER, name=NAME)
    desk = sit(town, town.world.desk.members[0])
    desk.knowing_nobody(code)
    with time_machine.travel(datetime.now(UTC) + PROOF_LASTS + timedelta(seconds=1), tick=False):
        desk.do("identity", reason="care", text=WHY)
        assert desk.status == 403
        assert desk.buttons() >= {"prove"}
        assert NAME not in desk.text
        assert WHY not in desk.text  # it waits in the page, sealed
        assert desk.client.get(f"/desk/referrals/letter?code={code}&referral=AAAA-AA").status_code == 403
