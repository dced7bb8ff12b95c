"""How does a desk see photographs, hear recordings, add a paper it was given? Each look is written down."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request
from werkzeug.wrappers import Response

from grievance.actions import evidence, evidence_seen
from grievance.cleaning.kinds import FIELD
from grievance.terms import InvalidInput
from grievance.web.auth import current_actor
from grievance.web.clock import utcnow
from grievance.web.desk.room import blueprint, case_address, open_code
from grievance.web.shown import handed_out
from grievance.web.whole import read_whole


@blueprint.get("/cases/files/<uuid:file_id>")
@read_whole
def file(file_id: UUID) -> Response:
    """The clean copy of a file, or with `original` the file as it came, to be kept and not opened here."""
    original = "original" in request.args
    actor, now = current_actor(), utcnow()
    read = evidence_seen.read(open_code(), file_id, original=original, actor=actor, now=now)
    return handed_out(read, original)


@blueprint.post("/cases/add_file")
def add_file() -> Response:
    """A file that the desk was given."""
    sent = request.files.get(FIELD)
    if sent is None or not sent.filename:
        raise InvalidInput(FIELD, "file_missing")
    evidence.add_at_desk(open_code(), sent.filename, sent.read(), actor=current_actor(), now=utcnow())
    return redirect(case_address(open_code(), "add_file", "files-head"), code=303)
