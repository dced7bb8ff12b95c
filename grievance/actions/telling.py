"""How does a complainant hear from a desk? In their thread; by telephone as a text that waits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from flask import current_app
from sqlalchemy.orm import Session

from grievance.actions import clocks, notices
from grievance.actions.notices import Audience
from grievance.rules import clocks as rule
from grievance.rules.clocks import Holder
from grievance.rules.dialogue import Template
from grievance.store import queries, vault
from grievance.store.models import Case, ClockRow, Entry, Medium, Outbox, OutboxState, Referral
from grievance.store.sealing import Label, seal_whole
from grievance.terms import Actor, ClockKind, Role
from grievance.vocabulary import Channel, DataClass, EntryKind, SafeContact
from grievance.wording_mail import MailTemplate


def tell(session: Session, case: Case, text: str, *, actor: Actor, now: datetime) -> Entry:
    """Seals a text to the complainant's thread; gives it to a telephone only when its owner sends SUIVI.

    Whoever came by SMS gets a neutral notice, if they chose texts, and the text itself when they ask.
    """
    entry = vault.write_entry(
        session, case, DataClass.THREAD, EntryKind.TO_COMPLAINANT, text, actor=actor, now=now
    )
    session.flush()
    if case.channel is Channel.SMS or case.safe_contact is SafeContact.SMS:
        _let_wait(session, case, entry, text, now)
        notices.to_complainant(session, case, Template.NEWS, once=f"news:{entry.id}", now=now)
    return entry


def _let_wait(session: Session, case: Case, entry: Entry, text: str, now: datetime) -> None:
    """The text, sealed to the notifier key: only the SMS worker opens it, when the person asks for it."""
    row_id = uuid4()
    public = current_app.config["SETTINGS"].notifier_public[-1][1]
    session.add(
        Outbox(
            id=row_id, medium=Medium.SMS, template=Template.NEWS.value, language=case.language, values={},
            once=f"words:{entry.id}", case_id=case.id, waits_for_follow=True,
            sealed_text=seal_whole(text, public, Label("outbox", "sealed_text", row_id)),
            state=OutboxState.WAITING, attempts=0, created_at=now, next_at=now,
        )
    )  # fmt: skip


def tell_organisation(
    session: Session, organisation_id: UUID, template: MailTemplate, referral: Referral, *, now: datetime,
    audience: Audience = Audience.EVERYBODY,
) -> None:  # fmt: skip
    """A mail about a referral: its code and a link. Each time is another reason."""
    organisation = queries.organisation(session, organisation_id)
    notices.to_organisation(
        session, organisation, template, audience=audience, once=f"{template.value}:{uuid4()}", now=now,
        referral=referral,
    )  # fmt: skip


def run(session: Session, referral: Referral, kind: ClockKind, *, holder: Holder, now: datetime) -> ClockRow:
    """The clock of this kind runs for this holder: the first round, the running one, or the next."""
    row = clocks.latest(session, referral.case_id, kind, referral.id)
    if row is None:
        return clocks.start_for_referral(
            session, referral, kind, now=now, holder_role=holder.role, holder_id=holder.organisation_id
        )
    if row.stopped_at is None:
        return row
    following = clocks.reopen(session, row, now=now)
    following.holder_role, following.holder_id = holder
    return following


def hand_back(session: Session, referral: Referral, kind: ClockKind, *, actor: Actor, now: datetime) -> None:
    """What was answered is no answer: the same round of its clock runs on. Raises Refused."""
    row = clocks.latest(session, referral.case_id, kind, referral.id)
    if row is None or row.stopped_at is None:
        return
    policy, calendar = clocks.policy(), clocks.calendar()
    clocks.change(
        session, row, lambda clock: rule.hand_back(clock, now, policy, calendar), actor=actor, now=now
    )


def company_holder(referral: Referral, role: Role = Role.COMPANY) -> Holder:
    """The addressee of a referral, as the holder of its clocks."""
    return Holder(role, referral.organisation_id)
