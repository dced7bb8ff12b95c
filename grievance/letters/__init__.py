"""What does a company without an account receive? A letter to print: the summary, what is asked, by when."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

import typst

from grievance.letters.page import PAGE
from grievance.letters.words import WORDS
from grievance.vocabulary import Language, ReferralKind


@dataclass(frozen=True)
class Letter:
    """What one letter says. Texts are plain, their line breaks kept; `wished` may be empty.

    `referral_code` is the referral's own code: the letter has no place for the case's. An `INTERIM` letter
    asks to keep evidence and people safe by `answer_by`, and for no acknowledgement before.
    """

    referral_code: str
    addressee: str = field(repr=False)
    address: str = field(repr=False)
    desk_name: str
    desk_address: str
    summary: str = field(repr=False)
    wished: str = field(repr=False)
    acknowledge_by: date
    answer_by: date
    language: Language
    sent_on: date
    kind: ReferralKind = ReferralKind.ORDINARY
    # The newest anchor of the journal: its day, and its hash in hexadecimal.
    sealed_on: date | None = None
    sealed: str = ""


def letter(what: Letter) -> bytes:
    """The letter as an A4 PDF, in its language: the same bytes for the same values, wherever it is made."""
    # A PDF says when it was made: the day of the letter, not the hour somebody sat at this machine.
    made = datetime.combine(what.sent_on, time(12), UTC)
    values = json.dumps(_values(what))
    return typst.compile(
        PAGE.encode(), sys_inputs={"letter": values}, ignore_system_fonts=True,
        timestamp=int(made.timestamp()),
    )  # fmt: skip


def _values(what: Letter) -> dict[str, str | list[list[str]]]:
    words = WORDS[what.language]
    said = {name: _plain(text) for name, text in _given(what).items()}
    fill = {"code": said["code"], "desk": said["desk"], "sealed": what.sealed}
    fill["sealed_on"] = _day(what.sealed_on) if what.sealed_on else ""
    sentences = {name: _printed(text).format(**fill) for name, text in words.items() if name != "until"}
    anchored = "yes" if what.sealed_on else "no"
    return {
        **sentences, **said, "asked": _asked(what, words), "language": what.language.value,
        "anchored": anchored,
    }  # fmt: skip


def _given(what: Letter) -> dict[str, str]:
    return {
        "code": what.referral_code, "addressee": what.addressee, "address": what.address,
        "desk": what.desk_name, "desk_address": what.desk_address, "summary": what.summary,
        "wished": what.wished.strip(), "sent_on": _day(what.sent_on),
    }  # fmt: skip


def _asked(what: Letter, words: dict[str, str]) -> list[list[str]]:
    if what.kind is ReferralKind.INTERIM:
        dates = [(what.answer_by, words["interim"])]
    else:
        dates = [(what.acknowledge_by, words["acknowledge"]), (what.answer_by, words["answer"])]
    return [[words["until"].format(day=_day(by)), _printed(text)] for by, text in dates]


def _plain(text: str) -> str:
    """Letters and their accents in one sign, one kind of line break: what the fonts carry."""
    return unicodedata.normalize("NFC", "\n".join(text.splitlines()))


def _printed(text: str) -> str:
    """A sentence of ours, typed plainly, as a printer sets it. What others wrote stays as they wrote it."""
    return text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}").replace(" :", "\N{NO-BREAK SPACE}:")


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
