"""Does somebody ask to be rung without a story? Who cannot write rings and hangs up, or sends a "call me".

Operators sell a free text that says "please call me". It comes from the person's own number, or from the
operator's short sender with the number in its words.
"""

from __future__ import annotations

import re

from grievance.rules.matching import fold
from grievance.vocabulary import GatewayKind, Language

# Gateways that tell of a call that nobody took. SMSGate, Twilio's and Africa's Talking's text numbers do not.
TELLS_OF_CALLS = frozenset({GatewayKind.GENERIC})
LONGEST = 160  # one SMS; a longer text is a story
_POLITE = (
    r"(?:(?:svp|stp|s il (?:te|vous) plait|pardon|merci(?: de)?|bonjour|please|pls"
    r"|au|sur|kwa|tafadhali|samahani|jambo|habari|asante|simu) )*"
)
_RING = r"(?:me )?(?:r?appel(?:e|er|ez|le|les)?|bip(?:e|er|ez|pe|pez)?|flash(?:e|er|ez)?)(?: moi)? "
_FRENCH = re.compile(_POLITE + _RING + _POLITE)
_SWAHILI = re.compile(_POLITE + r"(?:u|mu|m)?ni ?(?:pigi[ae]|bip[ie]?|beep)(?:ni)? " + _POLITE)
_EITHER = re.compile(_POLITE + r"(?:call me(?: back)?|call back|beep(?: me)?) " + _POLITE)
# The operator's own sentence: "Le 0812345678 vous demande de le rappeler", "... anaomba umpigie".
_OPERATORS = re.compile(
    r"\b(?:demande|prie|souhaite|veut|voudrait|aimerait|wants|asks|requests|anaomba|anataka)\b.*"
    r"(?:rappel|appel|call|pigi)"
)
_NUMBER = re.compile(r"\+?\d[\d .()-]{7,16}\d")


def asks_to_be_rung(text: str) -> bool:
    """Whether this whole text says "call me", with or without a number, and nothing else."""
    return any(words.fullmatch(_bare(text)) for words in (_FRENCH, _SWAHILI, _EITHER))


def language_of_asking(text: str) -> Language | None:
    """The language of a "call me"; None when it is said alike in both."""
    if _SWAHILI.fullmatch(_bare(text)):
        return Language.SWAHILI
    return Language.FRENCH if re.search(r"appel|moi|svp|plait", _bare(text)) else None


def number_to_ring(text: str) -> str | None:
    """The number in an operator's "call me", as it is written there; None when it is no such text."""
    found = _NUMBER.findall(text)
    if len(text) > LONGEST or len(found) != 1:
        return None
    return found[0].strip() if asks_to_be_rung(text) or _OPERATORS.search(fold(text)) else None


def _bare(text: str) -> str:
    """Folded, without numbers, one space after each word; empty when it is too long to be one."""
    if len(text) > LONGEST:
        return ""
    words = [word for word in fold(_NUMBER.sub(" ", text)).split() if not word.isdigit()]
    return "".join(f"{word} " for word in words)
