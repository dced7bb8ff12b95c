"""What leaves as statistics? The kinds of facts, the tables, and one line of the file for spreadsheets."""

from __future__ import annotations

from enum import StrEnum

from marshmallow import Schema, fields


class FactKind(StrEnum):
    """What one row of facts tells of a case. What a row leaves open it keeps empty."""

    CASE = "case"
    HARM = "harm"
    COMPANY = "company"
    CLOCK = "clock"
    STEP = "step"
    REMEDY = "remedy"
    WORD = "word"


class TableName(StrEnum):
    """The tables that are published, in the order of the page."""

    STAGES = "stages"
    TERRITORIES = "territories"
    CLIENTS = "clients"
    PROVIDERS = "providers"
    HARMS = "harms"
    CLOCKS = "clocks"
    COMPANIES = "companies"
    STEPS = "steps"
    SKIPPED = "skipped"
    WORDS = "words"
    REMEDIES = "remedies"


# In a row's place: nobody knows, or may not be told apart.
UNKNOWN = "unknown"
RESTRICTED = "restricted"
# In a column's place: all eight quarters together.
PERIOD = "period"
# In a column's place.
ON_TIME = "on_time"
LATE = "late"
MEDIAN = "median_hours"
NINETIETH = "ninetieth_hours"
TOTAL = "total"


class LineOut(Schema):
    """One line of the file: a number of one table. `shown` false: small, or hidden to protect a small one.

    `cases` and `people` count cases and the people harmed in them; `hours` is a time of one stage.
    """

    class Meta:
        ordered = True

    table = fields.String(required=True)
    row = fields.String(required=True)
    row_name = fields.String(required=True)
    column = fields.String(required=True)
    cases = fields.Integer(required=True, allow_none=True)
    people = fields.Integer(required=True, allow_none=True)
    hours = fields.Integer(required=True, allow_none=True)
    shown = fields.Boolean(required=True)
