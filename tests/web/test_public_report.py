"""Can somebody with an old phone, a bad network and no name report what happened, and keep a receipt?"""

from __future__ import annotations

import gzip

import pytest

from grievance.store import queries, vault
from grievance.store.session import transaction
from grievance.vocabulary import EntryKind, SafeContact
from tests.fixtures import Town
from tests.web.public_pages import PAGES, STORY, visitor


def thread(town: Town, code: str) -> list[str]:
    """What the desk reads of a case."""
    actor = town.world.desk.actor
    with transaction(actor) as session:
        case = queries.case_by_code(session, code)
        kinds = frozenset({EntryKind.STORY, EntryKind.FROM_COMPLAINANT})
        return [line.text for line in vault.read_entries(session, actor, case.id, kinds)]


def test_a_story_alone_is_enough_and_the_answer_to_the_form_is_the_receipt(town: Town) -> None:
    person = visitor(town.app).answer_all()
    person.send()

    assert person.page.status_code == 200
    assert "Location" not in person.page.headers
    assert thread(town, person.code) == [STORY]
    assert person.receipt[:4] + " " + person.receipt[4:8] in person.text


def test_the_same_form_sent_twice_is_one_case_with_one_receipt(town: Town) -> None:
    person = visitor(town.app).answer_all()
    check = person.page
    first = person.send().receipt, person.code
    person.page = check
    again = person.send().receipt, person.code

    assert again == first
    assert thread(town, person.code) == [STORY]


def test_words_added_after_sending_become_a_further_message(town: Town) -> None:
    person = visitor(town.app).answer_all()
    check = person.page
    receipt = person.send().receipt
    person.page = check
    person.send(vers="recit").send(recit="Ils sont revenus ce matin.")
    person.send()

    assert person.receipt == receipt
    assert thread(town, person.code) == [STORY, "Ils sont revenus ce matin."]


def test_going_back_keeps_what_was_written_and_the_receipt_stays_the_same(town: Town) -> None:
    person = visitor(town.app).answer_all(nom="Personne Exemple", telephone="0991234567")
    before = person.page
    person.send(vers="recit")
    assert STORY in person.text
    person.send(recit=STORY + " Le soir.")
    assert "Vérifiez vos réponses" in person.text
    one = person.send().receipt
    person.page = before
    assert person.send().receipt == one


def test_a_report_without_a_story_says_so_at_the_top_and_beside_the_box(town: Town) -> None:
    person = visitor(town.app).begin()
    for _ in range(4):
        person.send()
    person.send(souhait="Des soins")

    assert person.page.status_code == 422
    assert 'href="#recit"' in person.text
    assert 'id="recit-faux"' in person.text
    assert "Des soins" in person.text


def test_after_sexual_violence_nobody_has_to_tell_what_happened(town: Town) -> None:
    person = visitor(town.app).answer_all(faits=["sexual_violence"], demande=["aide"], recit="")
    person.send()

    assert person.code
    assert "72 heures" in person.text


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fr", "lavez la plaie 15 minutes"), ("sw", "osha kidonda na maji na sabuni dakika 15")],
)
def test_help_for_a_dog_bite_comes_on_the_very_next_page(town: Town, lang: str, words: str) -> None:
    person = visitor(town.app, lang).begin()
    person.send().send().send().send(faits=["dog_attack"])

    assert words in person.text
    assert 'name="recit"' in person.text


def test_the_desks_are_named_before_the_story_and_another_one_can_be_chosen(town: Town) -> None:
    person = visitor(town.app).begin().send(lieu_province="Lualaba")
    person.send().send().send()
    assert "lu par ONG Exemple Kolwezi" in person.text
    person.send(autre=str(town.world.desk.id), recit=STORY)

    assert "lu par ONG Exemple Likasi" in person.text
    assert STORY in person.text


def test_with_two_desks_only_asking_for_another_one_loses_nothing(town: Town) -> None:
    person = visitor(town.app).answer_all(lieu_province="Lualaba")
    person.send(vers="recit").send(autre=str(town.world.desk.id), recit=STORY)
    person.send(recit=STORY)

    assert person.send().page.status_code == 200
    assert "ONG Exemple Likasi" in person.text


def test_who_chooses_a_call_is_asked_for_a_number_and_keeps_what_was_typed(town: Town) -> None:
    person = visitor(town.app).begin()
    for page in PAGES[:-2]:
        person.send(**({"recit": STORY} if page == "recit" else {}))
    person.send(contact=SafeContact.CALL.value, nom="Personne Exemple")

    assert person.page.status_code == 422
    assert 'id="telephone-faux"' in person.text
    assert 'value="Personne Exemple"' in person.text
    assert 'value="call" id="contact" checked' in person.text


def test_a_story_of_sixteen_thousand_letters_arrives_whole_and_a_longer_one_is_not_cut(town: Town) -> None:
    longest = "é" * 16_000
    person = visitor(town.app).begin().send().send().send().send(faits=["theft"])
    person.send(recit=longest + "!")
    assert person.page.status_code == 422
    assert longest + "!" in person.text
    person.send(recit=longest).send().send()
    person.send()

    assert thread(town, person.code) == [longest]


@pytest.mark.parametrize("day", ["32/13", "26/11/2199", "hier matin"])
def test_a_day_that_cannot_be_is_asked_again(town: Town, day: str) -> None:
    person = visitor(town.app).begin().send()
    person.send(date_quand="day", date_jour=day)

    assert person.page.status_code == 422
    assert f'value="{day}"' in person.text


def test_changing_the_language_half_way_keeps_every_answer(town: Town) -> None:
    person = visitor(town.app).begin().send(lieu_pres="Près de la rivière")
    form = person.forms()[0]
    person.page = person.client.post("/sw/plainte/date", data={**form["hidden"], "vers": "date"})
    assert "Ilitokea lini?" in person.text
    assert 'action="/sw/plainte/date"' in person.text


def test_nothing_is_kept_on_the_phone_and_nothing_stands_in_an_address(town: Town) -> None:
    person = visitor(town.app).answer_all(nom="Personne Exemple")
    person.send()

    assert "Set-Cookie" not in person.page.headers
    assert person.page.headers["Cache-Control"] == "no-store"
    assert "?" not in person.page.request.full_path.rstrip("?")


def test_a_token_that_is_not_ours_begins_again_and_says_so(town: Town) -> None:
    person = visitor(town.app).begin()
    person.page = person.client.post("/fr/plainte/date", data={"jeton": "nonsense", "date_quand": "today"})

    assert person.page.status_code == 422
    assert "ne sont plus là" in person.text


def test_a_site_that_is_not_in_the_registry_is_no_answer(town: Town) -> None:
    unknown = "11111111-1111-4111-8111-111111111111"
    person = visitor(town.app).answer_all(lieu_site=unknown, lieu_province="Lualaba")

    assert person.send().page.status_code == 200


@pytest.mark.parametrize("lang", ["fr", "sw"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_fresh_is_light_and_gives_nothing_away_in_its_title(
    town: Town, lang: str, name: str
) -> None:
    person = visitor(town.app, lang).get(f"/{lang}/plainte/{name}")

    title = person.text.split("<title>")[1].split("</title>")[0]
    assert person.page.status_code == 200
    assert title == {"fr": "Formulaire", "sw": "Fomu"}[lang]
    assert len(gzip.compress(person.page.data)) < 10_000
    assert person.text.count("<script") == 1, "the way out, and nothing else"
    assert " style=" not in person.text


def test_the_calendar_of_the_way_out_fits_a_small_telephone_in_swahili(town: Town) -> None:
    shown = visitor(town.app, "sw").get("/quitter?lang=sw").text
    assert shown.count("<th scope") == 7
    assert ">Jtt</th>" in shown


def test_the_way_out_forgets_and_shows_a_calendar(town: Town) -> None:
    person = visitor(town.app).get("/quitter")

    assert person.page.status_code == 200
    assert person.page.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "<table" in person.text
