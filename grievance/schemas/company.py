"""What does a company send about a referral? One shape for each of its forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from grievance.schemas.text import LONGEST_STORY, CleanText, must_be_said
from grievance.vocabulary import RemedyKind

MOST_DAYS = 60


@dataclass(frozen=True)
class RemedyPromise:
    """What a company will do, and until which day. `text` may hold an amount; it is sealed."""

    kind: RemedyKind
    text: str = field(repr=False)
    due_on: date | None = None


@dataclass(frozen=True)
class RemedyDelivery:
    """That a company says it kept a promise, with what shows it."""

    remedy_id: UUID
    proof: str = field(repr=False)


@dataclass(frozen=True)
class Extension:
    """More time, once: `days` in the unit of the deadline, with the reason."""

    days: int
    reason: str = field(repr=False)


class CompanyForm(Schema):
    """A form of a company; what it does not name is left out."""

    class Meta:
        unknown = EXCLUDE


class WordsIn(CompanyForm):
    """An answer, a question, why it is not ours: one text, which is never empty. Loads the text."""

    text = CleanText(longest=LONGEST_STORY, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> str:
        """The text."""
        if not data["text"]:
            raise ValidationError("empty", "text")
        return str(data["text"])


class RemedyPromiseIn(CompanyForm):
    """Loads a `RemedyPromise`."""

    kind = fields.Enum(RemedyKind, by_value=True, required=True)
    text = CleanText(longest=4_000, required=True, validate=must_be_said)
    due_on = fields.Date(load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> RemedyPromise:
        """The promise."""
        return RemedyPromise(**data)


class RemedyDeliveryIn(CompanyForm):
    """Loads a `RemedyDelivery`."""

    remedy_id = fields.UUID(required=True)
    proof = CleanText(longest=4_000, required=True, validate=must_be_said)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> RemedyDelivery:
        """The delivery."""
        return RemedyDelivery(**data)


class ExtensionIn(CompanyForm):
    """Loads an `Extension`."""

    days = fields.Integer(required=True, validate=validate.Range(1, MOST_DAYS))
    reason = CleanText(longest=2_000, required=True, validate=must_be_said)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Extension:
        """The extension."""
        return Extension(**data)
