"""Nobody alters the journal unnoticed, and no state changes without its line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import create_engine, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from grievance.actions import intake
from grievance.schemas.report import ReportIn
from grievance.store import journal, queries
from grievance.store.journal import CaseEvent
from grievance.store.models import Case, JournalLine
from grievance.store.session import transaction
from grievance.terms import CaseState
from tests.fixtures import Town
from tests.services import Services

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)

# What somebody with the superuser's password might do to the lines of one chain, triggers off.
TAMPERINGS = {
    "a line altered": "update journal_line set actor = 'm-somebody' where seq = 2",
    "a time moved": "update journal_line set at = at - interval '1 hour' where seq = 2",
    "a line removed": "delete from journal_line where seq = 2",
    "the last line removed": "delete from journal_line where seq = 3",
    "two lines exchanged": "update journal_line set seq = case seq when 1 then 101 else 1 end where seq < 3;"
    "update journal_line set seq = 2 where seq = 101",
    "a hash rewritten": "update journal_line set hash = sha256('x') where seq = 3",
    "a whole chain removed": "delete from journal_line",
}


def a_case_with_three_lines(town: Town) -> Case:
    said = {"channel": "web", "language": "sw", "province": "Lualaba", "story": "Mlinzi alinipiga."}
    received = intake.receive(ReportIn().load(said), now=NOW)
    actor = town.world.desk.actor
    with transaction(actor) as session:
        case = queries.case_by_code(session, received.code)
        for minutes in (1, 2):
            journal.append(
                session, chain=case.id, subject=case.id, actor=actor, move=CaseEvent.OPENED,
                now=NOW + timedelta(minutes=minutes),
            )  # fmt: skip
    return case


def faults(town: Town) -> list[journal.Fault]:
    engine = create_engine(town.database.owner_url)
    with Session(engine) as session:
        journal.become_journal(session)
        found = list(journal.verify(session))
    engine.dispose()
    return found


def test_an_untouched_journal_verifies(town: Town) -> None:
    a_case_with_three_lines(town)

    assert faults(town) == []


def test_a_journal_without_any_chain_is_a_fault(town: Town) -> None:
    assert [fault.what for fault in faults(town)] == ["no_chains"]


@pytest.mark.parametrize("how", TAMPERINGS)
def test_whoever_alters_the_journal_is_found(how: str, town: Town, services: Services) -> None:
    case = a_case_with_three_lines(town)
    with services.connect(town.database.name) as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute(TAMPERINGS[how])

    found = faults(town)

    assert [fault.chain for fault in found] == [case.id]


@pytest.mark.parametrize(
    "statement",
    ["update journal_line set actor = 'x'", "delete from journal_line", "truncate journal_line",
     "delete from journal_head"],
)  # fmt: skip
def test_even_the_superuser_is_refused_while_the_triggers_stand(
    statement: str, town: Town, services: Services
) -> None:
    a_case_with_three_lines(town)

    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with services.connect(town.database.name) as superuser, refused:
        superuser.execute(statement)


def test_a_state_does_not_change_without_its_line(town: Town) -> None:
    case = a_case_with_three_lines(town)

    with pytest.raises(IntegrityError), transaction(town.world.desk.actor) as session:
        session.execute(update(Case).where(Case.id == case.id).values(state=CaseState.OPEN))

    with transaction(town.world.desk.actor) as session:
        assert queries.case_by_id(session, case.id).state is CaseState.RECEIVED


def test_a_line_is_never_earlier_than_the_one_before(town: Town) -> None:
    case = a_case_with_three_lines(town)
    actor = town.world.desk.actor
    with transaction(actor) as session:
        journal.append(
            session, chain=case.id, subject=case.id, actor=actor, move=CaseEvent.OPENED,
            now=NOW - timedelta(days=9),
        )  # fmt: skip

    with transaction(actor) as session:
        times = session.scalars(
            select(JournalLine.at).where(JournalLine.chain == case.id).order_by(JournalLine.seq)
        ).all()
    assert times == sorted(times)
