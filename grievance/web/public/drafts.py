"""What has been answered so far? A draft that lives in one hidden field of the page, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from werkzeug.datastructures import MultiDict

from grievance.actions.intake import ReceiptHalf
from grievance.store import receipts
from grievance.store.tokens import DraftToken
from grievance.terms import CannotOpen
from grievance.web.public.questions import FIELDS, LONGEST, OFFERED, SEVERAL, UNKNOWN, Page

# As long as an old token key is kept after a rotation.
LONGEST_DRAFT = timedelta(hours=24)
TOKEN_FIELD = "jeton"  # noqa: S105 - the name of a form field

Answers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Draft:
    """Answers by field name; every field holds the values chosen or typed, none when it was left empty.

    `lost` says that earlier answers came back unreadable or too old. The receipt is minted once, with the
    story; its argon2id is left to sending or keeping, because only what is counted may cost that much.
    """

    answers: Answers = field(default_factory=dict, repr=False)
    excluded: frozenset[UUID] = frozenset()
    receipt: str | None = field(default=None, repr=False)
    # How often the question of a flood was shown; whoever does not answer it twice is not asked again.
    asked: int = 0
    lost: bool = False
    # The last page was reached: an answer that is changed now leads straight back to it.
    checked: bool = False

    def one(self, name: str) -> str:
        """The answer to a field that takes one; empty when there is none."""
        return next(iter(self.answers.get(name, ())), "")

    def several(self, name: str) -> tuple[str, ...]:
        """The answers to a field that takes several."""
        return tuple(self.answers.get(name, ()))

    def with_answers(self, answers: Answers) -> Draft:
        """The draft with these fields answered anew."""
        return replace(self, answers={**self.answers, **answers})


def taken(form: MultiDict[str, str], page: Page, now: datetime) -> Draft:
    """The draft that a posted form carries, with the page's own fields as they were just filled in."""
    return unpacked(form.get(TOKEN_FIELD, ""), now).with_answers(
        {name: _given(form, name) for name in FIELDS[page]}
    )


def unpacked(token: str, now: datetime) -> Draft:
    """The draft of a token; an empty one when there is no token, or it cannot be read any more."""
    if not token:
        return Draft()
    try:
        data = _keys().unpack(token, now, LONGEST_DRAFT)
    except CannotOpen:
        return Draft(lost=True)
    return _from_json(data)


def packed(draft: Draft, page: Page, now: datetime) -> str:
    """The draft as the text of the hidden field of a page, whose own fields say their answers themselves."""
    others = {name: values for name, values in draft.answers.items() if name not in FIELDS[page]}
    return _keys().pack(_to_json(replace(draft, answers=others)), now)


def put_down(draft: Draft, page: Page) -> str:
    """The draft as the text that is kept under its receipt, with the page on which it was put down."""
    return json.dumps({**_to_json(draft), "page": page.value, "receipt": None})


def taken_up(words: str, receipt: str) -> tuple[Draft, Page]:
    """The draft that was put down under this receipt, and its page."""
    data = json.loads(words)
    return _from_json({**data, "receipt": receipt}), Page(data["page"])


def with_receipt(draft: Draft) -> Draft:
    """The draft with its receipt, minted once: going back and forth, or sending twice, keeps the same one."""
    return draft if draft.receipt is not None else replace(draft, receipt=receipts.mint())


def half_of(draft: Draft, *, in_crowd: bool = False) -> ReceiptHalf:
    """What the draft's receipt leaves with us: one argon2id, the same each time. Raises Busy, CannotOpen."""
    opening = receipts.open_receipt(draft.receipt or "", in_crowd=in_crowd)
    return ReceiptHalf(opening.lookup, opening.pair.public)


def _given(form: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """What the form says for a field: known choices only, typed text as it was typed."""
    values = form.getlist(name) if name in SEVERAL else form.getlist(name)[:1]
    offered = OFFERED.get(name)
    if offered is not None:
        return tuple(choice.value for choice in offered if choice.value in values)
    # Thrice the length is kept, so that a story that is too long can be shortened and is not lost.
    kept = (value[: 3 * LONGEST.get(name, 100)] for value in values)
    return tuple(value for value in kept if value.strip() and value != UNKNOWN)


def _to_json(draft: Draft) -> dict[str, Any]:
    return {
        "answers": {name: list(values) for name, values in draft.answers.items() if values},
        "excluded": sorted(map(str, draft.excluded)),
        "receipt": draft.receipt,
        "asked": draft.asked,
        "checked": draft.checked,
    }


def _from_json(data: dict[str, Any]) -> Draft:
    answers = {name: tuple(values) for name, values in data["answers"].items()}
    # A draft of before this version had a receipt only when it had reached the last page.
    checked = data.get("checked", data["receipt"] is not None)
    excluded = frozenset(map(UUID, data["excluded"]))
    return Draft(answers, excluded, data["receipt"], data.get("asked", 0), checked=checked)


def _keys() -> DraftToken:
    return DraftToken(current_app.config["SETTINGS"].token_key)
