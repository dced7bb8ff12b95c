"""How is a file that somebody sent given to a member's browser? Alone, kept nowhere, and never as a page."""

from __future__ import annotations

from flask import make_response
from werkzeug.wrappers import Response

from grievance.actions.evidence_seen import FileRead
from grievance.web import headers

# What a browser may show by itself; anything else is kept as a file, and what came is never opened here.
SHOWN = frozenset({"image/jpeg", "audio/mp4", "video/mp4"})
ENDINGS = {"image/jpeg": "jpg", "audio/mp4": "m4a", "video/mp4": "mp4", "application/pdf": "pdf"}


def handed_out(file: FileRead, original: bool) -> Response:
    """The bytes, under a name that says nothing."""
    response = make_response(file.data)
    inline = not original and file.mime in SHOWN
    ending = ENDINGS.get(file.mime, "bin") if not original else "original"
    response.headers["Content-Type"] = file.mime if not original else "application/octet-stream"
    response.headers["Content-Disposition"] = (
        "inline" if inline else f'attachment; filename="{file.kind.value}.{ending}"'
    )
    return headers.alone(response)
