"""What is kept of one call of a provider, and by what is it known when it comes a second time?

The hook and the reconciler both ask here, so that what both bring is one text.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from grievance.actions.inbound import Heard, Kept


def text(
    provider_id: str | None, sender: str, number: str | None, said: str, sent_at: datetime | None,
    *, missed_call: bool = False,
) -> Heard:  # fmt: skip
    """A text that came in, or a call that nobody took.

    `number`: the sender in E.164, None when it is one that is never answered.
    """
    at = sent_at.isoformat() if sent_at else ""
    fields: dict[str, Any] = {
        "provider_id": provider_id,
        "sender": sender,
        "number": number,
        "text": said,
        "sent_at": at,
        "missed_call": missed_call,
    }
    return Heard(Kept.TEXT, provider_id or (sender, at, said), fields)


def report(
    own_id: str | None, provider_id: str | None, status: str, error: str | None, code: str | None,
    *, has_words: bool = True,
) -> Heard:  # fmt: skip
    """What became of a text of ours; each state of each text counts once.

    `has_words`: the provider may still hold its words, so that the last report is a reason to empty it there.
    """
    fields: dict[str, Any] = {
        "own_id": own_id, "provider_id": provider_id, "status": status, "error": error, "code": code,
        "has_words": has_words,
    }  # fmt: skip
    return Heard(Kept.STATUS, ("status", own_id or provider_id or "", status), fields)


def left_over(provider_id: str) -> Heard:
    """A text of ours that a provider holds the words of, long after it left."""
    return Heard(Kept.LEFT_OVER, ("left over", provider_id, ""), {"provider_id": provider_id})
