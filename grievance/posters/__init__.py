"""What hangs on a wall near a site, and what fits in a pocket? One page of A4 each, to print."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from io import BytesIO

import segno
import typst

from grievance.posters.page import PAGES
from grievance.posters.words import DAYS, NEUTRAL, WORDS
from grievance.vocabulary import Language

# The languages that stand side by side on each sheet.
TONGUES = (Language.FRENCH, Language.SWAHILI)
PLAIN_SIGN = "SMS"


class Sheet(StrEnum):
    """What is printed: a poster, cards for a pocket, or cards that betray nothing where it is dangerous."""

    POSTER = "poster"
    CARDS = "cards"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class Line:
    """A number to write to; `operator` is empty when the prefix names none.

    `rings`: whoever rings it and hangs up is called back.
    """

    operator: str
    number: str
    rings: bool = False


@dataclass(frozen=True)
class Promise:
    """A length of time: an amount, and its unit as the deadline policy writes it (min, h, d, wd)."""

    amount: int
    unit: str


@dataclass(frozen=True)
class Promises:
    """What the policy in force promises: the shortest and the longest time of each step."""

    first_answer: tuple[Promise, Promise]
    company: tuple[Promise, Promise]
    outcome: Promise


@dataclass(frozen=True)
class Outreach:
    """What a site's sheets say. `addresses` are the web form with the site filled in, one each language.

    `neutral_addresses` have no telling word in them. `help_line` and its day are there while it is verified.
    """

    site: str
    place: str
    desk: str
    lines: tuple[Line, ...]
    addresses: dict[Language, str]
    neutral_addresses: dict[Language, str]
    promises: Promises
    printed_on: date
    help_line: str = ""
    help_verified_on: date | None = None
    tongues: tuple[Language, ...] = TONGUES
    # All data is invented: a mark says so on what must never hang anywhere.
    fictional: bool = False


def sheet(kind: Sheet, what: Outreach) -> bytes:
    """The sheet as one A4 page of PDF: the same bytes for the same values, wherever it is made."""
    made = datetime.combine(what.printed_on, time(12), UTC)
    pdf = typst.compile(
        source(kind), sys_inputs=values(kind, what), ignore_system_fonts=True, timestamp=int(made.timestamp())
    )
    return bytes(pdf)


def source(kind: Sheet) -> bytes:
    """How the sheet looks, in Typst; it opens no file and no address."""
    return PAGES[kind.value].encode()


def values(kind: Sheet, what: Outreach) -> dict[str, str]:
    """What the sheet says, handed in beside its looks, so that no sign in a name is a command."""
    tongues = [_tongue(kind, what, language) for language in what.tongues]
    said = {
        "tongues": tongues,
        "lines": [[line.operator or PLAIN_SIGN, line.number] for line in what.lines],
        "site": _plain(what.site), "place": _plain(what.place), "fictional": what.fictional,
    }  # fmt: skip
    if kind is Sheet.NEUTRAL:
        said |= {"site": "", "place": ""}
    return {"sheet": json.dumps(said)}


def _tongue(kind: Sheet, what: Outreach, language: Language) -> dict[str, str | list[str]]:
    neutral = kind is Sheet.NEUTRAL
    words = NEUTRAL[language] if neutral else WORDS[language]
    fill = {"ringing": " / ".join(line.number for line in what.lines if line.rings)}
    fill |= {} if neutral else _filling(what, language)
    address = (what.neutral_addresses if neutral else what.addresses)[language]
    said: dict[str, str | list[str]] = {
        name: _printed(text.format(**fill)) if isinstance(text, str) else [_printed(one) for one in text]
        for name, text in words.items()
    }
    if not neutral and not what.help_line:
        said["help"] = ""
    said["ring"] = said[_asking_for_a_call(what)]
    shown = "" if neutral else _host(address)
    return said | {"language": language.value, "qr": _qr(address), "address": shown}


def _asking_for_a_call(what: Outreach) -> str:
    """Which sentence says how to be called back: ring any number, ring some, or text one word."""
    if all(line.rings for line in what.lines):
        return "ring"
    return "ring_some" if any(line.rings for line in what.lines) else "bip"


def _filling(what: Outreach, language: Language) -> dict[str, str]:
    promises = what.promises
    return {
        "desk": _plain(what.desk), "help_line": what.help_line,
        "help_day": f"{what.help_verified_on:%d/%m/%Y}" if what.help_verified_on else "",
        "soon": _length(promises.first_answer[0], language),
        "late": _length(promises.first_answer[1], language),
        "company_soon": _length(promises.company[0], language),
        "company_late": _length(promises.company[1], language),
        "outcome": _length(promises.outcome, language),
    }  # fmt: skip


def _length(promise: Promise, language: Language) -> str:
    return DAYS[language][promise.unit].format(amount=promise.amount)


def _qr(address: str) -> str:
    """The address as a drawing; a smudge or a fold still leaves it readable."""
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False, scale=4)
    return drawn.getvalue().decode()


def _host(address: str) -> str:
    """What somebody types who cannot read a QR code: the first page, where the language is chosen."""
    scheme, _, rest = address.partition("://")
    host = rest.partition("/")[0]
    return host if scheme == "https" else f"{scheme}://{host}"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _printed(text: str) -> str:
    """A sentence of ours, typed plainly, as a printer sets it."""
    for sign in ":?":
        text = text.replace(f" {sign}", f"\N{NO-BREAK SPACE}{sign}")
    return text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
