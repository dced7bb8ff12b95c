"""What is a new case made of? A proposal, two desks by place, a row in clear, the rest sealed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from grievance.actions import clocks, readers
from grievance.rules import triage
from grievance.rules.routing import DeskChoice, desk_for
from grievance.schemas.report import Incident, Report
from grievance.store import journal, queries, vault
from grievance.store.journal import CaseEvent
from grievance.store.models import Case
from grievance.store.receipts import mint_code
from grievance.terms import Actor, CaseAction, CaseState, Lane, Pair, Place
from grievance.vocabulary import DataClass, EntryKind, Harm, Severity

# Africa/Lubumbashi is two hours ahead of UTC all year.
KATANGA_HOURS = timedelta(hours=2)


def propose(report: Report, now: datetime) -> triage.Proposal:
    """What the rules read from a report: severity, harms, lane and urgent help."""
    return triage.propose(
        triage.Report(
            text=" ".join(filter(None, (report.story, report.clue_text, report.wished))),
            harms=report.harms,
            danger=report.danger,
            incident_on=incident_day(report, now),
            children=report.children,
        ),
        now,
    )


def incident_day(report: Report, now: datetime) -> date | None:
    """The local day of the incident, when it is known."""
    today = (now + KATANGA_HOURS).date()
    said = {Incident.TODAY: today, Incident.YESTERDAY: today - timedelta(days=1)}
    return said.get(report.incident, report.incident_on)


def choose_desk(
    session: Session, place: Place, excluded: frozenset[UUID], harms: frozenset[Harm], lane: Lane
) -> DeskChoice:
    """The desk by place; never one complained about, and for a restricted lane one that can hold it.

    With no second CSO left, the overseer stands in as back-up. Raises Refused when nobody is left.
    """
    facts = queries.coverage_facts(session)
    overseer = queries.overseer(session)
    overseer_id = overseer.id if overseer else None
    choice = desk_for(place, facts, excluded, overseer_id)
    if Harm.ABOUT_US in harms:
        choice = desk_for(place, facts, excluded | {choice.desk_id}, overseer_id)
    if lane is not Lane.GENERAL and not readers.holds_lane(session, choice.desk_id, lane):
        return _exchanged(session, choice, lane)
    return choice


def _exchanged(session: Session, choice: DeskChoice, lane: Lane) -> DeskChoice:
    """The back-up first, if it has the keyed members that the desk lacks."""
    if not readers.holds_lane(session, choice.backup_id, lane):
        return choice
    return replace(choice, desk_id=choice.backup_id, backup_id=choice.desk_id, instead=True)


def new_case(
    report: Report, proposal: triage.Proposal, choice: DeskChoice, now: datetime, *, held: bool = False
) -> Case:
    """A case's row, not yet stored. Of a restricted case only province and month stand in clear."""
    local_day = incident_day(report, now)
    case = Case(
        id=uuid4(), code=mint_code(), desk_id=choice.desk_id, backup_id=choice.backup_id,
        state=CaseState.RECEIVED, held=held, restricted=proposal.lane is not Lane.GENERAL,
        severity=proposal.severity, harms=sorted(h.value for h in proposal.harms), actor=report.actor,
        channel=report.channel, language=report.language, speaks_as=report.speaks_as,
        affected_agree=report.affected_agree, safe_contact=report.safe_contact, share=report.share.value,
        persons=report.persons, women=report.women, men=report.men, children=report.children,
        province=report.place.province or None, territory=report.place.territory,
        site_id=report.place.site_id, incident_on=local_day,
        incident_month=local_day.replace(day=1) if local_day else None,
        policy=clocks.policy().version, received_at=now, fresh_at=now,
    )  # fmt: skip
    if Harm.ABOUT_US in proposal.harms:
        case.overseer_visible = True
    if case.restricted:
        blank(case)
    return case


def blank(case: Case) -> None:
    """Takes out of a restricted case's clear columns all but the province, the month and the workflow.

    Its severity reads `now` whatever happened: a dump must not tell how grave it is.
    """
    case.severity = Severity.NOW
    case.harms = []
    case.lane_shown = case.site_id = case.territory = case.incident_on = case.actor = case.share = None
    case.persons = case.women = case.men = case.children = None


def seal_report(
    session: Session, case: Case, report: Report, proposal: triage.Proposal, *, actor: Actor, now: datetime
) -> dict[DataClass, Pair]:
    """The case's four pairs, wrapped to both desks, what was said sealed under them, the first line."""
    session.flush()
    pairs = vault.make_case_pairs(session, case.id, readers.of_case(session, case, proposal.lane))
    sealed: dict[EntryKind, bytes] = {}
    for data_class, kind, text in parts(report, proposal, case.restricted):
        row = pairs[data_class][0]
        entry = vault.write_entry(session, case, data_class, kind, text, actor=actor, now=now, pair=row)
        sealed[kind] = vault.entry_commitment(entry)
    journal.append(
        session, chain=case.id, subject=case.id, actor=actor, move=CaseEvent.RECEIVED, now=now,
        to_state=case.state.value, commitment=sealed.get(EntryKind.STORY, journal.NOTHING),
    )  # fmt: skip
    if EntryKind.CONSENT_GIVEN in sealed:
        journal.append(
            session, chain=case.id, subject=case.id, actor=actor, move=CaseAction.CONSENT, now=now,
            commitment=sealed[EntryKind.CONSENT_GIVEN],
        )  # fmt: skip
    return {data_class: pair for data_class, (_, pair) in pairs.items()}


def parts(
    report: Report, proposal: triage.Proposal, restricted: bool
) -> list[tuple[DataClass, EntryKind, str]]:
    """What is sealed of a report, each with its class and kind; what was not said is left out."""
    identity = {"name": report.name, "phone": report.phone}
    found = [
        (DataClass.THREAD, EntryKind.STORY, report.story),
        (DataClass.THREAD, EntryKind.REMEDY_WISHED, report.wished),
        (DataClass.THREAD, EntryKind.PLACE, report.place.near),
        (DataClass.THREAD, EntryKind.CLUES, report.clue_text or ", ".join(sorted(report.clues))),
        (DataClass.IDENTITY, EntryKind.IDENTITY, json.dumps(identity) if any(identity.values()) else None),
        (DataClass.NOTES, EntryKind.RESTRICTED_FACTS, _facts(report, proposal) if restricted else None),
        (DataClass.NOTES, EntryKind.CONSENT_GIVEN, _agreed(report)),
    ]
    return [(data_class, kind, text) for data_class, kind, text in found if text]


def _agreed(report: Report) -> str | None:
    if report.consent_how is None:
        return None
    return json.dumps({
        "how": report.consent_how.value, "by": report.consent_by, "on": str(report.consent_on or ""),
        "text": report.consent_given,
    })  # fmt: skip


def _facts(report: Report, proposal: triage.Proposal) -> str:
    return json.dumps({
        "lane": proposal.lane.value, "severity": proposal.severity.value,
        "harms": sorted(h.value for h in proposal.harms),
        "site_id": str(report.place.site_id or ""), "territory": report.place.territory,
        "incident": report.incident.value, "incident_on": str(report.incident_on or ""),
        "actor": report.actor, "share": report.share.value, "persons": report.persons,
        "women": report.women, "men": report.men, "children": report.children,
    })  # fmt: skip
