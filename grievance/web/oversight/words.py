"""How are tables, rows and columns of the statistics called on a page?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString, gettext, ngettext
from flask_babel import lazy_gettext as _l

from grievance.labels import label
from grievance.schemas.statistics import LATE, ON_TIME, PERIOD, RESTRICTED, UNKNOWN, TableName
from grievance.terms import ClockKind, SkipReason, Stage, Step
from grievance.vocabulary import Harm, Outcome, RemedyKind, RemedyState, Settled
from grievance.web.desk.words import author, text
from grievance.web.desk.words import name as line

__all__ = [
    "author", "column", "line", "note", "outcomes", "place", "row", "span", "text", "title",
]  # fmt: skip

TITLES: dict[TableName, LazyString] = {
    TableName.STAGES: _l("Where cases stand, and how they ended"),
    TableName.TERRITORIES: _l("By territory"),
    TableName.CLIENTS: _l("By mine"),
    TableName.PROVIDERS: _l("By guard company"),
    TableName.HARMS: _l("By harm"),
    TableName.CLOCKS: _l("Deadlines kept and missed"),
    TableName.COMPANIES: _l("Deadlines of each addressee"),
    TableName.STEPS: _l("Steps of the ladder that were taken"),
    TableName.SKIPPED: _l("Steps that were not taken, and why"),
    TableName.WORDS: _l("What complainants said of the answers"),
    TableName.REMEDIES: _l("Remedies, in the complainant's own word"),
}
NOTES: dict[TableName, LazyString] = {
    TableName.TERRITORIES: _l("Without a territory only the province is known, or may be said."),
    TableName.CLIENTS: _l("The mine on whose site it happened."),
    TableName.PROVIDERS: _l("Companies that received a referral. A case may stand in several rows."),
    TableName.HARMS: _l("A case with several harms stands in several rows. Restricted cases are one row."),
    TableName.CLOCKS: _l("A deadline once missed stays missed, also after a reopening."),
    TableName.WORDS: _l("Silence is not counted as agreement."),
}
TWO_DAYS = 48
# What the rows and columns of a table are members of, tried in this order.
ROWS: dict[TableName, tuple[type[StrEnum], ...]] = {
    TableName.STAGES: (Stage, Outcome),
    TableName.HARMS: (Harm,),
    TableName.CLOCKS: (ClockKind,),
    TableName.STEPS: (Step,),
    TableName.SKIPPED: (Step,),
    TableName.WORDS: (Settled,),
    TableName.REMEDIES: (RemedyKind,),
}
COLUMNS: dict[TableName, tuple[type[StrEnum], ...]] = {
    TableName.COMPANIES: (ClockKind,),
    TableName.SKIPPED: (SkipReason,),
    TableName.REMEDIES: (RemedyState,),
}
WORDS: dict[str, LazyString] = {
    ON_TIME: _l("On time"),
    LATE: _l("Late"),
    UNKNOWN: _l("Not known"),
    RESTRICTED: _l("Restricted cases"),
    PERIOD: _l("All eight quarters"),
}


def title(name: TableName) -> LazyString:
    """What a table is called."""
    return TITLES[name]


def note(name: TableName) -> LazyString | None:
    """What must be known to read a table right."""
    return NOTES.get(name)


def row(name: TableName, value: str, names: Mapping[str, str]) -> LazyString | str:
    """What a row is called."""
    if name is TableName.TERRITORIES:
        return place(value)
    if value in names:
        return names[value]
    found = _member(ROWS.get(name, ()), value) or WORDS.get(value, value)
    if name is TableName.STAGES and value in {outcome.value for outcome in Outcome}:
        return f"{gettext('Closed')}: {found}"
    return found


def column(name: TableName, value: str) -> LazyString | str:
    """What a column is called. Quarters are their own name."""
    first, _, how = value.partition("/")
    found = _member(COLUMNS.get(name, ()), first) or WORDS.get(first, first)
    return f"{found}: {WORDS[how]}" if how else found


def place(value: str) -> str:
    """A territory with its province; the province alone where no more is known."""
    province, _, territory = value.partition("/")
    return f"{territory} ({province})" if territory else province or str(WORDS[UNKNOWN])


def span(hours: int) -> str:
    """A length of time: hours up to two days, then whole days."""
    if hours < TWO_DAYS:
        return str(ngettext("%(num)d hour", "%(num)d hours", hours))
    return str(ngettext("%(num)d day", "%(num)d days", round(hours / 24)))


def outcomes() -> list[tuple[str, LazyString]]:
    """How a case can close, as choices."""
    return [(outcome.value, label(outcome)) for outcome in Outcome]


def _member(kinds: tuple[type[StrEnum], ...], value: str) -> LazyString | None:
    for kind in kinds:
        if value in {member.value for member in kind}:
            return label(kind(value))
    return None
