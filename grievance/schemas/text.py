"""What of a text that somebody typed can be kept? Everything but what no database or page can hold."""

from __future__ import annotations

import unicodedata
from typing import Any

from marshmallow import ValidationError, fields

LONGEST_STORY = 16_000


def clean(text: str) -> str:
    """The text without control characters, lone surrogates replaced, line ends of one kind."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def must_be_said(text: str | None) -> None:
    """Of a `CleanText`: something is left once what nobody can see was taken out. Raises ValidationError."""
    if not text:
        raise ValidationError("empty")


class CleanText(fields.Field[str | None]):
    """A text, cleaned; empty means none. Longer than `longest` characters is refused, never cut."""

    def __init__(self, *, longest: int = 400, **kwargs: Any) -> None:
        super().__init__(allow_none=True, **kwargs)
        self.longest = longest

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | None:
        if not isinstance(value, str):
            raise ValidationError("not_a_text")
        cleaned = clean(value)
        if len(cleaned) > self.longest:
            raise ValidationError("too_long")
        return cleaned or None
