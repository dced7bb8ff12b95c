"""Which shape and colour has each state at the desk? The tones of the staff pages, by value of the state."""

from __future__ import annotations

from grievance.vocabulary import TaskKind

RANK: dict[str, str] = {"now": "over", "critical": "soon", "serious": "active", "other": "calm"}
STAGE_TONES: dict[str, str] = {
    "received": "soon", "answered": "active", "remedy": "active", "escalated": "over", "appealed": "soon",
    "closed": "done",
}  # fmt: skip
REFERRAL_TONES: dict[str, str] = {
    "sent": "active", "acknowledged": "active", "answered": "soon", "remedy": "active", "settled": "done",
}  # fmt: skip
REMEDY_TONES: dict[str, str] = {
    "promised": "active", "delivered_unconfirmed": "soon", "confirmed": "done", "disputed": "over",
}  # fmt: skip
# Tasks that are a call.
CALLS = frozenset({
    TaskKind.CALL_BACK, TaskKind.DANGER_CALL, TaskKind.OTHER_LANGUAGE, TaskKind.WITHDRAWAL_TALK,
})  # fmt: skip
# Tasks that only the second person's own answer ends.
SECOND_PERSON = frozenset({TaskKind.AGREE_REVEAL, TaskKind.CONFIRM_REVEAL})
