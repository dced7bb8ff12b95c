"""ICoCA reads how cases go, and finds nobody in the numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from grievance.actions import cases, escalation, intake, referrals, statistics
from grievance.actions.statistics_tables import Statistics
from grievance.rules.disclosure import Count
from grievance.schemas.statistics import LATE, ON_TIME, RESTRICTED, FactKind, TableName
from grievance.store.actors import STATS_ACTOR
from grievance.store.models import Case, Fact
from grievance.store.session import transaction
from grievance.terms import ClockKind, SkipReason, Step
from grievance.vocabulary import Settled
from tests import desk_work
from tests.fixtures import Town

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = ((1, bytes(range(32))),)
QUARTER = "2026-Q1"


def counted(town: Town, now: datetime = NOW + DAY) -> Statistics:
    """The tables, after the facts were derived."""
    statistics.collect(now, key=KEY)
    return statistics.statistics(town.world.overseer.actor, now)


def facts(kind: FactKind) -> list[Fact]:
    with transaction(STATS_ACTOR) as session:
        return list(session.scalars(select(Fact).where(Fact.kind == kind.value)))


def answered(town: Town, count: int, *, late: bool = False) -> list[str]:
    """Cases whose guard company confirmed and answered; gives the referrals."""
    made = [desk_work.referred(town, NOW)[1] for _ in range(count)]
    when = NOW + 60 * DAY if late else NOW + DAY
    for referral in made:
        referrals.answer(referral, "Voici.", actor=town.world.provider.actor, now=when)
    return made


def test_five_cases_are_counted(town: Town) -> None:
    for _ in range(5):
        desk_work.opened(town, NOW)
    seen = counted(town)
    assert seen.tables[TableName.HARMS].cells["assault", QUARTER] == Count(5, 5)
    assert seen.tables[TableName.TERRITORIES].rows == ("Lualaba/Mutshatsha",)
    assert seen.tables[TableName.CLIENTS].cells[str(town.world.mine.id), QUARTER] == Count(5, 5)
    assert seen.tables[TableName.STAGES].grand == Count(5, 5)


def test_four_cases_are_hidden_with_every_total_of_them(town: Town) -> None:
    for _ in range(4):
        desk_work.opened(town, NOW)
    for table in counted(town).tables.values():
        assert set(table.cells.values()) <= {None}
        assert (table.row_totals, table.column_totals, table.grand) == ({}, {}, None)


def test_people_are_counted_beside_cases(town: Town) -> None:
    for _ in range(5):
        code = desk_work.taken(town, NOW)
        decided = desk_work.decided(town, persons=3)
        cases.triage(code, decided, actor=town.world.desk.actor, now=NOW)
    assert counted(town).tables[TableName.STAGES].grand == Count(5, 15)


def test_a_second_run_changes_nothing(town: Town) -> None:
    answered(town, 2)
    first = statistics.collect(NOW + DAY, key=KEY)
    names = sorted(str(fact.case_ref) for fact in facts(FactKind.CASE))
    assert statistics.collect(NOW + DAY, key=KEY) == first
    assert sorted(str(fact.case_ref) for fact in facts(FactKind.CASE)) == names


def test_a_fact_cannot_be_looked_up_by_its_case(town: Town) -> None:
    desk_work.opened(town, NOW)
    statistics.collect(NOW, key=KEY)
    with transaction(STATS_ACTOR) as session:
        ids = set(session.scalars(select(Case.id)))
    assert ids.isdisjoint(fact.case_ref for fact in facts(FactKind.CASE))


def test_a_new_key_leaves_no_fact_under_the_old_one(town: Town) -> None:
    desk_work.opened(town, NOW)
    statistics.collect(NOW, key=KEY)
    statistics.collect(NOW, key=(*KEY, (2, bytes(32))))
    assert len(facts(FactKind.CASE)) == 1


def test_who_answers_late_is_late_for_ever(town: Town) -> None:
    answered(town, 5, late=True)
    seen = counted(town, NOW + 61 * DAY)
    clocks = seen.tables[TableName.CLOCKS].cells
    assert clocks[ClockKind.ANSWER.value, LATE] == Count(5, 5)
    companies = seen.tables[TableName.COMPANIES].cells
    assert companies[str(town.world.provider.id), f"{ClockKind.ANSWER.value}/{LATE}"] == Count(5, 5)
    assert seen.names[str(town.world.provider.id)] == "Gardiennage Fictif SARL"


def test_a_stage_has_its_median_once_five_cases_went_through_it(town: Town) -> None:
    answered(town, 4)
    shown = {time.clock: time.median for time in counted(town, NOW + 2 * DAY).times}
    assert shown[ClockKind.ANSWER] is None
    answered(town, 1)
    shown = {time.clock: time.median for time in counted(town, NOW + 2 * DAY).times}
    assert shown[ClockKind.ANSWER] == 22


def test_a_deadline_that_ended_with_a_withdrawal_is_no_answer_in_time(town: Town) -> None:
    for _ in range(5):
        _, referral = desk_work.referred(town, NOW)
        referrals.withdraw_referral(referral, actor=town.world.desk.actor, now=NOW + DAY)
    cells = counted(town).tables[TableName.CLOCKS].cells
    assert (ClockKind.ANSWER.value, ON_TIME) not in cells


def test_a_restricted_case_counts_as_restricted_and_says_no_more(town: Town) -> None:
    for _ in range(5):
        intake.receive(desk_work.report(town, harms=["child_harmed"]), opening=desk_work.half(), now=NOW)
    seen = counted(town)
    assert seen.tables[TableName.HARMS].cells == {(RESTRICTED, QUARTER): Count(5, 5)}
    assert {fact.territory for fact in facts(FactKind.CASE)} == {None}
    assert {fact.client_id for fact in facts(FactKind.CASE)} == {None}


def test_a_step_that_was_not_taken_reaches_icoca_down_to_the_territory(town: Town) -> None:
    desk_work.referred(town, NOW)
    for day in range(0, 80, 5):
        for clock_id in escalation.overdue(NOW + day * DAY):
            escalation.climb_clock(clock_id, NOW + day * DAY)
    statistics.collect(NOW + 80 * DAY, key=KEY)
    told = statistics.not_reached(town.world.overseer.actor)
    assert SkipReason.NOT_ALLOWED in {one.reason for one in told}
    assert {one.territory for one in told} == {"Mutshatsha"}
    assert Step.ICOCA in {one.step for one in told}


def test_a_mine_that_was_passed_over_is_known_to_icoca_with_the_reason(town: Town) -> None:
    code = desk_work.opened(town, NOW, share="provider")
    referrals.refer(code, desk_work.draft(town.world.provider.id), actor=town.world.desk.actor, now=NOW)
    for day in range(0, 80, 5):
        for clock_id in escalation.overdue(NOW + day * DAY):
            escalation.climb_clock(clock_id, NOW + day * DAY)
    statistics.collect(NOW + 80 * DAY, key=KEY)
    told = statistics.not_reached(town.world.overseer.actor)
    assert (Step.NEXT_PARTY, SkipReason.NOT_ALLOWED) in {(one.step, one.reason) for one in told}


def test_a_complainants_word_is_counted_and_silence_is_not(town: Town) -> None:
    made = answered(town, 6)
    desk = town.world.desk.actor
    for referral in made:
        referrals.relay(referral, "Voici.", actor=desk, now=NOW + 2 * DAY)
    for referral in made[:5]:
        referrals.settle(referral, Settled.YES, actor=desk, now=NOW + 3 * DAY)
    words = counted(town, NOW + 4 * DAY).tables[TableName.WORDS]
    assert words.cells == {(Settled.YES.value, QUARTER): Count(5, 5)}


def test_nobody_but_the_overseer_reads_them(town: Town) -> None:
    for _ in range(5):
        desk_work.opened(town, NOW)
    statistics.collect(NOW, key=KEY)
    for someone in (town.world.desk, town.world.mine, town.world.provider, town.world.host):
        seen = statistics.statistics(someone.actor, NOW)
        assert all(table.cells == {} for table in seen.tables.values())
        assert statistics.not_reached(someone.actor) == ()
