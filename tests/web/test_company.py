"""Does a company see what was referred to it, answer it, and learn nothing of the case?"""

from __future__ import annotations

import re

import pytest

from grievance.actions import referrals
from grievance.schemas.company import RemedyPromise
from grievance.store import queries
from grievance.store.session import transaction
from grievance.terms import ReferralState
from grievance.vocabulary import RemedyKind, RemedyState
from tests import desk_work
from tests.fixtures import Town
from tests.web.desk_pages import Desk, now, sit

ANSWER = "Deux gardes étaient là. Ils ne travaillent plus au portail."


def seated(town: Town) -> Desk:
    """The security manager of the guard company."""
    return sit(town, town.world.provider.members[0])


def opened(town: Town) -> tuple[Desk, str, str]:
    """The page of one referral, with the codes of the case and of the referral."""
    code, referral = desk_work.referred(town, now())
    return seated(town).get(f"/company/referrals?code={referral}"), code, referral


def state(town: Town, referral: str) -> ReferralState:
    return referrals.referral_seen(referral, town.world.provider.actor, now()).state


def test_the_queue_names_the_referral_and_nothing_of_the_case(town: Town) -> None:
    code, referral = desk_work.referred(town, now())
    page = seated(town).get("/company/")
    assert page.status == 200
    assert referral in page.text
    assert code not in page.text
    assert "Lualaba" not in page.text


def test_a_referral_shows_its_summary_and_its_deadlines(town: Town) -> None:
    page, code, _ = opened(town)
    assert desk_work.SUMMARY in page.text
    assert desk_work.STORY not in page.text
    assert page.text.count('class="clock"') == 2
    assert {"acknowledge", "answer", "not_ours"} <= page.buttons()
    assert {"relay", "settle", "close"}.isdisjoint(page.buttons())
    with transaction(town.world.desk.actor) as session:
        case_id = str(queries.case_by_code(session, code).id)
    said = page.text + str(page.page.headers)
    assert code not in said
    assert case_id not in said
    assert case_id.replace("-", "") not in said


def test_a_company_confirms_asks_and_answers_from_its_page(town: Town) -> None:
    page, _, referral = opened(town)
    page.do("acknowledge")
    assert state(town, referral) is ReferralState.ACKNOWLEDGED
    page.do("ask", text="De quel portail s'agit-il ?")
    assert "De quel portail s'agit-il ?" in page.text
    page.do("answer", text=ANSWER)
    assert page.status == 200
    assert ANSWER in page.text
    assert state(town, referral) is ReferralState.ANSWERED


def test_an_empty_answer_comes_back_with_what_is_wrong(town: Town) -> None:
    page, _, referral = opened(town)
    page.do("answer", text="  ")
    assert page.status == 422
    assert 'role="alert"' in page.text
    assert state(town, referral) is ReferralState.SENT


def test_what_was_typed_stays_when_a_form_is_refused(town: Town) -> None:
    page, _, referral = opened(town)
    page.do("acknowledge")
    page.do("extend", days="59", reason="Le responsable du site est absent.")
    assert page.status == 409
    assert "Le responsable du site est absent." in page.text
    assert len(referrals.referral_seen(referral, town.world.provider.actor, now()).messages) == 1


def test_more_time_is_given_once_with_a_reason(town: Town) -> None:
    page, _, referral = opened(town)
    before = referrals.referral_seen(referral, town.world.provider.actor, now())
    page.do("acknowledge").do("extend", days="5", reason="Deux témoins sont en congé.")
    assert page.status == 200
    after = referrals.referral_seen(referral, town.world.provider.actor, now())
    assert max(c.due_at for c in after.clocks) > max(c.due_at for c in before.clocks)
    assert "extend" not in page.buttons()


def test_a_remedy_is_promised_then_delivered_with_what_shows_it(town: Town) -> None:
    page, _, referral = opened(town)
    page.do("answer", text=ANSWER)
    page.do("promise_remedy", kind="medical_costs", text="Les soins, sur facture.", due_on="2027-01-15")
    assert page.status == 200
    assert "15/01/2027" in page.text
    page.do("deliver_remedy", proof="Reçu 114 du centre de santé, signé.")
    (remedy,) = referrals.referral_seen(referral, town.world.provider.actor, now()).remedies
    assert remedy.state is RemedyState.DELIVERED
    assert "Reçu 114" in page.text


def test_a_remedy_of_another_company_cannot_be_said_to_be_done(town: Town) -> None:
    page, code, _ = opened(town)
    page.do("answer", text=ANSWER)
    page.do("promise_remedy", kind="apology", text="Une lettre.")
    mine = referrals.refer(
        code, desk_work.draft(town.world.mine.id), actor=town.world.desk.actor, now=now()
    )
    actor = town.world.mine.actor
    referrals.answer(mine, "Nous payons.", actor=actor, now=now())
    promised = RemedyPromise(RemedyKind.MEDICAL_COSTS, "Les soins.")
    theirs = referrals.promise_remedy(mine, promised, actor=actor, now=now())
    page.do("deliver_remedy", remedy_id=str(theirs), proof="Fait.")
    assert page.status == 404


def test_it_is_not_ours_goes_back_to_the_organisation(town: Town) -> None:
    page, _, referral = opened(town)
    page.do("not_ours", text="Le contrat de ce portail est d'une autre société.")
    assert page.status == 200
    assert state(town, referral) is ReferralState.NOT_THEIRS
    assert referral in seated(town).get("/company/?show=over").text


def test_another_company_finds_nothing_there(town: Town) -> None:
    _, _, referral = opened(town)
    for other in (town.world.second_provider, town.world.mine):
        page = sit(town, other.members[0])
        missing = page.get(f"/company/referrals?code={referral}")
        assert missing.status == 404
        assert re.sub("[0-9A-Z]{4}-[0-9A-Z]{2}", "", missing.text) == re.sub(
            "[0-9A-Z]{4}-[0-9A-Z]{2}", "", page.get("/company/referrals?code=2222-22").text
        )


def test_the_code_of_a_case_opens_nothing_at_a_company(town: Town) -> None:
    page, code, _ = opened(town)
    assert page.get(f"/company/referrals?code={code}").status == 404


@pytest.mark.parametrize("room", ["desk", "overseer", "host"])
def test_nobody_else_comes_into_the_room_of_a_company(town: Town, room: str) -> None:
    page = sit(town, getattr(town.world, room).members[0])
    assert page.get("/company/").status == 404
    assert page.get("/company/referrals?code=2222-22").status == 404


def test_without_a_session_the_door_is_shown(town: Town) -> None:
    assert town.app.test_client().get("/company/").headers["Location"].endswith("/sign-in")
