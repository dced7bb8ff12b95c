"""What did a machine send? One JSON object, the fields we know, and what must be put right in them."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import abort, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from grievance.actions import places
from grievance.schemas.api import REPORT_FIELDS
from grievance.schemas.report import Incident, Report, ReportIn
from grievance.vocabulary import Channel, Harm, SafeContact
from grievance.web.public import checks
from grievance.web.public.questions import TERRITORIES
from grievance.web.public.reading import province_of, today_there

# The longest story with everything beside it, each character written as an escape.
LARGEST_BODY = 320 * 1024
KEY = "Idempotency-Key"
NO_KEY = _l("Send the header Idempotency-Key: a random UUID, the same at every try of one report.")
NOT_OURS = _l("There is a field here that the description does not name.")
NO_SUCH_PLACE = _l("This place is not in the lists.")


def body() -> dict[str, Any]:
    """The JSON object that was sent. Answers 413, 415 or 400 where there is none."""
    request.max_content_length = LARGEST_BODY
    if request.mimetype != "application/json":
        abort(415)
    try:
        told = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):  # not JSON, not Unicode, or nested without end
        abort(400)
    if not isinstance(told, dict):
        abort(400)
    return told


def own_key() -> UUID:
    """The key that a machine gives to one report, whatever became of it. Raises ValidationError."""
    try:
        return UUID(request.headers.get(KEY, ""))
    except ValueError:
        raise _wrong(KEY, NO_KEY) from None


def report_of(told: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What the report's schema loads, with a place and a day that fit together. Raises ValidationError."""
    if set(told) - set(REPORT_FIELDS):
        raise _wrong("body", NOT_OURS)
    told = {**told, "channel": Channel.API.value}
    report: Report = ReportIn().load(told)
    _must_tell(report)
    return told | _place(report) | _day(report, today_there(now))


def _must_tell(report: Report) -> None:
    """A story, except after sexual violence; a number for whoever wants to be reached by it."""
    if not report.story and Harm.SEXUAL_VIOLENCE not in report.harms:
        raise _wrong("story", checks.NO_STORY)
    if not report.phone and report.safe_contact in (SafeContact.CALL, SafeContact.SMS):
        raise _wrong("phone", checks.NO_PHONE)
    digits = sum(sign.isdecimal() for sign in report.phone or "")
    if report.phone and not checks.FEWEST_DIGITS <= digits <= checks.MOST_DIGITS:
        raise _wrong("phone", checks.NOT_A_PHONE)


def _place(report: Report) -> dict[str, str | None]:
    """A site tells its territory, a territory its province. What is in no list is refused, never dropped."""
    place = report.place
    if place.site_id is not None:
        site = next((one for one in places.sites() if one.id == place.site_id), None)
        if site is None:
            raise _wrong("site_id", NO_SUCH_PLACE)
        return {"province": site.province, "territory": site.territory}
    if place.territory and not province_of(place.territory):
        raise _wrong("territory", NO_SUCH_PLACE)
    if place.province and place.province not in TERRITORIES:
        raise _wrong("province", NO_SUCH_PLACE)
    return {"province": province_of(place.territory or "") or place.province or None}


def _day(report: Report, today: date) -> dict[str, str | None]:
    """The day it happened, as the calendar there has it."""
    days_ago = {Incident.TODAY: 0, Incident.YESTERDAY: 1}.get(report.incident)
    if days_ago is not None:
        return {"incident_on": (today - timedelta(days=days_ago)).isoformat()}
    day = report.incident_on
    if day is None:
        return {"incident": Incident.UNKNOWN.value}
    if day > today:
        raise _wrong("incident_on", checks.DAY_TO_COME)
    return {"incident": Incident.DAY.value}


def _wrong(name: str, why: LazyString) -> ValidationError:
    return ValidationError({name: [why]})
