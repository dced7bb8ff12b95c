"""What do all cases together show? Facts are derived again and again; tables are counted from them alone."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from grievance.actions import statistics_facts, statistics_tables
from grievance.actions.statistics_tables import Statistics
from grievance.schemas.statistics import FactKind
from grievance.store import journal
from grievance.store.actors import STATS_ACTOR
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, Fact
from grievance.store.sealing import Versions
from grievance.store.session import transaction
from grievance.terms import Actor, ClockKind, NotFound, SkipReason, Step

AT_ONCE = 200
FIRST = UUID(int=0)
# Two runs at once would each write every fact: the second waits, then finds what the first wrote.
ONE_AT_A_TIME = 5_407_311
NAME = b"the name of a case among facts\x00"


@dataclass(frozen=True)
class NotReached:
    """A step above the deadline that was not taken: when, where (never narrower), what, which, and why."""

    on_day: date
    province: str | None
    territory: str | None
    clock: ClockKind
    reason: SkipReason
    step: Step = Step.ICOCA


def collect(now: datetime, *, key: Versions) -> int:
    """Derives the facts of every case anew and gives their number; run twice, it changes nothing.

    `key` hides which case a fact is of. Facts of cases that no longer exist stay as they are.
    """
    after, count = FIRST, 0
    while True:
        with transaction(STATS_ACTOR) as session:
            session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
            following = select(Case).where(Case.id > after).order_by(Case.id).limit(AT_ONCE)
            cases = session.scalars(following).all()
            count += _rewrite(session, cases, now, key)
        if len(cases) < AT_ONCE:
            return count
        after = cases[-1].id


def statistics(actor: Actor, now: datetime) -> Statistics:
    """Every table of the last eight quarters, as it may be printed. For others than the overseer: empty."""
    with transaction(actor) as session:
        return statistics_tables.statistics(session, now)


def exported(actor: Actor, now: datetime) -> None:
    """Notes in the overseer's own chain that a member took the tables away as a file. Raises NotFound."""
    if actor.organisation_id is None:
        raise NotFound
    with transaction(actor) as session:
        journal.append(
            session, chain=actor.organisation_id, subject=actor.organisation_id, actor=actor,
            move=CaseEvent.EXPORTED, now=now,
        )  # fmt: skip


def not_reached(actor: Actor) -> tuple[NotReached, ...]:
    """The steps of the ladder that were skipped, newest first: workflow facts down to the territory."""
    above = [step.value for step in statistics_facts.ABOVE]
    with transaction(actor) as session:
        query = select(Fact).where(
            Fact.kind == FactKind.STEP.value, Fact.step.in_(above), Fact.outcome.is_not(None)
        )
        rows = session.scalars(query.order_by(Fact.on_day.desc(), Fact.territory, Fact.clock)).all()
        return tuple(_not_reached(row) for row in rows)


def _not_reached(row: Fact) -> NotReached:
    return NotReached(
        row.on_day, row.province, row.territory, ClockKind(row.clock or ""), SkipReason(row.outcome or ""),
        Step(row.step or ""),
    )  # fmt: skip


def _rewrite(session: Session, cases: Iterable[Case], now: datetime, key: Versions) -> int:
    known = statistics_facts.load(session, list(cases))
    # Facts written under an older version of the key go too.
    names = [_name(secret, one.case.id) for one in known for _, secret in key]
    session.execute(delete(Fact).where(Fact.case_ref.in_(names)))
    facts = [
        fact for one in known for fact in statistics_facts.of_case(one, _name(key[-1][1], one.case.id), now)
    ]
    session.add_all(facts)
    return len(facts)


def _name(secret: bytes, case_id: UUID) -> UUID:
    return UUID(bytes=hmac.new(secret, NAME + case_id.bytes, hashlib.sha256).digest()[:16])
