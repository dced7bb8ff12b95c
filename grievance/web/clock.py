"""What time is it? The only place of the web that looks at the clock."""

from __future__ import annotations

from datetime import UTC, datetime


def utcnow() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)
