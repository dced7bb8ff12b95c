"""How does a test walk through the public pages? As a browser without script: reads forms and sends them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

STORY = "Les gardes m'ont frappé près du portail."
PAGES = ("lieu", "date", "qui", "faits", "recit", "lecture", "contact", "verifier")


class _Forms(HTMLParser):
    """The forms of a page: action, data-action, and the hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, object]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "form":
            self.forms.append({"action": values["action"], "does": values.get("data-action"), "hidden": {}})
        elif tag == "input" and values.get("type") == "hidden":
            self.forms[-1]["hidden"][values["name"]] = values["value"]


class _Browser(FlaskClient):
    """Each request has a context of its own, as in production: nothing of the last page is remembered."""

    def open(self, *args: object, **more: object) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **more)


@dataclass
class Visitor:
    """Somebody with a browser and the page that is open in it."""

    client: FlaskClient
    lang: str = "fr"
    page: TestResponse | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """The page as text, entities resolved, French typography's narrow spaces as plain ones."""
        return unescape(self.page.get_data(as_text=True)).replace("\u00a0", " ").replace("\u202f", " ")

    def get(self, path: str) -> Visitor:
        """Opens an address, following redirects."""
        self.page = self.client.get(path, follow_redirects=True)
        return self

    def begin(self) -> Visitor:
        """Opens the first page of a report."""
        return self.get(f"/{self.lang}/plainte/lieu")

    def forms(self) -> list[dict[str, object]]:
        """What can be sent from the open page."""
        reader = _Forms()
        reader.feed(self.page.get_data(as_text=True))
        return reader.forms

    def send(self, **answers: object) -> Visitor:
        """Fills in the form of the open page of a report, and sends it."""
        form = self.forms()[0]
        self.page = self.client.post(form["action"], data={**form["hidden"], **answers})
        return self

    def do(self, action: str, which: int = 0, **answers: object) -> Visitor:
        """Sends the form whose `data-action` is this, and follows to the page that comes."""
        form = [each for each in self.forms() if each["does"] == action][which]
        self.page = self.client.post(
            form["action"], data={**form["hidden"], **answers}, follow_redirects=True
        )
        return self

    def answer_all(self, **more: object) -> Visitor:
        """Walks from the first page to "check your answers"; every answer but the story may be given."""
        fields = {
            "lieu": ("lieu_province", "lieu_site"), "date": ("date_quand", "date_jour"), "qui": ("qui",),
            "faits": ("faits", "danger"), "recit": ("recit", "souhait", "demande"), "lecture": ("lecture",),
            "contact": ("contact", "telephone", "nom", "qui_parle", "personnes"),
        }  # fmt: skip
        given = {"recit": STORY} | more
        self.begin()
        for page in PAGES[:-1]:
            self.send(**{name: given[name] for name in fields[page] if name in given})
            assert self.page.status_code == 200, page
        return self

    @property
    def receipt(self) -> str:
        """The receipt on the result page."""
        return re.search(r'data-receipt="(\d{16})"', self.text)[1]

    @property
    def code(self) -> str:
        """The code of the case on the result page."""
        return re.search(r'data-code="([^"]+)"', self.text)[1]

    def come_back(self, receipt: str) -> Visitor:
        """Types a receipt on the page for those who come back."""
        self.page = self.client.post(f"/{self.lang}/suivi", data={"recu": receipt}, follow_redirects=True)
        return self


def visitor(app: Flask, lang: str = "fr") -> Visitor:
    """Somebody with an empty browser."""
    return Visitor(_Browser(app, app.response_class), lang)


def presses(person: Visitor, value: str = "effacer") -> Visitor:
    """Presses the button of the open page that carries its receipt on."""
    form = next(one for one in person.forms() if "recu" in one["hidden"])
    assert f'name="vers" value="{value}"' in person.text
    person.page = person.client.post(
        form["action"], data={**form["hidden"], "vers": value}, follow_redirects=True
    )
    return person
