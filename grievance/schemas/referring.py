"""What does a desk send to a company, and on what word of the complainant?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate

from grievance.schemas.desk import DeskForm
from grievance.schemas.text import LONGEST_STORY, CleanText, must_be_said
from grievance.vocabulary import ReferralKind


@dataclass(frozen=True)
class ReferralDraft:
    """A referral before it goes: the summary, its addressee, and what the complainant answered.

    `people_it_could_be` answers "how few people could this be?"; `safe_if_guessed` "are you safe if they
    guess?"; `named_contact_ids` are contacts who are themselves accused. `identity` (a name, a number) goes
    only by its own consent. What was not asked is None or False, and refuses the referral.
    """

    organisation_id: UUID
    summary: str = field(repr=False)
    kind: ReferralKind = ReferralKind.ORDINARY
    contact_id: UUID | None = None
    named_contact_ids: frozenset[UUID] = frozenset()
    summary_read: bool = False
    people_it_could_be: int | None = None
    safe_if_guessed: bool | None = None
    wants_it_all_the_same: bool = False
    identity: str | None = field(default=None, repr=False)
    public_line: bool = False
    complainant_wants_public_line: bool = False
    held_or_cannot_be_asked: bool = False
    lead_wrote_why: str | None = field(default=None, repr=False)
    survivor_asked: bool = False
    accepted_contact_id: UUID | None = None
    child_agrees: bool = False
    guardian_agrees: bool = False
    guardian_accused: bool = False
    best_interest_note: str | None = field(default=None, repr=False)


class ReferralIn(DeskForm):
    """Loads a `ReferralDraft`."""

    organisation_id = fields.UUID(required=True)
    summary = CleanText(longest=LONGEST_STORY, required=True)
    kind = fields.Enum(
        ReferralKind, by_value=True, load_default=ReferralKind.ORDINARY,
        validate=validate.NoneOf([ReferralKind.ESCALATION]),
    )  # fmt: skip
    contact_id = fields.UUID(load_default=None, allow_none=True)
    named_contact_ids = fields.List(fields.UUID(), load_default=list)
    summary_read = fields.Boolean(load_default=False)
    people_it_could_be = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0))
    safe_if_guessed = fields.Boolean(load_default=None, allow_none=True)
    wants_it_all_the_same = fields.Boolean(load_default=False)
    identity = CleanText(longest=1_000, load_default=None)
    public_line = fields.Boolean(load_default=False)
    complainant_wants_public_line = fields.Boolean(load_default=False)
    held_or_cannot_be_asked = fields.Boolean(load_default=False)
    lead_wrote_why = CleanText(longest=2_000, load_default=None)
    survivor_asked = fields.Boolean(load_default=False)
    accepted_contact_id = fields.UUID(load_default=None, allow_none=True)
    child_agrees = fields.Boolean(load_default=False)
    guardian_agrees = fields.Boolean(load_default=False)
    guardian_accused = fields.Boolean(load_default=False)
    best_interest_note = CleanText(longest=4_000, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ReferralDraft:
        """The draft."""
        if not data["summary"]:
            raise ValidationError("empty", "summary")
        return ReferralDraft(**(data | {"named_contact_ids": frozenset(data["named_contact_ids"])}))


class LetterProofIn(DeskForm):
    """That a letter was delivered: receipt number, who signed, what was seen. Never a name of the case."""

    proof = CleanText(longest=400, required=True, validate=must_be_said)
