"""Do we count SMS as the networks do?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance import gsm7


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("é" * 160, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("ç" * 134, 2),
        ("ç" * 135, 3),
        ("\U0001f415" * 35, 1),
        ("\U0001f415" * 36, 2),
    ],
)
def test_the_parts_of_a_text_are_those_the_operator_charges(text: str, parts: int) -> None:
    assert gsm7.parts(text) == parts


def test_a_letter_of_two_units_is_not_divided_between_parts() -> None:
    # 152 letters leave one septet in the first part: the euro sign goes whole into the second.
    assert gsm7.parts("a" * 152 + "€" + "a" * 151) == 2
    assert gsm7.parts("a" * 152 + "€" + "a" * 152) == 3


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Reçu", "Recu"),
        ("vous êtes à l’hôpital", "vous etes à l'hopital"),
        ("« À l’abri » – vite…", '" A l\'abri " - vite...'),
        ("un cœur, Ênorme\u00a0!", "un coeur, Enorme !"),
        ("e\u0301te\u0301", "été"),
        ("Ç É à è é ù ì ò", "Ç É à è é ù ì ò"),
    ],
)
def test_letters_an_sms_lacks_are_sent_plain(written: str, sent: str) -> None:
    assert gsm7.plain(written) == sent
    assert gsm7.fits(sent)


@given(st.text())
def test_plain_text_stays_plain_and_is_counted(text: str) -> None:
    once = gsm7.plain(text)
    assert gsm7.plain(once) == once
    assert gsm7.parts(once) >= 1
