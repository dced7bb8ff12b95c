"""How does somebody who does not read hear a question? By its recording, loaded when they press play."""

from __future__ import annotations

from flask import Flask, current_app, send_file, url_for
from werkzeug.wrappers import Response

from grievance.i18n import current_language
from grievance.recordings import Recordings
from grievance.terms import NotFound
from grievance.web.public.room import LANG, blueprint

EXTENSION = "recordings"


def register(app: Flask) -> None:
    """Looks once at what is recorded: a new recording is heard from the next start on."""
    app.extensions[EXTENSION] = Recordings.read()


@blueprint.app_template_global()
def recording(name: str) -> str:
    """The address of a question's recording in the language of the page; empty when there is none."""
    language = current_language().value
    found = _recordings().of(language, name)
    return url_for("public.recorded", lang=language, name=name, v=found.mark) if found else ""


@blueprint.get(f"/{LANG}/ecouter/<name>.mp3")
def recorded(lang: str, name: str) -> Response:
    """One recording. Raises NotFound."""
    found = _recordings().of(lang, name)
    if found is None:
        raise NotFound
    return send_file(found.file, mimetype="audio/mpeg", conditional=True, etag=found.mark)


def _recordings() -> Recordings:
    kept: Recordings = current_app.extensions[EXTENSION]
    return kept
