"""What can be printed for a site: its place, its desk, the numbers that may be shown, what is promised?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from grievance.actions import clocks, intake
from grievance.rules.calling import TELLS_OF_CALLS
from grievance.rules.deadlines import Term
from grievance.rules.hotlines import Hotline, Hotlines
from grievance.store.models import ChannelRow, Site
from grievance.store.session import transaction
from grievance.terms import Actor, ClockKind, NotFound, Place
from grievance.vocabulary import Severity


@dataclass(frozen=True)
class PublicNumber:
    """A desk's telephone number. A quiet one sends what nobody asked for, and stands on no paper.

    `rings`: its gateway tells of calls, so that whoever rings and hangs up is called back.
    """

    number: str
    quiet: bool
    rings: bool = False


@dataclass(frozen=True)
class SiteOutreach:
    """What a site's sheets may say. `answered` and `company` are the shortest and the longest promise."""

    site_id: UUID
    site: str
    province: str
    territory: str | None
    desk: str
    numbers: tuple[str, ...]
    ringing: frozenset[str]
    answered: tuple[Term, Term]
    company: tuple[Term, Term]
    outcome: Term
    help_line: Hotline | None
    printed_on: date


def for_site(site_id: UUID, hotlines: Hotlines, *, actor: Actor, now: datetime) -> SiteOutreach:
    """What may be printed for this site today. Raises NotFound; Refused when no desk covers it."""
    with transaction(actor) as session:
        site = session.get(Site, site_id)
        if site is None:
            raise NotFound
    desk = intake.desks_for(Place(site.province, site.territory, site.id, None))
    today = now.astimezone(clocks.calendar().zone).date()
    numbers = _numbers_of(desk.desk_id, actor)
    return SiteOutreach(
        site.id, site.name, site.province, site.territory, desk.desk_name,
        printed(numbers), ringing(numbers), _promised(ClockKind.FIRST_ANSWER), _promised(ClockKind.ANSWER),
        clocks.policy().term(ClockKind.OUTCOME, Severity.OTHER),
        hotlines.verified(site.province, today), today,
    )  # fmt: skip


def printed(numbers: Iterable[PublicNumber]) -> tuple[str, ...]:
    """The numbers that may stand on paper, each once, in order: never a quiet one."""
    known = list(numbers)
    quiet = {one.number for one in known if one.quiet}
    return tuple(sorted({one.number for one in known} - quiet))


def ringing(numbers: Iterable[PublicNumber]) -> frozenset[str]:
    """Those of the printed numbers that somebody may ring and hang up."""
    known = list(numbers)
    return frozenset(printed(known)) & {one.number for one in known if one.rings}


def _numbers_of(desk_id: UUID, actor: Actor) -> list[PublicNumber]:
    with transaction(actor) as session:
        rows = session.scalars(select(ChannelRow).where(ChannelRow.desk_id == desk_id)).all()
    return [PublicNumber(row.number, row.quiet, row.kind in TELLS_OF_CALLS) for row in rows]


def _promised(kind: ClockKind) -> tuple[Term, Term]:
    """For a critical matter and for any other: danger now hangs on a roster, which no wall may promise."""
    policy = clocks.policy()
    return policy.term(kind, Severity.CRITICAL), policy.term(kind, Severity.OTHER)
