"""Which cases of the queue does somebody want to look at? A few plain choices in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from grievance.actions.case_values import QueueLine
from grievance.terms import CaseState, Role
from grievance.vocabulary import Language, Severity


class Show(StrEnum):
    """The views of the queue."""

    OPEN = "open"
    OURS = "ours"
    THEIRS = "theirs"
    LATE = "late"
    FRESH = "fresh"
    CLOSED = "closed"


Choice = TypeVar("Choice", bound=StrEnum)
OURS = frozenset({Role.CASE_WORKER, Role.CASE_LEAD})


@dataclass(frozen=True)
class Filter:
    """What was chosen; an answer that is none of the choices counts as none."""

    show: Show = Show.OPEN
    severity: Severity | None = None
    language: Language | None = None
    written: str = ""

    @property
    def plain(self) -> bool:
        """Whether nothing was chosen."""
        return self == Filter()

    def picks(self, line: QueueLine) -> bool:
        """Whether a case belongs into the view. A restricted one tells nothing that could be filtered by."""
        wanted = (
            self.severity in (None, line.severity),
            self.language in (None, line.language),
            self.written in line.code.replace("-", ""),
        )
        return all(wanted) and shows(self.show, line)


def shows(show: Show, line: QueueLine) -> bool:
    """Whether a case belongs to one of the views."""
    closed = line.state is CaseState.CLOSED
    ours = line.next is not None and line.next.role in OURS
    return {
        Show.OPEN: not closed,
        Show.OURS: ours and not closed,
        Show.THEIRS: not ours and not closed,
        Show.LATE: line.next is not None and line.next.late,
        Show.FRESH: line.fresh,
        Show.CLOSED: closed,
    }[show]


def counts(lines: Iterable[QueueLine]) -> dict[Show, int]:
    """How many of the open cases each view holds; the closed ones are not counted, they are looked up."""
    kept = list(lines)
    return {show: sum(shows(show, line) for line in kept) for show in Show if show is not Show.CLOSED}


def of(args: Mapping[str, str]) -> Filter:
    """The filter that an address asks for."""
    written = "".join(letter for letter in args.get("find", "").upper() if letter.isalnum())
    return Filter(
        _one(Show, args.get("show")) or Show.OPEN, _one(Severity, args.get("severity")),
        _one(Language, args.get("language")), written[:8],
    )  # fmt: skip


def _one(kind: type[Choice], asked: str | None) -> Choice | None:
    return next((one for one in kind if one.value == asked), None)
