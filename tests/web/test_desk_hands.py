"""Can a case change hands, and is the complainant's own word, said to the desk, kept as theirs?"""

from __future__ import annotations

import pytest

from grievance.actions import referrals
from grievance.schemas.company import RemedyPromise
from grievance.vocabulary import RemedyKind
from tests.fixtures import Town
from tests.web.desk_pages import STORY, Desk, now, referred, reported, sit, triaged


@pytest.fixture
def desk(town: Town) -> Desk:
    """A case worker, signed in."""
    return sit(town, town.world.desk.members[0])


@pytest.fixture
def backup(town: Town) -> Desk:
    """A case worker of the back-up organisation, signed in."""
    return sit(town, town.world.backup.members[0])


def told(town: Town, desk: Desk) -> tuple[str, str]:
    """A case whose company answered and promised care, and whose complainant was told."""
    code, referral = referred(town, desk)
    company = town.world.provider.actor
    referrals.acknowledge(referral, actor=company, now=now())
    referrals.answer(referral, "Le garde a été suspendu.", actor=company, now=now())
    promise = RemedyPromise(RemedyKind.MEDICAL_COSTS, "Nous payons les soins.")
    referrals.promise_remedy(referral, promise, actor=company, now=now())
    desk.case(code).do("relay", text="Le garde ne travaille plus là.")
    assert desk.status == 200
    return code, referral


def test_a_case_is_handed_over_and_the_back_up_takes_it_over(town: Town, desk: Desk, backup: Desk) -> None:
    code = triaged(town, desk)
    assert backup.case(code).status == 404
    desk.do("hand_over", text="Notre bureau est fermé cette semaine.")
    assert "L'autre organisation voit maintenant le dossier." in desk.text

    backup.get("/desk/")
    assert code in backup.text
    assert "En remplacement" in backup.text
    backup.knowing_nobody(code)
    assert STORY in backup.text
    backup.do("take_over")
    assert "Ce dossier est maintenant chez vous." in backup.text
    assert "take_over" not in backup.buttons()


def test_when_the_whole_desk_is_concerned_the_back_up_sees_the_case(
    town: Town, desk: Desk, backup: Desk
) -> None:
    code = reported(town)
    desk.case(code).do("declare_conflict", knows="desk")
    assert STORY not in desk.text
    assert STORY in backup.knowing_nobody(code).text


def test_the_persons_own_word_settles_the_answer(town: Town, desk: Desk) -> None:
    code, _ = told(town, desk)
    desk.do("settle", word="yes", text="C'est bien ainsi.")
    assert desk.status == 200
    assert "C'est bien ainsi." in desk.text
    assert "La personne a dit" in desk.case(code).text


def test_a_word_on_an_answer_that_was_not_chosen_is_asked_again(town: Town, desk: Desk) -> None:
    told(town, desk)
    desk.do("settle", text="Je ne sais pas.")
    assert desk.status == 422
    assert "Choisissez ce que la personne a dit." in desk.text
    assert "Je ne sais pas." in desk.text


def test_only_the_person_says_whether_a_remedy_came(town: Town, desk: Desk) -> None:
    told(town, desk)
    assert "Frais médicaux" in desk.text
    desk.do("dispute_remedy")
    assert "Contestée" in desk.text or "Contest" in desk.text
    desk.do("confirm_remedy")
    assert "Confirm" in desk.text
    assert "confirm_remedy" not in desk.buttons()


def test_who_stops_everything_is_not_referred_any_more(town: Town, desk: Desk) -> None:
    triaged(town, desk)
    desk.do("withdraw")
    assert "a tout arrêté" in desk.text
    desk.do(
        "refer", organisation_id=str(town.world.provider.id), kind="ordinary", summary="Un résumé.",
        summary_read="true", people_it_could_be="40", safe_if_guessed="true",
    )  # fmt: skip
    assert desk.status == 409
    assert "Un résumé." in desk.text


def test_a_no_recorded_for_a_company_takes_it_out_of_the_addressees(town: Town, desk: Desk) -> None:
    triaged(town, desk)
    desk.do("consent", organisation_id=str(town.world.provider.id), allowed="false", how="call")
    assert "Ce que la personne a dit est noté." in desk.text
    refer = desk.text.split('id="refer-organisation_id"')[1].split("</select>")[0]
    assert str(town.world.provider.id) not in refer
    assert str(town.world.mine.id) in refer


def test_a_finding_needs_its_reason(town: Town, desk: Desk) -> None:
    triaged(town, desk)
    options = desk.text.split('id="find-allegation_id"')[1].split("</select>")[0]
    allegation = options.split('value="')[1][:36]
    desk.do("find", allegation_id=allegation, finding="likely")
    assert desk.status == 422
    desk.do("find", allegation_id=allegation, finding="likely", reason="Deux témoins disent la même chose.")
    assert "Ce qui a été établi est noté." in desk.text


def test_a_letter_exists_only_for_a_company_without_an_account(town: Town, desk: Desk) -> None:
    code, referral = referred(town, desk)
    assert desk.get(f"/desk/referrals/letter?code={code}&referral={referral}").status == 409
    assert desk.get(f"/desk/referrals/letter?code={code}&referral=ZZZZ-ZZ").status == 404
