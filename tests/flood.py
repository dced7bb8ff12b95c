"""How do a flood and an honest person look from outside? Requests from many addresses of this machine."""

from __future__ import annotations

import itertools
import random
import re
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException
from threading import Lock
from urllib.parse import urlencode

from tests.web.public_pages import PAGES, _Forms

PATIENCE = 90  # seconds until an answer counts as none
WORDS = re.compile(r"<h1[^>]*>\s*\S")
RECEIPT = re.compile(r'data-receipt="(\d{16})"')
SUM = re.compile(r"Combien font (\d+) et (\d+)")
STORY = "Les gardes ont fermé le chemin de la rivière."
JUNK = "Achetez chez nous"
TRIES_AGAIN = 6
BEFORE_THE_STORY = PAGES[:3]


@dataclass(frozen=True)
class Answer:
    """What came back: a status and a page; status 0: nothing."""

    status: int
    text: str = field(default="", repr=False)

    @property
    def receipt(self) -> str | None:
        """The receipt on the page, if there is one."""
        found = RECEIPT.search(self.text)
        return found[1] if found else None

    @property
    def says_something(self) -> bool:
        """Whether somebody who is refused is told so in words, or sent on."""
        return self.status in (200, 303) or (self.status > 0 and bool(WORDS.search(self.text)))

    def hidden(self) -> dict[str, str]:
        """The hidden fields of its first form with any."""
        reader = _Forms()
        reader.feed(self.text)
        return next((dict(form["hidden"]) for form in reader.forms if form["hidden"]), {})


def ask(port: int, address: str, path: str, form: dict[str, str] | bytes | None = None) -> Answer:
    """One request from one address of this machine."""
    body = form if isinstance(form, bytes) else urlencode(form).encode() if form is not None else None
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE, source_address=(address, 0))
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        connection.request("GET" if body is None else "POST", path, body, headers)
        told = connection.getresponse()
        return Answer(told.status, unescape(told.read().decode("utf-8", "replace")))
    except (OSError, HTTPException):
        return Answer(0)
    finally:
        connection.close()


def post(port: int, path: str, body: bytes, headers: dict[str, str]) -> int:
    """One request as a program sends it; gives the answer's status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def up_to_contact(port: int, address: str, story: str) -> dict[str, str]:
    """Walks to the page before the last; gives what its form would send."""
    return walked(port, address, PAGES[:-2], story)


def walked(port: int, address: str, pages: Iterable[str], story: str = "") -> dict[str, str]:
    """Answers these pages, from the first on; gives what the form of the next one would send."""
    page = ask(port, address, "/fr/plainte/lieu")
    for name in pages:
        more = {"recit": story} if name == "recit" else {}
        page = ask(port, address, f"/fr/plainte/{name}", page.hidden() | more)
    return page.hidden()


def sum_of(page: Answer) -> dict[str, str]:
    """The answer to a flood's small question, as a form sends it; empty when nothing is asked."""
    asked = SUM.search(page.text)
    return {"somme": str(int(asked[1]) + int(asked[2]))} if asked else {}


def honest(port: int, address: str) -> Answer:
    """Reports once: answers the sum when asked, presses "try again" when told to; gives the last page."""
    page = ask(port, address, "/fr/plainte/contact", up_to_contact(port, address, STORY))
    for _ in range(TRIES_AGAIN):
        page = ask(port, address, "/fr/plainte/verifier", page.hidden() | sum_of(page))
        if page.receipt or page.status == 0:
            return page
        if page.status == 503:
            time.sleep(2)
    return page


@dataclass
class Flood:
    """Junk of four kinds from many addresses, at a rate, for a while."""

    port: int
    rate: float
    seconds: float
    addresses: list[str]
    statuses: Counter[int] = field(default_factory=Counter)
    receipts: set[str] = field(default_factory=set, repr=False)
    silent: int = 0
    sent: int = 0
    _ready: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    _draft: dict[str, str] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def run(self) -> None:
        """Sends until the time is over and every answer is there."""
        self._draft = walked(self.port, self.addresses[0], BEFORE_THE_STORY)
        turns = itertools.cycle(self.addresses)
        began = time.monotonic()
        with ThreadPoolExecutor(96) as crowd:
            for number in range(int(self.rate * self.seconds)):
                time.sleep(max(0.0, began + number / self.rate - time.monotonic()))
                crowd.submit(self._one, next(turns), number // len(self.addresses))
        self.took = time.monotonic() - began

    def _one(self, address: str, number: int) -> None:
        answer = (self._report, self._guess, self._report, self._garbage)[number % 4](address)
        with self._lock:
            self.sent += 1
            self.statuses[answer.status] += 1
            self.silent += not answer.says_something
            if answer.receipt:
                self.receipts.add(answer.receipt)

    def _report(self, address: str) -> Answer:
        """Begins a report, with a receipt of its own, or sends the one begun, and presses on when asked."""
        form = self._ready.pop(address, None)
        if form is None:
            story = ask(self.port, address, "/fr/plainte/faits", self._draft)
            told = ask(self.port, address, "/fr/plainte/recit", story.hidden() | {"recit": JUNK})
            page = ask(self.port, address, "/fr/plainte/contact", told.hidden())
        else:
            page = ask(self.port, address, "/fr/plainte/verifier", form)
        if not page.receipt and page.hidden():
            self._ready[address] = page.hidden()
        return page

    def _guess(self, address: str) -> Answer:
        return ask(self.port, address, "/fr/suivi", {"recu": f"{random.randrange(10**16):016d}"})  # noqa: S311

    def _garbage(self, address: str) -> Answer:
        return ask(self.port, address, "/sw/plainte/recit", random.randbytes(2_000))  # noqa: S311


def addresses(number: int, net: int) -> list[str]:
    """Different addresses of this machine."""
    return [f"127.0.{net + one // 250}.{1 + one % 250}" for one in range(number)]
