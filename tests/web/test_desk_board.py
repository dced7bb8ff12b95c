"""Does the desk see what is due, does a told complaint get in, and who can be rung?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from grievance.store import vault
from grievance.store.models import Duty, Entry, JournalLine
from grievance.store.session import transaction
from grievance.vocabulary import EntryKind, Language
from grievance.web.desk import board
from tests.fixtures import Town
from tests.make import Someone
from tests.web.desk_pages import STORY, Desk, now, reported, sit


@pytest.fixture
def desk(town: Town) -> Desk:
    """A case worker, signed in."""
    return sit(town, town.world.desk.members[0])


def lead(town: Town) -> Someone:
    """The desk's lead."""
    return next(one for one in town.world.desk.members if one.row.role.value == "case_lead")


def codes(desk: Desk) -> list[str]:
    """The cases in the table, from top to bottom."""
    return re.findall(r'row-link" href="/desk/cases\?code=([^"]+)"', desk.text)


def test_an_empty_queue_says_what_will_appear_and_what_to_do(desk: Desk) -> None:
    desk.get("/desk/")
    assert desk.status == 200
    assert "Aucun dossier ouvert ici." in desk.text
    assert "saisissez-le vous-même" in desk.text


def test_what_is_due_first_stands_first_and_what_is_late_says_so(town: Town, desk: Desk) -> None:
    other = reported(town, harms=["theft"], story="On a volé ma radio.")
    grave = reported(town, harms=["shooting"], danger=True)
    assert codes(desk.get("/desk/")) == [grave, other]
    with time_machine.travel(now() + timedelta(days=3)):
        late = sit(town, town.world.desk.members[0]).get("/desk/?show=late")
        assert grave in codes(late)
        assert "is-late" in late.text
        assert "en retard" in late.text


def test_a_restricted_line_says_only_restricted(town: Town, desk: Desk) -> None:
    code = reported(town, harms=["child_harmed"], children=1)
    rows = desk.get("/desk/").text.split("<tr class")
    row = next(part for part in rows if f'row-link" href="/desk/cases?code={code}"' in part)
    assert "Restreint" in row
    for told in ("Site Exemple A", "Enfant", "Page web", "Français", "Lualaba"):
        assert told not in row.split("</tr>")[0]


def test_the_queue_is_filtered_by_severity_and_language_and_finds_a_code(town: Town, desk: Desk) -> None:
    french, swahili = reported(town), reported(town, language="sw", harms=["theft"], story="Radio.")
    assert codes(desk.get("/desk/?language=sw")) == [swahili]
    assert codes(desk.get("/desk/?severity=serious")) == [french]
    assert codes(desk.get(f"/desk/find?find={french[:3].lower()}")) == [french]
    assert "connaissez-vous quelqu'un" in desk.get(f"/desk/find?find={french.lower()}").text
    assert len(codes(desk.get("/desk/?severity=nonsense&show=nothing"))) == 2
    assert codes(desk.get("/desk/?show=closed")) == []


def test_a_case_leaves_the_new_ones_when_somebody_wrote_to_the_person(town: Town, desk: Desk) -> None:
    code = reported(town)
    assert codes(desk.get("/desk/?show=fresh")) == [code]
    desk.knowing_nobody(code).do("write", text="Nous avons bien reçu votre message.")
    assert codes(desk.get("/desk/?show=fresh")) == []


def test_an_oral_complaint_gets_in_with_how_consent_was_given(town: Town, desk: Desk) -> None:
    told = {
        "language": "sw", "story": STORY, "province": "Lualaba", "site_id": str(town.world.site.id),
        "harms": ["assault"], "incident": "yesterday", "safe_contact": "nothing",
    }  # fmt: skip
    desk.get("/desk/new").do("assisted", **told)
    assert desk.status == 422
    assert "comment la personne a accepté que nous gardions ceci" in desk.text
    assert "Écrivez qui a accepté." in desk.text
    assert STORY in desk.text
    proof = {"consent_how": "thumbprint", "consent_by": "La mère de l'enfant", "consent_on": "2025-11-03"}
    desk.do("assisted", **told | proof | {"consent_on": "2999-01-01"})
    assert desk.status == 422
    assert "Cela ne peut pas être un jour à venir." in desk.text

    desk.do("assisted", **told, **proof, consent_given="Lu à haute voix, elle a dit oui.")
    code = re.search(r'data-code="([^"]+)"', desk.text)[1]
    desk.knowing_nobody(code)
    assert STORY in desk.text
    assert "Lu à haute voix, elle a dit oui." in desk.text
    assert "Empreinte sur papier · La mère de l'enfant · 03/11/2025" in desk.text
    with transaction(town.world.desk.actor) as session:
        lines = session.execute(
            select(JournalLine.move, JournalLine.commitment).order_by(JournalLine.seq)
        ).all()
        entry = session.scalars(select(Entry).where(Entry.kind == EntryKind.CONSENT_GIVEN)).one()
    assert ("consent", vault.entry_commitment(entry)) in [tuple(line) for line in lines]


def test_the_lead_keeps_the_roster_and_its_numbers_are_hidden(town: Town, desk: Desk) -> None:
    chief = sit(town, lead(town))
    assert "Personne n'est inscrit" in chief.get("/desk/duty").text
    turn = {
        "member_id": str(lead(town).row.id), "starts_at": "2020-01-01T08:00", "ends_at": "2099-01-01T08:00",
        "number": "0991234567",
    }  # fmt: skip
    chief.do("duty", **turn | {"number": "rien"})
    assert chief.status == 422
    assert "numéro de téléphone" in chief.text
    chief.do("duty", **turn)
    assert "Quelqu'un est de garde maintenant." in chief.text
    assert "991234567" not in chief.text
    with transaction(town.world.desk.actor) as session:
        assert b"991234567" not in session.scalar(select(Duty.number_hidden))
    assert "duty" not in desk.get("/desk/duty").buttons()
    chief.do("remove_duty")
    assert "Personne n'est inscrit" in chief.text


def test_a_case_worker_may_not_change_the_roster(town: Town, desk: Desk) -> None:
    form = desk.get("/desk/duty").forms()[0]
    turn = {
        "member_id": str(lead(town).row.id), "starts_at": "2020-01-01T08:00", "ends_at": "2099-01-01T08:00",
        "number": "0991234567",
    }  # fmt: skip
    answer = desk.client.post("/desk/duty", data={**form["hidden"], **turn})
    assert answer.status_code == 409


@pytest.mark.parametrize("language", list(Language))
def test_every_page_of_the_desk_is_whole_in_each_staff_language(
    town: Town, desk: Desk, language: Language
) -> None:
    code = reported(town)
    desk.get("/desk/").do("language", language=language.value)
    for address in ("/desk/", "/desk/new", "/desk/duty", f"/desk/cases?code={code}"):
        desk.get(address)
        assert desk.status == 200
        assert f'<html lang="{language.value}">' in desk.text
    desk.do("declare_conflict", knows="nobody")
    assert desk.status == 200
    english = "Nobody has taken this case yet" in desk.text
    assert english is (language is Language.ENGLISH)


def test_somebody_in_danger_is_rung_before_anything_else(town: Town, desk: Desk) -> None:
    reported(town, safe_contact="call", phone="+243990000001", story="Ma radio.", harms=["theft"])
    in_danger = reported(town, danger=True)
    page = desk.get("/desk/").text
    first = page.split('class="todo-one')[1].split("</li>")[0]
    assert "todo-danger" in first
    assert in_danger in first


def test_a_long_queue_shows_what_presses_most_and_the_rest_on_request(
    town: Town, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "AT_ONCE", 1)
    reported(town, harms=["theft"], story="Radio."), reported(town, harms=["shooting"], danger=True)
    assert len(codes(desk.get("/desk/"))) == 1
    assert "Afficher encore 1 dossier" in desk.text
    assert len(codes(desk.get("/desk/?all=1"))) == 2


def test_the_sections_of_the_room_stay_at_hand_on_every_page(town: Town, desk: Desk) -> None:
    sections = desk.get("/members").text.split('class="sections"')[1].split("</nav>")[0]
    for address in ("/desk/", "/desk/new", "/desk/duty"):
        assert f'href="{address}"' in sections
