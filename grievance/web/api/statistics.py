"""What may the overseer's own programs count with? The lines of the file for spreadsheets, as JSON."""

from __future__ import annotations

from flask import Response

from grievance.actions import statistics
from grievance.schemas.api import StatisticsOut
from grievance.web.api.room import LANGUAGE_ASKED, served, shown
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.oversight import figures, lines
from grievance.web.step_up import proved_before
from grievance.web.whole import read_whole


@served(
    "GET", "/statistics", {200: (StatisticsOut, "Every number that may be printed.")}, (401, 403, 404),
    parameters=[LANGUAGE_ASKED],
)  # fmt: skip
@read_whole
@proved_before
def overseen() -> Response:
    """Every number that may be printed, for a signed-in overseer; who took it is written."""
    statistics.exported(current_actor(), utcnow())
    return shown(StatisticsOut, {"lines": lines.of(figures.found())})
