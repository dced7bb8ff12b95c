"""Is a whole text one of our words, an answer or a code? Anything longer is a story.

"Hali ya mutoto ni mbaya", "Simama! walinzi..." and "ondoa mbwa" hold our words and are stories: a word counts
only when nothing but a code stands beside it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from grievance.rules.calling import asks_to_be_rung, language_of_asking
from grievance.vocabulary import Language

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I: read out by telephone and copied by hand
_CODE = re.compile(rf"([{CODE_ALPHABET}]{{4}})[-\s]*([{CODE_ALPHABET}]{{2}})", re.IGNORECASE | re.ASCII)
_CODE_IN_STORY = re.compile(
    rf"(?<![\w-])([{CODE_ALPHABET}]{{4}})-([{CODE_ALPHABET}]{{2}})(?![\w-])", re.IGNORECASE | re.ASCII
)
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_EDGES = " \t\r\n.,;:!?\"'()[]<>«»“”‘’*+-"
_FILLERS = frozenset({"code", "na", "ma", "mon", "le", "yangu", "+", "no"})


class Word(StrEnum):
    """What one of our words asks for."""

    NEW = "new"
    FOLLOW = "follow"
    HELP = "help"
    DANGER = "danger"
    STOP = "stop"
    START = "start"
    WITHDRAW = "withdraw"
    CALL_ME = "call_me"
    ANOTHER = "another"
    END = "end"
    WEB = "web"
    FRENCH = "french"
    SWAHILI = "swahili"


_FRENCH = {
    "plainte": Word.NEW,
    "signaler": Word.NEW,
    "suivi": Word.FOLLOW,
    "statut": Word.FOLLOW,
    "aide": Word.HELP,
    "danger": Word.DANGER,
    "arret": Word.STOP,
    "retirer": Word.WITHDRAW,
    "rappel": Word.CALL_ME,
    "autre": Word.ANOTHER,
    "fin": Word.END,
    "fr": Word.FRENCH,
    "francais": Word.FRENCH,
}
_SWAHILI = {
    "malalamiko": Word.NEW,
    "shida": Word.NEW,
    "hali": Word.FOLLOW,
    "msaada": Word.HELP,
    "hatari": Word.DANGER,
    "acha": Word.STOP,
    "simama": Word.STOP,
    "ondoa": Word.WITHDRAW,
    "nipigie": Word.CALL_ME,
    "ingine": Word.ANOTHER,
    "mwisho": Word.END,
    "sw": Word.SWAHILI,
    "swahili": Word.SWAHILI,
    "kiswahili": Word.SWAHILI,
}
# Said by nobody in particular. The English ones are the provider's own words and keep the provider's meaning.
_EITHER = {
    "bip": Word.CALL_ME,
    "web": Word.WEB,
    "internet": Word.WEB,
    "stop": Word.STOP,
    "stopall": Word.STOP,
    "unsubscribe": Word.STOP,
    "end": Word.STOP,
    "quit": Word.STOP,
    "cancel": Word.STOP,
    "start": Word.START,
    "unstop": Word.START,
}
WORDS: dict[str, Word] = {**_FRENCH, **_SWAHILI, **_EITHER}
YES = frozenset({"oui", "ndiyo", "ndio", "ndjo", "eh"})
DIGITS = {str(number): number for number in range(1, 10)}
NO = frozenset({"non", "hapana", "apana"})


@dataclass(frozen=True)
class Parsed:
    """A text as our words see it: all `None` and `False` for a story.

    `choice` is the number written, 1 to 9; `yes` the word Yes (`True`) or No (`False`); `code` is normal
    (`7F3Q-82`).
    """

    word: Word | None = None
    language: Language | None = None
    choice: int | None = None
    yes: bool | None = None
    code: str | None = field(default=None, repr=False)

    @property
    def story(self) -> bool:
        """Whether these are somebody's own words."""
        return self.word is None and self.choice is None and self.yes is None and self.code is None

    @property
    def agrees(self) -> bool | None:
        """Yes or No to "1 Oui 2 Non", by number, by word, or by both if they say the same."""
        by_number = {1: True, 2: False}.get(self.choice or 0)
        if self.choice is None or self.yes is None:
            return self.yes if self.choice is None else by_number
        return by_number if by_number is self.yes else None


def fold(text: str) -> str:
    """Lower case, without accents and outer punctuation, single spaces."""
    apart = unicodedata.normalize("NFKD", _DASHES.sub("-", text).casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.split()).strip(_EDGES)


def normal_code(text: str) -> str | None:
    """The code that this text is, as `7F3Q-82`, in any case, with hyphen, spaces or neither; or `None`."""
    found = _CODE.fullmatch(fold(text))
    return f"{found[1]}-{found[2]}".upper() if found else None


def code_in(text: str) -> str | None:
    """The code this text names: alone, beside one of our words, or with its hyphen anywhere in a story.

    Look this up among the cases of the number before calling `reply`.
    """
    parsed = parse(text)
    if parsed.code or not parsed.story:
        return parsed.code
    found = _CODE_IN_STORY.search(_DASHES.sub("-", text))
    return f"{found[1]}-{found[2]}".upper() if found else None


def parse(text: str) -> Parsed:
    """What this whole text is. Never raises."""
    folded = fold(text)
    if folded in WORDS:
        return Parsed(word=WORDS[folded], language=_language(folded))
    answer = _answer(folded)
    if answer is not None:
        return answer
    if asks_to_be_rung(text):
        return Parsed(word=Word.CALL_ME, language=language_of_asking(text))
    return _with_code(folded)


def _with_code(folded: str) -> Parsed:
    tokens = [token.strip(_EDGES) for token in folded.split()]
    tokens = [token for token in tokens if token and token not in _FILLERS]
    if not tokens:
        return Parsed()
    for word, rest in ((tokens[0], tokens[1:]), (tokens[-1], tokens[:-1])):
        code = normal_code(" ".join(rest))
        if word in WORDS and (code or not rest):
            return Parsed(word=WORDS[word], language=_language(word), code=code)
    code = normal_code(" ".join(tokens))
    return Parsed(code=code)


def _answer(folded: str) -> Parsed | None:
    """A number, yes or no, or a number and one of them ("1 oui")."""
    parts = [part.strip(_EDGES) for part in folded.split()]
    numbers = {DIGITS[part] for part in parts if part in DIGITS}
    words = {part in YES for part in parts if part in YES | NO}
    if not 1 <= len(parts) <= 2 or not all(part in YES | NO or part in DIGITS for part in parts):
        return None
    if len(numbers) > 1 or len(words) > 1:
        return None
    return Parsed(choice=next(iter(numbers), None), yes=next(iter(words), None))


def _language(word: str) -> Language | None:
    if word in _FRENCH:
        return Language.FRENCH
    return Language.SWAHILI if word in _SWAHILI else None
