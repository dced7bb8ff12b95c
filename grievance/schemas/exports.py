"""What leaves as a file for an organisation? Workflow facts alone, every field named, nothing sealed."""

from __future__ import annotations

from marshmallow import Schema, fields

from grievance.terms import CaseState, ReferralState
from grievance.vocabulary import (
    ActorKind,
    Channel,
    Language,
    Outcome,
    ReferralKind,
    Settled,
    Severity,
)


class CaseLineOut(Schema):
    """One case of a desk. Of a restricted one only the province and the month of the incident are there."""

    code = fields.String()
    state = fields.Enum(CaseState, by_value=True)
    outcome = fields.Enum(Outcome, by_value=True, allow_none=True)
    restricted = fields.Boolean()
    severity = fields.Enum(Severity, by_value=True, allow_none=True)
    harms = fields.List(fields.String())
    actor = fields.Enum(ActorKind, by_value=True, allow_none=True)
    channel = fields.Enum(Channel, by_value=True)
    language = fields.Enum(Language, by_value=True)
    province = fields.String(allow_none=True)
    territory = fields.String(allow_none=True)
    site = fields.String(allow_none=True)
    incident_on = fields.Date(allow_none=True)
    incident_month = fields.Date(allow_none=True)
    persons = fields.Integer(allow_none=True)
    received_at = fields.AwareDateTime()
    triaged_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)


class ReferralLineOut(Schema):
    """One matter referred to a company or to an overseer, under its own code: never the case's."""

    code = fields.String()
    kind = fields.Enum(ReferralKind, by_value=True)
    state = fields.Enum(ReferralState, by_value=True)
    severity = fields.Enum(Severity, by_value=True)
    site = fields.String(allow_none=True)
    sent_at = fields.AwareDateTime(allow_none=True)
    acknowledged_at = fields.AwareDateTime(allow_none=True)
    answered_at = fields.AwareDateTime(allow_none=True)
    settled = fields.Enum(Settled, by_value=True, allow_none=True)
    settled_at = fields.AwareDateTime(allow_none=True)
