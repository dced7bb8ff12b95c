"""What do members send about themselves and about each other?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from grievance.terms import Role
from grievance.vocabulary import Language, ReaderKind

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
LONGEST_EMAIL = 254


@dataclass(frozen=True)
class SignIn:
    """What was typed on the sign-in page."""

    email: str = field(repr=False)
    password: str = field(repr=False)
    code: str = field(repr=False)


class SignInIn(Schema):
    """The sign-in page. Anything too long or missing is simply a wrong sign-in, so nothing is required."""

    class Meta:
        unknown = EXCLUDE

    email = fields.String(load_default="", validate=validate.Length(max=LONGEST_EMAIL))
    password = fields.String(load_default="", validate=validate.Length(max=LONGEST_PASSWORD))
    code = fields.String(load_default="", validate=validate.Length(max=20))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> SignIn:
        return SignIn(**data)


class LanguageIn(Schema):
    """The language a member reads in."""

    class Meta:
        unknown = EXCLUDE

    language = fields.Enum(Language, by_value=True, required=True)


@dataclass(frozen=True)
class Invite:
    """Who is invited, where, as what."""

    organisation_id: UUID
    role: Role
    language: Language
    email: str = field(repr=False)


class InviteIn(Schema):
    """An invitation."""

    class Meta:
        unknown = EXCLUDE

    organisation_id = fields.UUID(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    language = fields.Enum(Language, by_value=True, load_default=Language.FRENCH)
    email = fields.Email(required=True, validate=validate.Length(max=LONGEST_EMAIL))

    @pre_load
    def trim(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """A copied address often has a space behind it."""
        return {**data, "email": str(data.get("email", "")).strip()}

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Invite:
        return Invite(**data)


@dataclass(frozen=True)
class Join:
    """What an invited person chose and typed."""

    password: str = field(repr=False)
    code: str = field(repr=False)


class JoinIn(Schema):
    """The first visit: at least 12 characters, and the code that proves that the phone took the secret."""

    class Meta:
        unknown = EXCLUDE

    password = fields.String(
        required=True, validate=validate.Length(min=SHORTEST_PASSWORD, max=LONGEST_PASSWORD)
    )
    code = fields.String(required=True, validate=validate.Length(max=20))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Join:
        return Join(**data)


@dataclass(frozen=True)
class Recover:
    """What somebody typed who forgot their password."""

    email: str = field(repr=False)
    recovery_key: str = field(repr=False)
    password: str = field(repr=False)
    code: str = field(repr=False)


class RecoverIn(JoinIn):
    """Coming back with the printed key: a new password and the phone's code, as on the first visit."""

    email = fields.String(required=True, validate=validate.Length(max=LONGEST_EMAIL))
    recovery_key = fields.String(required=True, validate=validate.Length(max=100))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Recover:
        return Recover(**data)


class KindsIn(Schema):
    """Keys that are given or taken back."""

    class Meta:
        unknown = EXCLUDE

    kinds = fields.List(
        fields.Enum(ReaderKind, by_value=True), required=True, validate=validate.Length(min=1)
    )


class PaperIn(Schema):
    """Keys typed from paper, one a line."""

    class Meta:
        unknown = EXCLUDE

    texts = fields.String(required=True, validate=validate.Length(max=2000))
