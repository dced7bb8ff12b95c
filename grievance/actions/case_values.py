"""What does a desk see? The frozen values of its queue and of one case; texts in them were opened for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from grievance.actions.incident_values import CompanySeen, ContactSeen, Facts
from grievance.actions.reveals_seen import RevealSeen
from grievance.rules.triage import Proposal
from grievance.terms import CaseAction, CaseState, ClockKind, ReferralAction, ReferralState, Role, Stage
from grievance.vocabulary import (
    ActorKind,
    Channel,
    EntryKind,
    Finding,
    Language,
    MessageKind,
    Outcome,
    ReferralKind,
    RemedyKind,
    RemedyState,
    SafeContact,
    Settled,
    Severity,
    SpeaksAs,
    TaskKind,
)


class Room(StrEnum):
    """The three kinds of a timeline that cannot be mistaken for one another."""

    COMPLAINANT = "complainant"
    NOTE = "note"
    COMPANY = "company"


@dataclass(frozen=True)
class ClockSeen:
    """A date that is owed. `holder` is an organisation's name, None the complainant; `paused`: awaited."""

    kind: ClockKind
    role: Role
    holder: str | None
    due_at: datetime
    late: bool
    paused: bool = False
    referral_code: str | None = None


@dataclass(frozen=True)
class TaskSeen:
    """Something a person must do. `code` is the case's; None: it belongs to no case."""

    id: UUID
    code: str | None
    kind: TaskKind
    created_at: datetime
    due_at: datetime | None
    late: bool


@dataclass(frozen=True)
class QueueLine:
    """One case in the queue. A restricted one says only that it is: no place, harm, channel or severity.

    `next` is what is due first, `turn` whose it is; `fresh`: something new came that nobody here has seen to.
    """

    code: str
    state: CaseState
    stage: Stage
    restricted: bool
    as_backup: bool
    fresh: bool
    received_at: datetime
    fresh_at: datetime
    next: ClockSeen | None
    severity: Severity | None = None
    channel: Channel | None = None
    language: Language | None = None
    province: str | None = None
    territory: str | None = None
    site: str | None = None
    harms: tuple[str, ...] = ()
    actor: ActorKind | None = None
    tasks: tuple[TaskKind, ...] = ()


@dataclass(frozen=True)
class Words:
    """One line of a timeline. `ours`: a desk wrote it. `seen_at`: when the complainant fetched it."""

    at: datetime
    room: Room
    kind: EntryKind | MessageKind
    author: str
    ours: bool
    text: str = field(repr=False)
    referral_code: str | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True)
class RemedySeen:
    """A promise of a company, and the complainant's own word on whether it was kept."""

    id: UUID
    kind: RemedyKind
    state: RemedyState
    due_on: date | None
    promised_at: datetime
    delivered_at: datetime | None
    confirmed_at: datetime | None


@dataclass(frozen=True)
class ReferralSeen:
    """One referral, for its desk or for its addressee; the latter learns no more of the case than this.

    `desk_name` is the organisation that speaks for the complainant. `site` is blank for a restricted case.
    `opened` False: it was made to one colleague alone, and shows its workflow.
    """

    id: UUID
    code: str
    organisation_id: UUID
    organisation_name: str
    desk_name: str
    kind: ReferralKind
    state: ReferralState
    severity: Severity
    site: str | None
    by_letter: bool
    sent_at: datetime | None
    acknowledged_at: datetime | None
    answered_at: datetime | None
    relayed_at: datetime | None
    settled: Settled | None
    letter_delivered: bool
    moves: tuple[ReferralAction, ...]
    clocks: tuple[ClockSeen, ...]
    messages: tuple[Words, ...]
    remedies: tuple[RemedySeen, ...]
    longest_extension: int | None = None
    opened: bool = True


@dataclass(frozen=True)
class ReferralLine:
    """One referral in its addressee's queue."""

    code: str
    kind: ReferralKind
    state: ReferralState
    severity: Severity
    site: str | None
    sent_at: datetime
    next: ClockSeen | None


@dataclass(frozen=True)
class AllegationSeen:
    """One allegation, and what was found about it. Of a restricted case harm and actor stay blank."""

    id: UUID
    harm: str | None
    actor: ActorKind | None
    finding: Finding | None
    found_at: datetime | None


@dataclass(frozen=True)
class Identity:
    """Who the complainant is, as far as they said. Reading it leaves a line in the journal."""

    name: str | None = field(repr=False)
    phone: str | None = field(repr=False)


@dataclass(frozen=True)
class CaseSeen:
    """One case as one member sees it.

    `opened` False: this member was not asked yet whether they know anybody here, so that only `facts`' site
    and actor and the companies are filled. `kept_away`: they said yes. `can_open` False: their keys do not
    open it (another lane, or another desk's).
    """

    case_id: UUID
    code: str
    state: CaseState
    stage: Stage
    opened: bool
    kept_away: bool
    can_open: bool
    as_backup: bool
    restricted: bool
    facts: Facts | None
    site: str | None
    companies: tuple[CompanySeen, ...]
    desk_name: str
    backup_name: str
    received_at: datetime
    clocks: tuple[ClockSeen, ...] = ()
    tasks: tuple[TaskSeen, ...] = ()
    moves: tuple[CaseAction, ...] = ()
    referral_kinds: tuple[ReferralKind, ...] = ()
    severity: Severity | None = None
    channel: Channel | None = None
    language: Language | None = None
    safe_contact: SafeContact | None = None
    speaks_as: SpeaksAs | None = None
    affected_agree: bool | None = None
    triaged_at: datetime | None = None
    called_at: datetime | None = None
    frozen_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    has_identity: bool = False
    reveals: tuple[RevealSeen, ...] = ()
    reveal_waits: bool = True
    proposal: Proposal | None = None
    timeline: tuple[Words, ...] = ()
    contacts: tuple[ContactSeen, ...] = ()
    referrals: tuple[ReferralSeen, ...] = ()
    allegations: tuple[AllegationSeen, ...] = ()
    read_by: tuple[str, ...] = ()
    # The person said no after it was sealed: nothing of what they wrote is left.
    erased: bool = False
    readers: tuple[str, ...] = field(default=(), repr=False)
