"""May a case be closed with this outcome? What each outcome needs, read aloud; facts in, a reason out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from grievance.rules.consent import Withdrawal, may_close_withdrawn
from grievance.terms import CaseState, ReferralState, Refused
from grievance.vocabulary import Finding, NotAdmitted, Outcome, RemedyState, SafeContact, Settled

TRIES, TRIES_OVER, TRIES_BY = 3, timedelta(days=21), 2
FOUND = frozenset({Finding.ESTABLISHED, Finding.LIKELY})


@dataclass(frozen=True)
class Try:
    """One try to reach the complainant that did not succeed."""

    at: datetime
    way: SafeContact


@dataclass(frozen=True)
class Standing:
    """What is known when somebody wants to close. `spoke_safely_at`: with somebody who withdrew."""

    state: CaseState
    now: datetime
    settled: tuple[Settled | None, ...] = ()
    relayed: int = 0
    owed_by_companies: int = 0
    referral_states: tuple[ReferralState, ...] = ()
    remedies: tuple[RemedyState, ...] = ()
    findings: tuple[Finding | None, ...] = ()
    tries: tuple[Try, ...] = ()
    safe_contact: SafeContact = SafeContact.NOTHING
    frozen_at: datetime | None = None
    spoke_safely_at: datetime | None = None
    not_admitted: NotAdmitted | None = None
    confirmed_elsewhere: bool = False
    merge_possible: bool = False


def _remedied(known: Standing) -> bool:
    return bool(known.remedies) and all(one is RemedyState.CONFIRMED for one in known.remedies)


def _accepted(known: Standing) -> bool:
    return Settled.YES in known.settled


def _told_and_not_agreed(known: Standing) -> bool:
    """An answer was told, and nobody said yes to it; silence is not agreement, and not a refusal either."""
    return known.relayed > 0 and Settled.YES not in known.settled


def _none_established(known: Standing) -> bool:
    """Every allegation was looked at, and none was found."""
    return bool(known.findings) and all(one is not None and one not in FOUND for one in known.findings)


def _tried_enough(known: Standing) -> bool:
    if len(known.tries) < TRIES or len({one.way for one in known.tries}) < TRIES_BY:
        return False
    return max(one.at for one in known.tries) - min(one.at for one in known.tries) >= TRIES_OVER


def _withdrawn(known: Standing) -> bool:
    asked = known.frozen_at
    return asked is not None and may_close_withdrawn(Withdrawal(asked, known.spoke_safely_at), known.now)


NEEDS: dict[Outcome, tuple[str, Callable[[Standing], bool]]] = {
    Outcome.REMEDIED: ("remedies_not_confirmed", _remedied),
    Outcome.ANSWER_ACCEPTED: ("answer_not_accepted", _accepted),
    Outcome.NO_AGREEMENT: ("no_answer_told", _told_and_not_agreed),
    Outcome.NOT_ESTABLISHED: ("findings_missing", _none_established),
    Outcome.NO_CONTACT: ("not_tried_enough", _tried_enough),
    Outcome.CHOSE_NO_CONTACT: ("wants_contact", lambda known: known.safe_contact is SafeContact.NOTHING),
    Outcome.WITHDRAWN: ("withdrawal_talk_missing", _withdrawn),
    Outcome.SENT_ELSEWHERE: ("not_confirmed_elsewhere", lambda known: known.confirmed_elsewhere),
    Outcome.NOT_ADMITTED: ("reason_missing", lambda known: known.not_admitted is not None),
    Outcome.MERGED: ("merge_refused", lambda known: known.merge_possible),
}
# Endings that stop what a company still owes; with the others it must answer first.
STOPS = frozenset({
    Outcome.WITHDRAWN, Outcome.NOT_ADMITTED, Outcome.MERGED, Outcome.SENT_ELSEWHERE, Outcome.NO_CONTACT,
    Outcome.CHOSE_NO_CONTACT,
})  # fmt: skip
# A case that nobody examined ends in one of these ways only.
BEFORE_TRIAGE = STOPS


def check(outcome: Outcome, known: Standing) -> None:
    """Passes when a case may be closed so. Raises Refused with the condition that is missing."""
    if known.state is CaseState.IN_TRIAGE and outcome not in BEFORE_TRIAGE:
        raise Refused("triage_first")
    reason, holds = NEEDS[outcome]
    if not holds(known):
        raise Refused(reason)
    if known.owed_by_companies and outcome not in STOPS:
        raise Refused("company_still_owes")
