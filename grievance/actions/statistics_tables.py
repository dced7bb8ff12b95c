"""How are facts counted into tables that can be printed? Cases and people; what is small stays hidden."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, literal_column, select
from sqlalchemy.orm import Session

from grievance.i18n import ZONE
from grievance.rules.disclosure import ALL, NONE, THRESHOLD, Count, Key, is_small, publishable, totals
from grievance.schemas.statistics import LATE, ON_TIME, PERIOD, UNKNOWN, FactKind, TableName
from grievance.store.models import Fact, Organisation
from grievance.terms import ClockKind, SkipReason, Stage, Step
from grievance.vocabulary import Harm, OrganisationKind, Outcome, RemedyKind, RemedyState, Settled

QUARTERS = 8
Expression = ColumnElement[Any]
QUARTER: Expression = literal_column("to_char(fact.on_day, 'YYYY\"-Q\"Q')")
PLACE: Expression = literal_column("coalesce(fact.province, '') || '/' || coalesce(fact.territory, '')")
IN_TIME: Expression = case((Fact.on_time.is_(True), ON_TIME), else_=LATE)
# Of a company: what it owes itself.
OWED = (ClockKind.ACKNOWLEDGE, ClockKind.INTERIM, ClockKind.ANSWER)
# Every case stands in exactly one row of each of these, so their totals are the same numbers.
EACH_ONCE = (TableName.STAGES, TableName.TERRITORIES, TableName.CLIENTS)
# In these a row's quarters add up to the row; in the others a case may stand in several cells.
ADDS_UP = (*EACH_ONCE, TableName.PROVIDERS, TableName.HARMS)
BY_COMPANY = (TableName.CLIENTS, TableName.PROVIDERS, TableName.COMPANIES)


@dataclass(frozen=True)
class Table:
    """One table as it may be printed: None in a cell is a number that is hidden.

    Rows and columns are codes; of companies their ids. A total that may not be printed is missing.
    """

    name: TableName
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[Key, Count | None]
    row_totals: Mapping[str, Count] = field(default_factory=dict)
    column_totals: Mapping[str, Count] = field(default_factory=dict)
    grand: Count | None = None


@dataclass(frozen=True)
class StageTime:
    """How long one stage took, in hours from start to end, nights and pauses included; None: hidden.

    How many cases stand behind it is not said: beside the table of deadlines it could be subtracted.
    """

    clock: ClockKind
    median: int | None
    ninetieth: int | None


@dataclass(frozen=True)
class Statistics:
    """All tables, how long stages took, the names of the companies in them, and what counts as small."""

    tables: Mapping[TableName, Table]
    times: tuple[StageTime, ...]
    names: Mapping[str, str]
    threshold: int = THRESHOLD


def statistics(session: Session, now: datetime) -> Statistics:
    """Counts what this actor may see of the facts of the last eight quarters."""
    since = first_day(now)
    found = {name: _cells(session, since, *_asked(name)) for name in TableName}
    found[TableName.STAGES] = wide_enough(found[TableName.STAGES])
    names = {str(row.id): row.name for row in session.execute(select(Organisation.id, Organisation.name))}
    common = frozenset.intersection(*(_levels(found[name]) for name in EACH_ONCE))
    tables = {name: _table(name, cells, names, common) for name, cells in found.items()}
    shown = {row for name in BY_COMPANY for row in tables[name].rows}
    return Statistics(
        tables, _times(session, since), {key: name for key, name in names.items() if key in shown}
    )


def wide_enough(cells: dict[Key, Count]) -> dict[Key, Count]:
    """By quarter where any number can be printed so, else all quarters as one column.

    Every case stands in one cell of it, so that the columns may be added up.
    """
    numbers, _ = _disclosed(frozenset(cells.items()))
    if any(count and count.cases for count in numbers.values()):
        return cells
    together: dict[Key, Count] = {}
    for (row, _), count in cells.items():
        together[row, PERIOD] = together.get((row, PERIOD), NONE) + count
    return together


def first_day(now: datetime) -> date:
    """The first day that is counted: of the quarter seven before this one."""
    local = now.astimezone(ZONE)
    quarter = local.year * 4 + (local.month - 1) // 3 - (QUARTERS - 1)
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


def _asked(name: TableName) -> tuple[Expression, Expression, FactKind, tuple[Expression, ...]]:
    """Rows, columns, and which facts of one table."""
    providers = select(Organisation.id).where(Organisation.kind == OrganisationKind.PROVIDER)
    taken, company = Fact.outcome.is_(None), cast(Fact.organisation_id, String)
    owed = Fact.clock.in_([kind.value for kind in OWED])
    asked: dict[TableName, tuple[Expression, Expression, FactKind, tuple[Expression, ...]]] = {
        TableName.STAGES: (func.coalesce(Fact.outcome, Fact.step), QUARTER, FactKind.CASE, ()),
        TableName.TERRITORIES: (PLACE, QUARTER, FactKind.CASE, ()),
        TableName.CLIENTS: (cast(Fact.client_id, String), QUARTER, FactKind.CASE, ()),
        TableName.PROVIDERS: (
            company, QUARTER, FactKind.COMPANY, (Fact.organisation_id.in_(providers),),
        ),
        TableName.HARMS: (Fact.harm.expression, QUARTER, FactKind.HARM, ()),
        TableName.CLOCKS: (Fact.clock.expression, IN_TIME, FactKind.CLOCK, ()),
        TableName.COMPANIES: (
            company, Fact.clock.concat("/").concat(IN_TIME), FactKind.CLOCK, (owed,),
        ),
        TableName.STEPS: (Fact.step.expression, QUARTER, FactKind.STEP, (taken,)),
        TableName.SKIPPED: (Fact.step.expression, Fact.outcome.expression, FactKind.STEP, (~taken,)),
        TableName.WORDS: (Fact.outcome.expression, QUARTER, FactKind.WORD, ()),
        TableName.REMEDIES: (Fact.step.expression, Fact.outcome.expression, FactKind.REMEDY, ()),
    }  # fmt: skip
    return asked[name]


def _cells(
    session: Session, since: date, row: Expression, column: Expression, kind: FactKind,
    where: Iterable[Expression],
) -> dict[Key, Count]:  # fmt: skip
    """Each case once in each cell, with the people of it."""
    each = (
        select(
            func.coalesce(row, literal_column(f"'{UNKNOWN}'")).label("r"), column.label("c"),
            Fact.case_ref, func.max(Fact.persons).label("people"),
        )
        .where(Fact.kind == kind.value, Fact.on_day >= since, *where)
        .group_by("r", "c", Fact.case_ref)
        .subquery()
    )  # fmt: skip
    counted = select(each.c.r, each.c.c, func.count(), func.sum(each.c.people)).group_by(each.c.r, each.c.c)
    return {(r, c): Count(int(cases), int(people)) for r, c, cases, people in session.execute(counted)}


@functools.lru_cache(maxsize=8 * len(TableName))
def _disclosed(
    cells: frozenset[tuple[Key, Count]],
) -> tuple[Mapping[Key, Count | None], Mapping[Key, Count]]:
    """What may be printed of these cells: numbers and totals.

    Values in, values out, and a second's work for forty companies: the charts of a page ask for it again.
    """
    table = dict(cells)
    return publishable(table), totals(table)


def _levels(cells: Mapping[Key, Count]) -> frozenset[tuple[bool, bool]]:
    """The kinds of total that may be printed: whether rows, whether columns are summed over.

    All quarters as one column say nothing about a single quarter, whose totals they cannot give away.
    """
    _, sums = _disclosed(frozenset(cells.items()))
    whole = {column for _, column in cells} == {PERIOD}
    kinds = {(row == ALL, column == ALL) for row, column in sums}
    return frozenset(kinds | {(True, False)} if whole else kinds)


def _table(
    name: TableName, cells: Mapping[Key, Count], names: Mapping[str, str],
    common: frozenset[tuple[bool, bool]],
) -> Table:  # fmt: skip
    """Only totals that every table of the same cases may print are printed in any of them."""
    rows = _sorted({row for row, _ in cells}, ROWS.get(name, ()), names)
    columns = _sorted({column for _, column in cells}, COLUMNS.get(name, ()), names)
    numbers, sums = _disclosed(frozenset(cells.items()))
    whole = columns == (PERIOD,)
    sums = sums if name in ADDS_UP else {}
    by_quarter = name in EACH_ONCE and (True, False) in common and not whole
    return Table(
        name, rows, columns, numbers,
        row_totals={row: sums[row, ALL] for row in rows if (row, ALL) in sums and not whole},
        column_totals={one: sums[ALL, one] for one in columns if by_quarter and (ALL, one) in sums},
        grand=sums.get((ALL, ALL)) if name in EACH_ONCE and (True, True) in common else None,
    )  # fmt: skip


def _sorted(values: Iterable[str], order: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    """In the order of the field where there is one, else by name; what is not known at the end."""

    def place(value: str) -> tuple[bool, int, str]:
        at = order.index(value) if value in order else len(order)
        return value == UNKNOWN, at, names.get(value, value).casefold()

    return tuple(sorted(values, key=place))


def _times(session: Session, since: date) -> tuple[StageTime, ...]:
    """Median and 90th percentile of each stage, where enough cases and people stand behind them."""
    people = (
        select(Fact.clock, Fact.case_ref, func.max(Fact.persons).label("people"))
        .where(Fact.kind == FactKind.CLOCK.value, Fact.hours.is_not(None), Fact.on_day >= since)
        .group_by(Fact.clock, Fact.case_ref)
        .subquery()
    )
    counts = select(people.c.clock, func.count(), func.sum(people.c.people)).group_by(people.c.clock)
    behind = {clock: Count(int(cases), int(sum_)) for clock, cases, sum_ in session.execute(counts)}
    took = (
        select(
            Fact.clock,
            func.percentile_cont(0.5).within_group(Fact.hours),
            func.percentile_cont(0.9).within_group(Fact.hours),
        )
        .where(Fact.kind == FactKind.CLOCK.value, Fact.hours.is_not(None), Fact.on_day >= since)
        .group_by(Fact.clock)
    )
    times = [_time(ClockKind(clock), behind[clock], *both) for clock, *both in session.execute(took)]
    return tuple(sorted(times, key=lambda time: list(ClockKind).index(time.clock)))


def _time(clock: ClockKind, behind: Count, median: float, ninetieth: float) -> StageTime:
    if is_small(behind):
        return StageTime(clock, None, None)
    return StageTime(clock, round(median), round(ninetieth))


_CLOCKS = tuple(kind.value for kind in ClockKind)
_STEPS = tuple(step.value for step in Step)
ROWS: dict[TableName, tuple[str, ...]] = {
    TableName.STAGES: (*(stage.value for stage in Stage), *(outcome.value for outcome in Outcome)),
    TableName.HARMS: tuple(harm.value for harm in Harm),
    TableName.CLOCKS: _CLOCKS,
    TableName.STEPS: _STEPS,
    TableName.SKIPPED: _STEPS,
    TableName.WORDS: tuple(word.value for word in Settled),
    TableName.REMEDIES: tuple(kind.value for kind in RemedyKind),
}
COLUMNS: dict[TableName, tuple[str, ...]] = {
    TableName.CLOCKS: (ON_TIME, LATE),
    TableName.COMPANIES: tuple(f"{kind.value}/{how}" for kind in OWED for how in (ON_TIME, LATE)),
    TableName.SKIPPED: tuple(reason.value for reason in SkipReason),
    TableName.REMEDIES: tuple(state.value for state in RemedyState),
}
