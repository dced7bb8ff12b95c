"""Nobody at the desk answers: the clock reminds, tells the lead, then shows the case to the back-up. Once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from grievance.actions import escalation, intake
from grievance.schemas.report import ReportIn
from grievance.store import queries, vault
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.models import ClockRow, ClockStep, Task
from grievance.store.session import transaction
from grievance.terms import Actor, ClockKind, NotFound, Step
from grievance.vocabulary import EntryKind, TaskKind
from tests.fixtures import Town

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
STORY = "Un garde m'a pris mon téléphone et mon argent."
SWEEPERS = 4


def sweep(town: Town, now: datetime) -> None:
    """Four sweepers at the same instant."""

    def one(_: int) -> None:
        with town.app.app_context():
            for clock_id in escalation.overdue(now):
                escalation.climb_clock(clock_id, now)

    with ThreadPoolExecutor(SWEEPERS) as pool:
        list(pool.map(one, range(SWEEPERS)))


def a_report(town: Town) -> str:
    said = {"channel": "web", "language": "fr", "province": "Lualaba", "harms": ["theft"], "story": STORY}
    return intake.receive(ReportIn().load(said), now=NOW).code


def story_read_by(actor: Actor, code: str) -> list[str]:
    with transaction(actor) as session:
        case = queries.case_by_code(session, code)
        told = vault.read_entries(session, actor, case.id, frozenset({EntryKind.STORY}))
    return [line.text for line in told]


def steps(kind: ClockKind) -> list[tuple[Step, int]]:
    with transaction(SWEEP_ACTOR) as session:
        query = (
            select(ClockStep.step, func.count())
            .join(ClockRow, ClockRow.id == ClockStep.clock_id)
            .where(ClockRow.kind == kind)
            .group_by(ClockStep.step)
        )
        return sorted((row[0], row[1]) for row in session.execute(query))


def test_the_back_up_reads_it_once_the_third_step_is_due(town: Town) -> None:
    code = a_report(town)
    sweep(town, NOW + timedelta(days=5, hours=1))
    with pytest.raises(NotFound):
        story_read_by(town.world.backup.actor, code)

    sweep(town, NOW + timedelta(days=30))

    assert story_read_by(town.world.backup.actor, code) == [STORY]
    assert story_read_by(town.world.desk.actor, code) == [STORY]


def test_each_step_is_taken_once_under_four_sweepers(town: Town) -> None:
    a_report(town)

    for hours in (4 * 24, 6 * 24, 6 * 24, 30 * 24, 60 * 24):
        sweep(town, NOW + timedelta(hours=hours))

    taken = steps(ClockKind.FIRST_ANSWER)
    assert taken == sorted((step, 1) for step in Step)
    with transaction(town.world.backup.actor) as session:
        kinds = session.scalars(select(Task.kind)).all()
    assert kinds.count(TaskKind.ESCALATED_TO_YOU) <= 2  # one for each of the two clocks that ran out


def test_what_was_not_prepared_for_icoca_is_skipped_and_says_why(town: Town) -> None:
    a_report(town)

    sweep(town, NOW + timedelta(days=60))

    with transaction(SWEEP_ACTOR) as session:
        last = session.scalars(select(ClockStep).where(ClockStep.step == Step.ICOCA)).all()
    assert last
    assert all(step.skipped is not None and step.to_organisation_id is None for step in last)
