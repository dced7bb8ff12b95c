"""How much is too much, and what is asked then? Never a closed door: first a question, then a slower lane.

Whole villages share one address, so nobody is refused for the address they come from. What comes too often
answers a small question (a telephone with script works it out by itself); what stays unanswered, or comes
oftener still, is kept apart until a person has looked at it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

# Hashes that a telephone tries before it has the answer: 2 to this power on average, a few seconds for an
# old one, which spends them while its owner reads the page.
EFFORT_BITS = 16
LONGEST_EFFORT = 12  # signs of the number that a telephone found
MOST = 5  # of each of the two numbers in the sum
WORDS = {
    2: ("deux", "mbili"), 3: ("trois", "tatu"), 4: ("quatre", "nne", "ine"), 5: ("cinq", "tano"),
    6: ("six", "sita"), 7: ("sept", "saba"), 8: ("huit", "nane"), 9: ("neuf", "tisa"), 10: ("dix", "kumi"),
}  # fmt: skip


class Knock(StrEnum):
    """What is counted."""

    REPORT = "report"
    RECEIPT = "receipt"
    KEEP = "keep"  # a report put down to continue later


class Gate(StrEnum):
    """What somebody finds: an open door, a question, or the lane that is looked at first."""

    OPEN = "open"
    ASK = "ask"
    APART = "apart"


@dataclass(frozen=True)
class Load:
    """How often it came: from here within ten minutes and today, from everywhere within a minute."""

    here_soon: int = 0
    here_today: int = 0
    everywhere: int = 0


@dataclass(frozen=True)
class Limits:
    """Up to these numbers nothing is asked; beyond the second pair nothing is asked any more."""

    ask_soon: int
    ask_today: int
    apart_soon: int
    apart_today: int
    surge: int


# A village after a bad day sends some tens of reports; one telephone tries a receipt a few times.
LIMITS = {
    Knock.REPORT: Limits(ask_soon=20, ask_today=100, apart_soon=120, apart_today=600, surge=60),
    Knock.KEEP: Limits(ask_soon=20, ask_today=100, apart_soon=120, apart_today=600, surge=60),
    Knock.RECEIPT: Limits(ask_soon=20, ask_today=100, apart_soon=120, apart_today=600, surge=120),
}


@dataclass(frozen=True)
class Sum:
    """The question: two small numbers."""

    first: int
    second: int


def gate(load: Load, limits: Limits) -> Gate:
    """What is asked under this load. A surge from everywhere asks everybody, and sets nobody apart."""
    if load.here_soon > limits.apart_soon or load.here_today > limits.apart_today:
        return Gate.APART
    busy_here = load.here_soon > limits.ask_soon or load.here_today > limits.ask_today
    return Gate.ASK if busy_here or load.everywhere > limits.surge else Gate.OPEN


def question(seed: bytes) -> Sum:
    """The sum that belongs to a seed."""
    digest = hashlib.sha256(b"sum" + seed).digest()
    return Sum(1 + digest[0] % MOST, 1 + digest[1] % MOST)


def answered(asked: Sum, text: str) -> bool:
    """Whether this is the sum, in digits of any script or in a word of French or Swahili."""
    right = asked.first + asked.second
    said = unicodedata.normalize("NFKC", text).strip().strip(".!").casefold()
    if said in WORDS[right]:
        return True
    return len(said) <= len("10") and said.isdecimal() and int(said) == right


def worked(seed: bytes, effort: str) -> bool:
    """Whether this number is what a telephone had to search for: sha256(seed in hex, colon, number)."""
    if not (effort.isascii() and effort.isdecimal() and len(effort) <= LONGEST_EFFORT):
        return False
    digest = hashlib.sha256(f"{seed.hex()}:{effort}".encode()).digest()
    return int.from_bytes(digest) >> (8 * len(digest) - EFFORT_BITS) == 0
