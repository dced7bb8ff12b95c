"""In which language, and how are days written there? French and Swahili for all, English for staff."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from babel.numbers import format_decimal
from flask import Flask, request
from flask_babel import Babel, get_locale, gettext
from flask_login import current_user

from grievance.terms import Unavailable
from grievance.vocabulary import Language

TIMEZONE = "Africa/Lubumbashi"
ZONE = ZoneInfo(TIMEZONE)
CATALOGUES = Path(__file__).resolve().parents[1] / "translations"
# The locales whose days, hours and numbers we write; their catalogues are those of the language alone.
LOCALES = {Language.FRENCH: "fr_CD", Language.SWAHILI: "sw_CD", Language.ENGLISH: "en_GB"}
PUBLIC = (Language.FRENCH, Language.SWAHILI)
NAMES = {Language.FRENCH: "Français", Language.SWAHILI: "Kiswahili", Language.ENGLISH: "English"}
SOON = timedelta(hours=24)
NO_LARGER_UNIT = 1e9
LONGER_SWAHILI = frozenset({"swa", "swh", "swc"})
STAFF_DOORS = frozenset({"doors", "step_up", "account"})

babel = Babel()


def register(app: Flask) -> None:
    """Sets up the catalogues and what templates need to write days and languages."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    babel.init_app(
        app, default_locale=LOCALES[Language.FRENCH], default_timezone=TIMEZONE,
        locale_selector=lambda: LOCALES[language()],
    )  # fmt: skip
    app.jinja_env.filters.update(day=day, moment=moment, size=size)
    app.jinja_env.globals.update(language=current_language, languages=NAMES, relative=relative, tone=tone)


def language() -> Language:
    """The language of this request: of its address, of the member, of the switch, or of the browser."""
    return _of_address() or _of_member() or _of_switch() or _of_browser()


def current_language() -> Language:
    """The language that the page is written in now."""
    return Language(get_locale().language)


def day(at: datetime) -> str:
    """A day as people there write it: 26/11/2026."""
    return _local(at).strftime("%d/%m/%Y")


def size(count: int) -> str:
    """How big a file is, in the unit that people there know from their airtime."""
    if count < 1_000_000:
        return str(gettext("%(number)s KB", number=_written(max(1, round(count / 1000)))))
    return str(gettext("%(number)s MB", number=_written(round(count / 1_000_000, 1))))


def _written(number: float) -> str:
    return format_decimal(number, locale=get_locale())


def moment(at: datetime) -> str:
    """A day and an hour as people there write them: 26/11/2026 18h30 (in English 18:30)."""
    hour = "%H:%M" if current_language() is Language.ENGLISH else "%Hh%M"
    return _local(at).strftime(f"%d/%m/%Y {hour}")


def relative(at: datetime, now: datetime) -> str:
    """How far away: « dans 3 jours », « il y a 2 heures »."""
    away = abs(at - now)
    if away < timedelta(minutes=1):
        return str(gettext("now"))
    # Never in weeks or months: "1 week" for ten days would be a wrong promise.
    return format_timedelta(
        at - now, granularity=_unit(away), threshold=NO_LARGER_UNIT, add_direction=True, locale=get_locale()
    )


def _unit(away: timedelta) -> Literal["minute", "hour", "day"]:
    if away < timedelta(hours=2):
        return "minute"
    return "hour" if away < timedelta(days=2) else "day"


def tone(at: datetime, now: datetime) -> str:
    """Whether a date is `over`, `soon` (within a day) or `calm`."""
    if at <= now:
        return "over"
    return "soon" if at - now <= SOON else "calm"


def _local(at: datetime) -> datetime:
    return at.astimezone(ZONE)


def _of_address() -> Language | None:
    """Public pages say their language in their address, also when there is no such page."""
    first = request.path.lstrip("/").partition("/")[0]
    return Language(first) if first in {chosen.value for chosen in PUBLIC} else None


def _of_member() -> Language | None:
    try:
        return current_user.language if current_user.is_authenticated else None
    except Unavailable:
        # The page that says so must itself be written in some language.
        return None


def _of_switch() -> Language | None:
    chosen = request.args.get("lang", "")
    return Language(chosen) if chosen in {each.value for each in Language} else None


def _of_browser() -> Language:
    """What the browser likes best of what is offered, whatever its country; French when it asks for none."""
    offered = [each.value for each in _offered()]
    asked = [(_primary(tag), quality) for tag, quality in request.accept_languages]
    welcome = [one for one, quality in asked if quality > 0]
    refused = {one for one, quality in asked if quality <= 0} - set(welcome)
    if "*" in welcome:
        welcome += [each for each in offered if each not in refused]
    return next((Language(one) for one in welcome if one in offered), Language.FRENCH)


def _primary(tag: str) -> str:
    """The language of a tag without its country: "sw-CD" is Swahili, and so are Swahili's longer names."""
    first = tag.replace("_", "-").partition("-")[0].lower()
    return "sw" if first in LONGER_SWAHILI else first


def _offered() -> tuple[Language, ...]:
    """English is offered where staff come in, nowhere else."""
    return tuple(Language) if request.blueprint in STAFF_DOORS else PUBLIC
