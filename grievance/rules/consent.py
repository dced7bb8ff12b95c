"""May this be shared, with this organisation, now? And may this telephone be written to?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from grievance.terms import Lane, Refused
from grievance.vocabulary import ActorKind, OrganisationKind, ReferralKind, SafeContact

# A withdrawn case that nobody could speak about safely closes after this long.
WITHDRAWAL_WAITS = timedelta(days=30)
# A desk, the host and any public force receive no referral.
ADDRESSABLE = frozenset({OrganisationKind.MINE, OrganisationKind.PROVIDER, OrganisationKind.OVERSEER})


class How(StrEnum):
    """How consent was given."""

    INTAKE = "intake"
    WEB = "web"
    SMS = "sms"
    CALL = "call"
    IN_PERSON = "in_person"
    PAPER = "paper"
    MESSAGE = "message"


class Missing(StrEnum):
    """The condition that a referral lacks; the `reason` of Refused."""

    FROZEN = "frozen"
    NEVER_AN_ADDRESSEE = "never_an_addressee"
    PUBLIC_LINE = "public_line"
    CONSENT = "consent"
    IDENTITY_CONSENT = "identity_consent"
    SUMMARY_NOT_READ = "summary_not_read"
    HOW_FEW_NOT_ASKED = "how_few_not_asked"
    SAFETY_NOT_ASKED = "safety_not_asked"
    NOT_SAFE = "not_safe"
    AFFECTED_DISAGREE = "affected_disagree"
    AFFECTED_NOT_ASKED = "affected_not_asked"
    SURVIVOR_DID_NOT_ASK = "survivor_did_not_ask"
    NOT_THE_ACCEPTED_PERSON = "not_the_accepted_person"
    CLOCK_MAY_NOT_MOVE_IT = "clock_may_not_move_it"
    CHILD_CONSENT = "child_consent"
    GUARDIAN_CONSENT = "guardian_consent"
    GUARDIAN_ACCUSED = "guardian_accused"
    BEST_INTEREST_NOTE = "best_interest_note"


class Effect(StrEnum):
    """What taking consent back still changes; said to the complainant in these terms."""

    NOTHING_WAS_SENT = "nothing_was_sent"
    STOPS_UNREAD = "stops_unread"
    STOPS_CANNOT_BE_UNREAD = "stops_cannot_be_unread"


@dataclass(frozen=True)
class Consent:
    """What the complainant said about one organisation. Of several the newest counts."""

    organisation_id: UUID
    allowed: bool
    how: How
    at: datetime
    identity_allowed: bool = False
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Survivor:
    """In the sexual-violence lane: her own request, and the one contact she accepts."""

    asked: bool = False
    accepted_contact_id: UUID | None = None


@dataclass(frozen=True)
class Child:
    """What a referral about a child needs."""

    child_agrees: bool = False
    guardian_agrees: bool = False
    guardian_accused: bool = False
    best_interest_note: bool = False


@dataclass(frozen=True)
class Referring:
    """Everything a referral is judged by; what was not asked is None or False, and refuses.

    `organisation_kind` is None for a body outside the registry, such as a public force. `people_it_could_be`
    answers "how few people could this be?", `safe_if_guessed` "are you safe if they guess?", and
    `wants_it_all_the_same` is the complainant's word after a no. `affected_agree` is None while the persons
    affected were not asked; `lead_wrote_why` stands for the lead's written reason. `public_line`: the summary
    tells what a public force did.
    """

    organisation_id: UUID
    organisation_kind: OrganisationKind | None
    kind: ReferralKind = ReferralKind.ORDINARY
    contact_id: UUID | None = None
    actor: ActorKind = ActorKind.UNKNOWN
    lane: Lane = Lane.GENERAL
    consents: tuple[Consent, ...] = ()
    carries_identity: bool = False
    summary_read: bool = False
    people_it_could_be: int | None = None
    safe_if_guessed: bool | None = None
    wants_it_all_the_same: bool = False
    affected_agree: bool | None = None
    held_or_cannot_be_asked: bool = False
    lead_wrote_why: bool = False
    survivor: Survivor = Survivor()
    child: Child | None = None
    public_line: bool = False
    complainant_wants_public_line: bool = False
    lead_wants_public_line: bool = False
    frozen_at: datetime | None = None


def standing(consents: Iterable[Consent], organisation_id: UUID) -> Consent | None:
    """The newest word on this organisation; None when nothing was said. A tie goes to the refusal."""
    said = [one for one in consents if one.organisation_id == organisation_id]
    return max(said, key=lambda one: (one.at, not one.allowed), default=None)


def allowed(consents: Iterable[Consent], organisation_id: UUID) -> bool:
    """Whether the newest word on this organisation is yes and was not taken back."""
    word = standing(consents, organisation_id)
    return word is not None and word.allowed and word.withdrawn_at is None


def _identity_allowed(asked: Referring) -> bool:
    word = standing(asked.consents, asked.organisation_id)
    return word is not None and word.identity_allowed and asked.kind is not ReferralKind.INTERIM


def _public_line_agreed(asked: Referring) -> bool:
    told = asked.public_line or asked.actor is ActorKind.PUBLIC
    return not told or (asked.complainant_wants_public_line and asked.lead_wants_public_line)


def _affected_settled(asked: Referring) -> bool:
    waived = asked.held_or_cannot_be_asked and asked.lead_wrote_why
    return asked.affected_agree is not None or waived


def _is_survivors(asked: Referring) -> bool:
    return asked.lane is Lane.SEXUAL_VIOLENCE


def _is_childs(asked: Referring) -> bool:
    return asked.lane is Lane.CHILD or asked.child is not None


def _accepted(asked: Referring) -> bool:
    accepted = asked.survivor.accepted_contact_id
    return accepted is not None and accepted == asked.contact_id


Holds = Callable[[Referring], bool]

# Each line: what is missing when the condition does not hold, read from the top.
ALWAYS: tuple[tuple[Missing, Holds], ...] = (
    (Missing.FROZEN, lambda asked: asked.frozen_at is None),
    (Missing.NEVER_AN_ADDRESSEE, lambda asked: asked.organisation_kind in ADDRESSABLE),
    (Missing.CONSENT, lambda asked: allowed(asked.consents, asked.organisation_id)),
    (Missing.IDENTITY_CONSENT, lambda asked: not asked.carries_identity or _identity_allowed(asked)),
    (Missing.PUBLIC_LINE, _public_line_agreed),
    (Missing.SUMMARY_NOT_READ, lambda asked: asked.summary_read),
    (Missing.HOW_FEW_NOT_ASKED, lambda asked: asked.people_it_could_be is not None),
    (Missing.SAFETY_NOT_ASKED, lambda asked: asked.safe_if_guessed is not None),
    (Missing.NOT_SAFE, lambda asked: asked.safe_if_guessed is True or asked.wants_it_all_the_same),
    (Missing.AFFECTED_DISAGREE, lambda asked: asked.affected_agree is not False),
    (Missing.AFFECTED_NOT_ASKED, _affected_settled),
)
SEXUAL_VIOLENCE: tuple[tuple[Missing, Holds], ...] = (
    (Missing.CLOCK_MAY_NOT_MOVE_IT, lambda asked: asked.kind is not ReferralKind.ESCALATION),
    (Missing.SURVIVOR_DID_NOT_ASK, lambda asked: asked.survivor.asked),
    (Missing.NOT_THE_ACCEPTED_PERSON, _accepted),
)
CHILD: tuple[tuple[Missing, Holds], ...] = (
    (Missing.CHILD_CONSENT, lambda asked: asked.child is not None and asked.child.child_agrees),
    (Missing.GUARDIAN_ACCUSED, lambda asked: asked.child is not None and not asked.child.guardian_accused),
    (Missing.GUARDIAN_CONSENT, lambda asked: asked.child is not None and asked.child.guardian_agrees),
    (Missing.BEST_INTEREST_NOTE, lambda asked: asked.child is not None and asked.child.best_interest_note),
)


def what_is_missing(asked: Referring) -> tuple[Missing, ...]:
    """Every condition that does not hold, in the order of the tables; empty when the referral may go."""
    conditions = list(ALWAYS)
    if _is_survivors(asked):
        conditions += SEXUAL_VIOLENCE
    if _is_childs(asked):
        conditions += CHILD
    return tuple(missing for missing, holds in conditions if not holds(asked))


def check_refer(asked: Referring) -> None:
    """Passes when the referral may go (or be prepared). Raises Refused, its reason the first Missing."""
    missing = what_is_missing(asked)
    if missing:
        raise Refused(missing[0].value)


def may_text(*, unasked: bool, safe_contact: SafeContact, stopped: bool, locked: bool) -> bool:
    """Whether a text may go to the complainant's number.

    Unasked only to who chose texts on a phone of their own; no answer is "nothing". STOP ends what is
    unasked, not the answer to the person's own next text. A locked number gets nothing: another may hold it.
    """
    if locked:
        return False
    return not unasked or (safe_contact is SafeContact.SMS and not stopped)


@dataclass(frozen=True)
class Withdrawal:
    """The complainant asked to stop everything; sharing is frozen from `asked_at` on."""

    asked_at: datetime
    spoke_safely_at: datetime | None = None


def may_close_withdrawn(withdrawal: Withdrawal, now: datetime) -> bool:
    """Closing waits until a person spoke safely with the complainant, or 30 days: was it their wish?"""
    return withdrawal.spoke_safely_at is not None or now >= withdrawal.asked_at + WITHDRAWAL_WAITS


def effect_of_withdrawing(*, sent: bool, read: bool) -> Effect:
    """What can still be stopped when consent is taken back after a referral was `sent` or `read`."""
    if read:
        return Effect.STOPS_CANNOT_BE_UNREAD
    return Effect.STOPS_UNREAD if sent else Effect.NOTHING_WAS_SENT


def take_back(word: Consent, now: datetime) -> Consent:
    """The same consent, withdrawn now; withdrawing twice keeps the first time."""
    return Consent(
        word.organisation_id, word.allowed, word.how, word.at, word.identity_allowed, word.withdrawn_at or now
    )
