"""What does somebody write who came back? Messages, a verdict, a number to ring, a word, files, an appeal."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener
from uuid import uuid4

from grievance.store.files import PIECE
from tests import flood
from tests.cleaning import strange_files as made
from tests.flood import Answer
from tests.planted import Garden, done
from tests.web.public_pages import Visitor, visitor

FILES = "/fr/suivi/fichiers"
FORM = "application/x-www-form-urlencoded"
EDGE = "----a-browsers-edge"


@dataclass
class Tab:
    """A browser at the running web, which keeps its cookies; and the page that is open."""

    garden: Garden
    page: Answer = field(default_factory=lambda: Answer(0))

    def __post_init__(self) -> None:
        self._browser = build_opener(HTTPCookieProcessor(), ProxyHandler({}))

    def ask(self, path: str, body: bytes | None = None, kind: str = FORM, **headers: str) -> Answer:
        """One request; redirects are followed."""
        told = headers if body is None else headers | {"Content-Type": kind}
        request = Request(self.garden.real.url + path, body, told)  # noqa: S310 - our own web
        try:
            with self._browser.open(request, timeout=flood.PATIENCE) as answer:
                self.page = Answer(answer.status, unescape(answer.read().decode("utf-8", "replace")))
        except HTTPError as refused:
            self.page = Answer(refused.code, unescape(refused.read().decode("utf-8", "replace")))
        return self.page

    def comes_back(self, receipt: str) -> Tab:
        """Types a receipt; in a flood also the sum that is asked."""
        self.ask("/fr/suivi", urlencode({"recu": receipt}).encode())
        asked = flood.sum_of(self.page)
        if asked:
            self.ask("/fr/suivi", urlencode(self.page.hidden() | {"recu": receipt} | asked).encode())
        assert "csrf_token" in self.page.text, f"not on the own page: {self.page.status}"
        return self

    def token(self) -> str:
        """What the page's forms carry against forgery."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.ask(FILES).text)
        assert found, "no form for files"
        return found[1]


def sends_files(garden: Garden, receipt: str) -> None:
    """A photograph whole from the form, a paper in pieces by script; words in their names and inside."""
    plant, tab = garden.planted, Tab(garden).comes_back(receipt)
    token, words = tab.token(), [plant.word("inside a photograph"), plant.word("inside a paper")]
    # More than a form keeps in memory: such a body is written to a temporary file while it comes.
    photo = made.photo((1200, 900), owner=words[0])
    body = form_with_file(photo, f"{plant.word('name of a photograph')}.jpg", token)
    assert tab.ask(FILES, body, f"multipart/form-data; boundary={EDGE}").status == 200, "no photograph"
    paper, address = made.paper(owner=words[1], photos=True), f"{FILES}/{uuid4()}"
    assert words[0].encode() in photo
    assert words[1].encode() in paper
    said = {"nom": f"{plant.word('name of a paper')}.pdf", "taille": len(paper)}
    head = {"X-CSRFToken": token}
    assert tab.ask(f"{address}/debut", urlencode(said).encode(), **head).status == 200
    for at in range(0, len(paper), PIECE):
        piece = paper[at : at + PIECE]
        tab.ask(f"{address}/morceau?a={at}", piece, "application/octet-stream", **head)
    assert '"done":true' in tab.ask(f"{address}/fin", b"", **head).text.replace(" ", ""), "no paper"


def form_with_file(data: bytes, name: str, token: str) -> bytes:
    """A form with one file, as a browser writes it."""
    part = f'--{EDGE}\r\nContent-Disposition: form-data; name="'
    head = (
        f'{part}csrf_token"\r\n\r\n{token}\r\n{part}fichier"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode() + data + f"\r\n--{EDGE}--\r\n".encode()


def on_own_page(garden: Garden, receipt: str) -> Visitor:
    """On the own page; in a flood, after the sum that is asked."""
    person = visitor(garden.town.app).come_back(receipt)
    asked = flood.sum_of(Answer(200, person.text))
    return person.send(recu=receipt, **asked).get("/fr/suivi/dossier") if asked else person


def answers(garden: Garden, person: Visitor) -> str:
    """Says more, what they think of an answer, where they can be rung; chooses a word, and gives it."""
    plant = garden.planted
    done(person, "add", texte=plant.word("added"))
    done(person, "settle", reponse="no", texte=plant.word("said of an answer"))
    done(person, "call_back", telephone=plant.number("number to ring"), texte=plant.word("when to ring"))
    word = plant.word("secret word")
    done(person, "choose_word", mot=word)
    return word


def disputes(garden: Garden, person: Visitor) -> None:
    """Does not accept how it was closed."""
    done(person.get("/fr/suivi/dossier"), "dispute", texte=garden.planted.word("dispute"))


def appeals(garden: Garden, person: Visitor, to: str) -> None:
    """Asks another body, on the page that says how it was closed."""
    done(person, "appeal", organe=to, preuves="1", texte=garden.planted.word("appeal"))


def puts_down(garden: Garden, address: str, *, and_sends: bool) -> None:
    """Begins a report and continues later, or never."""
    plant, port = garden.planted, garden.real.port
    page = flood.ask(port, address, "/fr/plainte/lieu")
    answers_of: dict[str, dict[str, str]] = {
        "lieu": {"lieu_pres": plant.word("place put down")},
        "qui": {"indices_texte": plant.word("clue put down")},
        "recit": {
            "recit": plant.word("story put down"), "souhait": plant.word("wish put down"), "garder": "1"
        },
    }  # fmt: skip
    for name in ("lieu", "date", "qui", "faits", "recit"):
        page = flood.ask(port, address, f"/fr/plainte/{name}", page.hidden() | answers_of.get(name, {}))
    assert page.receipt, f"nothing was put down: {page.status}"
    garden.planted.receipts.append(page.receipt)
    if and_sends:
        back = flood.ask(port, address, "/fr/suivi", {"recu": page.receipt})
        told = {"recit": plant.word("story taken up")}
        for name in ("recit", "lecture", "contact", "verifier"):
            back = flood.ask(port, address, f"/fr/plainte/{name}", back.hidden() | told)
            told = {}
        assert back.receipt == page.receipt, f"not taken up: {back.status}"
