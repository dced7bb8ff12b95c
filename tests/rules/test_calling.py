"""Who cannot write rings and hangs up, or sends a "call me"; a story is never taken for one."""

from __future__ import annotations

import pytest

from grievance.rules.calling import asks_to_be_rung, number_to_ring
from grievance.rules.keywords import Word, parse
from grievance.vocabulary import Language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Rappelle-moi", Language.FRENCH),
        ("svp rappelez moi", Language.FRENCH),
        ("Rappelez moi au 0812345678", Language.FRENCH),
        ("S'il te plaît appelle-moi", Language.FRENCH),
        ("Nipigie", Language.SWAHILI),
        ("Tafadhali unipigie", Language.SWAHILI),
        ("ni bip", Language.SWAHILI),
        ("Please call me", None),
        ("bip", None),
    ],
)
def test_a_call_me_text_asks_for_a_call_in_its_language(text: str, language: Language | None) -> None:
    assert parse(text).word is Word.CALL_ME
    assert parse(text).language in (language, None)


@pytest.mark.parametrize(
    "story",
    [
        "Les gardes m'ont battu, appelez-moi", "Ils ont rappelé le chien", "Nipigie polisi, walinzi wameniua",
        "Ils veulent me rappeler au travail", "Walinzi walinipigia", "", "appelez la police",
    ],
)  # fmt: skip
def test_a_story_that_holds_the_words_is_a_story(story: str) -> None:
    assert not asks_to_be_rung(story)


def test_an_operators_call_me_names_the_number_to_ring() -> None:
    assert number_to_ring("Le 0812345678 vous demande de le rappeler. Vodacom") == "0812345678"
    assert number_to_ring("Rappelle-moi SVP: +243 81 234 56 78") == "+243 81 234 56 78"


@pytest.mark.parametrize(
    "text", ["Votre solde est de 0812345678", "Appelez 0812345678 ou 0812345679 svp", "Rappelle moi", ""]
)
def test_no_number_is_taken_from_an_advertisement(text: str) -> None:
    assert number_to_ring(text) is None
