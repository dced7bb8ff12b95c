"""Restricted cases of every kind, from every channel: does a stolen database tell what, where or when?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from grievance.actions import cases, intake, referrals, statistics
from grievance.schemas.company import RemedyPromise
from grievance.store.models import Base, Case, Fact, Site
from grievance.vocabulary import RemedyKind
from tests import desk_work, superuser
from tests.columns import inventory, of_class
from tests.figures import Tell
from tests.fixtures import Town
from tests.services import Services
from tests.stories.phones import Phone

NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)
DAY = timedelta(days=1)
INCIDENT = date(2026, 3, 4)
CLEAR = ("M", "incident", "journal", "opening")
HARMS = {"sexual_violence": "sexual_violence", "child_harmed": "child"}
SMS = "Bamemubaka mutoto wa jirani karibu na mine, walinzi wawili"


WORDS = re.compile(r"sexual|child|rape|viol|lane_|Mutshatsha|Site Exemple", re.IGNORECASE)


# Which companies were asked about, told, waited for or kept out stands in clear, here and nowhere else.
NAMES_A_COMPANY = {
    ("referral", "organisation_id"), ("clock", "holder_id"), ("clock_step", "to_organisation_id"),
    ("consent", "organisation_id"), ("conflict", "organisation_id"), ("wrap", "organisation_id"),
    ("task", "organisation_id"), ("outbox", "organisation_id"), ("outbox", "once"),
    ("fact", "organisation_id"), ("fact", "client_id"),
}  # fmt: skip


@dataclass
class Sought:
    """What must not be found: words that name harm, lane or place, and the day itself."""

    site: UUID
    words: re.Pattern[str] = WORDS
    days: tuple[date, ...] = (INCIDENT,)

    def found(self, value: Any) -> bool:
        """Whether a value in clear tells it."""
        if value is None:
            return False
        if isinstance(value, date):  # an instant too, if it falls on that day
            return (value.date() if isinstance(value, datetime) else value) in self.days
        if isinstance(value, UUID):
            return value == self.site
        text = str(value)
        return bool(self.words.search(text)) or str(self.site) in text or str(INCIDENT) in text


def played(town: Town, times: int) -> None:
    """Cases known as restricted at once, recognised later, and referred; by web, by desk and by SMS."""
    desk = town.world.desk.actor
    for number in range(times):
        for harm in HARMS:
            known = _received(town, harms=[harm])
            _triaged(town, known, harm)
            later = desk_work.opened(town, NOW)
            if harm == "child_harmed":
                _answered(town, later)
            _triaged(town, later, harm, DAY)
            cases.write(later, "Nous sommes là.", actor=desk, now=NOW + DAY)
        phone = Phone(town, number=f"+24388000030{number % 10}")
        for text in (SMS, "1", "2"):
            phone.says(text)


def _answered(town: Town, code: str) -> None:
    """Both companies were asked about, one was told, answered and promised something."""
    desk, company = town.world.desk.actor, town.world.provider.actor
    then = NOW + DAY / 4
    referral = referrals.refer(code, desk_work.draft(town.world.provider.id), actor=desk, now=then)
    referrals.answer(referral, "Deux gardes étaient là.", actor=company, now=then)
    promised = RemedyPromise(RemedyKind.MEDICAL_COSTS, "Les soins.")
    referrals.promise_remedy(referral, promised, actor=company, now=then)


def _received(town: Town, **more: object) -> str:
    report = desk_work.report(
        town, incident="day", incident_on=str(INCIDENT), territory="Mutshatsha", children=1, persons=2,
        **more,
    )  # fmt: skip
    return intake.receive(report, opening=desk_work.half(), now=NOW).code


def _triaged(town: Town, code: str, harm: str, after: timedelta = timedelta()) -> None:
    desk = town.world.desk.actor
    cases.know_nobody(code, actor=desk, now=NOW + after)
    decided = desk_work.decided(
        town, harms=[harm], incident_on=str(INCIDENT), severity="critical", children=1, reason="Appel.",
        territory="Mutshatsha",
    )  # fmt: skip
    cases.triage(code, decided, actor=desk, now=NOW + after)


def told(services: Services, town: Town) -> Iterator[tuple[str, str, Any]]:
    """Every clear value of every row, also of one that names no case: all that anybody told is restricted."""
    everything = superuser.rows(services, town, Case)
    assert everything
    assert all(row.restricted for row in everything)
    for mapper in Base.registry.mappers:
        table = mapper.class_.__tablename__
        for row in superuser.rows(services, town, mapper.class_):
            for column in mapper.local_table.columns:
                if inventory()[table, column.name] in CLEAR:
                    yield table, column.name, getattr(row, column.name)


def check(town: Town, services: Services) -> tuple[int, int]:
    """Seeks; gives how many restricted cases and how many values were looked at."""
    town_site = town.world.site
    sought = Sought(town_site.id)
    values = list(told(services, town))
    betrayed = {(table, column) for table, column, value in values if sought.found(value)}
    assert betrayed == set()
    blank = {place for place in of_class("incident") if place[0] != "fact"}
    spoken = [(t, c) for t, c, value in values if (t, c) in blank and value not in (None, [])]
    assert spoken == []
    return len({value for t, c, value in values if (t, c) == ("grievance_case", "id")}), len(values)


def companies_named(town: Town, services: Services) -> set[tuple[str, str]]:
    """Where in clear a company stands, by its id or its name."""
    world = town.world
    companies = (world.mine, world.provider, world.second_provider)
    signs = [sign for one in companies for sign in (str(one.id), one.id.hex, one.row.name)]
    return {
        (table, column) for table, column, value in told(services, town)
        if any(sign in str(value) for sign in signs)
    }  # fmt: skip


def test_the_words_that_are_sought_are_found_where_they_stand() -> None:
    site = UUID(int=5)
    sought = Sought(site)
    for said in (["sexual_violence"], "child", {"site": str(site)}, site, INCIDENT, f"x:{INCIDENT}"):
        assert sought.found(said)
    assert sought.found(datetime(2026, 3, 4, 7, tzinfo=UTC))
    for quiet in (None, [], "restricted", "lane", UUID(int=6), NOW, INCIDENT.replace(day=1), "Lualaba"):
        assert not sought.found(quiet)


def test_nothing_in_clear_tells_harm_place_or_day_of_a_restricted_case(
    town: Town, services: Services
) -> None:
    played(town, 1)
    statistics.collect(NOW + DAY, key=town.keys.anchor)
    cases_seen, values = check(town, services)
    assert (cases_seen, values > 300) == (5, True)
    found = companies_named(town, services)
    assert found <= NAMES_A_COMPANY
    assert {("referral", "organisation_id"), ("clock", "holder_id"), ("consent", "organisation_id")} <= found
    facts = [fact for fact in superuser.rows(services, town, Fact) if fact.restricted]
    assert facts
    assert {(fact.harm in (None, "restricted"), fact.severity, fact.territory) for fact in facts} == {
        (True, None, None)
    }


@pytest.mark.proof
def test_nothing_tells_of_many_restricted_cases(town: Town, services: Services, figure: Tell) -> None:
    played(town, 10)
    statistics.collect(NOW + DAY, key=town.keys.anchor)
    cases_seen, values = check(town, services)
    assert len(superuser.rows(services, town, Site)) == 1
    figure(f"restricted in a dump: {cases_seen} cases, {values} clear values and journal lines, 0 tell")
