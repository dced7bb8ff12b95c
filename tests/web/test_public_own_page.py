"""Does the page of somebody who came back read in order, and keep their words when they are refused?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from grievance.i18n import ZONE
from grievance.vocabulary import Settled
from tests.fixtures import Town
from tests.web.public_pages import STORY, Visitor, visitor
from tests.web.test_public_follow import ANSWERS, answer_relayed


def came_back(town: Town) -> Visitor:
    """Somebody who reported about the site, left, and came back with the receipt."""
    reporter = visitor(town.app).answer_all(lieu_site=str(town.world.site.id), **ANSWERS)
    return visitor(town.app).come_back(reporter.send().receipt)


def test_the_own_story_stands_first_and_each_other_line_says_what_it_is(town: Town) -> None:
    near, clue, wish = "Derrière le marché", "Chemise bleue", "Payez les soins."
    reporter = visitor(town.app).begin().send(lieu_province="Lualaba", lieu_pres=near)
    reporter.send().send(qui="unknown", indices_texte=clue).send()
    reporter.send(recit=STORY, souhait=wish).send().send(contact="web")
    own = visitor(town.app).come_back(reporter.send().receipt).text

    places = [own.index(words) for words in (STORY, near, clue, wish)]
    assert places == sorted(places)
    for label in ("· Où</small>", "· Ce que vous avez remarqué</small>", "· Ce que vous demandez</small>"):
        assert label in own


def test_words_beside_an_answer_are_not_lost_when_no_choice_was_made(town: Town) -> None:
    person = came_back(town)
    referral = answer_relayed(town, person)
    refused = person.get("/fr/suivi/dossier").do("settle", texte="Ils n'ont rien payé.")

    assert refused.page.status_code == 422
    box = refused.text.split(f'id="reponse-{referral}"')[1].split("</textarea>")[0]
    assert 'aria-invalid="true"' in box
    assert "Ils n'ont rien payé." in box
    assert f'href="#reponse-{referral}"' in refused.text


@pytest.mark.parametrize("called", [False, True])
def test_after_stopping_everything_no_date_is_promised_but_a_call_that_was_asked_for(
    town: Town, called: bool
) -> None:
    person = came_back(town)
    assert person.text.count("<dt>") >= 3
    if called:
        person.do("call_back", telephone="", texte="Le soir").get("/fr/suivi/dossier")
    stopped = person.do("withdraw").do("withdraw").get("/fr/suivi/dossier")

    kept = re.findall(r"<dt>([^<]+)</dt>", stopped.text)
    assert kept == (["Vous appeler"] if called else [])
    assert ("Ce qui est promis" in stopped.text) is called
    closes = (datetime.now(UTC) + timedelta(days=30)).astimezone(ZONE)
    days = "|".join(f"{closes - timedelta(days=back):%d/%m/%Y}" for back in (0, 1))
    assert "ONG Exemple Kolwezi vous parle en sécurité, puis ferme le dossier" in stopped.text
    assert re.search(rf"elle peut le fermer après le ({days})\.", stopped.text)
    resumed = stopped.do("consent", 0).get("/fr/suivi/dossier")
    assert resumed.text.count("<dt>") >= 3


def test_an_empty_message_is_explained_beside_its_field(town: Town) -> None:
    refused = came_back(town).do("add", texte="  ")

    assert refused.page.status_code == 422
    assert refused.text.count("Écrivez quelque chose") == 2
    assert 'href="#texte"' in refused.text


def test_a_long_story_is_told_by_how_much_it_is_too_long_and_is_not_lost(town: Town) -> None:
    writer = visitor(town.app).begin().send().send().send().send()
    writer.send(recit="a" * 16_400)

    assert writer.page.status_code == 422
    assert "16400 signes" in writer.text
    assert "Raccourcissez de 400" in writer.text
    assert "a" * 16_400 in writer.text


def test_the_answer_stands_above_the_question_about_it(town: Town) -> None:
    person = came_back(town)
    answer_relayed(town, person)
    page = person.get("/fr/suivi/dossier").text

    card = page.split('<section class="card yours">')[1].split("</section>")[0]
    assert card.index("La société a puni deux gardes.") < card.index("Cette réponse vous va-t-elle")


def test_who_accepted_the_answer_reads_that_the_case_will_be_closed(town: Town) -> None:
    person = came_back(town)
    answer_relayed(town, person)
    person.get("/fr/suivi/dossier").do("settle", reponse=Settled.YES.value)

    assert "<h1>Vous avez accepté la réponse. L'ONG va fermer le dossier.</h1>" in person.text
