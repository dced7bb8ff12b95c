"""Does ICoCA see what reached it, and in the numbers nobody?"""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from sqlalchemy import select

from grievance.actions import cases, escalation, intake, objections, referrals, statistics
from grievance.schemas.follow import AppealTo
from grievance.schemas.statistics import LineOut
from grievance.store import queries
from grievance.store.models import JournalLine
from grievance.store.session import transaction
from grievance.terms import CaseState, ReferralState
from tests import desk_work
from tests.fixtures import Town
from tests.web.desk_pages import Desk, now, sit

KEY = ((1, bytes(range(32))),)
DAY = timedelta(days=1)
CHARTS = ("quarters", "clocks", "steps")


def seated(town: Town) -> Desk:
    """A member of the overseer."""
    return sit(town, town.world.overseer.members[0])


def counted(town: Town, count: int) -> None:
    for _ in range(count):
        desk_work.referred(town, now() - 2 * DAY)
    statistics.collect(now(), key=KEY)


def climbed(town: Town) -> str:
    """A referral that nobody answered and that climbed to the overseer; gives the case's code."""
    began = now() - 70 * DAY
    code = desk_work.opened(town, began)
    desk = town.world.desk.actor
    cases.record_consent(code, desk_work.agrees(town.world.overseer.id), actor=desk, now=began)
    referrals.refer(code, desk_work.draft(town.world.provider.id), actor=desk, now=began)
    for day in range(70):
        for clock_id in escalation.overdue(began + day * DAY):
            escalation.climb_clock(clock_id, began + day * DAY)
    return code


def test_what_climbed_is_read_and_answered_like_a_referral(town: Town) -> None:
    climbed(town)
    (line,) = referrals.company_queue(town.world.overseer.actor, now())
    page = seated(town).get("/oversight/")
    assert line.code in page.text
    page.get(f"/oversight/referrals?code={line.code}")
    assert desk_work.SUMMARY in page.text
    assert desk_work.STORY not in page.text
    page.do("acknowledge").do("answer", text="Nous avons écrit à la société.")
    assert page.status == 200
    seen = referrals.referral_seen(line.code, town.world.overseer.actor, now())
    assert seen.state is ReferralState.ANSWERED


def test_a_step_that_could_not_be_taken_stands_on_the_first_page(town: Town) -> None:
    began = now() - 70 * DAY
    desk_work.referred(town, began)
    for day in range(0, 70, 2):
        for clock_id in escalation.overdue(began + day * DAY):
            escalation.climb_clock(clock_id, began + day * DAY)
    statistics.collect(now(), key=KEY)
    page = seated(town).get("/oversight/")
    assert "Mutshatsha" in page.text
    assert "Gardiennage Fictif SARL" not in page.text


def test_an_appeal_is_read_and_decided(town: Town) -> None:
    code = desk_work.opened(town, now() - DAY)
    desk = town.world.desk.actor
    with transaction(desk) as session:
        case = queries.case_by_code(session, code, lock=True)
        objections.start_appeal(session, case, AppealTo.OVERSEER, False, actor=desk, now=now())
    page = seated(town).get("/oversight/")
    assert code in page.text
    page.get(f"/oversight/cases?code={code}")
    assert desk_work.STORY in page.text
    page.do("decide_appeal", stands="false", text="Le dossier est rouvert: la société doit répondre.")
    assert page.status == 200
    assert cases.seen(code, desk, now()).state is CaseState.OPEN


def test_a_complaint_about_a_desk_is_read_without_identity(town: Town) -> None:
    said = desk_work.report(town, harms=["about_us"], name="Nom Inventé", share="nobody")
    code = intake.receive(said, opening=desk_work.half(), now=now()).code
    page = seated(town).get(f"/oversight/cases?code={code}")
    assert desk_work.STORY in page.text
    assert "Nom Inventé" not in page.text


def test_the_overseer_opens_no_other_case(town: Town) -> None:
    code = desk_work.opened(town, now())
    assert seated(town).get(f"/oversight/cases?code={code}").status == 404


def test_the_numbers_are_shown_and_small_ones_are_not(town: Town) -> None:
    counted(town, 4)
    page = seated(town)
    assert "hidden-number" in page.get("/oversight/statistics").text
    assert '<td class="number">4</td>' not in page.text
    counted(town, 1)
    assert '<td class="number">5</td>' in page.get("/oversight/statistics").text


def test_the_file_has_every_number_of_the_page_and_marks_the_hidden(town: Town) -> None:
    counted(town, 5)
    page = seated(town).get("/oversight/statistics.csv")
    assert page.page.mimetype == "text/csv"
    rows = list(csv.DictReader(StringIO(page.page.get_data(as_text=True))))
    assert set(rows[0]) == set(LineOut().fields)
    found = {(row["table"], row["row"], row["column"]): row for row in rows}
    assert found["stages", "total", "total"]["cases"] == "5"
    assert found["providers", str(town.world.provider.id), "total"]["row_name"] == "Gardiennage Fictif SARL"
    assert all(row["cases"] in ("", "0") or int(row["cases"]) >= 5 for row in rows)


def test_who_takes_the_file_away_leaves_a_line(town: Town) -> None:
    seated(town).get("/oversight/statistics.csv")
    overseer = town.world.overseer
    with transaction(overseer.actor) as session:
        lines = session.scalars(select(JournalLine).where(JournalLine.chain == overseer.id)).all()
    assert [line.actor for line in lines if line.move == "exported"] == [overseer.actor.name]


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_a_picture_without_script(town: Town, name: str) -> None:
    counted(town, 5)
    drawn = seated(town).get(f"/oversight/charts/{name}.svg")
    assert drawn.status == 200
    assert drawn.page.mimetype == "image/svg+xml"
    assert "<script" not in drawn.text
    assert "script-src" not in drawn.page.headers["Content-Security-Policy"]
    assert "http://" not in drawn.text.replace("http://www.w3.org/", "")


def test_without_any_fact_every_page_is_still_there(town: Town) -> None:
    page = seated(town)
    for path in ("", "statistics", "statistics.csv", *(f"charts/{name}.svg" for name in CHARTS)):
        assert page.get(f"/oversight/{path}").status == 200, path
    assert page.get("/oversight/charts/other.svg").status == 404


@pytest.mark.parametrize("room", ["desk", "provider", "mine", "host"])
def test_nobody_else_reads_the_statistics(town: Town, room: str) -> None:
    page = sit(town, getattr(town.world, room).members[0])
    for path in ("", "statistics", "statistics.csv", "charts/clocks.svg"):
        assert page.get(f"/oversight/{path}").status == 404
