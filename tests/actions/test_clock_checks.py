"""A deadline that somebody moved by hand is found."""

from __future__ import annotations

from datetime import UTC, datetime

from grievance.actions import clock_checks, intake
from grievance.schemas.report import ReportIn
from tests.fixtures import Town
from tests.services import Services

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def test_a_deadline_moved_behind_the_rules_back_is_found(town: Town, services: Services) -> None:
    said = {"channel": "web", "language": "sw", "province": "Lualaba", "story": "Wameniibia simu."}
    intake.receive(ReportIn().load(said), now=NOW)
    assert clock_checks.verify() == (3, ())

    with services.connect(town.database.name) as superuser:
        superuser.execute("update clock set due_at = due_at + interval '1 day' where kind = 'triage'")

    count, faults = clock_checks.verify()
    assert count == 3
    assert [fault.column for fault in faults] == ["due_at"]
