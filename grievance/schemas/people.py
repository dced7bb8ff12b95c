"""What do members send about themselves and about each other?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from grievance.terms import Role
from grievance.vocabulary import Language, ReaderKind

LONGEST_CARRIED = 512  # characters of a hidden field that a page of ours wrote
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
LONGEST_EMAIL = 254


LONGEST_PASSKEY = 8192
LONGEST_CODE = 20


@dataclass(frozen=True)
class Second:
    """What somebody showed beside the password: codes as typed, or what their browser answered."""

    code: str = field(default="", repr=False)
    next_code: str = field(default="", repr=False)
    passkey: str = field(default="", repr=False)
    challenge: str = field(default="", repr=False)

    @property
    def is_single_code(self) -> bool:
        """Whether it is the proof that can be guessed."""
        return not self.passkey and not self.next_code


@dataclass(frozen=True)
class SignIn:
    """What was typed on the sign-in page."""

    email: str = field(repr=False)
    password: str = field(repr=False)
    second: Second = field(repr=False)


class SecondIn(Schema):
    """The second proof. Anything too long or missing is simply wrong, so nothing is required."""

    class Meta:
        unknown = EXCLUDE

    code = fields.String(load_default="", validate=validate.Length(max=LONGEST_CODE))
    next_code = fields.String(load_default="", validate=validate.Length(max=LONGEST_CODE))
    passkey = fields.String(load_default="", validate=validate.Length(max=LONGEST_PASSKEY))
    challenge = fields.String(load_default="", validate=validate.Length(max=LONGEST_EMAIL))


def second_of(data: dict[str, Any]) -> Second:
    """Takes the fields of a second proof out of what was loaded."""
    return Second(*(data.pop(name, "") for name in ("code", "next_code", "passkey", "challenge")))


class SignInIn(SecondIn):
    """The sign-in page."""

    email = fields.String(load_default="", validate=validate.Length(max=LONGEST_EMAIL))
    password = fields.String(load_default="", validate=validate.Length(max=LONGEST_PASSWORD))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> SignIn:
        second = second_of(data)
        return SignIn(**data, second=second)


@dataclass(frozen=True)
class ProofAgain:
    """What was typed to prove, within a session, who one is."""

    password: str = field(repr=False)
    second: Second = field(repr=False)


class ProofAgainIn(SecondIn):
    """The page that asks again before something that weighs more; fields named apart from a form's."""

    code = fields.String(data_key="proof_code", load_default="", validate=validate.Length(max=LONGEST_CODE))
    next_code = fields.String(
        data_key="proof_next_code", load_default="", validate=validate.Length(max=LONGEST_CODE)
    )
    passkey = fields.String(
        data_key="proof_passkey", load_default="", validate=validate.Length(max=LONGEST_PASSKEY)
    )
    challenge = fields.String(
        data_key="proof_challenge", load_default="", validate=validate.Length(max=LONGEST_EMAIL)
    )
    password = fields.String(
        data_key="proof_password", load_default="", validate=validate.Length(max=LONGEST_PASSWORD)
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ProofAgain:
        second = second_of(data)
        return ProofAgain(**data, second=second)


class NewPasswordIn(Schema):
    """A new password, of a member who is in."""

    class Meta:
        unknown = EXCLUDE

    password = fields.String(
        required=True, validate=validate.Length(min=SHORTEST_PASSWORD, max=LONGEST_PASSWORD)
    )


class PasskeyIn(Schema):
    """A passkey that a browser made, and what its member calls it."""

    class Meta:
        unknown = EXCLUDE

    passkey = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_PASSKEY))
    challenge = fields.String(required=True, validate=validate.Length(max=LONGEST_EMAIL))
    name = fields.String(load_default="", validate=validate.Length(max=60))


class RoleIn(Schema):
    """What a member does from now on."""

    class Meta:
        unknown = EXCLUDE

    role = fields.Enum(Role, by_value=True, required=True)


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
    carried: str = field(repr=False)


class JoinIn(Schema):
    """The first visit: at least 12 characters, and the code that proves that the phone took the secret."""

    class Meta:
        unknown = EXCLUDE

    password = fields.String(
        required=True, validate=validate.Length(min=SHORTEST_PASSWORD, max=LONGEST_PASSWORD)
    )
    code = fields.String(required=True, validate=validate.Length(max=20))
    carried = fields.String(load_default="", validate=validate.Length(max=LONGEST_CARRIED))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Join:
        return Join(**data)


@dataclass(frozen=True)
class Recover:
    """What somebody typed who forgot their password."""

    email: str = field(repr=False)
    recovery_key: str = field(repr=False)
    password: str = field(repr=False)
    second: Second = field(repr=False)


class RecoverIn(SecondIn):
    """Coming back with the printed key: a new password and the second proof."""

    password = fields.String(
        required=True, validate=validate.Length(min=SHORTEST_PASSWORD, max=LONGEST_PASSWORD)
    )
    email = fields.String(required=True, validate=validate.Length(max=LONGEST_EMAIL))
    recovery_key = fields.String(required=True, validate=validate.Length(max=100))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Recover:
        second = second_of(data)
        return Recover(**data, second=second)


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
