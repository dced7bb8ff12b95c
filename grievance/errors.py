"""What do we refuse, and how do we say so? Errors that are ours: they carry codes, never content."""

from __future__ import annotations

from enum import StrEnum


class GrievanceError(Exception):
    """Any refusal of ours. Carries codes, never content."""


class NotFound(GrievanceError):
    """There is no such thing, or it is not yours: the same answer."""


class MoveNotAllowed(GrievanceError):
    """The table of moves has no such move for this state and role."""

    def __init__(self, state: StrEnum, action: StrEnum, role: StrEnum) -> None:
        super().__init__(f"{action.value} by {role.value} in {state.value}")
        self.state, self.action, self.role = state, action, role


class Refused(GrievanceError):
    """A condition is missing; `reason` names it and is translated where it is shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class InvalidInput(GrievanceError):
    """What came in cannot be used; `field` and `reason` are codes."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


class CannotOpen(GrievanceError):
    """A sealed value did not open: wrong key, moved, or altered."""


class Altered(CannotOpen):
    """Somebody who holds the key does not open it: it was altered, moved, or its key was removed."""


class Unavailable(GrievanceError):
    """The database is away: nothing was acknowledged."""


class Busy(Unavailable):
    """Too many ask at once for what is costly: nothing was acknowledged, and the next try may find a turn."""


class NotSignedIn(GrievanceError):
    """There is no live session."""


class NotProved(GrievanceError):
    """What was asked weighs more, and the member did not prove within five minutes who they are."""
