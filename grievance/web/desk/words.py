"""How is a line, a choice or an author written on a page of the desk?"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from uuid import UUID

from flask_babel import LazyString, force_locale, gettext
from flask_babel import lazy_gettext as _l

from grievance.actions.case_values import AllegationSeen, ReferralSeen, Room, Words
from grievance.actions.duty import Roster
from grievance.i18n import LOCALES
from grievance.labels import label
from grievance.rules.reveals import RevealStanding
from grievance.schemas.report import Share
from grievance.terms import ClockKind, Role
from grievance.vocabulary import (
    TERRITORIES,
    ActorKind,
    Authority,
    Clue,
    ConsentProof,
    EntryKind,
    Harm,
    Language,
    MessageKind,
    SafeContact,
    SaidBy,
    Severity,
)
from grievance.web.desk.sentences import DONE, LINES, SCRIPT, STANDINGS, TABLES

CUSTODY = ClockKind.CUSTODY


def name(member: StrEnum) -> LazyString:
    """What a choice is called here; its general label when this room has no word of its own."""
    table = TABLES.get(type(member), {}) | LINES.get(type(member), {})
    return table[member] if member in table else label(member)


def choices(kind: type[StrEnum]) -> list[tuple[str, LazyString]]:
    """Every member of an enum as value and words, for a form."""
    return [(member.value, name(member)) for member in kind]


def done(what: str) -> LazyString | None:
    """What to say after something was done; nothing for a word that is none of ours."""
    return DONE.get(what)


def author(line: Words, me: str) -> LazyString:
    """Who wrote a line, without a name."""
    if line.author == me:
        return _l("you")
    if line.ours:
        return _l("a colleague")
    return label(Role.COMPANY) if line.room is Room.COMPANY else label(Role.COMPLAINANT)


def text(line: Words) -> str:
    """A line as people read it: ticks, tries and decisions are kept as codes, and are said in words."""
    if isinstance(line.kind, EntryKind) and line.kind in READ_AS:
        return READ_AS[line.kind](line.text)
    return line.text


def standing(at: RevealStanding) -> LazyString:
    """Where a wish to see name and number stands."""
    return STANDINGS[at]


def script(language: Language) -> tuple[str, ...]:
    """What to say in a call, in the language of the person called."""
    with force_locale(LOCALES[language]):
        return tuple(str(sentence) for sentence in SCRIPT)


def _try(kept: str) -> str:
    said = json.loads(kept)
    reached = gettext("spoken with") if said["reached"] else gettext("not reached")
    head = f"{label(SafeContact(said['way']))}: {reached}"
    return f"{head}\n{said['text']}" if said.get("text") else head


def _agreed(kept: str) -> str:
    try:
        said = json.loads(kept)
        day = date.fromisoformat(said["on"]).strftime("%d/%m/%Y")
        head = f"{label(ConsentProof(said['how']))} · {said['by']} · {day}"
    except (ValueError, TypeError, KeyError):  # kept before it was asked how, by whom and when: words alone
        return kept
    return f"{head}\n{said['text']}" if said.get("text") else head


def _authority(kept: str) -> str:
    said = json.loads(kept)
    head = f"{label(Authority(said['authority']))} · {name(SaidBy(said['how']))}"
    return f"{head}\n{said['text']}" if said.get("text") else head


def _triage(kept: str) -> str:
    said = json.loads(kept)
    harms = ", ".join(str(label(Harm(harm))) for harm in said["harms"])
    head = f"{label(Severity(said['severity']))} · {harms} · {label(ActorKind(said['actor']))}"
    return f"{head}\n{said['reason']}" if said.get("reason") else head


def clues(kept: str) -> str:
    """Codes of clues as words; a text that somebody wrote stays as it is."""
    parts = [part.strip() for part in kept.split(",")]
    known = {clue.value: clue for clue in Clue}
    return ", ".join(str(label(known[part])) for part in parts) if set(parts) <= set(known) else kept


def allegation(one: AllegationSeen) -> str:
    """One allegation as a choice: the harm and who did it; of a restricted case neither stands here."""
    harm = label(Harm(one.harm)) if one.harm else gettext("The allegation")
    return f"{harm} · {label(one.actor)}" if one.actor else str(harm)


def asks(one: ReferralSeen) -> bool:
    """Whether the last word of a referral is a question of the company, and its clock still runs."""
    asked = bool(one.messages) and one.messages[-1].kind == MessageKind.QUESTION
    return asked and any(clock.kind is ClockKind.ANSWER and not clock.paused for clock in one.clocks)


def colleagues(roster: Roster) -> list[tuple[UUID, str]]:
    """Who can take a turn of duty, as choices."""
    return [(one.member_id, one.email) for one in roster.colleagues]


def provinces() -> list[tuple[str, str]]:
    """The provinces to choose from; names are the same in every language."""
    return [(name, name) for name in TERRITORIES]


def territories() -> list[tuple[str, str]]:
    """The towns and territories of all of them."""
    return [(name, f"{name} ({province})") for province, inside in TERRITORIES.items() for name in inside]


def share(value: str | None) -> LazyString | None:
    """What the complainant said about sharing before the companies were known."""
    return name(Share(value)) if value in {one.value for one in Share} else None


READ_AS: dict[EntryKind, Callable[[str], str]] = {
    EntryKind.CLUES: clues, EntryKind.CONTACT_TRY: _try, EntryKind.TRIAGE: _triage,
    EntryKind.AUTHORITY: _authority, EntryKind.CONSENT_GIVEN: _agreed,
}  # fmt: skip
