"""How many SMS is a text, and how is it written with the letters that an SMS has?

The alphabet and the lengths are those of 3GPP TS 23.038 and 23.040: 160 septets, or 153 in each part of a
longer text; outside the alphabet 70 UTF-16 units, or 67 in each part.
"""

from __future__ import annotations

import unicodedata

ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("^{}\\[~]|€\f")  # each costs two septets
_MARKS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033«»", '"'),
        **dict.fromkeys("\u2039\u203a", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\t", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"),
        "…": "...",
        "•": "-",
        "œ": "oe",
        "Œ": "OE",
    }
)


def plain(text: str) -> str:
    """The text with typographic marks and accented letters that an SMS lacks in their plain form.

    What has no plain form (another script, a picture) stays, and makes the text dearer.
    """
    return "".join(_plain_letter(letter) for letter in unicodedata.normalize("NFC", text.translate(_MARKS)))


def parts(text: str) -> int:
    """How many SMS this text is, sent as it stands. At least one."""
    if fits(text):
        return _count([2 if letter in EXTENSION else 1 for letter in text], single=160, part=153)
    # A letter beyond the basic plane is two units and is not divided between parts.
    return _count([2 if ord(letter) > 0xFFFF else 1 for letter in text], single=70, part=67)


def fits(text: str) -> bool:
    """Whether every letter is in the SMS alphabet."""
    return all(letter in ALPHABET or letter in EXTENSION for letter in text)


def _plain_letter(letter: str) -> str:
    if letter in ALPHABET or letter in EXTENSION:
        return letter
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(mark))
    return bare if bare and fits(bare) else letter


def _count(costs: list[int], *, single: int, part: int) -> int:
    if sum(costs) <= single:
        return 1
    count, room = 1, part
    for cost in costs:
        if cost > room:
            count, room = count + 1, part
        room -= cost
    return count
