"""When may a member see a complainant's name and number: with a second person before, or one after?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from grievance.vocabulary import RevealGround, TaskKind

# A call that is owed, and one that is owed because of a danger.
CALLS = frozenset({TaskKind.CALL_BACK, TaskKind.OTHER_LANGUAGE})
DANGERS = frozenset({TaskKind.DANGER_CALL})
# For so long a colleague's agreement may be used, once.
AGREEMENT_LASTS = timedelta(hours=24)
# For so long who opened it may look again without a new reason; each look leaves its line.
OPEN_FOR = timedelta(hours=1)


class RevealStanding(StrEnum):
    """Where one wish to see a name and a number stands."""

    WAITING = "waiting"
    AGREED = "agreed"
    REFUSED = "refused"
    OPEN = "open"
    TO_CONFIRM = "to_confirm"
    DONE = "done"
    LAPSED = "lapsed"


def ground(tasks: Collection[TaskKind], *, first_call_owed: bool) -> RevealGround:
    """What lets it be opened now, from the open tasks of the case and its clock for a first call."""
    if first_call_owed or not DANGERS.isdisjoint(tasks):
        return RevealGround.DANGER
    return RevealGround.AGREEMENT if CALLS.isdisjoint(tasks) else RevealGround.CALL_TASK


def standing(
    why: RevealGround, *, opened_at: datetime | None, agreed_at: datetime | None,
    refused_at: datetime | None, now: datetime,
) -> RevealStanding:  # fmt: skip
    """Where a wish stands at this instant."""
    if opened_at is not None:
        return _opened(why, opened_at, second=agreed_at or refused_at, now=now)
    if refused_at is not None:
        return RevealStanding.REFUSED
    if agreed_at is None:
        return RevealStanding.WAITING
    return RevealStanding.AGREED if now - agreed_at < AGREEMENT_LASTS else RevealStanding.LAPSED


def may_look(at: RevealStanding, opened_at: datetime | None, now: datetime) -> bool:
    """Whether who asked may look now: with an agreement, or again within the hour."""
    recently = opened_at is not None and now - opened_at < OPEN_FOR
    return at is RevealStanding.AGREED or recently


def _opened(
    why: RevealGround, opened_at: datetime, *, second: datetime | None, now: datetime
) -> RevealStanding:
    if why is not RevealGround.AGREEMENT and second is None:
        return RevealStanding.TO_CONFIRM
    return RevealStanding.OPEN if now - opened_at < OPEN_FOR else RevealStanding.DONE
