"""What was given to us, by which way? Words and numbers that exist nowhere else, and who plants them."""

from __future__ import annotations

import secrets
import string
from collections import Counter
from dataclasses import dataclass, field
from typing import TypeVar

from werkzeug.test import TestResponse

from tests.fixtures import Town
from tests.real import Real
from tests.web.desk_pages import Desk
from tests.web.public_pages import Visitor
from tests.web_forms import read

# Every word begins like this, so that one search finds how many there are.
BEGINNING = "zqkwv"
Who = TypeVar("Who", Desk, Visitor)


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

    def secret(self, kind: str, text: str) -> str:
        """What we ourselves made for somebody, and show once."""
        self.kinds[kind] += 1
        self.words.append(text)
        return text

    def everything(self) -> list[str]:
        """All that is sought."""
        return [*self.words, *self.numbers, *self.receipts]


@dataclass
class Garden:
    """Where it is planted: the town, its programs as they run, and what was planted so far."""

    town: Town
    real: Real
    planted: Planted = field(default_factory=Planted)


def done(who: Who, action: str, **answers: object) -> TestResponse:
    """Sends a form of the open page. It must be taken: what is refused would plant nothing.

    The page stays open, so that its other forms can be sent; an answer that is a page takes its place.
    """
    form = next(each for each in who.forms() if each["does"] == action)
    answer = who.client.post(str(form["action"]), data={**form["hidden"], **answers})
    assert answer.status_code in (200, 303), f"{action} was not taken: {answer.status_code}"
    if answer.status_code == 200:
        who.page = answer
    return answer


def offered(who: Desk, action: str, name: str) -> list[str]:
    """The values that the form of this action offers for a field, without the empty one."""
    page = who.page.get_data(as_text=True)
    forms = read(page).forms
    names = [str(form["does"]) for form in who.forms()]
    return [value for value in forms[names.index(action)].fields[name] if value]
