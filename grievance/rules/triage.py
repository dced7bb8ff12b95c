"""How urgent is what was reported, which lane keeps it, and which help cannot wait?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from grievance.rules import lexicon
from grievance.rules.matching import fold, pattern
from grievance.terms import Lane
from grievance.vocabulary import Harm, Severity

ZONE = ZoneInfo("Africa/Lubumbashi")


class Urgent(StrEnum):
    """Help that goes out before any question."""

    DOG_BITE = "dog_bite"
    SEXUAL_VIOLENCE = "sexual_violence"
    HELD = "held"
    DANGER = "danger"


class Why(StrEnum):
    """What a proposal rests on. Codes: never a word of the text."""

    DANGER = "danger"
    HELD = "held"
    SHOOTING = "shooting"
    CHILD_RECENT = "child_recent"
    SEXUAL_VIOLENCE_RECENT = "sexual_violence_recent"
    DATE_UNKNOWN = "date_unknown"
    WORDS = "words"
    AGE = "age"
    HARM = "harm"
    SAID = "said"


@dataclass(frozen=True)
class Report:
    """What is known when a report comes in. `danger` is None when the question was not answered.

    `incident_on` is a day there (Lubumbashi); `children` how many of the persons harmed; `said` an urgency
    that the complainant, or who wrote for them, gave.
    """

    text: str = field(default="", repr=False)
    harms: frozenset[Harm] = frozenset()
    danger: bool | None = None
    incident_on: date | None = None
    children: int | None = None
    said: Severity | None = None


@dataclass(frozen=True)
class Proposal:
    """What a person will decide on. `urgent` is in the order in which help is said."""

    severity: Severity
    harms: frozenset[Harm]
    lane: Lane
    urgent: tuple[Urgent, ...]
    reasons: tuple[Why, ...]


# The International Code of Conduct's paragraphs, for classifying; numbering as published by ICoCA.
ICOC_PARAGRAPHS: dict[Harm, tuple[str, ...]] = {
    Harm.ASSAULT: ("30", "31", "32"),
    Harm.SHOOTING: ("30", "31", "32", "56", "57", "58", "59"),
    Harm.DEATH: ("30", "31", "32", "63"),
    Harm.DOG_ATTACK: ("30", "31", "32"),
    Harm.SEXUAL_VIOLENCE: ("38",),
    Harm.DETENTION: ("33", "34"),
    Harm.TORTURE: ("35", "36", "37"),
    Harm.THREATS: ("30", "65"),
    Harm.EXTORTION: ("65",),
    Harm.THEFT: ("63",),
    Harm.EVICTION: ("30", "63"),
    Harm.BLOCKED_WAY: ("30", "63"),
    Harm.DISCRIMINATION: ("42",),
    Harm.CHILD_HARMED: ("30", "39", "40", "41"),
    Harm.UNIDENTIFIED_GUARD: ("43",),
    Harm.PUBLIC_EMPLOYED: ("45", "46", "47", "48", "49"),
    Harm.WORKING_CONDITIONS: ("55", "65"),
    Harm.RETALIATION: ("65", "66", "67", "68"),
    Harm.ABOUT_US: ("66", "67", "68"),
    Harm.OTHER: (),
}

# Where nothing makes it `now`. Retaliation is critical because it is aimed at whoever trusted us.
USUAL: dict[Harm, Severity] = {
    Harm.SHOOTING: Severity.CRITICAL,
    Harm.DEATH: Severity.CRITICAL,
    Harm.DOG_ATTACK: Severity.CRITICAL,
    Harm.SEXUAL_VIOLENCE: Severity.CRITICAL,
    Harm.DETENTION: Severity.CRITICAL,
    Harm.TORTURE: Severity.CRITICAL,
    Harm.CHILD_HARMED: Severity.CRITICAL,
    Harm.RETALIATION: Severity.CRITICAL,
    Harm.ASSAULT: Severity.SERIOUS,
    Harm.THREATS: Severity.SERIOUS,
    Harm.EXTORTION: Severity.SERIOUS,
    Harm.EVICTION: Severity.SERIOUS,
    Harm.BLOCKED_WAY: Severity.SERIOUS,
    Harm.DISCRIMINATION: Severity.SERIOUS,
    Harm.ABOUT_US: Severity.SERIOUS,
    Harm.THEFT: Severity.OTHER,
    Harm.UNIDENTIFIED_GUARD: Severity.OTHER,
    Harm.PUBLIC_EMPLOYED: Severity.OTHER,
    Harm.WORKING_CONDITIONS: Severity.OTHER,
    Harm.OTHER: Severity.OTHER,
}

# A child named beside one of these was harmed, until somebody says otherwise.
BODILY = frozenset({
    Harm.ASSAULT, Harm.SHOOTING, Harm.DEATH, Harm.DOG_ATTACK, Harm.SEXUAL_VIOLENCE, Harm.DETENTION,
    Harm.TORTURE, Harm.THREATS, Harm.CHILD_HARMED,
})  # fmt: skip

_URGENCY = (Severity.NOW, Severity.CRITICAL, Severity.SERIOUS, Severity.OTHER)
_HARMS = {harm: pattern(words) for harm, words in lexicon.HARM_WORDS.items()}
_DANGER, _GOING_ON = pattern(lexicon.DANGER_WORDS), pattern(lexicon.NOW_WORDS)
_CHILD, _WOMAN = pattern(lexicon.CHILD_WORDS), pattern(lexicon.WOMAN_WORDS)
_FORCE, _RELEASED = pattern(lexicon.FORCE_WORDS), pattern(lexicon.RELEASED_WORDS)
_UNDER_18_FR = (
    "1[0-7]|[1-9]|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix(?: sept)?|onze|douze|treize|quatorze"
    "|quinze|seize"
)
_UNDER_18_SW = "1[0-7]|[1-9]|(?:kumi na )?(?:moja|mbili|tatu|ine|nne|tano|sita|saba)|nane|tisa|kumi"
# "depuis 10 ans", "il y a 5 ans", "miaka 10 iliyopita" tell a time, not an age; "vingt-deux ans" is not two.
_TIME_BEFORE = ("depuis", "y a", "pendant", "durant")
_TENS_BEFORE = ("dix", "vingt", "trente", "quarante", "cinquante", "soixante", "et")
_AGE = re.compile(
    "".join(f"(?<!{before} )" for before in _TIME_BEFORE + _TENS_BEFORE)
    + rf"\b(?:{_UNDER_18_FR}) ans?\b"
    + rf"|(?<!kwa )(?<!tangu )\b(?:miaka|myaka) (?:ya )?(?:{_UNDER_18_SW})\b(?! na (?:nane|tisa)| iliyo)"
)


def raise_to(said: Severity | None, proposed: Severity) -> Severity:
    """The more urgent of the two: a proposal never lowers what the complainant said."""
    return proposed if said is None else min(said, proposed, key=_URGENCY.index)


def icoc_paragraphs(harms: frozenset[Harm]) -> tuple[str, ...]:
    """The paragraphs these harms fall under, each once, in order."""
    return tuple(sorted({number for harm in harms for number in ICOC_PARAGRAPHS[harm]}, key=int))


def recent(incident_on: date | None, now: datetime) -> bool:
    """Whether it may have happened in the last 72 hours; an unknown day may, a day to come too."""
    return incident_on is None or (now.astimezone(ZONE).date() - incident_on).days <= 3


def lane_for(harms: frozenset[Harm]) -> Lane:
    """The lane that keeps these harms. A child who suffered sexual violence: the stricter lane."""
    if Harm.SEXUAL_VIOLENCE in harms:
        return Lane.SEXUAL_VIOLENCE
    return Lane.CHILD if Harm.CHILD_HARMED in harms else Lane.GENERAL


def _found_in(text: str) -> frozenset[Harm]:
    found = {harm for harm, words in _HARMS.items() if words.search(text)}
    if _FORCE.search(text) and _WOMAN.search(text):
        found.add(Harm.SEXUAL_VIOLENCE)
    return frozenset(found)


def _of_a_child(report: Report, text: str, harms: frozenset[Harm]) -> bool:
    named = bool(report.children) or bool(_CHILD.search(text) or _AGE.search(text))
    return named and bool(harms & BODILY)


def _held(report: Report, text: str, harms: frozenset[Harm], now: datetime) -> bool:
    """Held until the day is past 72 hours and somebody said that it is over."""
    if Harm.DETENTION not in harms:
        return False
    over = report.danger is False or bool(_RELEASED.search(text))
    return recent(report.incident_on, now) or not over


def _in_danger(report: Report, text: str, harms: frozenset[Harm]) -> bool:
    going_on = bool(_GOING_ON.search(text)) and bool(harms & BODILY)
    return report.danger is True or going_on or bool(_DANGER.search(text))


def _what_makes_it_now(
    harms: frozenset[Harm], urgent: tuple[Urgent, ...], incident_on: date | None, now: datetime
) -> tuple[Why, ...]:
    """The reasons to ring the duty roster; none means that it is not `now`."""
    fresh = recent(incident_on, now)
    reasons = (
        (Why.DANGER, Urgent.DANGER in urgent),
        (Why.HELD, Urgent.HELD in urgent),
        (Why.SHOOTING, Harm.SHOOTING in harms),
        (Why.CHILD_RECENT, Harm.CHILD_HARMED in harms and fresh),
        (Why.SEXUAL_VIOLENCE_RECENT, Harm.SEXUAL_VIOLENCE in harms and fresh),
    )
    return tuple(why for why, holds in reasons if holds)


def _urgent(report: Report, text: str, harms: frozenset[Harm], now: datetime) -> tuple[Urgent, ...]:
    signs = (
        (Urgent.DANGER, _in_danger(report, text, harms)),
        (Urgent.DOG_BITE, Harm.DOG_ATTACK in harms),
        (Urgent.SEXUAL_VIOLENCE, Harm.SEXUAL_VIOLENCE in harms),
        (Urgent.HELD, _held(report, text, harms, now)),
    )
    return tuple(urgent for urgent, holds in signs if holds)


def propose(report: Report, now: datetime) -> Proposal:
    """Severity, harms, lane and urgent help, for a person to decide on. `now` is aware."""
    text = fold(report.text)
    found = _found_in(text)
    harms = report.harms | found
    if _of_a_child(report, text, harms):
        harms |= {Harm.CHILD_HARMED}
    urgent = _urgent(report, text, harms, now)
    ringing = _what_makes_it_now(harms, urgent, report.incident_on, now)
    usual = min((USUAL[harm] for harm in harms), key=_URGENCY.index, default=Severity.OTHER)
    proposed = Severity.NOW if ringing else usual
    beside = (
        (Why.DATE_UNKNOWN, bool(ringing) and report.incident_on is None),
        (Why.WORDS, bool(found - report.harms)),
        (Why.AGE, Harm.CHILD_HARMED in harms - report.harms),
        (Why.HARM, not ringing and bool(harms)),
        (Why.SAID, raise_to(report.said, proposed) != proposed),
    )
    reasons = ringing + tuple(why for why, holds in beside if holds)
    return Proposal(raise_to(report.said, proposed), harms, lane_for(harms), urgent, reasons)
