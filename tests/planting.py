"""Which words go in through every channel, and may stand nowhere again? Planted by people who use all."""

from __future__ import annotations

import json
import re
import secrets
import socket
import string
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

from grievance.vocabulary import GatewayKind
from tests import flood, hook_calls
from tests.fixtures import Town
from tests.flood import Answer, ask
from tests.real import Real
from tests.web.desk_pages import sit
from tests.web.public_pages import Visitor, visitor

# Every word begins like this, so that one search finds how many there are.
BEGINNING = "zqkwv"


@dataclass
class Planted:
    """What was given to us, by kind."""

    words: list[str] = field(default_factory=list, repr=False)
    numbers: list[str] = field(default_factory=list, repr=False)
    receipts: list[str] = field(default_factory=list, repr=False)
    codes: list[str] = field(default_factory=list, repr=False)
    kinds: Counter[str] = field(default_factory=Counter)

    def word(self, kind: str) -> str:
        """A word that exists in no language."""
        self.kinds[kind] += 1
        self.words.append(BEGINNING + "".join(secrets.choice(string.ascii_lowercase) for _ in range(10)))
        return self.words[-1]

    def number(self, kind: str) -> str:
        """A number that no operator has, as +243…; sought with its country code and with its zero."""
        self.kinds[kind] += 1
        local = f"88{secrets.randbelow(10**7):07d}"
        self.numbers += [f"243{local}", f"0{local}"]
        return f"+243{local}"

    def everything(self) -> list[str]:
        """All that is sought."""
        return [*self.words, *self.numbers, *self.receipts]


@dataclass
class Gardener:
    """Plants through the running web, and as members at their desks."""

    town: Town
    real: Real
    planted: Planted = field(default_factory=Planted)

    def reports(self, address: str) -> str:
        """A report by web with a name, a number, a story, a wish and a place; gives its code."""
        plant, port = self.planted, self.real.port
        page = ask(port, address, "/fr/plainte/lieu")
        answers: dict[str, dict[str, str]] = {
            "lieu": {"lieu_pres": plant.word("place"), "lieu_site": str(self.town.world.site.id)},
            "qui": {"qui": "private", "indices_texte": plant.word("clue")}, "faits": {"faits": "assault"},
            "recit": {"recit": f"Ils ont crié {plant.word('text')}.", "souhait": plant.word("wish")},
            "lecture": {"lecture": "both"},
            "contact": {
                "nom": plant.word("name"), "telephone": "0" + plant.number("number")[4:], "contact": "sms"
            },
        }  # fmt: skip
        for name in ("lieu", "date", "qui", "faits", "recit", "lecture", "contact", "verifier"):
            page = ask(port, address, f"/fr/plainte/{name}", page.hidden() | answers.get(name, {}))
        if not page.receipt:  # so many reports at once are a flood: each is asked a sum
            page = ask(port, address, "/fr/plainte/verifier", page.hidden() | flood.sum_of(page))
        self.planted.receipts.append(_one(r'data-receipt="(\d{16})"', page))
        self.planted.codes.append(_one(r'data-code="([^"]+)"', page))
        return self.planted.codes[-1]

    def calls(self) -> int:
        """A report that a program sends to the running web; gives the answer's status."""
        told = {
            "language": "fr", "province": "Lualaba", "story": f"Ils ont crié {self.planted.word('api')}.",
            "name": self.planted.word("api name"), "phone": self.planted.number("api number"),
        }  # fmt: skip
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        return _post(self.real.port, "/api/v1/reports", json.dumps(told).encode(), headers)

    def texts(self, kind: GatewayKind) -> int:
        """A text through one gateway, to the running web; gives the answer's status."""
        number, text = self.planted.number("texting number"), f"Walinzi {self.planted.word('sms')}"
        call = hook_calls.genuine(self.town, kind, number, text, {}, self.real.url)
        return _post(self.real.port, call.path, call.body, call.headers)

    def works(self, code: str) -> None:
        """The desk writes everywhere and refers; the company answers and promises; the desk relays it."""
        plant, world = self.planted, self.town.world
        desk = sit(self.town, world.desk.members[0])
        desk.knowing_nobody(code).do("take")
        desk.do(
            "triage", severity="serious", harms=["assault"], actor="private", lane="general",
            site_id=str(world.site.id), affected_agree="true",
        )  # fmt: skip
        desk.do("note", text=plant.word("note"))
        desk.do("write", text=plant.word("message"))
        desk.do(
            "refer", organisation_id=str(world.provider.id), kind="ordinary", summary=plant.word("summary"),
            summary_read="true", people_it_could_be="40", safe_if_guessed="true",
        )  # fmt: skip
        referral = unescape(desk.text).split('id="r-')[1][:7]
        company = sit(self.town, world.provider.members[0])
        company.get(f"/company/referrals?code={referral}").do("acknowledge")
        company.do("ask", text=plant.word("question")).do("answer", text=plant.word("answer"))
        company.do("promise_remedy", kind="apology", text=plant.word("remedy"))
        desk.case(code).do("relay", text=plant.word("relayed"))
        assert desk.status == 200, "the answer was not relayed"
        person = self._comes_back(self.planted.receipts[self.planted.codes.index(code)])
        person.do("add", texte=plant.word("added"))

    def _comes_back(self, receipt: str) -> Visitor:
        """On the own page; in a flood, after the sum that is asked."""
        person = visitor(self.town.app).come_back(receipt)
        asked = flood.sum_of(Answer(200, person.text))
        return person.send(recu=receipt, **asked).get("/fr/suivi/dossier") if asked else person

    def types_in(self) -> None:
        """What somebody told at the desk, with how they agreed."""
        desk = sit(self.town, self.town.world.desk.members[0]).get("/desk/new")
        plant = self.planted
        desk.do(
            "assisted", language="fr", story=plant.word("oral"), name=plant.word("oral name"),
            phone=plant.number("oral number"), consent_given=plant.word("consent"), province="Lualaba",
            consent_how="spoken", consent_by=plant.word("who agreed"), consent_on="2025-11-03",
        )  # fmt: skip
        assert desk.status == 200, "the oral complaint was not taken"

    def goes_wrong(self, address: str) -> None:
        """The same, where it is refused: bad addresses, forms, signatures, headers, half a request."""
        plant, port = self.planted, self.real.port
        query, nowhere, hook = (plant.word(kind) for kind in ("query", "path", "hook"))
        for path in (f"/fr/suivi?recu={query}", f"/{nowhere}", f"/hooks/sms/{hook}"):
            ask(port, address, path)
            ask(port, address, path, {plant.word("field"): plant.word("value")})
        bad = {"jeton": plant.word("token"), "telephone": plant.number("bad")}
        ask(port, address, "/fr/plainte/contact", bad)
        email = f"{plant.word('mail')}@x.example"
        ask(port, address, "/sign-in", {"email": email, "password": plant.word("password"), "code": "1"})
        ask(port, address, "/fr/suivi", {"recu": plant.word("receipt")})
        ask(port, address, "/fr/plainte/recit", f"recit={plant.word('nul')}%00%ED%A0%80&=".encode())
        _post(port, "/hooks/smsgate", plant.word("forged").encode(), {"X-Signature": plant.word("signature")})
        cookie = f"grievance={plant.word('cookie')}"
        _post(port, "/fr/", b"", {"User-Agent": plant.word("agent"), "Cookie": cookie})
        _raw(port, f"GET /{plant.word('line')} HTTP/9.9\r\n\r\n")
        _raw(port, f"{plant.word('verb').upper()}\r\n{plant.word('garbage')}\r\n\r\n")
        _raw(port, f"GET /{plant.word('long') * 400} HTTP/1.1\r\nHost: {plant.word('host')}\r\n\r\n")


def _one(pattern: str, page: Answer) -> str:
    found = re.search(pattern, page.text)
    assert found, f"no receipt: {page.status}"
    return found[1]


def _post(port: int, path: str, body: bytes, headers: dict[str, Any]) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=flood.PATIENCE)
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def _raw(port: int, text: str) -> None:
    # The server may hang up before all of it was said.
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=flood.PATIENCE) as line:
        line.sendall(text.encode("latin-1"))
        line.recv(1_000)
