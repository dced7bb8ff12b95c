"""What is due at this desk? The queue, and the tasks of its people."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.actions import alarms, coverage_seen, quarantine, queue
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.desk import filters, words
from grievance.web.desk.filters import Show
from grievance.web.desk.room import blueprint

WHOLE_CODE = 6
AT_ONCE = 40  # lines of the queue; more on request, so that the page stays light and can be read


@blueprint.get("/")
def board() -> str:
    """The desk's cases, what is due first at the top, and what else somebody must do."""
    actor, now = current_actor(), utcnow()
    chosen = filters.of(request.args)
    still_open = queue.queue(actor, now)
    lines = queue.queue(actor, now, closed=True) if chosen.show is Show.CLOSED else still_open
    picked = [line for line in lines if chosen.picks(line)]
    return render_template(
        "desk/board.html", chosen=chosen, lines=picked, any_at_all=bool(lines),
        shown=len(picked) if "all" in request.args else AT_ONCE,
        counts=filters.counts(still_open), shows=list(Show), tasks=queue.tasks(actor, now), ours=filters.OURS,
        apart=quarantine.count(actor), alarms=[words.name(alarm) for alarm in alarms.of_desk(actor, now)],
        coverages=coverage_seen.waiting(actor),
    )  # fmt: skip


@blueprint.get("/find")
def find() -> Response:
    """A whole code leads to its case, open or closed; anything less to the cases that fit."""
    chosen = filters.of(request.args)
    letters = chosen.written
    if len(letters) == WHOLE_CODE:
        return redirect(url_for(".case", code=f"{letters[:4]}-{letters[4:]}"), code=303)
    address = url_for(
        ".board", show=chosen.show, severity=chosen.severity, language=chosen.language, find=letters or None
    )
    return redirect(address, code=303)
