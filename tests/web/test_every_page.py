"""Is each page that a complainant can meet plain, and honest about what it leaves on the telephone?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from flask_babel import force_locale, gettext

from grievance.store.models import Case
from tests.fixtures import Town
from tests.web import every_page
from tests.web.public_pages import PAGES, visitor
from tests.web.test_public_follow import rows

LANGUAGES = ("fr", "sw")
LEFT_BEHIND = "Leaving quickly does not erase the history of this phone. Erase it yourself if others use it."
AFTERWARDS = "The history of this phone is not erased. Close this page, then erase the history yourself."
# Pages without the button that leaves quickly: the two languages, before anything is said; and the way out.
WITHOUT_A_WAY_OUT = {"langues", "calendrier"}
# What Opera Mini and the browser of KaiOS show and send.
TAGS = frozenset({
    "html", "head", "meta", "title", "link", "body", "header", "main", "footer", "aside", "section", "nav",
    "div", "h1", "h2", "h3", "p", "a", "strong", "small", "span", "br", "ul", "ol", "li", "dl", "dt", "dd",
    "table", "thead", "tbody", "tr", "th", "td", "form", "fieldset", "legend", "label", "input", "textarea",
    "button", "progress", "details", "summary", "audio", "script",
})  # fmt: skip
# `file` stands on the one page that comes after the receipt; `password` is the empty field that nobody sees.
INPUTS = frozenset({"text", "hidden", "radio", "checkbox", "tel", "file", "password"})


class Reader(HTMLParser):
    """The tags of a page, and the types of its fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.inputs: set[str] = set()
        self.handlers: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Notes one tag."""
        self.tags.add(tag)
        told = dict(attributes)
        if tag == "input":
            self.inputs.add(told.get("type") or "text")
        self.handlers |= {name for name in told if name.startswith("on")}


def plain(text: str) -> str:
    """A sentence with the plain spaces that a visitor reads."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def pages(town: Town, lang: str) -> Iterator[tuple[str, str]]:
    """The name and the source of every page."""
    person = visitor(town.app, lang)
    for name in every_page.walk(town, person):
        yield name, person.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_met_and_is_plain_and_says_what_it_does_not_erase(town: Town, lang: str) -> None:
    with every_page.shown(town.app) as templates:
        met = dict(pages(town, lang))
    with town.app.test_request_context(), force_locale(lang):
        left, afterwards = (plain(gettext(said)) for said in (LEFT_BEHIND, AFTERWARDS))

    assert templates == every_page.all_templates()
    assert {name for name, page in met.items() if 'class="exit"' not in page} == WITHOUT_A_WAY_OUT
    assert {name for name, page in met.items() if left not in page} == WITHOUT_A_WAY_OUT
    assert afterwards in met["recu"]
    read = {name: Reader(page) for name, page in met.items()}
    assert {name: one.tags - TAGS for name, one in read.items() if one.tags - TAGS} == {}
    assert {name: one.inputs - INPUTS for name, one in read.items() if one.inputs - INPUTS} == {}
    assert {name for name, one in read.items() if one.handlers} == set()
    assert {name for name, one in read.items() if "file" in one.inputs} == {"fichiers", "fichiers, refused"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ["/{}/nulle-part", "/quitter?lang={}", "/{}/suivi", "/{}/plainte/recit"])
def test_no_title_tells_a_passer_by_what_it_is_about(town: Town, lang: str, path: str) -> None:
    page = visitor(town.app, lang).get(path.format(lang)).text
    (title,) = re.findall(r"<title>([^<]+)</title>", page)

    assert every_page.tells(title) == []
    assert 'href="data:,"' in page, "and no picture of ours stands beside it"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_step_of_a_report_leaves_a_cookie_or_asks_for_a_file(town: Town, lang: str) -> None:
    person = visitor(town.app, lang).begin()
    for page in PAGES:
        assert rows(town, Case) == []
        assert 'type="file"' not in person.text, page
        assert "enctype" not in person.text, page
        person.send(**({"recit": "Walinzi."} if page == "recit" else {}))
        assert person.page.status_code == 200, page
        assert "Set-Cookie" not in person.page.headers, page

    assert person.receipt
    assert len(rows(town, Case)) == 1
    assert "file" not in Reader(person.text).inputs, "what was written is with us before a file is asked for"
