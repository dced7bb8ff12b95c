"""What does a desk send about a case? One shape for each of its forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate, validates_schema

from grievance.schemas.text import LONGEST_STORY, CleanText, must_be_said
from grievance.terms import Lane
from grievance.vocabulary import (
    TERRITORIES,
    ActorKind,
    Authority,
    Finding,
    Harm,
    NotAdmitted,
    Outcome,
    RevealReason,
    SafeContact,
    SaidBy,
    Severity,
)

MOST_PERSONS = 10_000
ZONE = ZoneInfo("Africa/Lubumbashi")


@dataclass(frozen=True)
class Triage:
    """What a case worker decided a report is. `reason` is needed where a deadline would move later.

    `held_since`: from when somebody is held; None when that is unknown, or nobody is.
    """

    severity: Severity
    harms: frozenset[Harm]
    lane: Lane
    actor: ActorKind
    province: str | None = None
    territory: str | None = None
    site_id: UUID | None = None
    incident_on: date | None = None
    persons: int | None = None
    women: int | None = None
    men: int | None = None
    children: int | None = None
    affected_agree: bool | None = None
    held_since: datetime | None = None
    reason: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ConsentSaid:
    """What the complainant said about one organisation, and how it was said to us."""

    organisation_id: UUID
    allowed: bool
    how: SaidBy
    identity_allowed: bool = False


@dataclass(frozen=True)
class ToAuthority:
    """An authority that the complainant goes to; `agreed_military`: they know which one."""

    authority: Authority
    agreed: bool
    how: SaidBy
    agreed_military: bool = False
    text: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Call:
    """A try to reach the complainant: by which way, and whether somebody spoke with them."""

    way: SafeContact
    reached: bool
    text: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Found:
    """What was found about one allegation, and why."""

    allegation_id: UUID
    finding: Finding
    reason: str = field(repr=False)


@dataclass(frozen=True)
class Closing:
    """How a case ends. `text` is what the complainant is told; the rest depends on the outcome."""

    outcome: Outcome
    text: str = field(repr=False)
    not_admitted: NotAdmitted | None = None
    merged_into: str | None = None
    confirmed: bool = False


@dataclass(frozen=True)
class AppealDecision:
    """Whether the decision that was appealed stands; if it does, with which outcome the case closes again."""

    stands: bool
    text: str = field(repr=False)
    outcome: Outcome | None = None


class DeskForm(Schema):
    """A form of a desk; what it does not name is left out."""

    class Meta:
        unknown = EXCLUDE


class WordsIn(DeskForm):
    """A note, a message, a reply, an answer to tell: one text, which is never empty. Loads the text."""

    text = CleanText(longest=LONGEST_STORY, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> str:
        """The text."""
        if not data["text"]:
            raise ValidationError("empty", "text")
        return str(data["text"])


def _persons() -> fields.Integer:
    return fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, MOST_PERSONS))


def _one_of(names: tuple[str, ...]) -> fields.String:
    return fields.String(load_default=None, allow_none=True, validate=validate.OneOf(names))


class TriageIn(DeskForm):
    """Loads a `Triage`."""

    severity = fields.Enum(Severity, by_value=True, required=True)
    harms = fields.List(fields.Enum(Harm, by_value=True), required=True, validate=validate.Length(min=1))
    lane = fields.Enum(Lane, by_value=True, load_default=Lane.GENERAL)
    actor = fields.Enum(ActorKind, by_value=True, load_default=ActorKind.UNKNOWN)
    # Both stand in clear: chosen from a list, never typed.
    province = _one_of(tuple(TERRITORIES))
    territory = _one_of(tuple(name for names in TERRITORIES.values() for name in names))
    site_id = fields.UUID(load_default=None, allow_none=True)
    incident_on = fields.Date(load_default=None, allow_none=True)
    persons, women, men, children = _persons(), _persons(), _persons(), _persons()
    affected_agree = fields.Boolean(load_default=None, allow_none=True)
    # A time without a zone is the local one: nobody there writes a zone.
    held_since = fields.AwareDateTime(load_default=None, allow_none=True, default_timezone=ZONE)
    reason = CleanText(longest=2_000, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Triage:
        """The decision."""
        return Triage(**(data | {"harms": frozenset(data["harms"])}))


class ConsentIn(DeskForm):
    """Loads a `ConsentSaid`."""

    organisation_id = fields.UUID(required=True)
    allowed = fields.Boolean(required=True)
    how = fields.Enum(SaidBy, by_value=True, required=True)
    identity_allowed = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ConsentSaid:
        """What was said."""
        return ConsentSaid(**data)


class ToAuthorityIn(DeskForm):
    """Loads a `ToAuthority`."""

    authority = fields.Enum(Authority, by_value=True, required=True)
    agreed = fields.Boolean(load_default=False)
    agreed_military = fields.Boolean(load_default=False)
    how = fields.Enum(SaidBy, by_value=True, load_default=SaidBy.CALL)
    text = CleanText(longest=4_000, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ToAuthority:
        """The step."""
        return ToAuthority(**data)


class WellIn(DeskForm):
    """How the complainant says they are."""

    well = fields.Boolean(required=True)


@dataclass(frozen=True)
class RevealWish:
    """Why a member wants to see name and number; the complainant reads both."""

    reason: RevealReason
    text: str | None = field(default=None, repr=False)


class RevealIn(DeskForm):
    """Loads a `RevealWish`. Another reason is written out."""

    reason = fields.Enum(RevealReason, by_value=True, required=True)
    text = CleanText(longest=1_000, load_default=None)

    @validates_schema
    def written_out(self, data: dict[str, Any], **_: Any) -> None:
        """The choice "another reason" says nothing by itself."""
        if data.get("reason") is RevealReason.OTHER and not data.get("text"):
            raise ValidationError("missing", "text")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> RevealWish:
        """The wish."""
        return RevealWish(**data)


class CallIn(DeskForm):
    """Loads a `Call`."""

    way = fields.Enum(SafeContact, by_value=True, load_default=SafeContact.CALL)
    reached = fields.Boolean(required=True)
    text = CleanText(longest=4_000, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Call:
        """The try."""
        return Call(**data)


class FoundIn(DeskForm):
    """Loads a `Found`."""

    allegation_id = fields.UUID(required=True)
    finding = fields.Enum(Finding, by_value=True, required=True)
    reason = CleanText(longest=4_000, required=True, validate=must_be_said)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Found:
        """The finding."""
        return Found(**data)


class ClosingIn(DeskForm):
    """Loads a `Closing`."""

    outcome = fields.Enum(Outcome, by_value=True, required=True)
    text = CleanText(longest=LONGEST_STORY, required=True)
    not_admitted = fields.Enum(NotAdmitted, by_value=True, load_default=None, allow_none=True)
    merged_into = CleanText(longest=12, load_default=None)
    confirmed = fields.Boolean(load_default=False)

    @validates_schema
    def explained(self, data: dict[str, Any], **_: Any) -> None:
        """Nobody learns from an empty line why their case was closed."""
        if not data.get("text"):
            raise ValidationError("empty", "text")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Closing:
        """The end."""
        return Closing(**data)


class AppealDecisionIn(DeskForm):
    """Loads an `AppealDecision`."""

    stands = fields.Boolean(required=True)
    text = CleanText(longest=LONGEST_STORY, required=True, validate=must_be_said)
    outcome = fields.Enum(Outcome, by_value=True, load_default=None, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> AppealDecision:
        """The decision."""
        return AppealDecision(**data)


class ConflictIn(DeskForm):
    """The answer to "do you know anyone here?": nobody, I do, or the whole desk does."""

    knows = fields.String(required=True, validate=validate.OneOf(("nobody", "me", "desk")))
