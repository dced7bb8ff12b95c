"""What does time do in a story? Four sweepers at every instant, and what they left behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from grievance.actions import escalation
from grievance.store import queries
from grievance.store.journal import CaseEvent
from grievance.store.models import ClockRow, ClockStep, JournalLine, Outbox, Referral
from grievance.store.session import transaction
from grievance.terms import ClockKind, Role, SkipReason, Step
from tests import desk_work
from tests.fixtures import Town

SWEEPERS = 4
DAY = timedelta(days=1)
StepSeen = tuple[Step, UUID | None, SkipReason | None]


def sweep(town: Town, now: datetime) -> None:
    """Four sweepers at the same instant; what one of them cannot do fails the story."""

    def one(_: int) -> None:
        with town.app.app_context():
            for clock_id in escalation.overdue(now):
                escalation.climb_clock(clock_id, now)

    with ThreadPoolExecutor(SWEEPERS) as pool:
        list(pool.map(one, range(SWEEPERS)))


def pass_time(town: Town, since: datetime, days: int, *, every: int = 1) -> datetime:
    """Sweeps once every so many days, and gives the last instant."""
    for day in range(0, days + 1, every):
        sweep(town, since + day * DAY)
    return since + days * DAY


def steps_of(town: Town, referral: str, kind: ClockKind = ClockKind.ANSWER) -> list[StepSeen]:
    """The steps of one of a referral's clocks in the order in which they were taken or skipped."""
    with transaction(town.world.desk.actor) as session:
        row = queries.referral_by_code(session, referral)
        query = (
            select(ClockStep)
            .join(ClockRow, ClockRow.id == ClockStep.clock_id)
            .where(ClockRow.referral_id == row.id, ClockRow.kind == kind)
        )
        found = sorted(session.scalars(query), key=lambda step: list(Step).index(step.step))
    return [(step.step, step.to_organisation_id, step.skipped) for step in found]


def skipped_in_journal(town: Town, code: str) -> set[str]:
    """The reasons for which the journal says that a step was not taken."""
    with transaction(town.world.desk.actor) as session:
        case = queries.case_by_code(session, code)
        query = select(JournalLine.to_state).where(
            JournalLine.chain == case.id, JournalLine.move == CaseEvent.STEP_SKIPPED.value
        )
        return {line.removeprefix("skipped:") for line in session.scalars(query)}


def referrals_of(town: Town, code: str) -> list[Referral]:
    """All referrals of a case, those that only wait for the clock too."""
    with transaction(town.world.desk.actor) as session:
        case = queries.case_by_code(session, code)
        return list(session.scalars(select(Referral).where(Referral.case_id == case.id)))


def told_to_complainant(case_id: UUID) -> list[str]:
    """What each unasked notice to the complainant was for."""
    with transaction(desk_work.sms()) as session:
        query = select(Outbox.once).where(Outbox.case_id == case_id, Outbox.organisation_id.is_(None))
        return [once for once in session.scalars(query) if once.startswith("climbed:")]


def holders_of_clocks(town: Town, code: str) -> set[tuple[Role, UUID | None]]:
    """Whose turn any clock of a case ever was."""
    with transaction(town.world.desk.actor) as session:
        case = queries.case_by_code(session, code)
        rows = session.scalars(select(ClockRow).where(ClockRow.case_id == case.id))
        return {(row.holder_role, row.holder_id) for row in rows}
