"""Does the letter to a company say what the desk wrote, what is asked and by when, and nothing else?"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from io import BytesIO
from string import Formatter

import pytest
from pypdf import PdfReader

from grievance.letters import Letter, letter
from grievance.letters.words import WORDS
from grievance.vocabulary import Language, ReferralKind

SUMMARY = "Une personne dit avoir été frappée par des gardes près d'un portail."
LETTER = Letter(
    referral_code="K7M3-94", addressee="Gardiennage Fictif SARL", address="12, avenue des Exemples\nKolwezi",
    desk_name="ONG Exemple Kolwezi", desk_address="34, avenue Inventée\nKolwezi", summary=SUMMARY,
    wished="Le remboursement des soins.", acknowledge_by=date(2026, 11, 26), answer_by=date(2026, 12, 15),
    language=Language.FRENCH, sent_on=date(2026, 11, 24),
)  # fmt: skip
# Signs that Typst would obey in its own text: none may be obeyed, or lost.
SIGNS = (
    '#set page(width: 1mm) #panic("non") *gras* _ital_ \\ $a^2$ @code <ici> // fin /* x */ "q" `c` ~ -- [y]'
)


def _pages(what: Letter) -> list[str]:
    reader = PdfReader(BytesIO(letter(what)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def _text(what: Letter) -> str:
    return " ".join(_pages(what))


@pytest.mark.parametrize("language", Language)
def test_a_letter_is_one_signed_page_with_code_dates_and_summary(language: Language) -> None:
    what = replace(LETTER, language=language)

    assert letter(what).startswith(b"%PDF-")
    (page,) = _pages(what)

    shown = (LETTER.referral_code, LETTER.addressee, LETTER.desk_name, "12, avenue des Exemples", SUMMARY)
    for part in (*shown, LETTER.wished, "24/11/2026", "26/11/2026", "15/12/2026"):
        assert part in page
    assert WORDS[language]["signature"] in page


def test_it_is_made_for_a4_paper() -> None:
    box = PdfReader(BytesIO(letter(LETTER))).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


@pytest.mark.parametrize("place", ["summary", "wished", "addressee", "address", "desk_name", "desk_address"])
def test_signs_of_markup_are_shown_as_they_were_written(place: str) -> None:
    shown = _text(replace(LETTER, **{place: SIGNS}))
    assert SIGNS in shown


def test_braces_in_a_name_are_shown_as_they_were_written() -> None:
    assert "à ONG {code} {0}, à" in _text(replace(LETTER, desk_name="ONG {code} {0}"))


def test_lines_stay_lines_and_nothing_runs_off_the_paper() -> None:
    """A word of 300 letters breaks: each piece stands in a line that fits between the margins."""
    reader = PdfReader(BytesIO(letter(replace(LETTER, summary="un\r\ndeux\n" + "x" * 300))))
    lines = reader.pages[0].extract_text().splitlines()
    assert "un" in lines
    assert "deux" in lines
    pieces = [line for line in lines if line.startswith("xxx")]
    assert sum(piece.count("x") for piece in pieces) == 300
    assert max(len(piece) for piece in pieces) <= 90


def test_a_long_summary_is_told_whole_with_the_code_on_each_page() -> None:
    words = " ".join(f"mot{number}" for number in range(2_000))
    pages = _pages(replace(LETTER, summary=words))
    assert len(pages) > 1
    assert all(LETTER.referral_code in page for page in pages)
    told = " ".join(pages)
    assert all(f"mot{number}" in told for number in range(2_000))


def test_a_letter_without_a_wish_leaves_no_empty_heading() -> None:
    assert WORDS[Language.FRENCH]["wish"] not in _text(replace(LETTER, wished=" "))


def test_an_interim_letter_asks_for_protection_by_one_date() -> None:
    shown = _text(replace(LETTER, kind=ReferralKind.INTERIM, acknowledge_by=date(2026, 1, 1)))
    assert "registre radio" in shown
    assert "15/12/2026" in shown
    assert "01/01/2026" not in shown
    assert "Accuser réception" not in shown


def test_a_letter_has_no_place_for_the_case_or_the_person() -> None:
    assert {field.name for field in fields(Letter)}.isdisjoint({"case", "case_code", "name", "complainant"})
    info = PdfReader(BytesIO(letter(LETTER))).metadata
    told = {str(key): str(value) for key, value in info.items()}
    assert SUMMARY not in "".join(told.values())
    assert "".join(told.values()).count(LETTER.referral_code) == 1


def test_texts_of_a_letter_show_in_no_repr() -> None:
    assert SUMMARY not in repr(LETTER)
    assert LETTER.wished not in repr(LETTER)


@pytest.mark.parametrize("language", Language)
def test_a_letter_carries_the_newest_anchor_of_the_journal_on_one_page(language: Language) -> None:
    digest = "0123456789abcdef" * 4
    sealed = replace(LETTER, language=language, sealed_on=date(2026, 11, 23), sealed=digest)

    (page,) = _pages(sealed)
    assert digest in page.replace(" ", "")
    assert "23/11/2026" in page
    assert "23/11/2026" not in _text(replace(LETTER, language=language))


def test_the_same_letter_is_the_same_file() -> None:
    assert letter(LETTER) == letter(replace(LETTER))


def test_every_language_says_the_same_sentences_with_the_same_blanks() -> None:
    def blanks(sentence: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}

    french = WORDS[Language.FRENCH]
    for words in WORDS.values():
        assert words.keys() == french.keys()
        assert {name: blanks(text) for name, text in words.items()} == {
            name: blanks(text) for name, text in french.items()
        }
    assert WORDS.keys() == set(Language)
