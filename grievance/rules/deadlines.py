"""How long is a deadline, counted in which days, and what does the policy in force say?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from grievance.terms import ClockKind, InvalidInput, Step
from grievance.vocabulary import Severity

# A promise is shown as a date, so the last working day counts whole.
END_OF_DAY = time(23, 59, 59)


class Unit(StrEnum):
    """How a deadline is counted. A day is 24 hours; a working day is neither weekend nor public holiday."""

    MINUTES = "min"
    HOURS = "h"
    DAYS = "d"
    WORKING_DAYS = "wd"


ELAPSED: dict[Unit, timedelta] = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
}


@dataclass(frozen=True)
class Term:
    """A length of time as a policy states it: 24 h, 10 wd."""

    amount: int
    unit: Unit

    @classmethod
    def from_text(cls, text: str) -> Term:
        """Read "24 h". Raises InvalidInput."""
        amount, _, unit = str(text).partition(" ")
        if not amount.isdecimal() or unit not in set(Unit):
            raise InvalidInput("term", "not_an_amount_and_a_unit")
        return cls(int(amount), Unit(unit))


class Pause(NamedTuple):
    """A stretch that does not count, from `begins` up to, and without, `ends`; None while it lasts."""

    begins: datetime
    ends: datetime | None


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, and where midnight is. `weekend` holds weekdays, Monday = 0."""

    holidays: frozenset[date]
    weekend: frozenset[int]
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.weekend >= frozenset(range(7)):
            raise InvalidInput("weekend", "no_working_day")

    def is_working(self, day: date) -> bool:
        """Is this local day worked?"""
        return day.weekday() not in self.weekend and day not in self.holidays

    def end_of(self, day: date) -> datetime:
        """The last second of this local day, in UTC."""
        return datetime.combine(day, END_OF_DAY, tzinfo=self.zone).astimezone(UTC)

    def after(self, start: datetime, term: Term, pauses: Sequence[Pause] = ()) -> datetime:
        """The instant, in UTC, at which `term` has passed since `start`, without the pauses.

        Minutes, hours and days pass exactly. Working days begin on the day after `start` and end at the end
        of the last one; a working day counts when the clock runs at its end, so an hour's pause within one
        day moves nothing, and a pause over one night moves the deadline by one working day. A pause that
        still lasts moves nothing yet: the answer is then the earliest possible.
        """
        ended = sorted((pause.begins, pause.ends) for pause in pauses if pause.ends is not None)
        if term.unit is Unit.WORKING_DAYS:
            return self._after_working_days(start, term.amount, ended)
        due = start + ELAPSED[term.unit] * term.amount
        for begins, ends in ended:
            if begins < due:
                due += ends - begins
        return due.astimezone(UTC)

    def _after_working_days(
        self, start: datetime, count: int, pauses: list[tuple[datetime, datetime]]
    ) -> datetime:
        """The end of the `count`-th working day after `start` at whose end the clock runs; 0 is `start`."""
        day, due = start.astimezone(self.zone).date(), start.astimezone(UTC)
        while count > 0:
            day += timedelta(days=1)
            end = self.end_of(day)
            if self.is_working(day) and not any(begins <= end < ends for begins, ends in pauses):
                count, due = count - 1, end
        return due


class Anchor(StrEnum):
    """From where a step is counted."""

    START = "after_start"
    DEADLINE = "after_deadline"
    SHARE = "share_of_the_way"


class Rung(NamedTuple):
    """When one step of a ladder is due. `term` is counted from the anchor; a share has none."""

    step: Step
    instance: int
    anchor: Anchor
    term: Term | None


Column = tuple[ClockKind, Severity]


@dataclass(frozen=True)
class Policy:
    """The deadlines in force when a case began. `version` is kept with each clock."""

    version: str
    reminder_percent: int
    question_pause: Term
    terms: Mapping[Column, Term]
    extensions: Mapping[Column, Term]
    ladders: Mapping[Column, tuple[Rung, ...]]

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Policy:
        """Read a parsed `deadlines.toml`. Raises InvalidInput naming what is missing or wrong."""
        try:
            policy = cls(
                version=str(table["version"]),
                reminder_percent=int(table["reminder_percent"]),
                question_pause=Term.from_text(table["question_pause"]),
                terms=dict(_terms(table, "terms")),
                extensions=dict(_terms(table, "extension")),
                ladders={**dict(_ladders(table)), **dict(_own_ladders(table))},
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidInput("deadlines", "missing_or_unknown") from error
        policy._check()
        return policy

    def _check(self) -> None:
        """A policy answers for every clock and severity, so that no case can meet a deadline nobody set."""
        for kind in ClockKind:
            for severity in Severity:
                if (kind, severity) not in self.terms:
                    raise InvalidInput(f"terms.{kind.value}", "missing")
        for column, longest in self.extensions.items():
            if longest.unit is not self.terms[column].unit:
                raise InvalidInput(f"extension.{column[0].value}", "other_unit_than_the_term")
        if not 0 < self.reminder_percent < 100:
            raise InvalidInput("reminder_percent", "not_between_1_and_99")

    def term(self, kind: ClockKind, severity: Severity) -> Term:
        """How long this clock runs."""
        return self.terms[kind, severity]

    def longest_extension(self, kind: ClockKind, severity: Severity) -> Term | None:
        """How much may be added, once; None when this clock is never extended."""
        return self.extensions.get((kind, severity))

    def ladder(self, kind: ClockKind, severity: Severity) -> tuple[Rung, ...]:
        """Whom the silence reaches, step by step; empty when nobody is told."""
        return self.ladders[kind, severity]


def attention_kind(severity: Severity) -> ClockKind:
    """Which clock a new case starts: a call for `now`, an answer for the others."""
    return ClockKind.FIRST_CALL if severity is Severity.NOW else ClockKind.FIRST_ANSWER


def column(severity: Severity, restricted: bool, called: bool) -> Severity:
    """The column of the policy a case runs on.

    Every restricted case runs on `now` until a person called, then on `critical`, whatever happened: so the
    dates, which stay readable, do not tell how grave it is.
    """
    if not restricted:
        return severity
    return Severity.CRITICAL if called else Severity.NOW


def _rows(table: Mapping[str, Any], section: str) -> Iterator[tuple[str, Severity, Term]]:
    """Each cell of a section whose rows follow the policy's own order of columns."""
    columns = [Severity(name) for name in table["columns"]]
    for name, cells in table[section].items():
        if len(cells) != len(columns):
            raise InvalidInput(f"{section}.{name}", "a_cell_for_each_column")
        for severity, cell in zip(columns, cells, strict=True):
            yield name, severity, Term.from_text(cell)


def _terms(table: Mapping[str, Any], section: str) -> Iterator[tuple[Column, Term]]:
    for name, severity, term in _rows(table, section):
        yield (ClockKind(name), severity), term


def _ladders(table: Mapping[str, Any]) -> Iterator[tuple[Column, tuple[Rung, ...]]]:
    """The ladder that most clocks climb: reminder, deadline, next party, ICoCA."""
    gaps = {(Step(name), severity): term for name, severity, term in _rows(table, "ladder")}
    for severity in Severity:
        rungs = (
            Rung(Step.REMINDER, 0, Anchor.SHARE, None),
            Rung(Step.DEADLINE, 0, Anchor.DEADLINE, Term(0, Unit.MINUTES)),
            Rung(Step.NEXT_PARTY, 0, Anchor.DEADLINE, gaps[Step.NEXT_PARTY, severity]),
            Rung(Step.ICOCA, 0, Anchor.DEADLINE, gaps[Step.ICOCA, severity]),
        )
        yield from (((kind, severity), rungs) for kind in ClockKind)


def _own_ladders(table: Mapping[str, Any]) -> Iterator[tuple[Column, tuple[Rung, ...]]]:
    """Ladders written out for one clock; a step named again is its next instance."""
    for own in table["own_ladder"]:
        rungs: list[Rung] = []
        for line in own["steps"]:
            step = Step(line["step"])
            anchor = Anchor.START if Anchor.START.value in line else Anchor.DEADLINE
            instance = sum(rung.step is step for rung in rungs)
            rungs.append(Rung(step, instance, anchor, Term.from_text(line[anchor.value])))
        yield from (((ClockKind(own["clock"]), Severity(name)), tuple(rungs)) for name in own["columns"])
