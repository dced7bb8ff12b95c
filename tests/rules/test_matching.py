"""Is each kind of entry of the lexicon found as it is meant, and nothing else?"""

from __future__ import annotations

import pytest

from grievance.rules import lexicon
from grievance.rules.lexicon import HARM_WORDS
from grievance.rules.matching import fold, pattern
from grievance.vocabulary import Harm


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Éléphant  À\tLUBUMBASHI", "elephant a lubumbashi"),
        ("la sœur d’un garde", "la soeur d un garde"),
        ("l'ŒUVRE", "l oeuvre"),
        ("ng'ombe, NG’OMBE", "ngombe ngombe"),
        ("straße n° 3 !", "strasse n 3"),
        ("", ""),
        ("??", ""),
    ],
)
def test_case_accents_and_signs_do_not_count(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("entry", "found", "passed_over"),
    [
        ("cachot", ("au cachot", "cachot"), ("cachots", "uncachot")),
        ("enferm*", ("enferme", "enfermee", "ils ont enferm"), ("renferme",)),
        ("coup de feu", ("un coup de feu",), ("coup du feu", "feu de coup", "coup de feux")),
        ("Garde à vue", ("en garde a vue",), ("garde",)),
        (
            "~pigwa",
            ("pigwa", "amepigwa", "balinipigwa", "kupigwa", "ninapigwa", "mlipigwa", "hupigwa"),
            ("pigwani", "xpigwa", "zpigwa"),
        ),
        ("~lale naye", ("alale naye", "nilale naye"), ("alale nayo", "xlale naye")),
        ("~jeruhi*", ("amejeruhiwa", "kumjeruhi"), ("xjeruhiwa",)),
        (
            "=fungwa",
            ("amefungwa", "nilifungwa", "wamefungwa", "balifungwa", "kufungwa", "tunafungwa"),
            ("imefungwa", "zimefungwa", "fungwa", "amefungwani"),
        ),
        (
            "=funga",
            ("bamemufunga", "walinifunga", "amemfunga", "alitufunga", "wakamufunga", "anawafunga"),
            ("imefunga", "amefunga", "funga", "bamemufungan"),
        ),
        ("=shika*", ("bamemushikana", "walimshika"), ("ameshika", "shikana")),
    ],
)  # fmt: skip
def test_an_entry_finds_what_it_is_written_for(
    entry: str, found: tuple[str, ...], passed_over: tuple[str, ...]
) -> None:
    sought = pattern([entry])
    assert [text for text in found if not sought.search(text)] == []
    assert [text for text in passed_over if sought.search(text)] == []


def test_any_entry_of_several_is_enough_and_stands_alone() -> None:
    sought = pattern(["chien", "mbwa"])
    assert sought.search("un chien")
    assert sought.search("ya mbwa")
    assert not sought.search("chienmbwa")
    assert not sought.search("chien-loup".replace("-", ""))


def test_a_list_of_words_is_cut_at_commas_and_at_nothing_else() -> None:
    assert lexicon._words("  coup de\n  feu , balle,,~pigwa,") == ("coup de feu", "balle", "~pigwa")
    assert "coup de crosse" in HARM_WORDS[Harm.ASSAULT]
