"""How do the numbers look? Three quiet charts as SVG files, without any script; each has its table."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pygal
from flask_babel import gettext
from pygal.style import Style

from grievance.actions.statistics_tables import Statistics, Table
from grievance.rules.disclosure import Count
from grievance.schemas.statistics import LATE, ON_TIME, PERIOD, TableName
from grievance.web.oversight import words

# pygal adds a finder of modules in a form that Python gave up; each later import that fails would warn of it.
sys.meta_path[:] = [one for one in sys.meta_path if type(one).__module__ != pygal.__name__]

INK, QUIET, ACCENT, OVER, PALE = "#1b1b18", "#5b5b54", "#0b5d5e", "#9b1c1c", "#8fbdbb"
SHAPES = dict(
    background="transparent", plot_background="transparent", foreground=INK, foreground_strong=INK,
    foreground_subtle=QUIET, opacity="1", opacity_hover="1", transition="0s",
    font_family="system-ui, 'Noto Sans', Arial, sans-serif", label_font_size=13, major_label_font_size=13,
    legend_font_size=14, value_font_size=13, no_data_font_size=15,
)  # fmt: skip
# Red says late, and nothing else.
CALM = Style(**SHAPES, colors=(ACCENT, PALE), value_colors=(INK, INK))
JUDGED = Style(**SHAPES, colors=(ACCENT, OVER), value_colors=(INK, INK))
WIDTH, HEIGHT, HEIGHT_OF_ROW, AROUND = 760, 300, 44, 110
# What a page shows first, and to which table it belongs.
CHARTS = {
    TableName.STAGES: "quarters",
    TableName.CLOCKS: "clocks",
    TableName.STEPS: "steps",
}


def shown(found: Statistics) -> dict[TableName, str]:
    """The charts that have something to show: no empty picture stands above a table of hidden numbers."""
    stages = found.tables[TableName.STAGES]
    whole = PERIOD in stages.columns
    return {
        table: name for table, name in CHARTS.items()
        if table is not TableName.STAGES or whole or stages.column_totals
    }  # fmt: skip


def draw(name: str, found: Statistics) -> bytes | None:
    """The SVG of one chart; None when there is none of this name. A hidden number is not drawn."""
    drawing = DRAWINGS.get(name)
    if drawing is None:
        return None
    chart = drawing(found)
    chart.add_xml_filter(_without_scripts)
    drawn: bytes = chart.render()
    return drawn


def _quarters(found: Statistics) -> Any:
    """Cases and people in each quarter; where quarters must not be told apart, cases at each stage."""
    table = found.tables[TableName.STAGES]
    if PERIOD in table.columns:
        chart = _rows(table, CALM)
        chart.add(gettext("Cases"), [_cases(table, row, PERIOD) for row in reversed(table.rows)])
        return chart
    chart = pygal.Bar(**_settings(CALM, HEIGHT))
    chart.x_labels = list(table.columns)
    totals = [table.column_totals.get(quarter) for quarter in table.columns]
    chart.add(gettext("Cases"), [one.cases if one else None for one in totals])
    chart.add(gettext("People"), [one.people if one else None for one in totals])
    return chart


def _clocks(found: Statistics) -> Any:
    """On time and late, for each deadline."""
    table = found.tables[TableName.CLOCKS]
    chart = _rows(table, JUDGED)
    chart.add(gettext("On time"), [_cases(table, row, ON_TIME) for row in reversed(table.rows)])
    chart.add(gettext("Late"), [_cases(table, row, LATE) for row in reversed(table.rows)])
    return chart


def _steps(found: Statistics) -> Any:
    """How many cases took each step, in the last two quarters."""
    table = found.tables[TableName.STEPS]
    chart = _rows(table, CALM)
    for quarter in table.columns[-2:]:
        chart.add(quarter, [_cases(table, row, quarter) for row in reversed(table.rows)])
    return chart


def _rows(table: Table, style: Style) -> Any:
    """A chart of horizontal bars, the first row of the table on top."""
    chart = pygal.HorizontalBar(**_settings(style, AROUND + HEIGHT_OF_ROW * len(table.rows)))
    chart.x_labels = [str(words.row(table.name, row, {})) for row in reversed(table.rows)]
    chart.add_xml_filter(_numbers_beside)
    return chart


def _cases(table: Table, row: str, column: str) -> int | None:
    count: Count | None = table.cells.get((row, column))
    return count.cases if count else None


def _settings(style: Style, height: int) -> dict[str, Any]:
    return {
        "style": style, "width": WIDTH, "height": height, "js": (), "explicit_size": True,
        "print_values": True, "print_values_position": "top", "legend_at_bottom": True,
        "show_y_guides": False, "show_x_guides": False,
        "value_formatter": lambda value: f"{value:.0f}", "no_data_text": gettext("Nothing may be shown yet"),
        "include_x_axis": True, "min_scale": 1, "max_scale": 5,
    }  # fmt: skip


def _numbers_beside(root: Any) -> Any:
    """A number begins behind its bar; pygal centres it on the bar's end, half of it in the bar's colour."""
    for text in root.iter("{*}text", "text"):
        if "value" in (text.get("class") or "").split():
            text.set("style", "text-anchor: start")
    return root


def _without_scripts(root: Any) -> Any:
    """pygal writes a script and remarks into the picture; ours is looked at, not played with."""
    for parent in list(root.iter()):
        for child in list(parent):
            # A remark has a function in the place of its tag.
            if not isinstance(child.tag, str) or child.tag.endswith("script"):
                parent.remove(child)
    return root


DRAWINGS: dict[str, Callable[[Statistics], Any]] = {
    "quarters": _quarters, "clocks": _clocks, "steps": _steps,
}  # fmt: skip
