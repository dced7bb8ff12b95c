"""What do the answers mean? Days, numbers and places, help that cannot wait, and the whole report."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext

from grievance.i18n import ZONE
from grievance.rules import triage
from grievance.rules.triage import Urgent
from grievance.schemas.report import Incident, Share
from grievance.terms import Lane, Place
from grievance.vocabulary import Channel, Harm, SafeContact
from grievance.web.public.drafts import Draft
from grievance.web.public.questions import TERRITORIES, OnlyHelp, YesNo

_DAY = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})(?:\s*[/.\- ]\s*(\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def day_of(text: str, today: date) -> date | None:
    """A day as people write it: 26/11, 26/11/2026, 2026-11-26; without a year the last such day.

    None when it cannot be read.
    """
    iso, plain = _ISO.fullmatch(text.strip()), _DAY.fullmatch(text.strip())
    if iso:
        return _day(*map(int, iso.groups()))
    if not plain:
        return None
    day, month, year = (int(part) if part else None for part in plain.groups())
    if year is not None:
        return _day(year + 2000 if year < 100 else year, month, day)
    this_year = _day(today.year, month, day)
    return this_year if this_year and this_year <= today else _day(today.year - 1, month, day)


def number_of(text: str) -> int | None:
    """A number of persons; None when it is no number up to 10,000."""
    written = text.strip()
    return int(written) if written.isascii() and written.isdecimal() and int(written[:6]) <= 10_000 else None


def today_there(now: datetime) -> date:
    """The day it is where people report from."""
    return now.astimezone(ZONE).date()


def incident_of(draft: Draft, now: datetime) -> tuple[Incident, date | None]:
    """When it happened. A day written without choosing "another day" counts all the same."""
    said = draft.one("date_quand")
    written = day_of(draft.one("date_jour"), today_there(now))
    if said in ("", Incident.DAY):
        return (Incident.DAY, written) if written else (Incident.UNKNOWN, None)
    days_ago = {Incident.TODAY: 0, Incident.YESTERDAY: 1}.get(Incident(said))
    day = None if days_ago is None else today_there(now) - timedelta(days=days_ago)
    return Incident(said), day


def place_of(draft: Draft) -> Place:
    """Where it happened, as far as it was said."""
    site = draft.one("lieu_site")
    return Place(
        draft.one("lieu_province"), draft.one("lieu_territoire") or None, UUID(site) if site else None,
        draft.one("lieu_pres") or None,
    )  # fmt: skip


def province_of(territory: str) -> str:
    """The province in which a town or territory lies; empty when we do not know it."""
    return next((province for province, names in TERRITORIES.items() if territory in names), "")


def story_may_be_empty(draft: Draft) -> bool:
    """After sexual violence nobody has to tell what happened: help or a call is enough."""
    return Harm.SEXUAL_VIOLENCE in draft.several("faits")


def help_for(draft: Draft, now: datetime, *, with_story: bool) -> tuple[Urgent, ...]:
    """The help that cannot wait, from what was ticked and, with the story, from its words."""
    return _proposal(draft, now, with_story=with_story).urgent


def is_restricted(draft: Draft, now: datetime) -> bool:
    """Whether only a few marked people of a desk will read this."""
    return _proposal(draft, now, with_story=True).lane is not Lane.GENERAL


def report_of(draft: Draft, lang: str, now: datetime) -> dict[str, Any]:
    """What the report's schema loads."""
    incident, day = incident_of(draft, now)
    place = place_of(draft)
    return {
        "channel": Channel.WEB, "language": lang, "province": place.province or None,
        "territory": place.territory, "site_id": str(place.site_id) if place.site_id else None,
        "near": place.near, "incident": incident, "incident_on": day.isoformat() if day else None,
        "actor": draft.one("qui") or None, "clues": list(draft.several("indices")),
        "clue_text": draft.one("indices_texte") or None, "harms": list(draft.several("faits")),
        "danger": _yes_no(draft, "danger"), "story": draft.one("recit") or None, "wished": _wished(draft),
        "share": draft.one("lecture") or Share.LATER, "speaks_as": draft.one("qui_parle") or None,
        "persons": number_of(draft.one("personnes")), "women": number_of(draft.one("femmes")),
        "men": number_of(draft.one("hommes")), "children": number_of(draft.one("enfants")),
        "affected_agree": _yes_no(draft, "accord"), 
        "safe_contact": draft.one("contact") or SafeContact.NOTHING,
        "phone": draft.one("telephone") or None, "name": draft.one("nom") or None,
        "excluded": sorted(map(str, draft.excluded)),
    }  # fmt: skip


def _proposal(draft: Draft, now: datetime, *, with_story: bool) -> triage.Proposal:
    texts = ("recit", "indices_texte", "souhait") if with_story else ()
    return triage.propose(
        triage.Report(
            text=" ".join(draft.one(name) for name in texts),
            harms=frozenset(Harm(value) for value in draft.several("faits")),
            danger=_yes_no(draft, "danger"),
            incident_on=incident_of(draft, now)[1],
            children=number_of(draft.one("enfants")),
        ),
        now,
    )


def _wished(draft: Draft) -> str | None:
    """What would put it right, with what was ticked said as the person's own sentence."""
    said: dict[str, Callable[[], str]] = {
        OnlyHelp.HELP: lambda: gettext("I only want help. I do not want to say more."),
        OnlyHelp.CALL: lambda: gettext("I prefer to be called."),
    }
    lines = [said[value]() for value in draft.several("demande") if value in said]
    return "\n".join(filter(None, (*lines, draft.one("souhait")))) or None


def _yes_no(draft: Draft, name: str) -> bool | None:
    return {YesNo.YES.value: True, YesNo.NO.value: False}.get(draft.one(name))


def _day(year: int | None, month: int | None, day: int | None) -> date | None:
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None
