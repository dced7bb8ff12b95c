"""What happens whenever a complainant speaks? Words are sealed, a line written, and the desk hears of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grievance.actions import clocks, notices, shares
from grievance.actions.notices import Audience
from grievance.rules import workflow
from grievance.store import journal, queries, vault
from grievance.store.models import Case, Consent, Entry, Referral
from grievance.terms import (
    Actor,
    CaseAction,
    CaseState,
    ClockKind,
    DatabaseRole,
    NotFound,
    ReferralAction,
    ReferralState,
    Refused,
    Role,
)
from grievance.vocabulary import DataClass, EntryKind, Settled
from grievance.wording_mail import MailTemplate

REFERRAL_CLOCKS = (
    ClockKind.INTERIM, ClockKind.ACKNOWLEDGE, ClockKind.ANSWER, ClockKind.RELAY, ClockKind.SETTLED_ASKED,
)  # fmt: skip
# The lines of a thread that its complainant wrote or was written.
THREAD = frozenset({
    EntryKind.STORY, EntryKind.REMEDY_WISHED, EntryKind.PLACE, EntryKind.CLUES, EntryKind.TO_COMPLAINANT,
    EntryKind.FROM_COMPLAINANT,
})  # fmt: skip
# What only waits for the clock is not sent without a consent, so that it needs no stopping.
NOT_THERE = frozenset({ReferralState.PREPARED, ReferralState.WITHDRAWN, ReferralState.SETTLED})


def note_word(
    session: Session, case: Case, referral_id: UUID, word: Settled, text: str | None, *, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """The person's word on an answer they were told: it settles the matter, or it goes back to the company.

    "Another body" leaves the referral where it is. Raises NotFound, MoveNotAllowed, Refused("not_told_yet").
    """
    referral = referral_of(session, case, referral_id)
    if referral.relayed_at is None:
        raise Refused("not_told_yet")
    if word is Settled.YES:
        move(session, case, referral, ReferralAction.SETTLE, actor=actor, now=now)
    elif word is not Settled.ANOTHER_BODY:
        move(session, case, referral, ReferralAction.DISPUTE, actor=actor, now=now)
        _ask_again(session, referral, now)
    referral.settled, referral.settled_at = word, now
    clocks.stop(
        session, ClockKind.SETTLED_ASKED, case_id=case.id, referral_id=referral.id, actor=actor, now=now
    )
    say(session, case, text, actor=actor, now=now)


def say(session: Session, case: Case, text: str | None, *, actor: Actor, now: datetime) -> None:
    """The words that go with a decision, if there are any; the desk hears of it in any case."""
    if text:
        write(session, case, text, actor=actor, now=now)
    else:
        tell_desk(session, case, uuid4(), now=now)


def write(session: Session, case: Case, text: str, *, actor: Actor, now: datetime) -> None:
    """Seals the complainant's words to their thread, with a line, and brings the case back on top."""
    entry = vault.write_entry(
        session, case, DataClass.THREAD, EntryKind.FROM_COMPLAINANT, text, actor=actor, now=now
    )
    journal.append(
        session, chain=case.id, subject=entry.id, actor=actor, move=CaseAction.ADD, now=now,
        commitment=vault.entry_commitment(entry),
    )  # fmt: skip
    tell_desk(session, case, entry.id, now=now)


def tell_desk(
    session: Session, case: Case, reason: UUID, *, now: datetime,
    template: MailTemplate = MailTemplate.NEW_WORDS,
) -> None:  # fmt: skip
    """The case is fresh, and its desk hears of something new. `reason` makes the notice one of a kind."""
    case.fresh_at = now
    desk = queries.organisation(session, case.desk_id)
    audience = Audience.TRIAGE if case.state is CaseState.RECEIVED or case.restricted else Audience.WORKERS
    notices.to_organisation(
        session, desk, template, audience=audience, once=f"{template.value}:{reason}", now=now, case=case
    )


def answerable(session: Session, case: Case) -> frozenset[UUID]:
    """The companies a complainant may speak about: those of site and day, and those asked or told before."""
    companies = shares.companies_of(session, case)
    found = {*companies.provider_ids, companies.client_id} if companies else set()
    found |= set(session.scalars(select(Consent.organisation_id).where(Consent.case_id == case.id)))
    sent = select(Referral.organisation_id).where(Referral.case_id == case.id, Referral.sent_at.is_not(None))
    return frozenset(one for one in (*found, *session.scalars(sent)) if one is not None)


def mark_fetched(session: Session, case_id: UUID, now: datetime) -> None:
    """The desk sees that its words were read."""
    session.execute(
        update(Entry)
        .where(Entry.case_id == case_id, Entry.kind == EntryKind.TO_COMPLAINANT, Entry.seen_at.is_(None))
        .values(seen_at=now)
    )


def referral_of(session: Session, case: Case, referral_id: UUID) -> Referral:
    """A referral of this case that was sent, locked. Raises NotFound."""
    query = select(Referral).where(
        Referral.id == referral_id, Referral.case_id == case.id, Referral.sent_at.is_not(None)
    )
    referral = session.scalar(query.with_for_update())
    if referral is None:
        raise NotFound
    return referral


def move(
    session: Session, case: Case, referral: Referral, action: ReferralAction, *, actor: Actor, now: datetime
) -> None:
    """Moves a referral by the table, with its line. Raises MoveNotAllowed."""
    before = referral.state
    after = workflow.next_referral_state(before, action, actor.role)
    changes = before is not after
    referral.state = after
    journal.append(
        session, chain=case.id, subject=referral.id, actor=actor, move=action, now=now,
        from_state=before.value if changes else "", to_state=after.value if changes else "",
    )  # fmt: skip


def _ask_again(session: Session, referral: Referral, now: datetime) -> None:
    """The company answers anew, in a next round; the round before, and its breach, stay as they are."""
    row = clocks.latest(session, referral.case_id, ClockKind.ANSWER, referral.id)
    if row is not None and row.stopped_at is not None:
        clocks.reopen(session, row, now=now)


def stop_referrals(
    session: Session, case: Case, organisation_id: UUID, *, actor: Actor, now: datetime
) -> None:
    """Stops what one organisation was sent of a case, and the clocks of it."""
    query = select(Referral).where(Referral.case_id == case.id, Referral.organisation_id == organisation_id)
    for referral in session.scalars(query.order_by(Referral.id).with_for_update()).all():
        if referral.state in NOT_THERE:
            continue
        move(session, case, referral, ReferralAction.WITHDRAW, actor=actor, now=now)
        for kind in REFERRAL_CLOCKS:
            clocks.stop(session, kind, case_id=case.id, referral_id=referral.id, actor=actor, now=now)


def how(actor: Actor) -> str:
    """By which way a consent was given: web, sms, or spoken to a case worker."""
    if actor.role is not Role.COMPLAINANT:
        return "spoken"
    return "web" if actor.database_role is DatabaseRole.WEB else "sms"


def line(session: Session, case: Case, move: CaseAction, subject: UUID, actor: Actor, now: datetime) -> None:
    """An event of the case that changes no state."""
    journal.append(session, chain=case.id, subject=subject, actor=actor, move=move, now=now)
