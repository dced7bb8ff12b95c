"""How does somebody come in, and leave at once? The choice of language, the first page, the way out."""

from __future__ import annotations

import calendar
from contextlib import suppress
from uuid import UUID

from babel.dates import get_day_names, get_month_names
from flask import make_response, render_template, request
from flask_babel import get_locale
from werkzeug.wrappers import Response

from grievance.terms import Unavailable
from grievance.web.auth import current_session
from grievance.web.clock import utcnow
from grievance.web.headers import FORGET
from grievance.web.public.reading import today_there
from grievance.web.public.room import LANG, blueprint

# Where the locale has no short names of days (from Monday), those of printed calendars.
SHORT_DAYS = {"sw": ("Jtt", "Jnn", "Jtn", "Alh", "Iju", "Jms", "Jpl")}


@blueprint.get("/")
def languages() -> str:
    """Two languages, nothing else."""
    return render_template("public/langues.html")


@blueprint.get(f"/{LANG}/")
def start(lang: str) -> str:
    """What this is, for whom, and what to do in danger."""
    return render_template("public/accueil.html", lang=lang, site=_site())


def _site() -> UUID | None:
    """The site that a card's address carries on to the form; anything else than a site's id is left out."""
    return request.args.get("site", type=UUID)


@blueprint.get("/quitter")
def leave() -> Response:
    """Ends the visit, tells the browser to forget this site, and shows a calendar, whatever else fails."""
    with suppress(Unavailable):
        current_session().end()
    today = today_there(utcnow())
    locale = get_locale()
    short = SHORT_DAYS.get(str(locale)[:2]) or get_day_names("short", locale=locale).values()
    body = render_template(
        "public/calendrier.html", today=today, month=get_month_names("wide", locale=locale)[today.month],
        days=list(short),
        weeks=calendar.Calendar().monthdayscalendar(today.year, today.month),
    )  # fmt: skip
    response = make_response(body)
    response.headers.update(FORGET)
    return response
