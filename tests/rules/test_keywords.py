"""Which texts are our words, answers and codes, and which are stories?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance.rules.keywords import CODE_ALPHABET, Word, code_in, normal_code, parse


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("PLAINTE", Word.NEW),
        ("signaler", Word.NEW),
        (" Malalamiko ", Word.NEW),
        ("shida", Word.NEW),
        ("SUIVI 7F3Q-82", Word.FOLLOW),
        ("statut", Word.FOLLOW),
        ("hali na code 7f3q 82", Word.FOLLOW),
        ("7F3Q82 suivi", Word.FOLLOW),
        ("Aide!", Word.HELP),
        ("msaada", Word.HELP),
        ("«DANGER»", Word.DANGER),
        ("Hatari !", Word.DANGER),
        ("arrêt", Word.STOP),
        ("ACHA", Word.STOP),
        ("simama.", Word.STOP),
        ("UNSUBSCRIBE", Word.STOP),
        ("Retirer 7F3Q-82", Word.WITHDRAW),
        ("ondoa", Word.WITHDRAW),
        ("rappel", Word.CALL_ME),
        ("bip", Word.CALL_ME),
        ("nipigie", Word.CALL_ME),
        ("autre", Word.ANOTHER),
        ("ingine", Word.ANOTHER),
        ("fin", Word.END),
        ("MWISHO", Word.END),
        ("FR", Word.FRENCH),
        ("sw", Word.SWAHILI),
    ],
)
def test_a_word_in_any_case_counts_when_it_is_the_whole_message(text: str, word: Word) -> None:
    assert parse(text).word is word


@pytest.mark.parametrize(
    "text",
    [
        "Hali ya mutoto ni mbaya",
        "Simama! walinzi wanatupiga",
        "ondoa mbwa",
        "aide moi les gardes arrivent",
        "2 gardes m'ont frappé",
        "oui mais j'ai peur",
        "Fin octobre ils ont cassé la maison",
        "hatari sana hapa kwetu",
        "0",
        "",
    ],
)
def test_a_text_that_only_holds_our_words_is_a_story(text: str) -> None:
    assert parse(text).story


@pytest.mark.parametrize("text", ["7F3Q-82", "7f3q-82", "7F3Q82", "7f3q 82", " 7F3Q – 82. ", "7F3Q\u201182"])
def test_a_code_is_known_in_any_case_with_or_without_hyphen_and_spaces(text: str) -> None:
    assert normal_code(text) == "7F3Q-82"


@pytest.mark.parametrize("text", ["7F3O-82", "7F30-82", "7F3I-82", "7F31-82", "7F3Q-8", "7F3Q-821", "mbwa"])
def test_a_code_has_two_groups_and_no_0_o_1_i(text: str) -> None:
    assert normal_code(text) is None


def test_a_code_in_a_story_is_found_only_with_its_hyphen() -> None:
    assert code_in("Les gardes sont revenus, code 7f3q-82, hier") == "7F3Q-82"
    assert code_in("Les gardes sont revenus 7f3q 82 hier") is None
    assert code_in("SUIVI 7f3q82") == "7F3Q-82"


@pytest.mark.parametrize("text", ["1", "Oui", "ndiyo", "ndio", "ndjo", "eh", "1 oui", "1."])
def test_yes_in_all_its_forms(text: str) -> None:
    assert parse(text).agrees is True


@pytest.mark.parametrize("text", ["2", "NON", "hapana", "apana", "non!", "2 Hapana"])
def test_no_in_all_its_forms(text: str) -> None:
    assert parse(text).agrees is False


@pytest.mark.parametrize("text", ["1 non", "oui non", "3", "peut-être", ""])
def test_what_is_neither_yes_nor_no_is_neither(text: str) -> None:
    assert parse(text).agrees is None


@given(st.text(CODE_ALPHABET, min_size=6, max_size=6), st.sampled_from(["", "-", " ", " - "]), st.booleans())
def test_every_code_is_read_back_however_it_is_copied(letters: str, between: str, lower: bool) -> None:
    written = letters[:4] + between + letters[4:]
    assert normal_code(written.lower() if lower else written) == f"{letters[:4]}-{letters[4:]}"


@given(st.text())
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    parse(text)
    code_in(text)
