"""Whose guards were they? What is not known is a task, never a refusal; who left stays answerable."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, update

from grievance.actions import cases, referrals
from grievance.store.models import Contract
from grievance.vocabulary import TaskKind
from tests import desk_work, superuser
from tests.fixtures import Town
from tests.services import Services

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def second_contract(town: Town, services: Services) -> None:
    """Another guard company on the same site, in the same months."""
    world = town.world
    row = {
        "id": uuid4(), "site_id": world.site.id, "provider_id": world.second_provider.id,
        "client_id": world.mine.id, "starts": date(2025, 6, 1),
    }  # fmt: skip
    superuser.run(services, town, insert(Contract).values(**row))


def proposed(town: Town, code: str) -> set[str]:
    seen = cases.seen(code, town.world.desk.actor, NOW).companies
    return {one.name for one in seen if one.proposed}


def tasks(town: Town) -> list[TaskKind]:
    return [task.kind for task in cases.tasks(town.world.desk.actor, NOW)]


def test_two_contracts_of_the_same_day_are_both_shown_and_the_desk_decides(
    town: Town, services: Services
) -> None:
    second_contract(town, services)
    code, desk = desk_work.opened(town, NOW), town.world.desk.actor
    assert proposed(town, code) == {"Gardiennage Fictif SARL", "Gardiennage Inventé SARL"}
    # "Both" was said of one guard company and the mine: with two of them it is asked again.
    assert {one.consent for one in cases.seen(code, desk, NOW).companies} == {None}
    assert tasks(town) == []

    cases.record_consent(code, desk_work.agrees(town.world.second_provider.id), actor=desk, now=NOW + DAY)
    draft = desk_work.draft(town.world.second_provider.id)
    assert referrals.refer(code, draft, actor=desk, now=NOW + DAY)


def test_with_two_companies_and_no_day_somebody_must_find_out(town: Town, services: Services) -> None:
    second_contract(town, services)
    code = desk_work.taken(town, NOW, incident="unknown")
    cases.triage(code, desk_work.decided(town), actor=town.world.desk.actor, now=NOW)
    assert tasks(town) == [TaskKind.FIND_ADDRESSEE]
    known = replace(desk_work.decided(town), incident_on=date(2025, 3, 1))
    cases.triage(code, known, actor=town.world.desk.actor, now=NOW)
    assert tasks(town) == []


@pytest.mark.parametrize(("actor", "sought"), [("private", True), ("in_house", False), ("public", False)])
def test_a_site_without_a_contract_asks_for_its_addressee_and_runs_on(
    town: Town, services: Services, actor: str, sought: bool
) -> None:
    superuser.run(services, town, delete(Contract))
    code = desk_work.taken(town, NOW)
    cases.triage(code, desk_work.decided(town, actor=actor), actor=town.world.desk.actor, now=NOW)
    assert tasks(town) == ([TaskKind.FIND_ADDRESSEE] if sought else [])
    assert cases.seen(code, town.world.desk.actor, NOW).clocks


def test_a_guard_company_that_left_is_still_asked_and_the_mine_beside_it(
    town: Town, services: Services
) -> None:
    over = update(Contract).values(ends=date(2026, 3, 2))
    superuser.run(services, town, over)
    code, desk = desk_work.opened(town, NOW), town.world.desk.actor
    assert proposed(town, code) == {"Gardiennage Fictif SARL", "Mine Exemple A"}
    companies = cases.seen(code, desk, NOW).companies
    assert [one.name for one in companies if one.ended] == ["Gardiennage Fictif SARL"]
    assert referrals.refer(code, desk_work.draft(town.world.provider.id), actor=desk, now=NOW + DAY)
