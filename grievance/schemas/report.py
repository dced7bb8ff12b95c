"""What is a report? One shape for every channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate, validates

from grievance.schemas.text import LONGEST_STORY, CleanText, must_be_said
from grievance.terms import Place
from grievance.vocabulary import (
    TERRITORIES,
    ActorKind,
    Channel,
    Clue,
    ConsentProof,
    Harm,
    Language,
    SafeContact,
    SpeaksAs,
)

MOST_PERSONS = 10_000


class Incident(StrEnum):
    """When it happened, as people say it."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    DAY = "day"
    UNKNOWN = "unknown"


class Share(StrEnum):
    """Who may read a summary without the name."""

    BOTH = "both"
    PROVIDER = "provider"
    MINE = "mine"
    NOBODY = "nobody"
    LATER = "later"


@dataclass(frozen=True)
class Report:
    """A report as one person gave it; whatever was not said is None or empty."""

    channel: Channel
    language: Language
    place: Place
    incident: Incident = Incident.UNKNOWN
    incident_on: date | None = None
    actor: ActorKind | None = None
    clues: frozenset[Clue] = frozenset()
    clue_text: str | None = field(default=None, repr=False)
    harms: frozenset[Harm] = frozenset()
    danger: bool | None = None
    story: str | None = field(default=None, repr=False)
    wished: str | None = field(default=None, repr=False)
    share: Share = Share.LATER
    speaks_as: SpeaksAs | None = None
    persons: int | None = None
    women: int | None = None
    men: int | None = None
    children: int | None = None
    affected_agree: bool | None = None
    safe_contact: SafeContact = SafeContact.NOTHING
    phone: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    excluded: frozenset[UUID] = frozenset()
    # Proof of consent, compulsory for an oral or paper complaint: how, by whom, when; a few words more.
    consent_how: ConsentProof | None = None
    consent_by: str | None = field(default=None, repr=False)
    consent_on: date | None = None
    consent_given: str | None = field(default=None, repr=False)


def _listed(typed: str | None, names: tuple[str, ...]) -> tuple[str | None, str | None]:
    """The name in the list that was meant, or what was typed when it is in none."""
    meant = next((name for name in names if name.casefold() == (typed or "").casefold()), None)
    return meant, None if meant else typed


def _persons() -> fields.Integer:
    return fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, MOST_PERSONS))


class ReportIn(Schema):
    """Loads a `Report` from a web form, a dialogue by SMS, a desk's own form, or the API."""

    class Meta:
        unknown = EXCLUDE

    channel = fields.Enum(Channel, by_value=True, required=True)
    language = fields.Enum(
        Language, by_value=True, required=True, validate=validate.NoneOf([Language.ENGLISH])
    )
    province = CleanText(load_default=None)
    territory = CleanText(load_default=None)
    site_id = fields.UUID(load_default=None, allow_none=True)
    near = CleanText(load_default=None)
    incident = fields.Enum(Incident, by_value=True, load_default=Incident.UNKNOWN)
    incident_on = fields.Date(load_default=None, allow_none=True)
    actor = fields.Enum(ActorKind, by_value=True, load_default=None, allow_none=True)
    clues = fields.List(fields.Enum(Clue, by_value=True), load_default=list)
    clue_text = CleanText(longest=2_000, load_default=None)
    harms = fields.List(fields.Enum(Harm, by_value=True), load_default=list)
    danger = fields.Boolean(load_default=None, allow_none=True)
    story = CleanText(longest=LONGEST_STORY, load_default=None)
    wished = CleanText(longest=4_000, load_default=None)
    share = fields.Enum(Share, by_value=True, load_default=Share.LATER)
    speaks_as = fields.Enum(SpeaksAs, by_value=True, load_default=None, allow_none=True)
    persons, women, men, children = _persons(), _persons(), _persons(), _persons()
    affected_agree = fields.Boolean(load_default=None, allow_none=True)
    safe_contact = fields.Enum(SafeContact, by_value=True, load_default=SafeContact.NOTHING)
    phone = CleanText(longest=40, load_default=None)
    name = CleanText(longest=200, load_default=None)
    excluded = fields.List(fields.UUID(), load_default=list)
    consent_how = fields.Enum(ConsentProof, by_value=True, load_default=None, allow_none=True)
    consent_by = CleanText(load_default=None)
    consent_on = fields.Date(load_default=None, allow_none=True)
    consent_given = CleanText(longest=1_000, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Report:
        """The report; a province nobody named is empty, and the fallback desk's to find out."""
        place = Place(
            data.pop("province") or "", data.pop("territory"), data.pop("site_id"), data.pop("near")
        )
        for name in ("clues", "harms", "excluded"):
            data[name] = frozenset(data[name])
        return Report(place=place, **data)


class AssistedIn(ReportIn):
    """Loads a `Report` that was told to a case worker or given on paper, with the proof of consent.

    A province or a territory that is in no list is kept as words about the place: the lists' names alone
    stand in clear. `today` is the day there: nobody agreed on a day to come.
    """

    consent_how = fields.Enum(ConsentProof, by_value=True, required=True)
    consent_by = CleanText(required=True, validate=must_be_said)
    consent_on = fields.Date(required=True)

    def __init__(self, *, today: date) -> None:
        super().__init__()
        self.today = today

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Report:
        """The report."""
        names = tuple(name for inside in TERRITORIES.values() for name in inside)
        data["province"], elsewhere = _listed(data["province"], tuple(TERRITORIES))
        data["territory"], other = _listed(data["territory"], names)
        data["near"] = ", ".join(filter(None, (data["near"], other, elsewhere))) or None
        report: Report = super().make(data)
        return report

    @validates("consent_on")
    def not_to_come(self, day: date, **_: Any) -> None:
        """Raises ValidationError for a day to come."""
        if day > self.today:
            raise ValidationError("to_come")
