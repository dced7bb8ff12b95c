"""What can be chosen or told apart? The lists of the field, beside the nouns of `grievance.terms`."""

from __future__ import annotations

from enum import StrEnum

from grievance.outcomes import Finding as Finding
from grievance.outcomes import NotAdmitted as NotAdmitted
from grievance.outcomes import Outcome as Outcome
from grievance.outcomes import RemedyKind as RemedyKind
from grievance.outcomes import RemedyState as RemedyState
from grievance.outcomes import Settled as Settled


class Language(StrEnum):
    """Languages. English exists on staff pages only."""

    FRENCH = "fr"
    SWAHILI = "sw"
    ENGLISH = "en"


class OrganisationKind(StrEnum):
    """What an organisation is in this system."""

    CSO = "cso"
    MINE = "mine"
    PROVIDER = "provider"
    OVERSEER = "overseer"
    HOST = "host"


class ReferralKind(StrEnum):
    """Why a company is addressed: to answer, to keep evidence and people safe, or by the clock."""

    ORDINARY = "ordinary"
    INTERIM = "interim"
    ESCALATION = "escalation"


class Severity(StrEnum):
    """How fast a person must act; columns of the deadline policy."""

    NOW = "now"
    CRITICAL = "critical"
    SERIOUS = "serious"
    OTHER = "other"


class Harm(StrEnum):
    """What was done. A case may carry several."""

    ASSAULT = "assault"
    SHOOTING = "shooting"
    DEATH = "death"
    DOG_ATTACK = "dog_attack"
    SEXUAL_VIOLENCE = "sexual_violence"
    DETENTION = "detention"
    TORTURE = "torture"
    THREATS = "threats"
    EXTORTION = "extortion"
    THEFT = "theft"
    EVICTION = "eviction"
    BLOCKED_WAY = "blocked_way"
    DISCRIMINATION = "discrimination"
    CHILD_HARMED = "child_harmed"
    UNIDENTIFIED_GUARD = "unidentified_guard"
    PUBLIC_EMPLOYED = "public_employed"
    WORKING_CONDITIONS = "working_conditions"
    RETALIATION = "retaliation"
    ABOUT_US = "about_us"
    OTHER = "other"


class ActorKind(StrEnum):
    """Who did it, as the case worker decided from clues. `UNKNOWN` and `MIXED` are valid for ever."""

    PRIVATE = "private"
    IN_HOUSE = "in_house"
    PUBLIC = "public"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class Clue(StrEnum):
    """What somebody noticed about the people who did it."""

    UNIFORM = "uniform"
    BADGE = "badge"
    PLATE = "plate"
    WEAPON = "weapon"
    DOG = "dog"
    PLACE = "place"
    PAID_BY = "paid_by"


class Channel(StrEnum):
    """How a report came."""

    WEB = "web"
    SMS = "sms"
    ASSISTED = "assisted"
    API = "api"


class GatewayKind(StrEnum):
    """The kinds of SMS gateway."""

    TWILIO = "twilio"
    SMSGATE = "smsgate"
    AFRICASTALKING = "africastalking"
    GENERIC = "generic"


class Operator(StrEnum):
    """Mobile operators of DR Congo; `OTHER` is a fixed line, a foreign number or a prefix nobody has."""

    VODACOM = "vodacom"
    ORANGE = "orange"
    AIRTEL = "airtel"
    AFRICELL = "africell"
    OTHER = "other"


class SpeaksAs(StrEnum):
    """For whom the complainant speaks."""

    SELF = "self"
    RELATIVE = "relative"
    WITNESS = "witness"
    REPRESENTATIVE = "representative"
    GROUP = "group"


class SafeContact(StrEnum):
    """How a complainant may be reached. `NOTHING` also stands for no answer: nothing is sent unasked."""

    CALL = "call"
    SMS = "sms"
    WEB = "web"
    NOTHING = "nothing"


class SaidBy(StrEnum):
    """How a complainant told a case worker whether something may be shared."""

    CALL = "call"
    IN_PERSON = "in_person"
    PAPER = "paper"
    MESSAGE = "message"


class ConsentProof(StrEnum):
    """What shows that a person agreed when they told it to a case worker, or gave it on paper."""

    SPOKEN = "spoken"
    SIGNED = "signed"
    THUMBPRINT = "thumbprint"


class Authority(StrEnum):
    """To whom a complainant goes with a desk beside them; none of these ever receives a referral."""

    PROSECUTOR = "prosecutor"
    MILITARY_PROSECUTOR = "military_prosecutor"
    POLICE_COMMAND = "police_command"
    HUMAN_RIGHTS_COMMISSION = "human_rights_commission"
    LABOUR_INSPECTION = "labour_inspection"
    OTHER = "other"


class DataClass(StrEnum):
    """Classes of content; each class of a case has its own pair of keys."""

    IDENTITY = "I"
    THREAD = "T"
    EVIDENCE = "E"
    NOTES = "N"
    SUMMARY = "S"


class ReaderKind(StrEnum):
    """Whose key a pair's private half is wrapped to."""

    TRIAGE = "triage"
    DESK = "desk"
    LANE_SEXUAL_VIOLENCE = "lane_sexual_violence"
    LANE_CHILD = "lane_child"
    # What stands at a wrap in place of either lane: a dump must not tell which harm it is.
    LANE = "lane"
    RECEIPT = "receipt"
    COMPANY = "company"
    NOTES_PAIR = "notes_pair"
    OVERSEER = "overseer"


class EntryKind(StrEnum):
    """What one sealed line in a case is."""

    STORY = "story"
    REMEDY_WISHED = "remedy_wished"
    IDENTITY = "identity"
    TO_COMPLAINANT = "to_complainant"
    FROM_COMPLAINANT = "from_complainant"
    NOTE = "note"
    PLACE = "place"
    CLUES = "clues"
    RESTRICTED_FACTS = "restricted_facts"
    CONSENT_GIVEN = "consent_given"
    TRIAGE = "triage"
    CONTACT_TRY = "contact_try"
    AUTHORITY = "authority"
    REVEAL = "reveal"
    FILE = "file"
    SECRET_WORD = "secret_word"  # noqa: S105 - the name of a kind


class FileKind(StrEnum):
    """What a file of evidence is."""

    PHOTO = "photo"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"


class MessageKind(StrEnum):
    """What one sealed line in a referral is."""

    SUMMARY = "summary"
    DESK = "desk"
    IDENTITY = "identity"
    QUESTION = "question"
    REPLY = "reply"
    ANSWER = "answer"
    INCOMPLETE = "incomplete"
    REMEDY = "remedy"
    PROOF = "proof"
    EXTENSION = "extension"
    NOT_OURS = "not_ours"


class TaskKind(StrEnum):
    """Things a person must do that no clock of a case covers by itself."""

    CALL_BACK = "call_back"
    DANGER_CALL = "danger_call"
    FIND_ADDRESSEE = "find_addressee"
    ESCALATED_TO_YOU = "escalated_to_you"
    DEAD_MESSAGE = "dead_message"
    DEAD_NUMBER = "dead_number"
    UNCERTAIN_MESSAGE = "uncertain_message"
    OTHER_LANGUAGE = "other_language"
    ASK_ANOTHER_DESK = "ask_another_desk"
    WITHDRAWAL_TALK = "withdrawal_talk"
    SHARE_WITH_OVERSEER = "share_with_overseer"
    FOLLOW_UP = "follow_up"
    AGREE_REVEAL = "agree_reveal"
    CONFIRM_REVEAL = "confirm_reveal"
    CHANGE_KEYS = "change_keys"
    OPEN_WEB = "open_web"


class RevealReason(StrEnum):
    """Why a member opens a complainant's name and number; the complainant reads it."""

    CALL = "call"
    IN_DANGER = "in_danger"
    CARE = "care"
    MEETING = "meeting"
    SHARE_AGREED = "share_agreed"
    OTHER = "other"


class RevealGround(StrEnum):
    """What lets it be opened: a second person's agreement, or a call or a danger that cannot wait for one."""

    AGREEMENT = "agreement"
    CALL_TASK = "call_task"
    DANGER = "danger"


# The towns and territories of the two provinces where the mines are. Other places are told in words, sealed.
TERRITORIES: dict[str, tuple[str, ...]] = {
    "Haut-Katanga": (
        "Lubumbashi", "Likasi", "Kambove", "Kasenga", "Kipushi", "Mitwaba", "Pweto", "Sakania",
    ),
    "Lualaba": ("Kolwezi", "Dilolo", "Kapanga", "Lubudi", "Mutshatsha", "Sandoa"),
}  # fmt: skip
