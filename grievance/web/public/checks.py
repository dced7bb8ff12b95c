"""What must be put right before the next page? As little as possible: most questions may stay empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from grievance.actions.places import SiteName
from grievance.schemas.text import clean
from grievance.vocabulary import SafeContact
from grievance.web.public.drafts import Draft
from grievance.web.public.questions import COUNTS, FIELDS, LONGEST, TERRITORIES, Page
from grievance.web.public.reading import day_of, number_of, province_of, story_may_be_empty, today_there


@dataclass(frozen=True)
class Problem:
    """One thing to put right: the field it stands beside, and what to do."""

    field: str
    text: LazyString


NO_STORY = _l("Write what happened. A few words are enough.")
NO_DAY = _l("Write the day like this: 26/11, or choose another answer.")
DAY_TO_COME = _l("This day has not come yet.")
NO_NUMBER = _l("Write a number, for example 3, or leave it empty.")
NO_PHONE = _l("Write the phone number, or choose another way.")
NOT_A_PHONE = _l("This does not look like a phone number. Example: 0991234567")
NOT_NOW = _l(
    "Very many messages arrive now, so we cannot keep it for later. You can send it now, or try again soon."
)
LOST = _l("Your earlier answers are no longer there. Please begin again.")

FEWEST_DIGITS, MOST_DIGITS = 9, 15


def problems(draft: Draft, page: Page, now: datetime) -> tuple[Problem, ...]:
    """What stands in the way of the next page; the check page asks for all pages."""
    if page is Page.CHECK:
        return tuple(
            problem for each in Page if each is not Page.CHECK for problem in problems(draft, each, now)
        )
    lengths = {name: (len(clean(draft.one(name))), LONGEST.get(name, 100)) for name in FIELDS[page]}
    found = [Problem(name, _too_long(has, most)) for name, (has, most) in lengths.items() if has > most]
    return (*found, *_OWN.get(page, _nothing)(draft, now))


def _too_long(has: int, most: int) -> LazyString:
    """By how much, so that nobody has to guess."""
    return _l(
        "This is too long: %(has)s characters, and %(most)s fit. Shorten it by %(over)s; add the rest later.",
        has=has, most=most, over=has - most,
    )  # fmt: skip


def page_of(name: str) -> Page:
    """The page on which a field stands."""
    return next(page for page, names in FIELDS.items() if name in names)


def with_known_place(draft: Draft, sites: tuple[SiteName, ...]) -> Draft:
    """The draft with a place that fits together: a site tells its territory, a territory its province."""
    chosen = draft.one("lieu_site")
    site = next((each for each in sites if str(each.id) == chosen), None)
    if site is not None:
        return draft.with_answers({
            "lieu_province": (site.province,), "lieu_territoire": (site.territory,) if site.territory else (),
            "lieu_site": (str(site.id),),
        })  # fmt: skip
    territory = draft.one("lieu_territoire")
    province = province_of(territory)
    said = draft.one("lieu_province")
    return draft.with_answers({
        "lieu_province": (province or said,) if province or said in TERRITORIES else (),
        "lieu_territoire": (territory,) if province else (), "lieu_site": (),
    })  # fmt: skip


def without_desk(draft: Draft, desk: str) -> frozenset[UUID]:
    """The desks that this person does not want, with one more."""
    try:
        return draft.excluded | {UUID(desk)}
    except ValueError:
        return draft.excluded


def _day(draft: Draft, now: datetime) -> tuple[Problem, ...]:
    written = draft.one("date_jour")
    if not written or draft.one("date_quand") not in ("", "day"):
        return ()
    day = day_of(written, today_there(now))
    if day is None:
        return (Problem("date_jour", NO_DAY),)
    return (Problem("date_jour", DAY_TO_COME),) if day > today_there(now) else ()


def _story(draft: Draft, now: datetime) -> tuple[Problem, ...]:
    if clean(draft.one("recit")) or story_may_be_empty(draft):
        return ()
    return (Problem("recit", NO_STORY),)


def _contact(draft: Draft, now: datetime) -> tuple[Problem, ...]:
    counts = (name for name in COUNTS if draft.one(name) and number_of(draft.one(name)) is None)
    return (*(Problem(name, NO_NUMBER) for name in counts), *_phone(draft))


def _phone(draft: Draft) -> tuple[Problem, ...]:
    phone = draft.one("telephone")
    wanted = draft.one("contact") in (SafeContact.CALL, SafeContact.SMS)
    if not phone:
        return (Problem("telephone", NO_PHONE),) if wanted else ()
    digits = sum(sign.isdecimal() for sign in phone)
    return () if FEWEST_DIGITS <= digits <= MOST_DIGITS else (Problem("telephone", NOT_A_PHONE),)


def _nothing(draft: Draft, now: datetime) -> tuple[Problem, ...]:
    return ()


_OWN: dict[Page, Callable[[Draft, datetime], tuple[Problem, ...]]] = {
    Page.DAY: _day, Page.STORY: _story, Page.CONTACT: _contact,
}  # fmt: skip
