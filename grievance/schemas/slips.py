"""What does a telephone send of a slip? Its name, its key's, a sealed box; and what is in the box?"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load

from grievance.schemas.report import Incident
from grievance.vocabulary import Channel

# The longest story with everything beside it, padded and sealed.
LARGEST_BOX = 256 * 1024
# Before this day nobody wrote a slip: a clock without battery begins in 1970 or 2000.
NEVER_SET = date(2020, 1, 1)


@dataclass(frozen=True)
class SlipSent:
    """One slip as it comes: sealed."""

    own_id: UUID
    key_id: UUID
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class WrittenDown:
    """One slip, opened: its own name once more, the day on which it was written, the fields of the form."""

    own_id: UUID
    on: date
    told: dict[str, Any] = field(repr=False)

    def as_told(self, today: date) -> dict[str, Any]:
        """The fields as the form would send them on a later day: "today" was the day of writing.

        A telephone whose clock runs ahead wrote it today at the latest; one whose clock was never set knows
        no day.
        """
        days_ago = {Incident.TODAY.value: 0, Incident.YESTERDAY.value: 1}.get(str(self.told.get("incident")))
        told = {**self.told, "channel": Channel.ASSISTED.value}
        if days_ago is None:
            return told
        if self.on < NEVER_SET:
            return told | {"incident": Incident.UNKNOWN.value}
        day = min(self.on, today) - timedelta(days=days_ago)
        return told | {"incident": Incident.DAY.value, "incident_on": day.isoformat()}


class _Box(fields.Field[bytes]):
    """Bytes in base64 for addresses, without padding."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:
        if not isinstance(value, str) or len(value) > LARGEST_BOX * 4 // 3:
            raise ValidationError("too_long")
        try:
            return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            raise ValidationError("not_base64") from None


class SlipIn(Schema):
    """Loads a `SlipSent`."""

    class Meta:
        unknown = EXCLUDE

    id = fields.UUID(required=True)
    key = fields.UUID(required=True)
    sealed = _Box(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> SlipSent:
        """The slip."""
        return SlipSent(data["id"], data["key"], data["sealed"])


class WordsIn(Schema):
    """Loads a `WrittenDown`."""

    id = fields.UUID(required=True)
    on = fields.Date(required=True)
    told = fields.Dict(keys=fields.String(), required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> WrittenDown:
        """What was written."""
        return WrittenDown(data["id"], data["on"], data["told"])
