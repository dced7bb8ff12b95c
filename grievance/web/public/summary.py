"""What did they answer? Each answer of a draft in words, with the page that can change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from grievance.actions.places import SiteName
from grievance.web.public.drafts import Draft
from grievance.web.public.questions import OFFERED, Page
from grievance.web.public.reading import incident_of

Words: TypeAlias = str | LazyString


@dataclass(frozen=True)
class Row:
    """One line of "check your answers"; no values: the question was left empty."""

    page: Page
    label: LazyString
    values: tuple[Words, ...]


def rows(draft: Draft, sites: tuple[SiteName, ...], now: datetime) -> tuple[Row, ...]:
    """Every question with its answers, in the order of the pages."""
    return (
        Row(Page.PLACE, _l("Where"), tuple(_place(draft, sites))),
        Row(Page.DAY, _l("When"), tuple(_day(draft, now))),
        Row(Page.WHO, _l("Who did it"), _said(draft, "qui", "indices", "indices_texte")),
        Row(Page.HARM, _l("What was done"), _said(draft, "faits")),
        Row(Page.HARM, _l("Danger now"), _said(draft, "danger")),
        Row(Page.STORY, _l("What happened"), _said(draft, "recit", "demande")),
        Row(Page.STORY, _l("What you ask for"), _said(draft, "souhait")),
        Row(Page.READERS, _l("Who may read a summary"), _said(draft, "lecture")),
        Row(Page.CONTACT, _l("Who speaks"), _said(draft, "qui_parle", "nom")),
        Row(Page.CONTACT, _l("How many people"), tuple(_people(draft))),
        Row(Page.CONTACT, _l("They know and agree"), _said(draft, "accord")),
        Row(Page.CONTACT, _l("How to reach you"), _said(draft, "contact", "telephone")),
    )


def _said(draft: Draft, *names: str) -> tuple[Words, ...]:
    return tuple(words for name in names for words in _words(draft, name))


def _words(draft: Draft, name: str) -> Iterator[Words]:
    offered = OFFERED.get(name)
    if offered is None:
        yield from draft.several(name)
        return
    yield from (choice.label for choice in offered if choice.value in draft.several(name))


def _place(draft: Draft, sites: tuple[SiteName, ...]) -> Iterator[Words]:
    yield from (site.name for site in sites if str(site.id) == draft.one("lieu_site"))
    yield from (
        draft.one(name) for name in ("lieu_pres", "lieu_territoire", "lieu_province") if draft.one(name)
    )


def _day(draft: Draft, now: datetime) -> Iterator[Words]:
    if not (draft.one("date_quand") or draft.one("date_jour")):
        return
    day = incident_of(draft, now)[1]
    yield from _words(draft, "date_quand")
    if day is not None:
        yield f"{day:%d/%m/%Y}"


def _people(draft: Draft) -> Iterator[Words]:
    labels = (
        ("personnes", _l("In all")), ("femmes", _l("Women")), ("hommes", _l("Men")),
        ("enfants", _l("Children")),
    )  # fmt: skip
    for name, label in labels:
        if draft.one(name):
            yield f"{label}: {draft.one(name)}"
