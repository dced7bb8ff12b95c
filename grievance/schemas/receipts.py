"""How does a complainant prove that a new receipt is theirs, and which word have they chosen for that?"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validates_schema

from grievance.schemas.desk import DeskForm
from grievance.schemas.text import CleanText

SHORTEST_WORD = 4
LONGEST_WORD = 100


class ReceiptWay(StrEnum):
    """By which way somebody gets a new receipt, and shows that they are the person of the case."""

    IN_PERSON = "in_person"
    SECRET_WORD = "secret_word"  # noqa: S105 - the name of a choice
    BY_TEXT = "by_text"


@dataclass(frozen=True)
class NewReceipt:
    """What the desk says when it gives a new receipt; `secret` is the word the person said."""

    way: ReceiptWay
    secret: str | None = field(default=None, repr=False)


class NewReceiptIn(DeskForm):
    """Loads a `NewReceipt`. Whoever is not there in person says their word."""

    way = fields.Enum(ReceiptWay, by_value=True, required=True)
    secret = CleanText(longest=LONGEST_WORD, load_default=None)

    @validates_schema
    def word_said(self, data: dict[str, Any], **_: Any) -> None:
        """The second secret is needed where nobody sees the person."""
        if data.get("way") is ReceiptWay.SECRET_WORD and not data.get("secret"):
            raise ValidationError("missing", "secret")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> NewReceipt:
        """The wish."""
        return NewReceipt(**data)


class SecretWordIn(Schema):
    """The word that a complainant chooses, in case the receipt is lost."""

    class Meta:
        unknown = EXCLUDE

    mot = CleanText(longest=LONGEST_WORD, load_default=None)

    @validates_schema
    def long_enough(self, data: dict[str, Any], **_: Any) -> None:
        """Signs alone are no word: capitals, accents and signs do not count when it is said."""
        if sum(sign.isalnum() for sign in data.get("mot") or "") < SHORTEST_WORD:
            raise ValidationError("short", "mot")
