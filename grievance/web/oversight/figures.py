"""What do all cases together show? A page of tables with their charts, and one file for spreadsheets."""

from __future__ import annotations

import csv
from io import StringIO

from flask import make_response, render_template
from werkzeug.wrappers import Response

from grievance.actions import statistics
from grievance.actions.statistics_tables import Statistics
from grievance.terms import NotFound
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.journal import anchor_to_print
from grievance.web.oversight import charts, lines
from grievance.web.oversight.room import blueprint
from grievance.web.step_up import proved
from grievance.web.whole import read_whole

# A picture of ours carries its own styles, and never a script.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@blueprint.get("/statistics")
def figures() -> str:
    """Every table, with what may be printed of it."""
    counted = found()
    return render_template(
        "oversight/statistics.html", found=counted, charts=charts.shown(counted), anchor=anchor_to_print()
    )


@blueprint.get("/charts/<name>.svg")
def chart(name: str) -> Response:
    """One chart, drawn from the numbers of its table and no others. Raises NotFound."""
    drawn = charts.draw(name, found())
    if drawn is None:
        raise NotFound
    response = make_response(drawn)
    response.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    return response


@blueprint.get("/statistics.csv")
@read_whole
@proved
def table_file() -> Response:
    """Every number that may be printed, one a line, with the hidden ones marked; who took it is written."""
    statistics.exported(current_actor(), utcnow())
    out = StringIO()
    writer = csv.DictWriter(out, lines.FIELDS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines.of(found()) + lines.of_anchor(anchor_to_print()))
    response = make_response(out.getvalue())
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="statistics.csv"'
    return response


def found() -> Statistics:
    """All tables, as the overseer may see them."""
    return statistics.statistics(current_actor(), utcnow())
