"""What does the administrator send about organisations, sites, contracts, desks and channels?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from marshmallow import (
    EXCLUDE,
    Schema,
    ValidationError,
    fields,
    post_load,
    pre_load,
    validate,
    validates_schema,
)

from grievance.schemas.names import Names
from grievance.schemas.text import CleanText
from grievance.vocabulary import GatewayKind, Language, OrganisationKind

LONGEST_NAME = 120
# With country code; a short code of an aggregator; Twilio's WhatsApp.
CHANNEL_NUMBER = r"^((whatsapp:)?\+[1-9][0-9]{6,14}|[0-9]{3,8})$"
PATH_SECRET = re.compile(r"[A-Za-z0-9_~.-]{16,200}")
# The host is made once, by the command that starts an installation.
MADE_HERE = tuple(kind for kind in OrganisationKind if kind is not OrganisationKind.HOST)


class IcocaStatus(StrEnum):
    """What a company is to ICoCA; it decides what the last step of the ladder means for it."""

    MEMBER = "member"
    AFFILIATE = "affiliate"
    OBSERVER = "observer"
    NONE = "none"


class Province(StrEnum):
    """The two provinces that are served."""

    HAUT_KATANGA = "Haut-Katanga"
    LUALABA = "Lualaba"


@dataclass(frozen=True)
class OrganisationFacts:
    """A new organisation."""

    name: str
    kind: OrganisationKind
    language: Language
    icoca_status: IcocaStatus | None = None
    letter_address: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SiteFacts:
    """A new site of a mine."""

    name: str
    province: str
    territory: str | None
    client_id: UUID


@dataclass(frozen=True)
class ContractFacts:
    """A guard company works at a site, from a day to a day, both included, or still."""

    site_id: UUID
    provider_id: UUID
    starts: date
    ends: date | None


@dataclass(frozen=True)
class CoverageFacts:
    """Two desks answer for one site, one territory, one province, or for whatever is left (fallback)."""

    desk_id: UUID
    backup_id: UUID
    province: str | None
    territory: str | None
    site_id: UUID | None
    fallback: bool


@dataclass(frozen=True)
class ChannelFacts:
    """A telephone number of a desk at a gateway. `more` is what our own calls to the gateway need."""

    desk_id: UUID
    kind: GatewayKind
    number: str
    account: str | None
    secret: str | None = field(repr=False)
    more: dict[str, Any] = field(repr=False)
    quiet: bool = False


@dataclass(frozen=True)
class ContactFacts:
    """Who receives referrals; without a site: at the head office."""

    organisation_id: UUID
    label: str
    site_id: UUID | None = None
    member_id: UUID | None = None
    superior_id: UUID | None = None


@dataclass(frozen=True)
class FundingFacts:
    """An organisation pays a CSO, everywhere or at one site."""

    desk_id: UUID
    funder_id: UUID
    site_id: UUID | None = None


class Form(Schema):
    """A form's empty fields were not filled in: they are none, not empty texts."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def leave_out_empty(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Without what was left empty."""
        return {name: value for name, value in dict(data).items() if value not in ("", None)}


def _optional_id() -> fields.UUID:
    return fields.UUID(load_default=None, allow_none=True)


class OrganisationIn(Form):
    """A new organisation."""

    name = CleanText(longest=LONGEST_NAME, required=True)
    kind = fields.Enum(OrganisationKind, by_value=True, required=True, validate=validate.OneOf(MADE_HERE))
    language = fields.Enum(Language, by_value=True, load_default=Language.FRENCH)
    icoca_status = fields.Enum(IcocaStatus, by_value=True, load_default=None)
    letter_address = CleanText(longest=1_000, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> OrganisationFacts:
        """The organisation."""
        return OrganisationFacts(**data)


class SiteIn(Form):
    """A new site."""

    name = CleanText(longest=LONGEST_NAME, required=True)
    province = fields.String(required=True, validate=validate.OneOf(tuple(Province)))
    territory = CleanText(longest=LONGEST_NAME, load_default=None)
    client_id = fields.UUID(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> SiteFacts:
        """The site."""
        return SiteFacts(**data)


class ContractIn(Form):
    """A new contract."""

    site_id = fields.UUID(required=True)
    provider_id = fields.UUID(required=True)
    starts = fields.Date(required=True)
    ends = fields.Date(load_default=None)

    @validates_schema
    def order(self, data: dict[str, Any], **_: Any) -> None:
        """A contract ends after it begins."""
        if data["ends"] is not None and data["ends"] < data["starts"]:
            raise ValidationError("order", "ends")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ContractFacts:
        """The contract."""
        return ContractFacts(**data)


class EndIn(Form):
    """The last day of a contract."""

    ends = fields.Date(required=True)


class CoverageIn(Form):
    """A new coverage: exactly one of a site, a province (with or without a territory), or the fallback."""

    desk_id = fields.UUID(required=True)
    backup_id = fields.UUID(required=True)
    province = fields.String(load_default=None, validate=validate.OneOf(tuple(Province)))
    territory = CleanText(longest=LONGEST_NAME, load_default=None)
    site_id = _optional_id()
    fallback = fields.Boolean(load_default=False)

    @validates_schema
    def one_reach(self, data: dict[str, Any], **_: Any) -> None:
        """One reach, and no territory without its province."""
        if sum((bool(data["site_id"]), bool(data["province"]), data["fallback"])) != 1:
            raise ValidationError("one_reach", "province")
        if data["territory"] and not data["province"]:
            raise ValidationError("one_reach", "territory")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> CoverageFacts:
        """The coverage."""
        return CoverageFacts(**data)


class ChannelIn(Form):
    """A new channel. Without a secret we make one; Twilio's is its auth token and must be given."""

    desk_id = fields.UUID(required=True)
    kind = fields.Enum(GatewayKind, by_value=True, required=True)
    number = fields.String(required=True, validate=validate.Regexp(CHANNEL_NUMBER))
    account = CleanText(longest=128, load_default=None)
    quiet = fields.Boolean(load_default=False)
    secret = fields.String(load_default=None, validate=validate.Length(min=8, max=200))
    username = fields.String(validate=validate.Length(max=200))
    password = fields.String(validate=validate.Length(max=200))
    base_url = fields.URL(schemes={"https", "http"}, require_tld=False)
    service = fields.String(validate=validate.Length(max=64))
    sim = fields.Integer(validate=validate.Range(min=1, max=3))
    key_name = fields.String(validate=validate.Regexp(r"^[A-Za-z][A-Za-z0-9-]{0,63}$"))
    names = Names()

    @pre_load
    def write_number(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """A number is often copied with spaces."""
        return {**data, "number": "".join(str(data.get("number", "")).split())}

    @validates_schema
    def identified(self, data: dict[str, Any], **_: Any) -> None:
        """What a call must name so that its channel is found; and the one secret that is not ours to make."""
        if data["kind"] in (GatewayKind.TWILIO, GatewayKind.SMSGATE) and not data["account"]:
            raise ValidationError("required", "account")
        if data["kind"] is GatewayKind.TWILIO and not data["secret"]:
            raise ValidationError("required", "secret")
        unsigned = data["kind"] in (GatewayKind.AFRICASTALKING, GatewayKind.GENERIC)
        if unsigned and data["secret"] and not PATH_SECRET.fullmatch(data["secret"]):
            raise ValidationError("not_in_a_path", "secret")
        if data["kind"] is GatewayKind.SMSGATE and not data["number"].startswith("+"):
            raise ValidationError("invalid", "number")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChannelFacts:
        """The channel."""
        own = ("desk_id", "kind", "number", "account", "secret", "quiet")
        return ChannelFacts(
            **{name: data[name] for name in own}, more={k: v for k, v in data.items() if k not in own}
        )


class ContactIn(Form):
    """A new contact."""

    organisation_id = fields.UUID(required=True)
    label = CleanText(longest=LONGEST_NAME, required=True)
    site_id, member_id, superior_id = _optional_id(), _optional_id(), _optional_id()

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> ContactFacts:
        """The contact."""
        return ContactFacts(**data)


class FundingIn(Form):
    """Who pays a CSO."""

    desk_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    site_id = _optional_id()

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> FundingFacts:
        """The funding."""
        return FundingFacts(**data)
