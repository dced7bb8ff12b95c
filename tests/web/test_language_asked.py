"""Does a browser get the language that it asks for, whatever country it names?"""

from __future__ import annotations

import re

import pytest

from grievance.i18n import language
from grievance.vocabulary import Language
from tests.fixtures import Town
from tests.web.public_pages import visitor


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("sw-CD,fr;q=0.5", "sw"),
        ("fr;q=0.5,sw-CD", "sw"),
        ("sw-KE;q=0.9", "sw"),
        ("sw_CD", "sw"),
        ("swc,fr;q=0.9", "sw"),
        ("sw;q=0.3,fr-CA;q=0.8", "fr"),
        ("fr-FR", "fr"),
        ("fr-FR,sw;q=0.9", "fr"),
        ("en-GB,sw-CD;q=0.4", "sw"),
        ("sw-CD,sw;q=0,fr;q=0.5", "sw"),
        ("fr;q=0,*", "sw"),
        ("en", "fr"),
        ("*", "fr"),
        ("", "fr"),
        (";;q=x,=,sw-", "sw"),
        (";;q=x,\u00e9\u00e9;q=-1,12", "fr"),
    ],
)  # fmt: skip
def test_the_language_asked_for_first_is_given_and_its_country_is_nothing_to_us(
    town: Town, asked: str, given: str
) -> None:
    with town.app.test_request_context("/nowhere", headers={"Accept-Language": asked}):
        assert language() is Language(given)


@pytest.mark.parametrize(
    ("asked", "given"), [("en-GB,fr;q=0.5", "en"), ("sw-CD,fr;q=0.5", "sw"), ("de", "fr")]
)
def test_staff_are_asked_in_their_language_where_they_come_in(town: Town, asked: str, given: str) -> None:
    page = visitor(town.app).client.get("/sign-in", headers={"Accept-Language": asked})

    assert re.search(r'<html lang="(\w+)', page.get_data(as_text=True))[1] == given
