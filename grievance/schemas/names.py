"""What does another gateway call our fields? One `ours=theirs` a line, as the administrator writes it."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError, fields

# Those of a call that comes in, those of a text that goes out, and whether this is a form or JSON.
NAMED = frozenset(
    {"sender", "text", "date", "id", "report_id", "to", "status", "event"}
    | {"send_to", "send_from", "send_text", "send_id", "send_format"}
)
THEIRS = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")


class Names(fields.Field[dict[str, str]]):
    """A mapping of our names to theirs."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in str(value).splitlines():
            ours, _, theirs = (part.strip() for part in line.partition("="))
            if not line.strip():
                continue
            if ours not in NAMED or not THEIRS.fullmatch(theirs):
                raise ValidationError("wrong_names")
            found[ours] = theirs
        return found
