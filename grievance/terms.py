"""What do our words mean? The glossary: the nouns that every room shares, and the errors that are ours.

case        what one person or group reported, and all that followed from it.
desk        the one CSO (an organisation) that works on a case; its *back-up* is another CSO, compulsory.
lane        a group of desk members with a key of its own. General cases have none; two lanes are restricted:
            sexual violence, and child. A case in a restricted lane is a *restricted* case.
holder      the organisation whose turn a clock says it is.
lead        the member of a desk who decides what one case worker may not decide alone.
referral    what a company is given: a summary the desk wrote for it, under a code of its own. Never the case.
addressee   the contact at an organisation who receives a referral; never the person accused, nor a superior.
relay       the desk tells the complainant, in their language, what the company answered.
letter      a referral on paper (PDF) for a company without an account.
prepared    a referral sealed for a later party of the ladder while somebody could still seal it; nobody there
            sees it until the clock sends it.
held        a text message kept sealed to the intake key until the person agrees, or ten minutes passed.
capsule     a phone number sealed to the notifier key, so that the SMS worker, and nobody else, may text it.
receipt     sixteen digits that a web complainant keeps; it opens their own thread and nothing else.
code        the public name of a case or of a referral (7F3Q-82). A name is never a proof.
round       one life of a clock; a reopening starts the next round and keeps the earlier breach.
step        one rung of the ladder: reminder, deadline, next party, ICoCA. Taken once in each round.
widen       to wrap a case's keys for more readers (triage key to desk key).
narrow      to replace a case's keys so that fewer can read (a lane's key alone).
triage key  the key of a desk's marked members, under which every case starts.
wrap        the private half of a pair of keys, sealed to one reader's public key.
slip        an oral or paper complaint that a desk wrote without network: sealed on the telephone to its
            triage key, under a random name of its own, and sent until it is a case.
tenant      an organisation, as far as the database's row security is concerned.
quarantine  reports that came in a flood, unanswered questions behind them: kept, sealed to their desk, and
            looked at in bulk. Whatever a person keeps becomes an ordinary case, from the instant it came.
passkey     a key in a member's phone, computer or stick that proves who they are; it opens no case.
reveal      one member's opening of a complainant's name and number, with its reason and second person.
step-up     proving again, within a session, who one is before something that weighs more.
outbox      messages to be sent, written in the transaction of the change they tell of.
journal     the append-only chains of what was done, each line holding the hash of the line before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from grievance.errors import Altered as Altered
from grievance.errors import Busy as Busy
from grievance.errors import CannotOpen as CannotOpen
from grievance.errors import GrievanceError as GrievanceError
from grievance.errors import InvalidInput as InvalidInput
from grievance.errors import MoveNotAllowed as MoveNotAllowed
from grievance.errors import NotFound as NotFound
from grievance.errors import NotProved as NotProved
from grievance.errors import NotSignedIn as NotSignedIn
from grievance.errors import Refused as Refused
from grievance.errors import Unavailable as Unavailable


class Role(StrEnum):
    """Who makes a move. `CLOCK` is what is overdue; it moves by the same tables as people."""

    COMPLAINANT = "complainant"
    CASE_WORKER = "case_worker"
    CASE_LEAD = "case_lead"
    COMPANY = "security_manager"
    OVERSEER = "overseer"
    ADMINISTRATOR = "administrator"
    CLOCK = "clock"
    SMS_WORKER = "sms_worker"


class Lane(StrEnum):
    """The lane of a case. Anything but `GENERAL` is restricted."""

    GENERAL = "general"
    SEXUAL_VIOLENCE = "sexual_violence"
    CHILD = "child"


class CaseState(StrEnum):
    """States of a case."""

    RECEIVED = "received"
    IN_TRIAGE = "in_triage"
    OPEN = "open"
    CLOSED = "closed"
    APPEALED = "appealed"


class ReferralState(StrEnum):
    """States of a referral."""

    PREPARED = "prepared"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    REMEDY = "remedy"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    NOT_THEIRS = "not_theirs"


class CaseAction(StrEnum):
    """Moves of a case; the values are the `data-action` of the forms."""

    TAKE = "take"
    TRIAGE = "triage"
    NOTE = "note"
    WRITE = "write"
    ADD = "add"
    CLOSE = "close"
    DISPUTE = "dispute"
    APPEAL = "appeal"
    DECIDE_APPEAL = "decide_appeal"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    ESCALATE = "escalate"
    HAND_OVER = "hand_over"
    TAKE_OVER = "take_over"
    DECLARE_CONFLICT = "declare_conflict"
    CONSENT = "consent"
    FIND = "find"
    REMIND = "remind"
    HOLD = "hold"
    LIFT_HOLD = "lift_hold"
    CHECK_IN = "check_in"
    GO_TO_AUTHORITY = "go_to_authority"


class ReferralAction(StrEnum):
    """Moves of a referral; the values are the `data-action` of the forms."""

    REFER = "refer"
    SEND_PREPARED = "send_prepared"
    ACKNOWLEDGE = "acknowledge"
    ASK = "ask"
    ANSWER = "answer"
    NOT_OURS = "not_ours"
    INCOMPLETE = "incomplete"
    RELAY = "relay"
    SETTLE = "settle"
    DISPUTE = "dispute"
    EXTEND = "extend"
    PROMISE_REMEDY = "promise_remedy"
    DELIVER_REMEDY = "deliver_remedy"
    CONFIRM_REMEDY = "confirm_remedy"
    DISPUTE_REMEDY = "dispute_remedy"
    WITHDRAW = "withdraw_referral"
    ESCALATE = "escalate_referral"
    REMIND = "remind_referral"


class Stage(StrEnum):
    """What the complainant is told of where things stand; computed from the case and its referrals."""

    RECEIVED = "received"
    EXAMINED = "examined"
    WITH_COMPANY = "with_company"
    ANSWERED = "answered"
    REMEDY = "remedy"
    WITH_YOU = "with_you"
    ESCALATED = "escalated"
    APPEALED = "appealed"
    CLOSED = "closed"


class ClockKind(StrEnum):
    """The clocks; rows of the deadline policy."""

    FIRST_CALL = "first_call"
    FIRST_ANSWER = "first_answer"
    TRIAGE = "triage"
    INTERIM = "interim"
    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    RELAY = "relay"
    SETTLED_ASKED = "settled_asked"
    DISPUTE_WINDOW = "dispute_window"
    OUTCOME = "outcome"
    CUSTODY = "custody"
    CALL_BACK = "call_back"
    APPEAL_HANDED = "appeal_handed"
    CHECK_IN = "check_in"
    REVEAL_CONFIRMED = "reveal_confirmed"


class Step(StrEnum):
    """Rungs of the ladder, in order."""

    REMINDER = "reminder"
    DEADLINE = "deadline"
    NEXT_PARTY = "next_party"
    ICOCA = "icoca"


class SkipReason(StrEnum):
    """Why a step of the ladder was not taken."""

    NOT_ALLOWED = "not_allowed"
    IN_CONFLICT = "in_conflict"
    NOT_PREPARED = "not_prepared"
    NO_SUCH_PARTY = "no_such_party"
    RESTRICTED = "restricted"
    FROZEN = "frozen"


class DatabaseRole(StrEnum):
    """The PostgreSQL role a transaction works under."""

    WEB = "web"
    DOOR = "door"
    INTAKE = "intake"
    SMS = "sms"
    KEYS = "keys"
    SWEEP = "sweep"
    STATS = "stats"


@dataclass(frozen=True)
class Actor:
    """Who acts: always an argument, never looked up.

    `name` is the pseudonym that the journal holds. `keys` are the private halves this actor may use now
    (organisation keys opened at sign-in, or the opening half of a receipt), by public half; they live only as
    long as the request.
    """

    role: Role
    database_role: DatabaseRole
    name: str
    organisation_id: UUID | None = None
    member_id: UUID | None = None
    case_id: UUID | None = None
    session_hash: bytes | None = field(default=None, repr=False)
    keys: dict[bytes, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Place:
    """Where, from the widest to the narrowest; only the province is certain."""

    province: str
    territory: str | None = None
    site_id: UUID | None = None
    near: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Pair:
    """An X25519 pair, 32 raw bytes each."""

    public: bytes
    private: bytes = field(repr=False)


@dataclass(frozen=True)
class Sealed:
    """One sealed value: `key` is the row's key in a sealed box (80 bytes), `body` nonce and ciphertext."""

    key: bytes
    body: bytes
    version: int


@dataclass(frozen=True)
class Promise:
    """A date that was promised, and to whom the turn belongs."""

    clock: ClockKind
    due_at: datetime
    holder: Role
