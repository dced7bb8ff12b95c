"""How can it end? What is found, what a company does about it, and the complainant's own word."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """Why a case was closed."""

    REMEDIED = "remedied"
    ANSWER_ACCEPTED = "answer_accepted"
    NO_AGREEMENT = "no_agreement"
    NOT_ESTABLISHED = "not_established"
    NO_CONTACT = "no_contact"
    CHOSE_NO_CONTACT = "chose_no_contact"
    WITHDRAWN = "withdrawn"
    SENT_ELSEWHERE = "sent_elsewhere"
    NOT_ADMITTED = "not_admitted"
    MERGED = "merged"


class NotAdmitted(StrEnum):
    """Why a complaint is not for this service. No name, no proof, late, in court are never reasons."""

    NOT_ABOUT_SECURITY = "not_about_security"
    OUTSIDE_THE_PROVINCES = "outside_the_provinces"
    NO_COMPLAINT = "no_complaint"


class RemedyKind(StrEnum):
    """What a company does to put things right."""

    APOLOGY = "apology"
    MEDICAL_COSTS = "medical_costs"
    COMPENSATION = "compensation"
    RESTITUTION = "restitution"
    WAY_REOPENED = "way_reopened"
    DISCIPLINE = "discipline"
    TRAINING = "training"
    DOG_WITHDRAWN = "dog_withdrawn"
    MEETING = "meeting"
    OTHER = "other"


class RemedyState(StrEnum):
    """Where a remedy stands; only the complainant's own word confirms or disputes it."""

    PROMISED = "promised"
    DELIVERED = "delivered_unconfirmed"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


class Finding(StrEnum):
    """What was found about one allegation."""

    ESTABLISHED = "established"
    LIKELY = "likely"
    NOT_ESTABLISHED = "not_established"
    UNFOUNDED = "unfounded"
    NOT_EXAMINED = "not_examined"


class Settled(StrEnum):
    """The complainant's own word on an answer that was relayed."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOTHING_RECEIVED = "nothing_received"
    ANOTHER_BODY = "another_body"
