"""Which forms does a page hold, and what may somebody send with them? Everything, and above all nonsense."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote_plus, urlsplit

from flask.testing import FlaskClient
from hypothesis import strategies as st

MOST_PAGES = 60  # that one actor opens in one walk
UNSEEN = ("/sign-out", "/quitter", "/static/", "/bootstrap/")


@dataclass
class Form:
    """One form: where it goes, and each field with the values that the page itself offers."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict, repr=False)
    hidden: dict[str, str] = field(default_factory=dict, repr=False)
    goes_also_to: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """The same form on two pages has one."""
        return self.action, tuple(sorted(self.fields))


class Reader(HTMLParser):
    """The forms and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        if tag == "a" and told.get("href", "").startswith("/"):
            self.links.append(told["href"])
        elif tag == "form":
            self._form = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and tag in ("input", "select", "textarea", "button", "option"):
            self._field(tag, told, self._form)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None

    def _field(self, tag: str, told: dict[str, str], form: Form) -> None:
        if told.get("formaction"):
            form.goes_also_to.add(told["formaction"])
        if tag == "option":
            form.fields.setdefault(self._select, []).append(told.get("value", ""))
            return
        name = told.get("name", "")
        if not name:
            return
        if tag == "select":
            self._select = name
        if told.get("type") == "hidden":
            form.hidden[name] = told.get("value", "")
        else:
            form.fields.setdefault(name, []).append(told.get("value", ""))


def walk(client: FlaskClient, starts: list[str]) -> tuple[dict[object, Form], dict[str, int]]:
    """Opens the pages that links lead to; gives every form, and what each page answered."""
    waiting, answers = list(starts), dict[str, int]()
    forms: dict[object, Form] = {}
    while waiting and len(answers) < MOST_PAGES:
        path = waiting.pop(0)
        if path in answers or path.startswith(UNSEEN):
            continue
        page = client.get(path, follow_redirects=True)
        answers[path] = page.status_code
        if page.mimetype != "text/html":
            continue
        for form in read(page.get_data(as_text=True)).forms:
            form.action = form.action or urlsplit(page.request.path).path
            forms.setdefault(form.key, form)
        waiting += _near(read(page.get_data(as_text=True)).links, path)
    return forms, answers


def read(text: str) -> Reader:
    """The forms and links of this text."""
    reader = Reader()
    reader.feed(text)
    return reader


def _near(links: list[str], path: str) -> Iterator[str]:
    yield from (link.partition("#")[0] for link in links if link.partition("#")[0] != path)


NASTY = (
    "", " ", "\0", "a\0b", "\ud800", "\udfff x", "-1", "0", "1e400", "999999999999999999999999", "NaN", "²",
    "31/02/2026", "9999-12-31", "0000-00-00", "00000000-0000-0000-0000-000000000000", "not-a-uuid", "true",
    "'; drop table grievance_case; --", "{{7*7}}", "<script>alert(1)</script>", "../../etc/passwd", "%00",
    "\u202e\u2066", "é" * 300, "x" * 20_000, "🐕" * 5_000, "+243880000001", "7F3Q-82", "[]", "{}", "null",
    "\r\n", "٣",
)  # fmt: skip
typed = st.sampled_from(NASTY) | st.text(max_size=60) | st.text(st.characters(codec="utf-8"), max_size=400)
places = st.integers(0, 10_000)


@dataclass(frozen=True)
class Filling:
    """How one form is filled in: what is typed, which of the offered values are kept, what is left out."""

    kept: list[bool] = field(repr=False)
    typed: list[str] = field(repr=False)
    left_out: frozenset[int]
    twice: frozenset[int]
    extra: dict[str, str] = field(repr=False)
    without_token: bool = False
    as_file: bool = False


fillings = st.builds(
    Filling, st.lists(st.booleans(), min_size=1, max_size=12), st.lists(typed, min_size=1, max_size=12),
    st.frozensets(st.integers(0, 30), max_size=3), st.frozensets(st.integers(0, 30), max_size=2),
    st.dictionaries(typed, typed, max_size=2),
    st.sampled_from([False] * 19 + [True]), st.sampled_from([False] * 9 + [True]),
)  # fmt: skip


def filled(form: Form, filling: Filling) -> list[tuple[str, str]]:
    """The pairs that are sent."""
    pairs = [] if filling.without_token else list(form.hidden.items())
    for place, (name, offered) in enumerate(form.fields.items()):
        if place in filling.left_out:
            continue
        nonsense = filling.typed[place % len(filling.typed)]
        real = offered[len(nonsense) % len(offered)] if offered else ""
        pairs.append((name, real if filling.kept[place % len(filling.kept)] else nonsense))
        if place in filling.twice:
            pairs.append((name, nonsense))
    return pairs + list(filling.extra.items())


def body(pairs: list[tuple[str, str]], *, as_file: bool) -> tuple[bytes, str]:
    """The pairs as a browser would send them, halves of characters and all; the first as a file if asked."""
    if not as_file:
        return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs).encode(), (
            "application/x-www-form-urlencoded"
        )
    parts = []
    for place, (name, value) in enumerate(pairs):
        plain = name.encode("utf-8", "surrogatepass").translate(None, b'"\r\n\0')
        more = b'; filename="x.exe"' if place == len(pairs) - 1 else b""
        head = b'--edge\r\nContent-Disposition: form-data; name="' + plain + b'"' + more + b"\r\n\r\n"
        parts.append(head + value.encode("utf-8", "surrogatepass") + b"\r\n")
    return b"".join(parts) + b"--edge--\r\n", "multipart/form-data; boundary=edge"


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))
