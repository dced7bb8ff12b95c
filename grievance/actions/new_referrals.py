"""What is a new referral made of? A code and a pair of its own, and a summary sealed under it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from grievance.actions import addressing, clocks
from grievance.actions.incident_values import Facts
from grievance.store import journal, vault
from grievance.store.models import Case, Organisation, Referral
from grievance.store.receipts import mint_code
from grievance.store.vault import Reader
from grievance.terms import Actor, ReferralAction, Refused
from grievance.vocabulary import DataClass, MessageKind, OrganisationKind, ReaderKind, ReferralKind


def new_referral(
    session: Session, case: Case, known: Facts, holder: Organisation, kind: ReferralKind, now: datetime,
    contact_id: UUID | None = None,
) -> Referral:  # fmt: skip
    """A row without its state: the caller knows how it begins. Where nobody holds a key it goes by letter."""
    referral = Referral(
        id=uuid4(), code=mint_code(), case_id=case.id, organisation_id=holder.id, contact_id=contact_id,
        site_id=None if case.restricted else known.site_id, kind=kind, severity=clocks.column_of(case),
        created_at=now,
    )  # fmt: skip
    referral.by_letter = addressing.reader_for(session, case, referral, holder) is None
    if referral.by_letter and holder.kind is OrganisationKind.OVERSEER:
        nobody = addressing.account_key(session, holder) is None
        raise Refused("overseer_without_key" if nobody else "overseer_without_person")
    return referral


def seal(
    session: Session, case: Case, referral: Referral, holder: Organisation, summary: str, actor: Actor,
    now: datetime, *, identity: str | None = None,
) -> None:  # fmt: skip
    """The referral's own pair, for its addressee and for whoever opens the notes; then what it says."""
    session.add(referral)
    session.flush()
    notes = vault.pair_row(session, case.id, DataClass.NOTES)
    readers = [Reader(ReaderKind.NOTES_PAIR, notes.public_key)]
    addressee = addressing.reader_for(session, case, referral, holder)
    if addressee is not None:
        # The addressee's wrap, whatever kind of organisation it is: it opens this referral and nothing else.
        readers.append(addressee)
    vault.make_pair(session, case.id, DataClass.SUMMARY, readers, referral_id=referral.id)
    say_desk(session, referral, case.desk_id, actor, now)
    message = vault.write_message(
        session, referral, MessageKind.SUMMARY, summary, from_company=False, actor=actor, now=now
    )
    if identity:
        vault.write_message(
            session, referral, MessageKind.IDENTITY, identity, from_company=False, actor=actor, now=now
        )
    journal.append(
        session, chain=case.id, subject=referral.id, actor=actor, move=ReferralAction.REFER, now=now,
        to_state=referral.state.value, commitment=vault.entry_commitment(message),
    )  # fmt: skip


def say_desk(session: Session, referral: Referral, desk_id: UUID, actor: Actor, now: datetime) -> None:
    """Says, inside the referral, which desk speaks for the complainant: its case is hidden there."""
    vault.write_message(
        session, referral, MessageKind.DESK, str(desk_id), from_company=False, actor=actor, now=now
    )
