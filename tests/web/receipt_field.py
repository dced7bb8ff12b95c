"""What does the page that asks for a receipt say back of what was typed? The value of its one field."""

from __future__ import annotations

import re
from html import escape

_BESIDE = 'aria-describedby="recu-aide"'
_ANY = re.compile(rf'value="[^"]*" {_BESIDE}')


def field_of(typed: str) -> str:
    """The field's value as the page writes it."""
    return f'value="{escape(typed)}" {_BESIDE}'


def without(page: str) -> str:
    """The page, whatever was typed in its field."""
    return _ANY.sub("", page)
