"""How does a matter reach a company? As a summary sealed for it, under a code of its own, by consent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from grievance.actions import addressing, clocks, telling
from grievance.actions import facts as fact
from grievance.actions.case_seen import check_opened
from grievance.actions.incident_values import Facts
from grievance.actions.new_referrals import new_referral, seal
from grievance.actions.preparing import prepare
from grievance.rules import consent as consent_rule
from grievance.rules import workflow
from grievance.rules.clocks import Holder
from grievance.rules.consent import Child, Referring, Survivor
from grievance.schemas.referring import ReferralDraft
from grievance.store import queries, vault
from grievance.store.models import Case, Organisation, Referral
from grievance.store.session import once_more, transaction
from grievance.terms import (
    Actor,
    CannotOpen,
    ClockKind,
    Lane,
    Refused,
    Role,
)
from grievance.vocabulary import (
    ActorKind,
    DataClass,
    EntryKind,
    OrganisationKind,
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


@once_more
def refer(code: str, draft: ReferralDraft, *, actor: Actor, now: datetime) -> str:
    """Sends a summary to one organisation and gives the referral's own code.

    Prepares, with the same summary, what later steps of the ladder may need. An organisation that nobody
    can open for gets a letter; so does the contact of a restricted case who has no account.
    Raises NotFound, MoveNotAllowed, CannotOpen, and Refused with the first condition that is missing.
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
        referral = new_referral(session, case, known, holder, draft.kind, now, contact_id)
        referral.state, referral.sent_at = state, now
        seal(session, case, referral, holder, draft.summary, actor, now, identity=draft.identity)
        _start_clocks(session, case, referral, holder, now)
        _write_why(session, case, draft, actor, now)
        if referral.by_letter is False:
            telling.tell_organisation(session, holder.id, MAILS[draft.kind], referral, now=now)
        if draft.kind is ReferralKind.ORDINARY:
            named = draft.named_contact_ids
            prepare(session, case, known, holder, referral, draft.summary, actor, now, named)
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
