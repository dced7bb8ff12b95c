"""Which tables are there? All of them, in one list of names."""

from grievance.store.models.base import Base, db
from grievance.store.models.cases import (
    Allegation,
    Appeal,
    Case,
    CaseKeeping,
    ClassPair,
    Conflict,
    Consent,
    Entry,
    Receipt,
    Task,
    Wrap,
)
from grievance.store.models.channels import (
    Capsule,
    Dialogue,
    DialogueStep,
    Inbound,
    InboundState,
    Medium,
    NumberIndex,
    Outbox,
    OutboxState,
    SmsTally,
    TallyKind,
    WorkerBeat,
)
from grievance.store.models.evidence import Evidence, EvidencePiece
from grievance.store.models.ledger import (
    Fact,
    JournalAnchor,
    JournalHead,
    JournalHour,
    JournalLeaf,
    JournalLine,
    JournalOpening,
)
from grievance.store.models.people import (
    Invitation,
    KeyChange,
    KeyVersion,
    Member,
    MemberKey,
    Passkey,
    StaffSession,
    VisitorSession,
)
from grievance.store.models.quarantine import Apart, ApartState
from grievance.store.models.referrals import (
    ClockPause,
    ClockRow,
    ClockStep,
    Referral,
    ReferralMessage,
    Remedy,
)
from grievance.store.models.registry import (
    ChannelRow,
    Contact,
    Contract,
    Coverage,
    CoverageEnding,
    Duty,
    Funding,
    Organisation,
    OrganisationKey,
    Site,
)
from grievance.store.models.reveals import Reveal
from grievance.store.models.slips import Slip
from grievance.store.models.unfinished import Unfinished

__all__ = [
    "Allegation", "Apart", "ApartState", "Appeal", "Base", "Capsule", "Case", "CaseKeeping", "ChannelRow",
    "ClassPair", "ClockPause", "ClockRow", "ClockStep", "Conflict", "Consent", "Contact", "Contract",
    "Coverage", "CoverageEnding", "Dialogue", "DialogueStep", "Duty", "Entry", "Evidence", "EvidencePiece",
    "Fact",
    "Funding", "Inbound", "InboundState", "Invitation", "JournalAnchor", "JournalHead", "JournalHour",
    "JournalLeaf", "JournalLine",
    "JournalOpening", "KeyChange", "KeyVersion", "Medium", "Member", "MemberKey", "NumberIndex",
    "Organisation", "OrganisationKey", "Outbox", "OutboxState", "Passkey", "Receipt", "Referral",
    "ReferralMessage", "Remedy", "Reveal", "Site", "Slip", "SmsTally", "StaffSession", "TallyKind", "Task",
    "Unfinished", "VisitorSession", "WorkerBeat", "Wrap", "db",
]  # fmt: skip
