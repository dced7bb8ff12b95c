"""Is a text that came in written in base64, as some networks hand on what is longer than they expect?"""

from __future__ import annotations

import base64
import binascii
import re

# Shorter ones could be words; a text of this length without a space is none.
SHORTEST = 24
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def unwrapped(text: str) -> str:
    """The words inside, when the whole text is base64 of words; else the text as it is."""
    bare = "".join(text.split()) if "\n" in text or "\r" in text else text.strip()
    if len(bare) < SHORTEST or len(bare) % 4 or not _BASE64.fullmatch(bare):
        return text
    try:
        inside = base64.b64decode(bare, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text
    return inside if _words(inside) else text


def _words(inside: str) -> bool:
    """Several words, mostly of plain letters: what chance makes of a long word is none of it."""
    readable = all(letter.isprintable() or letter in "\r\n\t" for letter in inside)
    plain = sum(letter.isascii() for letter in inside)
    return readable and " " in inside.strip() and 2 * plain >= len(inside)
