"""What does a page cost on a telephone? Bytes and requests of a whole report, as they leave the server."""

from __future__ import annotations

import gzip
import json
import random
import re
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.fixtures import Town
from tests.source import ROOT
from tests.web import every_page
from tests.web.public_pages import PAGES, Visitor

UNPACKED = "X-Unpacked"
MOST_BYTES, MOST_REQUESTS = 14 * 1024, 2
# Whatever a browser asks for by itself while it shows a page; sound waits until somebody presses play.
LOADED = re.compile(
    r'<link rel="(?:stylesheet|icon)" href="([^"]+)"|<(?:script|img|iframe|video)[^>]* src="([^"]+)"'
)
WORDS = ROOT / "translations" / "parts" / "public.json"


def story_of(signs: int) -> str:
    """A text of so many signs in French words, of which no line comes twice."""
    said = json.loads(WORDS.read_text(encoding="utf-8")).values()
    words = " ".join(each["fr"] for each in said if isinstance(each["fr"], str)).split()
    random.Random(7).shuffle(words)  # noqa: S311 - the same story each time, and no secret
    return " ".join(words)[:signs]


@dataclass(frozen=True)
class Weight:
    """One page: its own bytes, those of the files it names, and the requests of a first visit."""

    address: str
    page: int
    files: int
    requests: int

    @property
    def whole(self) -> int:
        """What a first visit costs."""
        return self.page + self.files


def told(what: str, pages: list[Weight]) -> str:
    """The figures of a walk in one line."""
    heaviest = max(pages, key=lambda page: page.whole)
    return (
        f"{what}: {len(pages)} pages, each at most {max(page.requests for page in pages)} requests and"
        f" {heaviest.whole:,} bytes on a first visit ({heaviest.address});"
        f" {sum(page.page for page in pages) + max(page.files for page in pages):,} bytes in all"
    )


class Scale(FlaskClient):
    """A browser that takes gzip, and weighs each answer before it unpacks it."""

    last = 0

    def open(self, *args: object, **more: object) -> TestResponse:
        more["headers"] = {"Accept-Encoding": "gzip", **(more.get("headers") or {})}
        with self.application.app_context():
            answer = super().open(*args, **more)
        if UNPACKED in answer.headers:
            return answer  # a redirect was followed, and its end is weighed already
        body = answer.get_data()
        answer.close()
        Scale.last = len(body)
        if answer.headers.get("Content-Encoding") == "gzip":
            answer.set_data(gzip.decompress(body))
        answer.headers[UNPACKED] = "1"
        return answer


@dataclass
class Weighed:
    """Somebody who reports what happened, and what each page cost them."""

    person: Visitor
    pages: list[Weight] = field(default_factory=list)

    def note(self, address: str) -> None:
        """Writes down the page that is open."""
        page = Scale.last
        files = [one or other for one, other in LOADED.findall(self.person.text)]
        loaded = [self._loaded(file) for file in files if not file.startswith("data:")]
        self.pages.append(Weight(address, page, sum(loaded), 1 + len(loaded)))

    def _loaded(self, file: str) -> int:
        assert self.person.client.get(file).status_code == 200, file
        return Scale.last


def of_a_report(app: Flask, lang: str, story: str) -> list[Weight]:
    """Every page from the choice of language to the own page, with every question answered."""
    walk = Weighed(Visitor(Scale(app, app.response_class), lang))
    person = walk.person
    for address in ("/", f"/{lang}/", f"/{lang}/suivi", "/quitter", "/nowhere"):
        person.get(address)
        walk.note(address)
    person.begin()
    for page in PAGES:
        walk.note(f"/{lang}/plainte/{page}")
        person.send(**_answers(story).get(page, {}))
    walk.note("receipt")
    person.come_back(person.receipt)
    walk.note("own page")
    return walk.pages


def of_every_page(town: Town, lang: str, story: str) -> list[Weight]:
    """Every page that a complainant can meet, in every state: before, after, and in a flood."""
    walk = Weighed(Visitor(Scale(town.app, town.app.response_class), lang))
    for name in every_page.walk(town, walk.person, story):
        walk.note(name)
    return walk.pages


def _answers(story: str) -> dict[str, dict[str, object]]:
    return {
        "lieu": {"lieu_province": "Lualaba", "lieu_pres": "Près de la rivière, au bout du sentier"},
        "date": {"date_quand": "yesterday"},
        "qui": {"qui": "private", "indices": ["uniform", "dog"], "indices_texte": "Un écusson jaune"},
        "faits": {"faits": ["assault", "dog_attack", "threats"], "danger": "non"},
        "recit": {"recit": story, "souhait": "Les soins de ma jambe et que le chien parte."},
        "lecture": {"lecture": "both"},
        "contact": {"contact": "call", "telephone": "0991234567", "qui_parle": "self", "personnes": "1"},
    }
