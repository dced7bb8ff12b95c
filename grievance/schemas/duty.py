"""What does a desk's lead send about who can be rung, and when?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate, validates_schema

ZONE = ZoneInfo("Africa/Lubumbashi")


@dataclass(frozen=True)
class Turn:
    """One turn of duty; the number is rung day and night between the two instants."""

    member_id: UUID
    starts_at: datetime
    ends_at: datetime
    number: str = field(repr=False)


class TurnIn(Schema):
    """A turn as a form has it: two local times without a zone, as the clocks in Lubumbashi show them."""

    class Meta:
        unknown = EXCLUDE

    member_id = fields.UUID(required=True)
    starts_at = fields.NaiveDateTime(required=True, format="iso")
    ends_at = fields.NaiveDateTime(required=True, format="iso")
    number = fields.String(required=True, validate=validate.Length(min=1, max=40))

    @validates_schema
    def order(self, data: dict[str, Any], **_: Any) -> None:
        """A turn ends after it begins."""
        if data["ends_at"] <= data["starts_at"]:
            raise ValidationError("order", "ends_at")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Turn:
        """The turn, in UTC."""
        names = ("starts_at", "ends_at")
        instants = {name: data[name].replace(tzinfo=ZONE).astimezone(UTC) for name in names}
        return Turn(**(data | instants))
