"""How is a table written line by line? One number a line, codes that stay the same in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grievance.actions.statistics_tables import StageTime, Statistics, Table
from grievance.rules.disclosure import Count
from grievance.schemas.statistics import MEDIAN, NINETIETH, TOTAL, LineOut

FIELDS = tuple(LineOut().fields)
TIMES = "times"
ANCHOR = "journal_anchor"
# A spreadsheet would take a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def of(found: Statistics) -> list[dict[str, Any]]:
    """The lines of all tables, then how long the stages took."""
    lines = [line for table in found.tables.values() for line in _of_table(table, found)]
    lines += [line for time in found.times for line in _of_time(time)]
    written: list[dict[str, Any]] = LineOut(many=True).dump(lines)
    return written


def of_anchor(anchor: Mapping[str, str] | None) -> list[dict[str, Any]]:
    """The last line of the file: which state of the journal it was counted under."""
    if anchor is None:
        return []
    line = _line(ANCHOR, anchor["day"], anchor["key"], None, {anchor["day"]: anchor["hash"]})
    written: list[dict[str, Any]] = LineOut(many=True).dump([line | {"shown": True}])
    return written


def _of_table(table: Table, found: Statistics) -> Iterator[dict[str, Any]]:
    for row in table.rows:
        for column in table.columns:
            yield _line(table.name.value, row, column, table.cells.get((row, column)), found.names)
        if row in table.row_totals:
            yield _line(table.name.value, row, TOTAL, table.row_totals[row], found.names)
    for column, total in table.column_totals.items():
        yield _line(table.name.value, TOTAL, column, total, found.names)
    if table.grand is not None:
        yield _line(table.name.value, TOTAL, TOTAL, table.grand, found.names)


def _line(
    table: str, row: str, column: str, count: Count | None, names: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "table": table, "row": row, "row_name": _plain(names.get(row, "")), "column": column,
        "cases": count.cases if count else None, "people": count.people if count else None, "hours": None,
        "shown": count is not None,
    }  # fmt: skip


def _of_time(time: StageTime) -> Iterator[dict[str, Any]]:
    for column, hours in ((MEDIAN, time.median), (NINETIETH, time.ninetieth)):
        yield {
            "table": TIMES, "row": time.clock.value, "row_name": "", "column": column, "cases": None,
            "people": None, "hours": hours, "shown": hours is not None,
        }  # fmt: skip


def _plain(name: str) -> str:
    return f"'{name}" if name.startswith(FORMULA) else name
