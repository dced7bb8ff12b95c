"""What does one member see of a case? First only who is concerned; then, knowing nobody there, all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import facts as fact
from grievance.actions import moves, referral_seen, reveals_seen
from grievance.actions.addressing import companies_seen, contacts_seen
from grievance.actions.case_values import AllegationSeen, CaseSeen, ReferralSeen, Room, Words
from grievance.actions.incident_values import Facts
from grievance.actions.queue import clock_seen, stage_of, task_seen
from grievance.rules import reveals, triage, workflow
from grievance.store import journal, queries, vault
from grievance.store.actors import pseudonym
from grievance.store.journal import CaseEvent
from grievance.store.models import (
    Allegation,
    Case,
    ClassPair,
    ClockRow,
    Entry,
    JournalLine,
    Member,
    Referral,
    Task,
)
from grievance.store.session import transaction
from grievance.store.vault import EntryRead
from grievance.terms import Actor, CannotOpen, CaseAction, ClockKind, NotFound, Refused, Role
from grievance.vocabulary import DataClass, EntryKind, Harm, RevealGround

FROM_THEM = frozenset({
    EntryKind.STORY, EntryKind.REMEDY_WISHED, EntryKind.PLACE, EntryKind.CLUES, EntryKind.FROM_COMPLAINANT,
})  # fmt: skip
NOTES = frozenset({
    EntryKind.NOTE, EntryKind.CONSENT_GIVEN, EntryKind.CONTACT_TRY, EntryKind.TRIAGE, EntryKind.AUTHORITY,
})  # fmt: skip
TIMELINE = FROM_THEM | NOTES | {EntryKind.TO_COMPLAINANT}


def seen(code: str, actor: Actor, now: datetime) -> CaseSeen:
    """One case, opened with the actor's keys; the first reading of a day leaves a line. Raises NotFound.

    Until this member said that they know nobody there, only the site, the companies and the actor are shown.
    """
    with transaction(actor) as session:
        case = queries.case_by_code(session, code)
        first = _outside(session, case, actor)
        if not first.opened or first.kept_away:
            return first
        seen_now = _inside(session, case, first, actor, now)
        if seen_now.can_open:
            _note_reading(session, case, actor, now)
        return seen_now


def check_opened(session: Session, case: Case, actor: Actor) -> None:
    """Passes when this member said that they know nobody there, and is in the lane of a restricted case.

    Raises Refused("conflict_not_asked"), Refused("kept_away"), CannotOpen.
    """
    said = _said(session, case, actor)
    _must_not_be_kept_away(said)
    if CaseEvent.OPENED.value not in said:
        raise Refused("conflict_not_asked")
    _must_be_let_in(session, case, actor)


def check_works_here(session: Session, case: Case, actor: Actor) -> None:
    """Passes for whom nothing keeps from a case, whether or not they were asked whom they know there.

    Kept from it are: who declared a conflict; of a restricted case, who is not in its lane; and whom nobody
    of their desk gave a key, as the host alone may have invited them. They neither write in it nor end it,
    nor say that something was done. Raises Refused("kept_away"), CannotOpen.
    """
    _must_not_be_kept_away(_said(session, case, actor))
    _must_be_let_in(session, case, actor)


def _must_not_be_kept_away(said: frozenset[str]) -> None:
    if CaseAction.DECLARE_CONFLICT.value in said:
        raise Refused("kept_away")


def _must_be_let_in(session: Session, case: Case, actor: Actor) -> None:
    if not actor.keys and actor.role in moves.DESK:
        raise CannotOpen
    if case.restricted:
        _check_readable(session, case, actor, DataClass.THREAD)


def _said(session: Session, case: Case, actor: Actor) -> frozenset[str]:
    query = select(JournalLine.move).where(JournalLine.chain == case.id, JournalLine.actor == actor.name)
    return frozenset(session.scalars(query.distinct()))


def _check_readable(session: Session, case: Case, actor: Actor, data_class: DataClass) -> None:
    vault.open_row(session, actor, vault.pair_row(session, case.id, data_class))


def _outside(session: Session, case: Case, actor: Actor) -> CaseSeen:
    """What is shown before anybody asks: who is concerned."""
    said = _said(session, case, actor)
    names = queries.names(session, (case.desk_id, case.backup_id))
    known = _facts(session, case, actor)
    shown = Facts(known.lane, actor=known.actor, site_id=known.site_id) if known else None
    site = queries.site(session, known.site_id if known else None)
    # ICoCA looks at what reached it by appeal or by the clock; it has no desk whose members live there.
    opened = CaseEvent.OPENED.value in said or actor.role is Role.OVERSEER
    return CaseSeen(
        case.id, case.code, case.state, stage_of(session, case, *_running(session, case)), opened,
        CaseAction.DECLARE_CONFLICT.value in said, _can_open(session, case, actor),
        case.desk_id != actor.organisation_id, case.restricted, shown, site.name if site else None,
        companies_seen(session, case, known), names[case.desk_id], names[case.backup_id], case.received_at,
    )  # fmt: skip


def _facts(session: Session, case: Case, actor: Actor) -> Facts | None:
    """What is known. Of a case that reached ICoCA by the clock, nothing narrower than the territory."""
    known = fact.facts_of(session, actor, case)
    if known is None or actor.role is not Role.OVERSEER or _can_open(session, case, actor):
        return known
    return replace(known, site_id=None, incident_on=None, share=None)


def _can_open(session: Session, case: Case, actor: Actor) -> bool:
    try:
        _check_readable(session, case, actor, DataClass.THREAD)
    except (CannotOpen, NotFound):
        return False
    return True


def _running(session: Session, case: Case) -> tuple[list[Referral], list[ClockRow]]:
    referrals = session.scalars(
        select(Referral).where(Referral.case_id == case.id).order_by(Referral.created_at)
    )
    clocks = session.scalars(
        select(ClockRow)
        .where(ClockRow.case_id == case.id, ClockRow.stopped_at.is_(None))
        .order_by(ClockRow.due_at)
    )
    # What went out first, before what only waits for the clock.
    return sorted(referrals, key=lambda one: one.sent_at is None), list(clocks)


def _inside(session: Session, case: Case, first: CaseSeen, actor: Actor, now: datetime) -> CaseSeen:
    referrals, clocks = _running(session, case)
    codes = {one.id: one.code for one in referrals}
    names = queries.names(session, {row.holder_id for row in clocks})
    shown = replace(
        first,
        facts=_facts(session, case, actor),
        clocks=tuple(
            clock_seen(row, names, now, codes.get(row.referral_id or row.id)) for row in clocks
        ),
        tasks=tuple(task_seen(row, case.code, now) for row in _tasks(session, case)),
        moves=workflow.case_moves_for(case.state, actor.role),
        referral_kinds=workflow.referral_kinds_for(case.state, actor.role),
        language=case.language, triaged_at=case.triaged_at, called_at=case.called_at,
        frozen_at=case.frozen_at, closed_at=case.closed_at, outcome=case.outcome,
    )  # fmt: skip
    if first.can_open:
        return _with_content(session, case, shown, referrals, actor, now)
    erased = session.scalar(select(ClassPair.id).where(ClassPair.case_id == case.id).limit(1)) is None
    return replace(shown, erased=erased, read_by=_read_by(session, case) if erased else ())


def _with_content(
    session: Session, case: Case, shown: CaseSeen, referrals: list[Referral], actor: Actor, now: datetime
) -> CaseSeen:
    entries = vault.read_entries(session, actor, case.id, TIMELINE)
    read = tuple(_readable_referrals(session, referrals, actor, now))
    return replace(
        shown,
        severity=shown.facts.severity if shown.facts else case.severity,
        channel=case.channel, safe_contact=case.safe_contact, speaks_as=case.speaks_as,
        affected_agree=case.affected_agree,
        has_identity=_has_identity(session, case),
        reveals=reveals_seen.for_desk(session, case.id, actor, now),
        reveal_waits=_waits_for_second(shown),
        proposal=_proposal(entries, shown.facts, now),
        timeline=tuple(_timeline(session, case, entries, read)),
        contacts=contacts_seen(session, [one.organisation_id for one in shown.companies]),
        referrals=read,
        allegations=tuple(
            AllegationSeen(row.id, row.harm, row.actor, row.finding, row.found_at)
            for row in session.scalars(select(Allegation).where(Allegation.case_id == case.id))
        ),
        read_by=_read_by(session, case),
        readers=_colleagues_among(session, case, actor),
    )  # fmt: skip


def _readable_referrals(
    session: Session, referrals: list[Referral], actor: Actor, now: datetime
) -> Iterable[ReferralSeen]:
    """Those that this actor opens: a back-up that hears an appeal reads the thread and no more."""
    for referral in referrals if actor.role in moves.DESK else ():
        try:
            yield referral_seen.seen(session, referral, actor, now)
        except CannotOpen:
            continue


def _tasks(session: Session, case: Case) -> list[Task]:
    return list(session.scalars(select(Task).where(Task.case_id == case.id, Task.done_at.is_(None))))


def _waits_for_second(shown: CaseSeen) -> bool:
    """Whether name and number open only after a colleague agreed."""
    owed = any(clock.kind is ClockKind.FIRST_CALL for clock in shown.clocks)
    why = reveals.ground({task.kind for task in shown.tasks}, first_call_owed=owed)
    return why is RevealGround.AGREEMENT


def _has_identity(session: Session, case: Case) -> bool:
    query = select(Entry.id).where(Entry.case_id == case.id, Entry.kind == EntryKind.IDENTITY).limit(1)
    return session.scalar(query) is not None


def _proposal(entries: list[EntryRead], known: Facts | None, now: datetime) -> triage.Proposal:
    """What the rules read from the words, for a person to decide on."""
    text = " ".join(entry.text for entry in entries if entry.kind in FROM_THEM)
    harms = frozenset(Harm(harm) for harm in known.harms) if known else frozenset[Harm]()
    report = triage.Report(
        text=text, harms=harms, incident_on=known.incident_on if known else None,
        children=known.children if known else None, said=known.severity if known else None,
    )  # fmt: skip
    return triage.propose(report, now)


def _timeline(
    session: Session, case: Case, entries: list[EntryRead], referrals: Iterable[ReferralSeen]
) -> list[Words]:
    query = select(Entry.id, Entry.seen_at).where(Entry.case_id == case.id)
    fetched: dict[UUID, datetime | None] = {row.id: row.seen_at for row in session.execute(query)}
    lines = [
        Words(
            entry.at, Room.NOTE if entry.kind in NOTES else Room.COMPLAINANT, entry.kind, entry.author,
            entry.kind not in FROM_THEM, entry.text, None, fetched.get(entry.id),
        )
        for entry in entries
    ]  # fmt: skip
    for referral in referrals:
        if referral.sent_at is not None:  # what only waits for the clock says the same, and nobody read it
            lines.extend(referral.messages)
    return sorted(lines, key=lambda line: line.at)


def _read_by(session: Session, case: Case) -> tuple[str, ...]:
    query = select(JournalLine.actor).where(
        JournalLine.chain == case.id, JournalLine.move == CaseEvent.OPENED.value
    )
    return tuple(sorted(session.scalars(query.distinct())))


def _colleagues_among(session: Session, case: Case, actor: Actor) -> tuple[str, ...]:
    """Which members of the actor's own organisation opened it, by e-mail: narrowing undoes no reading."""
    read_by = set(_read_by(session, case))
    query = select(Member.id, Member.email).where(Member.organisation_id == actor.organisation_id)
    return tuple(sorted(row.email for row in session.execute(query) if pseudonym(row.id) in read_by))


def _note_reading(session: Session, case: Case, actor: Actor, now: datetime) -> None:
    """One line for each member and day: who read this case, and when."""
    last = session.scalar(
        select(JournalLine.at)
        .where(
            JournalLine.chain == case.id,
            JournalLine.actor == actor.name,
            JournalLine.move == CaseEvent.OPENED.value,
        )
        .order_by(JournalLine.seq.desc())
        .limit(1)
    )
    if last is None or last.astimezone(UTC).date() < now.astimezone(UTC).date():
        journal.append(session, chain=case.id, subject=case.id, actor=actor, move=CaseEvent.OPENED, now=now)
