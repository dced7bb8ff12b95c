"""A closed case goes after its time: announced, held back by a lead, or erased with all that hangs on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, inspect, select, text, update

from config.retention import load_retention
from grievance.actions import cases, holds, journal_checks, retention
from grievance.schemas.desk import Closing
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.models import Case, Outbox
from grievance.store.session import transaction
from grievance.terms import MoveNotAllowed, NotFound, Refused
from grievance.vocabulary import NotAdmitted, Outcome
from grievance.wording_mail import MailTemplate
from tests import desk_work
from tests.fixtures import Town
from tests.services import Services
from tests.superuser import run

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
KEPT = load_retention()
OVER = NOW + KEPT.closed_case
WHY = "Le tribunal de Kolwezi en a besoin."


def closed(town: Town) -> tuple[str, UUID]:
    """A case that was closed as not admitted: its code and id."""
    code = desk_work.taken(town, NOW - DAY)
    ending = Closing(
        Outcome.NOT_ADMITTED, text="Ce n'est pas pour nous.", not_admitted=NotAdmitted.NOT_ABOUT_SECURITY
    )
    cases.close(code, ending, actor=town.world.desk.actor, now=NOW)
    with transaction(SWEEP_ACTOR) as session:
        return code, session.scalars(select(Case.id).where(Case.code == code)).one()


def rows_about(town: Town, services: Services, case_id: UUID) -> dict[str, int]:
    """How many rows of each table name this case."""
    engine = create_engine(services.url("postgres", town.database.name))
    found = {}
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            columns = {column["name"] for column in inspect(engine).get_columns(table)}
            for column in ({"case_id", "chain"} & columns) | ({"id"} if table == "grievance_case" else set()):
                count = text(f"select count(*) from {table} where {column} = :id")  # noqa: S608 - our own names
                number = connection.execute(count, {"id": case_id}).scalar_one()
                found[table] = found.get(table, 0) + number
    engine.dispose()
    return {table: number for table, number in found.items() if number}


def told() -> list[Outbox]:
    with transaction(SWEEP_ACTOR) as session:
        query = select(Outbox).where(Outbox.template == MailTemplate.ERASURE_NEAR.value)
        return list(session.scalars(query))


def test_a_case_is_announced_once_then_erased_and_its_journal_still_holds(
    town: Town, services: Services
) -> None:
    _, case_id = closed(town)

    assert retention.tell(OVER - 31 * DAY) == 0
    assert [retention.tell(OVER - 30 * DAY), retention.tell(OVER - 29 * DAY)] == [1, 0]
    assert len(told()) == 1
    assert retention.erase(OVER - DAY) == 0
    assert rows_about(town, services, case_id)["wrap"] > 0

    assert retention.erase(OVER) == 1
    left = rows_about(town, services, case_id)
    assert set(left) == {"journal_head", "journal_line"}
    assert journal_checks.verify(town.database.owner_url).faults == ()


def test_what_will_go_is_shown_before_it_happens(town: Town) -> None:
    code, _ = closed(town)
    lead = town.world.desk.lead
    retention.tell(OVER - 30 * DAY)

    (line,) = retention.near(lead, OVER - 20 * DAY)
    assert (line.code, line.erased_on) == (code, OVER)
    assert retention.due(OVER) == [code]
    assert retention.near(town.world.backup.lead, OVER) == []
    assert retention.near(lead, NOW) == []


def test_a_lead_holds_a_case_and_nothing_takes_it_away(town: Town) -> None:
    code, _ = closed(town)
    lead = town.world.desk.lead
    retention.tell(OVER - 30 * DAY)
    cases.know_nobody(code, actor=lead, now=OVER - 3 * DAY)
    holds.hold(code, WHY, actor=lead, now=OVER - 2 * DAY)

    assert retention.erase(OVER + 999 * DAY) == 0
    with pytest.raises(Refused, match="already_held"):
        holds.hold(code, WHY, actor=lead, now=OVER)


def test_when_the_hold_is_lifted_the_thirty_days_begin_again(town: Town) -> None:
    code, _ = closed(town)
    lead = town.world.desk.lead
    cases.know_nobody(code, actor=lead, now=OVER - 40 * DAY)
    holds.hold(code, WHY, actor=lead, now=OVER - 40 * DAY)
    later = OVER + 50 * DAY
    holds.lift(code, "Le procès est fini.", actor=lead, now=later)

    assert retention.erase(later) == 0
    assert retention.tell(later) == 1
    assert retention.erase(later + 29 * DAY) == 0
    assert retention.erase(later + 30 * DAY) == 1


def test_a_case_worker_cannot_hold_a_case_and_a_stranger_finds_none(town: Town) -> None:
    code, _ = closed(town)

    with pytest.raises(MoveNotAllowed):
        holds.hold(code, WHY, actor=town.world.desk.actor, now=NOW)
    with pytest.raises(NotFound):
        holds.hold(code, WHY, actor=town.world.backup.lead, now=NOW)


def test_a_case_joined_to_another_goes_after_that_one_and_is_announced_by_itself(
    town: Town, services: Services
) -> None:
    (_, kept), (_, joined) = closed(town), closed(town)
    run(services, town, update(Case).where(Case.id == joined).values(merged_into=kept))
    retention.tell(OVER - 30 * DAY)

    assert retention.erase(OVER) == 1
    assert retention.tell(OVER) == 1
    assert rows_about(town, services, joined)["wrap"] > 0
    assert retention.erase(OVER + 30 * DAY) == 1


def test_a_look_at_what_would_go_takes_nothing_away(town: Town, services: Services) -> None:
    _, case_id = closed(town)
    retention.tell(OVER - 30 * DAY)
    before = rows_about(town, services, case_id)

    retention.due(OVER)
    seen = retention.clear_texts(OVER, dry=True) + retention.clear_mail_and_sessions(OVER, dry=True)

    assert rows_about(town, services, case_id) == before
    assert retention.clear_texts(OVER) + retention.clear_mail_and_sessions(OVER) == seen
