"""Does this text say one of these words, however it was typed?

How a word is written in `lexicon.py`:

    cachot          the whole word
    enferm*         a stem: any ending
    coup de feu     words in this order
    ~pigwa          a Swahili verb with any beginning: amepigwa, balinipigwa, kupigwa
    =fungwa         the same, but done to a person: amefungwa, bamemufunga; not "njia imefungwa" (a road)

Case, accents and apostrophes do not count. Negation is not understood: a needless reading costs a minute.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Whatever a Swahili verb may begin with, Katanga's forms included (ba- for wa-, mu- for m-).
_PIECES = "ni|u|a|tu|mu|mw|m|wa|ba|i|zi|li|ki|vi|ya|ha|si|ku|na|me|ta|ka|sha|nge|ye|yo|o|po|ji|hu"
_BEGINNING = f"(?:{_PIECES}){{0,6}}"
_PERSON = "(?:ni|u|a|tu|mu|m|wa|ba|ha|ku)"
_TENSE = "(?:na|li|me|ta|ka|sha|nge|ye|o|po|ku){0,3}"
_OBJECT = "(?:ni|mu|mw|m|tu|wa|ba)"


def fold(text: str) -> str:
    """Lower case, no accents, one space between words; "ng'" is one letter of Swahili, so its mark goes."""
    plain = unicodedata.normalize("NFKD", text).casefold().replace("œ", "oe").replace("’", "'")
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", bare.replace("ng'", "ng")))


def _one(entry: str) -> str:
    """The regular expression of one entry of the lexicon."""
    mark, word = (entry[0], entry[1:]) if entry[0] in "~=" else ("", entry)
    ending = "[a-z]*" if word.endswith("*") else ""
    body = re.escape(fold(word))
    if mark == "~":
        return f"{_BEGINNING}{body}{ending}"
    if mark == "=" and word.endswith("wa"):
        return f"{_PERSON}{_TENSE}{body}"
    if mark == "=":
        return f"(?:{_PIECES}){_TENSE}{_OBJECT}{body}{ending}"
    return body + ending


def pattern(entries: Iterable[str]) -> re.Pattern[str]:
    """One expression that finds any of the entries in a folded text."""
    return re.compile(r"\b(?:" + "|".join(_one(entry) for entry in entries) + r")\b")
