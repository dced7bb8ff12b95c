"""What do machines send and get? The fields of a report that they may fill, and of each answer."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from grievance.schemas.report import ReportIn
from grievance.schemas.statistics import LineOut
from grievance.vocabulary import ActorKind, Clue, Harm

# Not here: the channel, which is ours to say; desks that a person does not want, and consent on paper.
REPORT_FIELDS = (
    "language", "province", "territory", "site_id", "near", "incident", "incident_on", "actor", "clues",
    "clue_text", "harms", "danger", "story", "wished", "share", "speaks_as", "persons", "women", "men",
    "children", "affected_agree", "safe_contact", "phone", "name",
)  # fmt: skip
RECEIPT = validate.Regexp(r"^\d{4} \d{4} \d{4} \d{4}$")


def report_fields() -> ReportIn:
    """The one schema of a report, with the fields that are a machine's to fill."""
    return ReportIn(only=REPORT_FIELDS)


class ReceivedOut(Schema):
    """A report that became a case. The code names it; the receipt opens its thread on the page `follow`."""

    code = fields.String(required=True)
    receipt = fields.String(required=True, validate=RECEIPT)
    desk = fields.String(required=True)
    backup = fields.String(required=True)
    answer_by = fields.AwareDateTime(required=True)
    help = fields.List(fields.String(), required=True)
    follow = fields.String(required=True)


class PutApartOut(Schema):
    """A report that came in a flood: kept, and looked at by a person before it becomes a case."""

    receipt = fields.String(required=True, validate=RECEIPT)
    desk = fields.String(required=True)
    look_by = fields.AwareDateTime(required=True)
    help = fields.List(fields.String(), required=True)
    follow = fields.String(required=True)


class ProvinceOut(Schema):
    """A province, and its towns and territories."""

    name = fields.String(required=True)
    territories = fields.List(fields.String(), required=True)


class SiteOut(Schema):
    """A site as the registry calls it."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    province = fields.String(required=True)
    territory = fields.String(required=True, allow_none=True)


class HarmOut(Schema):
    """What can be done to somebody, and how it is called in the language asked."""

    value = fields.Enum(Harm, by_value=True, required=True)
    label = fields.String(required=True)


class ActorOut(Schema):
    """Who can have done it."""

    value = fields.Enum(ActorKind, by_value=True, required=True)
    label = fields.String(required=True)


class ClueOut(Schema):
    """What somebody can have noticed."""

    value = fields.Enum(Clue, by_value=True, required=True)
    label = fields.String(required=True)


class ListsOut(Schema):
    """What a form offers to choose from."""

    language = fields.String(required=True)
    provinces = fields.List(fields.Nested(ProvinceOut), required=True)
    sites = fields.List(fields.Nested(SiteOut), required=True)
    harms = fields.List(fields.Nested(HarmOut), required=True)
    actors = fields.List(fields.Nested(ActorOut), required=True)
    clues = fields.List(fields.Nested(ClueOut), required=True)


class StatisticsOut(Schema):
    """The lines of the file for spreadsheets."""

    lines = fields.List(fields.Nested(LineOut), required=True)


class IndexOut(Schema):
    """Where everything is."""

    description = fields.String(required=True)
    lists = fields.String(required=True)
    reports = fields.String(required=True)
    statistics = fields.String(required=True)


class WrongOut(Schema):
    """One field that cannot be used, and why; never what was in it."""

    field = fields.String(required=True)
    detail = fields.String(required=True)


class ProblemOut(Schema):
    """Why it was refused (RFC 9457), in the language asked."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(WrongOut), required=True)
