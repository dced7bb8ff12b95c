"""Can a case worker carry a complaint from its first reading to an answer that was told, on these pages?"""

from __future__ import annotations

import pytest

from grievance.actions import referrals
from tests.fixtures import Town
from tests.web.desk_pages import STORY, SUMMARY, Desk, now, referred, reported, sit, triaged

ANSWER = "Le garde a été suspendu et l'entreprise présente ses excuses."
TOLD = "La société dit que le garde ne travaille plus là."


@pytest.fixture
def desk(town: Town) -> Desk:
    """A case worker who is in both lanes, signed in."""
    return sit(town, town.world.desk.members[0])


def test_the_first_opening_shows_only_who_is_concerned_and_asks_do_you_know_anybody(
    town: Town, desk: Desk
) -> None:
    code = reported(town)
    desk.case(code)
    assert "Site Exemple A" in desk.text
    assert "Gardiennage Fictif SARL" in desk.text
    assert STORY not in desk.text
    assert desk.buttons() & {"take", "triage", "note", "write", "refer", "close"} == set()

    desk.do("declare_conflict", knows="nobody")
    assert STORY in desk.text
    assert {"take", "triage", "note", "write"} <= desk.buttons()


def test_who_knows_somebody_there_reads_nothing_and_a_colleague_still_can(town: Town, desk: Desk) -> None:
    code = reported(town)
    desk.case(code).do("declare_conflict", knows="me")
    assert STORY not in desk.text
    assert "collègue" in desk.text
    colleague = sit(town, town.world.desk.members[1]).knowing_nobody(code)
    assert STORY in colleague.text


def test_a_case_goes_from_triage_to_a_referral_and_its_answer_is_told(town: Town, desk: Desk) -> None:
    code, referral = referred(town, desk)
    company = town.world.provider.actor
    seen = referrals.referral_seen(referral, company, now())
    assert SUMMARY in [line.text for line in seen.messages]
    assert code not in str(seen)

    referrals.acknowledge(referral, actor=company, now=now())
    referrals.answer(referral, ANSWER, actor=company, now=now())
    desk.case(code)
    assert ANSWER in desk.text
    assert "relay" in desk.buttons()
    desk.do("relay", text=TOLD)
    assert desk.status == 200
    assert TOLD in desk.text
    assert "relay" not in desk.buttons()
    assert "settle" in desk.buttons()


def test_an_incomplete_answer_goes_back_to_the_company_with_what_is_missing(town: Town, desk: Desk) -> None:
    code, referral = referred(town, desk)
    company = town.world.provider.actor
    referrals.acknowledge(referral, actor=company, now=now())
    referrals.answer(referral, "Rien à dire.", actor=company, now=now())
    desk.case(code).do("incomplete", text="Qui était de garde ce jour-là ?")
    assert desk.status == 200
    told = [line.text for line in referrals.referral_seen(referral, company, now()).messages]
    assert "Qui était de garde ce jour-là ?" in told


def test_a_referral_without_the_compulsory_questions_is_refused_and_the_summary_stays(
    town: Town, desk: Desk
) -> None:
    triaged(town, desk)
    draft = {"organisation_id": str(town.world.provider.id), "kind": "ordinary", "summary": SUMMARY}
    desk.do("refer", **draft)
    assert desk.status == 409
    assert "Le résumé n'a pas encore été lu" in desk.text
    assert SUMMARY in desk.text
    desk.do("refer", **draft, summary_read="true")
    assert desk.status == 409
    assert "combien" in desk.text.lower()
    assert SUMMARY in desk.text


def test_only_who_the_complainant_agreed_to_is_offered_as_addressee(town: Town, desk: Desk) -> None:
    triaged(town, desk, share="provider")
    offered = desk.text.split('name="organisation_id"')[1:]
    refer = next(part for part in offered if "Le résumé qu" in part or "Gardiennage Fictif SARL" in part)
    select = refer.split("</select>")[0]
    assert str(town.world.mine.id) not in select or str(town.world.provider.id) in select
    desk.do(
        "refer", organisation_id=str(town.world.mine.id), kind="ordinary", summary=SUMMARY,
        summary_read="true", people_it_could_be="40", safe_if_guessed="true",
    )  # fmt: skip
    assert desk.status == 409
    assert "n'a pas accepté" in desk.text or "accord" in desk.text


def test_a_message_can_be_seen_before_it_goes_and_says_how_many_sms_it_is(town: Town, desk: Desk) -> None:
    triaged(town, desk)
    long = "Nous avons bien noté. " * 10
    desk.do("write", text=long, look="1")
    assert "2 SMS" in desk.text
    before = desk.text.count("entry-complainant")
    desk.do("write", text=long)
    assert "Le message attend la personne." in desk.text
    assert desk.text.count("entry-complainant") == before + 1


def test_an_empty_note_is_refused_with_a_sentence_beside_its_form(town: Town, desk: Desk) -> None:
    triaged(town, desk)
    desk.do("note", text="   ")
    assert desk.status == 422
    assert "Le texte manque" in desk.text
    desk.do("note", text="Rappeler le soir.")
    assert "Rappeler le soir." in desk.text


def test_name_and_number_are_shown_only_when_asked_for_and_the_look_is_written_down(
    town: Town, desk: Desk
) -> None:
    code = reported(town, safe_contact="call", phone="+243880000777", name="Nom Inventé")
    desk.knowing_nobody(code)
    assert "Nom Inventé" not in desk.text
    desk.do("identity")
    assert desk.status == 422
    assert "Nom Inventé" not in desk.text
    desk.do("identity", reason="call")
    assert "Nom Inventé" in desk.text
    assert "+243880000777" in desk.text
    assert "Nom Inventé" not in desk.case(code).text


def test_a_call_back_task_prints_a_script_in_the_language_of_the_person(town: Town, desk: Desk) -> None:
    code = reported(town, language="sw", safe_contact="call", phone="+243880000777")
    desk.knowing_nobody(code)
    assert "Uliomba tukupigie simu" in desk.text
    desk.do("call", way="call", reached="true", text="Elle va bien.")
    assert "Elle va bien." in desk.text
    assert "Uliomba tukupigie simu" not in desk.text


def test_a_case_closes_only_when_its_condition_holds(town: Town, desk: Desk) -> None:
    triaged(town, desk)
    desk.do("close", outcome="remedied", text="Tout est réparé.")
    assert desk.status == 409
    assert "Tout est réparé." in desk.text
    desk.do(
        "close", outcome="not_admitted", not_admitted="not_about_security", text="Ce service ne peut pas."
    )
    assert desk.status == 200
    assert "reopen" in desk.buttons()
    desk.do("reopen", text="Un nouvel élément.")
    assert "close" in desk.buttons()


def test_the_clock_of_a_person_held_runs_until_somebody_says_how_they_know_of_the_release(
    town: Town, desk: Desk
) -> None:
    code = reported(town, harms=["detention"], danger=True)
    desk.knowing_nobody(code)
    assert "released" not in desk.buttons()
    desk.do(
        "triage", severity="now", harms=["detention"], actor="private", lane="general",
        held_since="2020-01-01T08:00", affected_agree="true",
    )  # fmt: skip
    assert desk.status == 200
    desk.do("released")
    assert desk.status == 422
    desk.do("released", text="Sa sœur l'a vu rentrer.")
    assert "L'horloge de la personne retenue est arrêtée." in desk.text
    assert "Sa sœur l'a vu rentrer." in desk.text
    assert "released" not in desk.buttons()


def test_a_restricted_case_is_not_opened_by_members_outside_its_lane(town: Town, desk: Desk) -> None:
    code = reported(town, harms=["child_harmed"], children=1)
    outsider = next(one for one in town.world.desk.members if not one.row.in_child_lane)
    other = sit(town, outsider).case(code)
    assert STORY not in other.text
    if "declare_conflict" in other.buttons():
        other.do("declare_conflict", knows="nobody")
    assert STORY not in other.text
    assert STORY in desk.knowing_nobody(code).text


def test_a_company_or_another_desk_finds_nothing_here(town: Town, desk: Desk) -> None:
    code = reported(town)
    assert sit(town, town.world.provider.members[0]).get("/desk/").status == 404
    assert sit(town, town.world.provider.members[0]).case(code).status == 404
    assert sit(town, town.world.backup.members[0]).case(code).status == 404
    assert desk.case("ZZZZ-ZZ").status == 404
