"""What can a text message tell us? One small value for each thing, in the order it was said.

Whatever a person wrote is kept out of `repr`, so that no log and no traceback can show it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from grievance.vocabulary import Language, SafeContact, Settled


class ConsentChoice(StrEnum):
    """To whom a summary may go."""

    BOTH = "both"
    PROVIDER = "provider"
    MINE = "mine"
    NOBODY = "nobody"


class CheckInAnswer(StrEnum):
    """How somebody is, some time after a company was told."""

    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True)
class Story:
    """Words that belong to the thread; `code` when they name an earlier case of this number."""

    text: str = field(repr=False)
    code: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Flagged:
    """An answer that was not understood, kept as it is for a person to read, like a story."""

    question: StrEnum
    text: str = field(repr=False)


@dataclass(frozen=True)
class Agreed:
    """Yes: we may read and keep it."""


@dataclass(frozen=True)
class Refused:
    """No: everything of this dialogue is erased."""


@dataclass(frozen=True)
class Danger:
    """Somebody is in danger now. Rings the duty roster."""


@dataclass(frozen=True)
class Where:
    """The place, in their words."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class Contact:
    """How they may be reached. `NOTHING` also takes back a number given before."""

    how: SafeContact


@dataclass(frozen=True)
class CallBack:
    """A person is to ring."""


@dataclass(frozen=True)
class Stop:
    """No more messages. Withdraws nothing."""


@dataclass(frozen=True)
class Start:
    """Messages may come again."""


@dataclass(frozen=True)
class Withdraw:
    """Confirmed: stop everything."""


@dataclass(frozen=True)
class Follow:
    """They asked how it stands; `code` as written, or `None` inside the 72 hours."""

    code: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class HandOver:
    """Waiting texts go out now, before what the turn says."""


@dataclass(frozen=True)
class GoOnByWeb:
    """They want to go on by web: a new receipt is texted to them, in answer to this text alone."""


@dataclass(frozen=True)
class AnotherDesk:
    """Another organisation; `choice` counts from 0 in `Heard.desks`."""

    choice: int


@dataclass(frozen=True)
class SettledAnswer:
    """Their own word on the answer that was relayed."""

    settled: Settled


@dataclass(frozen=True)
class Consent:
    """To whom a summary may go."""

    choice: ConsentChoice


@dataclass(frozen=True)
class CheckIn:
    """How they are."""

    answer: CheckInAnswer


@dataclass(frozen=True)
class LanguageChosen:
    """They chose; a guess is only in `Dialogue.language`."""

    language: Language


@dataclass(frozen=True)
class OtherLanguage:
    """Neither French nor Swahili: a person who speaks it must ring."""


@dataclass(frozen=True)
class NewStory:
    """A further complaint inside the 72 hours: from here on it is another case."""


Learned = (
    Story
    | Flagged
    | Agreed
    | Refused
    | Danger
    | Where
    | Contact
    | CallBack
    | Stop
    | Start
    | Withdraw
    | Follow
    | HandOver
    | GoOnByWeb
    | AnotherDesk
    | SettledAnswer
    | Consent
    | CheckIn
    | LanguageChosen
    | OtherLanguage
    | NewStory
)
