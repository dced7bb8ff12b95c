"""How does a matter reach a company? As a summary sealed for it, under a code of its own, by consent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from grievance.actions import addressing, clocks, telling
from grievance.actions import facts as fact
from grievance.actions.case_seen import check_opened
from grievance.actions.case_values import Facts
from grievance.rules import consent as consent_rule
from grievance.rules import workflow
from grievance.rules.clocks import Holder
from grievance.rules.consent import Child, Referring, Survivor
from grievance.schemas.referring import ReferralDraft
from grievance.store import journal, queries, vault
from grievance.store.models import Case, Organisation, Referral
from grievance.store.receipts import mint_code
from grievance.store.session import once_more, transaction
from grievance.store.vault import Reader
from grievance.terms import Actor, CannotOpen, ClockKind, Lane, ReferralAction, Refused, Role, Step
from grievance.vocabulary import (
    ActorKind,
    DataClass,
    EntryKind,
    MessageKind,
    OrganisationKind,
    ReaderKind,
    ReferralKind,
    SpeaksAs,
)
from grievance.wording_mail import MailTemplate

MAILS = {
    ReferralKind.ORDINARY: MailTemplate.REFERRAL_SENT,
    ReferralKind.INTERIM: MailTemplate.INTERIM_SENT,
}
CLOCKS = {
    ReferralKind.ORDINARY: (ClockKind.ACKNOWLEDGE, ClockKind.ANSWER),
    ReferralKind.INTERIM: (ClockKind.INTERIM,),
}
# On which step of its ladder an organisation of this kind is sent what was prepared for it.
STEP_OF = {OrganisationKind.MINE: Step.NEXT_PARTY, OrganisationKind.OVERSEER: Step.ICOCA}


@once_more
def refer(code: str, draft: ReferralDraft, *, actor: Actor, now: datetime) -> str:
    """Sends a summary to one organisation and gives the referral's own code.

    Prepares, with the same summary, what later steps of the ladder may need. An organisation that nobody
    can open for gets a letter. Raises NotFound, MoveNotAllowed, CannotOpen, and Refused with the first
    condition that is missing.
    """
    with transaction(actor) as session:
        case = queries.case_by_code(session, code, lock=True)
        check_opened(session, case, actor)
        state = workflow.first_referral_state(case.state, draft.kind, actor.role)
        known = fact.facts_of(session, actor, case)
        if known is None:
            raise CannotOpen
        holder = queries.organisation(session, draft.organisation_id)
        contact_id = _check(session, case, known, holder, draft, actor)
        referral = _row(session, case, known, holder, draft.kind, now)
        referral.contact_id, referral.state, referral.sent_at = contact_id, state, now
        _seal(session, case, referral, holder, draft.summary, actor, now, identity=draft.identity)
        _start_clocks(session, case, referral, holder, now)
        _write_why(session, case, draft, actor, now)
        if referral.by_letter is False:
            telling.tell_organisation(session, holder.id, MAILS[draft.kind], referral, now=now)
        if draft.kind is ReferralKind.ORDINARY:
            _prepare(session, case, known, holder, referral, draft.summary, actor, now)
        return referral.code


def _check(
    session: Session, case: Case, known: Facts, holder: Organisation, draft: ReferralDraft, actor: Actor
) -> UUID | None:
    """Passes with the contact when everything that must have been asked was. Raises Refused."""
    if holder.id in addressing.in_conflict(session, case.id):
        raise Refused("in_conflict")
    client_id = fact.companies(session, case, known).client_id
    contact_id = addressing.contact_for(
        session, holder.id, draft.contact_id, draft.named_contact_ids, known, client_id
    )
    consent_rule.check_refer(_asked(session, case, known, holder, draft, contact_id, actor))
    return contact_id


def _asked(
    session: Session, case: Case, known: Facts, holder: Organisation, draft: ReferralDraft,
    contact_id: UUID | None, actor: Actor,
) -> Referring:  # fmt: skip
    child = Child(
        draft.child_agrees, draft.guardian_agrees, draft.guardian_accused, bool(draft.best_interest_note)
    )
    lead = actor.role is Role.CASE_LEAD
    # An interim request tells no story: it asks to keep what would be overwritten. It need not be read out.
    interim = draft.kind is ReferralKind.INTERIM
    return Referring(
        holder.id, holder.kind, draft.kind, contact_id, known.actor or ActorKind.UNKNOWN, known.lane,
        addressing.consents(session, case.id), carries_identity=bool(draft.identity),
        summary_read=draft.summary_read or interim, people_it_could_be=draft.people_it_could_be,
        safe_if_guessed=draft.safe_if_guessed, wants_it_all_the_same=draft.wants_it_all_the_same,
        affected_agree=_affected(case), held_or_cannot_be_asked=draft.held_or_cannot_be_asked,
        lead_wrote_why=lead and bool(draft.lead_wrote_why),
        survivor=Survivor(draft.survivor_asked, draft.accepted_contact_id),
        child=child if known.lane is Lane.CHILD or (known.children or 0) > 0 else None,
        public_line=draft.public_line, complainant_wants_public_line=draft.complainant_wants_public_line,
        lead_wants_public_line=lead and draft.public_line, frozen_at=case.frozen_at,
    )  # fmt: skip


def _affected(case: Case) -> bool | None:
    """Whether those it happened to agree. Who speaks for themselves alone has said so by consenting."""
    alone = case.speaks_as is None or case.speaks_as is SpeaksAs.SELF
    return True if alone and case.affected_agree is None else case.affected_agree


def _row(
    session: Session, case: Case, known: Facts, holder: Organisation, kind: ReferralKind, now: datetime
) -> Referral:
    by_letter = addressing.account_key(session, holder) is None
    if by_letter and holder.kind is OrganisationKind.OVERSEER:
        raise Refused("overseer_without_key")
    return Referral(
        id=uuid4(), code=mint_code(), case_id=case.id, organisation_id=holder.id,
        site_id=None if case.restricted else known.site_id, kind=kind, severity=clocks.column_of(case),
        by_letter=by_letter, created_at=now,
    )  # fmt: skip


def _seal(
    session: Session, case: Case, referral: Referral, holder: Organisation, summary: str, actor: Actor,
    now: datetime, *, identity: str | None = None,
) -> None:  # fmt: skip
    """The referral's own pair, for its addressee and for whoever opens the notes; then what it says."""
    session.add(referral)
    session.flush()
    notes = vault.pair_row(session, case.id, DataClass.NOTES)
    readers = [Reader(ReaderKind.NOTES_PAIR, notes.public_key)]
    key = addressing.account_key(session, holder)
    if key is not None:
        readers.append(Reader(key.kind, key.public_key, holder.id))
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


def _start_clocks(
    session: Session, case: Case, referral: Referral, holder: Organisation, now: datetime
) -> None:
    role = Role.OVERSEER if holder.kind is OrganisationKind.OVERSEER else Role.COMPANY
    for kind in CLOCKS[referral.kind]:
        clocks.start(session, case, kind, now=now, holder_role=role, holder_id=holder.id, referral=referral)
    # The company knows now: somebody asks at 7, 30 and 90 days whether there were reprisals.
    check_in(session, case, now)


def check_in(session: Session, case: Case, now: datetime) -> None:
    """The questions about reprisals begin (again); those that run already go on."""
    row = clocks.latest(session, case.id, ClockKind.CHECK_IN)
    if row is None:
        clocks.start(
            session, case, ClockKind.CHECK_IN, now=now, holder_role=Role.CASE_WORKER, holder_id=case.desk_id
        )
    elif row.stopped_at is not None:
        following = clocks.reopen(session, row, now=now)
        following.holder_role, following.holder_id = Holder(Role.CASE_WORKER, case.desk_id)


def _write_why(session: Session, case: Case, draft: ReferralDraft, actor: Actor, now: datetime) -> None:
    """The reasons that a person had to write stay in the notes."""
    for reason in filter(None, (draft.lead_wrote_why, draft.best_interest_note)):
        vault.write_entry(session, case, DataClass.NOTES, EntryKind.NOTE, reason, actor=actor, now=now)


def _prepare(
    session: Session, case: Case, known: Facts, holder: Organisation, referral: Referral, summary: str,
    actor: Actor, now: datetime,
) -> None:  # fmt: skip
    """The same summary, sealed for who may be next, while somebody is here who can seal it."""
    state = workflow.first_referral_state(case.state, ReferralKind.ESCALATION, actor.role)
    client_id = fact.companies(session, case, known).client_id
    for organisation_id in _next(session, case, known, holder, client_id):
        party = queries.organisation(session, organisation_id)
        waiting = _row(session, case, known, party, ReferralKind.ESCALATION, now)
        waiting.state, waiting.for_referral_id = state, referral.id
        waiting.step = STEP_OF[party.kind]
        _seal(session, case, waiting, party, summary, actor, now)


def _next(
    session: Session, case: Case, known: Facts, holder: Organisation, client_id: UUID | None
) -> Iterable[UUID]:
    if holder.kind is OrganisationKind.OVERSEER:
        return ()
    return addressing.to_prepare(session, case, known, holder, client_id)
