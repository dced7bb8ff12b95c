"""What is a dialogue made of? The values that go into and come out of `grievance.rules.conversation`.

Whatever a person wrote is kept out of `repr`, so that no log and no traceback can show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from grievance.rules.learned import Learned
from grievance.rules.triage import Urgent
from grievance.terms import Role, Stage
from grievance.vocabulary import Language, SafeContact

MAX_TURNS = 6  # automatic answers to one number in one hour; two machines texting each other stop there


class Question(StrEnum):
    """What we may have asked last. The first six, in this order, are the intake."""

    LANGUAGE = "language"
    SAFETY = "safety"
    DANGER = "danger"
    WHAT = "what"
    WHERE = "where"
    CONTACT = "contact"
    CONSENT = "consent"
    SETTLED = "settled"
    CHECK_IN = "check_in"
    WITHDRAW = "withdraw"
    WHICH_DESK = "which_desk"
    CODE = "code"
    CODE_TO_WITHDRAW = "code_to_withdraw"
    CODE_FOR_WEB = "code_for_web"


class Template(StrEnum):
    """Every sentence that goes out by SMS; the words are in `grievance.wording`."""

    LANGUAGE = "language"
    SAFETY = "safety"
    AFTER_NO = "after_no"
    DANGER = "danger"
    WHAT = "what"
    WHERE = "where"
    CONTACT = "contact"
    RECEIPT = "receipt"
    RECEIPT_QUIET = "receipt_quiet"
    ADDED = "added"
    NEWS = "news"
    STOPPED = "stopped"
    HELP = "help"
    DOG_BITE = "dog_bite"
    DOG_BITE_BOTH = "dog_bite_both"
    SEXUAL_VIOLENCE = "sexual_violence"
    SEXUAL_VIOLENCE_BOTH = "sexual_violence_both"
    HELD = "held"
    HELD_BOTH = "held_both"
    DANGER_CALL = "danger_call"
    DANGER_CALL_BOTH = "danger_call_both"
    DANGER_LATER = "danger_later"
    DANGER_LATER_BOTH = "danger_later_both"
    DANGER_LATER_NUMBER = "danger_later_number"
    DANGER_LATER_NUMBER_BOTH = "danger_later_number_both"
    DANGER_ALONE = "danger_alone"
    DANGER_ALONE_BOTH = "danger_alone_both"
    DANGER_ALONE_NUMBER = "danger_alone_number"
    DANGER_ALONE_NUMBER_BOTH = "danger_alone_number_both"
    CONSENT = "consent"
    SETTLED = "settled"
    CHECK_IN = "check_in"
    WITHDRAW = "withdraw"
    WITHDRAWN = "withdrawn"
    ASK_CODE = "ask_code"
    UNKNOWN_CODE = "unknown_code"
    STATUS = "status"
    STATUS_LATE = "status_late"
    STATUS_ENDED = "status_ended"
    CALL_BACK = "call_back"
    CALL_BACK_SOON = "call_back_soon"
    WHICH_DESK = "which_desk"
    WHICH_DESK_ONE = "which_desk_one"
    NOT_UNDERSTOOD = "not_understood"
    REMINDER = "reminder"
    WEB_RECEIPT = "web_receipt"
    DUTY_CALL = "duty_call"


class CodeHeard(StrEnum):
    """Whether the text names a case, and whether that case belongs to the number it came from."""

    NONE = "none"
    KNOWN = "known"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Duty:
    """Who can ring somebody in danger. Both times `None`: the desk has no roster and never promises a call.

    `call_by` is when a call is made at the latest, because somebody is on duty now; `next_at` when somebody
    is there again. `help_number` is somebody else's, and given only while it is verified.
    """

    call_by: datetime | None = None
    next_at: datetime | None = None
    help_number: str | None = None


@dataclass(frozen=True)
class Receipt:
    """The code of the case this dialogue makes or belongs to, minted at the arrival of the first text."""

    code: str = field(repr=False)
    answer_by: datetime


@dataclass(frozen=True)
class Standing:
    """What this number may be told of its case. `due_at` is `None` when nobody's turn is running."""

    stage: Stage
    turn: Role | None = None
    due_at: datetime | None = None
    late: bool = False


@dataclass(frozen=True)
class Heard:
    """What the lexicon proposes about the text, and what is known of the number it came from.

    `stored` is the language of this number's last case, `language` a guess, `other_language` that the
    text seems to be neither French nor Swahili. `standing` is given when the text holds a code of this
    number, or when its dialogue of the last 72 hours has a case. `open` is the question that waits on
    that case; `waiting` that texts wait to be fetched. `desks` are the names of at most two other
    organisations, in the same order in every turn. `call_back_by` is `None` when no time can be promised.
    """

    receipt: Receipt
    urgent: tuple[Urgent, ...] = ()
    stored: Language | None = None
    language: Language | None = None
    other_language: bool = False
    code: CodeHeard = CodeHeard.NONE
    standing: Standing | None = None
    open: Question | None = None
    waiting: bool = False
    desks: tuple[str, ...] = ()
    duty: Duty = field(default_factory=Duty)
    call_back_by: datetime | None = None


@dataclass(frozen=True)
class Dialogue:
    """Where a conversation stands. `Dialogue()` is a number that nobody talked with in the last 72 hours.

    `turns` counts answers in the hour that runs: whoever keeps the dialogue sets it to 0 when the hour is
    over. `stored`: there is a story. `agreed`: Yes was said; a No starts from nothing. `received`: the
    receipt went out. `quiet`: the last text was taken in without an answer while a question is open. `told`:
    urgent help already given. `about`: the code they named; what is learned of consent, settlement,
    withdrawal or another desk is about that case, or about the dialogue's own when it is `None`.
    """

    language: Language | None = None
    asked: Question | None = None
    misunderstood: int = 0
    answered: frozenset[Question] = frozenset()
    danger: bool = False
    contact: SafeContact | None = None
    stored: bool = False
    agreed: bool = False
    received: bool = False
    quiet: bool = False
    told: frozenset[Urgent] = frozenset()
    about: str | None = field(default=None, repr=False)
    turns: int = 0


@dataclass(frozen=True)
class Line:
    """One SMS to say. Values are plain text: times as ISO 8601, stages and roles by their value."""

    template: Template
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Turn:
    """What comes of one text: where the dialogue stands, what to say, and what was learned, in order.

    At most two SMS are said, but for urgent help, which is never cut.
    """

    state: Dialogue
    say: tuple[Line, ...] = ()
    learned: tuple[Learned, ...] = ()


def as_stored(state: Dialogue) -> dict[str, Any]:
    """The state as plain JSON values, to be sealed; holds no words of theirs."""
    plain = {field.name: getattr(state, field.name) for field in fields(state)}
    return plain | {"answered": sorted(state.answered), "told": sorted(state.told)}


def from_stored(plain: Mapping[str, Any]) -> Dialogue:
    """The state again. Raises TypeError or ValueError for anything `as_stored` did not make."""
    return Dialogue(
        **{
            **plain,
            "language": Language(plain["language"]) if plain["language"] else None,
            "asked": Question(plain["asked"]) if plain["asked"] else None,
            "contact": SafeContact(plain["contact"]) if plain["contact"] else None,
            "answered": frozenset(map(Question, plain["answered"])),
            "told": frozenset(map(Urgent, plain["told"])),
        }
    )
