"""What are people, organisations, keys and ways in called on a page?"""

from __future__ import annotations

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from grievance.terms import Role
from grievance.vocabulary import (
    Channel,
    DataClass,
    GatewayKind,
    Language,
    Operator,
    OrganisationKind,
    ReaderKind,
    SafeContact,
    SaidBy,
    SpeaksAs,
)

TABLES: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    Role: {
        Role.COMPLAINANT: _l("Complainant"),
        Role.CASE_WORKER: _l("Case worker"),
        Role.CASE_LEAD: _l("Lead"),
        Role.COMPANY: _l("Security manager"),
        Role.OVERSEER: _l("Overseer"),
        Role.ADMINISTRATOR: _l("Administrator"),
        Role.CLOCK: _l("The clock"),
        Role.SMS_WORKER: _l("The SMS service"),
    },
    Operator: {
        Operator.VODACOM: _l("Vodacom"),
        Operator.ORANGE: _l("Orange"),
        Operator.AIRTEL: _l("Airtel"),
        Operator.AFRICELL: _l("Africell"),
        Operator.OTHER: _l("Another network"),
    },
    OrganisationKind: {
        OrganisationKind.CSO: _l("CSO"),
        OrganisationKind.MINE: _l("Mine"),
        OrganisationKind.PROVIDER: _l("Guard company"),
        OrganisationKind.OVERSEER: _l("Overseeing body"),
        OrganisationKind.HOST: _l("Host"),
    },
    Language: {
        Language.FRENCH: _l("French"),
        Language.SWAHILI: _l("Swahili"),
        Language.ENGLISH: _l("English"),
    },
    ReaderKind: {
        ReaderKind.TRIAGE: _l("Triage key"),
        ReaderKind.DESK: _l("Desk key"),
        ReaderKind.LANE_SEXUAL_VIOLENCE: _l("Key of the sexual violence lane"),
        ReaderKind.LANE_CHILD: _l("Key of the child lane"),
        ReaderKind.LANE: _l("Key of a restricted lane"),
        ReaderKind.RECEIPT: _l("Receipt"),
        ReaderKind.COMPANY: _l("Company key"),
        ReaderKind.NOTES_PAIR: _l("Key of the notes"),
        ReaderKind.OVERSEER: _l("Overseer's key"),
    },
    DataClass: {
        DataClass.IDENTITY: _l("Identity"),
        DataClass.THREAD: _l("Thread"),
        DataClass.EVIDENCE: _l("Evidence"),
        DataClass.NOTES: _l("Internal notes"),
        DataClass.SUMMARY: _l("Summary"),
    },
    GatewayKind: {
        GatewayKind.TWILIO: _l("Twilio"),
        GatewayKind.SMSGATE: _l("Android telephone (SMSGate)"),
        GatewayKind.AFRICASTALKING: _l("Africa's Talking"),
        GatewayKind.GENERIC: _l("Other gateway"),
    },
    Channel: {
        Channel.WEB: _l("Web page"),
        Channel.SMS: _l("SMS"),
        Channel.ASSISTED: _l("With a case worker"),
        Channel.API: _l("Another system"),
    },
    SpeaksAs: {
        SpeaksAs.SELF: _l("For themselves"),
        SpeaksAs.RELATIVE: _l("As a relative"),
        SpeaksAs.WITNESS: _l("As a witness"),
        SpeaksAs.REPRESENTATIVE: _l("As a representative"),
        SpeaksAs.GROUP: _l("For a group"),
    },
    SaidBy: {
        SaidBy.CALL: _l("In a call"),
        SaidBy.IN_PERSON: _l("Face to face"),
        SaidBy.PAPER: _l("On paper"),
        SaidBy.MESSAGE: _l("In a message of theirs"),
    },
    SafeContact: {
        SafeContact.CALL: _l("By a call"),
        SafeContact.SMS: _l("By SMS"),
        SafeContact.WEB: _l("On the web page only"),
        SafeContact.NOTHING: _l("Nothing unasked"),
    },
}
