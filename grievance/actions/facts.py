"""What is known of an incident, and where is it kept: in the case's clear columns, or sealed to its notes?"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from grievance.actions import new_cases
from grievance.actions.incident_values import Facts
from grievance.rules.clocks import column
from grievance.rules.routing import Companies, companies_for
from grievance.store import queries, vault
from grievance.store.models import Case
from grievance.terms import Actor, Lane
from grievance.vocabulary import ActorKind, DataClass, EntryKind, Severity

SEALED = frozenset({EntryKind.RESTRICTED_FACTS})
NUMBERS = ("persons", "women", "men", "children")


def facts_of(session: Session, actor: Actor, case: Case) -> Facts | None:
    """What is known; None when it is sealed and this actor's keys do not open it."""
    if not case.restricted:
        return Facts(
            Lane.GENERAL, case.severity, tuple(case.harms), case.actor, case.share, case.province,
            case.territory, case.site_id, case.incident_on, case.persons, case.women, case.men, case.children,
        )  # fmt: skip
    kept = vault.read_entries(session, actor, case.id, SEALED)
    return _read(json.loads(kept[-1].text), case) if kept else None


def store(session: Session, case: Case, facts: Facts, *, actor: Actor, now: datetime) -> None:
    """Keeps what is known where the case's lane says. A restricted row shows only province and month."""
    case.restricted = facts.lane is not Lane.GENERAL
    case.severity = column(facts.severity, case.restricted, case.called_at is not None)
    case.province = facts.province
    case.incident_month = facts.incident_on.replace(day=1) if facts.incident_on else case.incident_month
    if case.restricted:
        new_cases.blank(case)
        text = json.dumps({key: _plain(value) for key, value in asdict(facts).items()})
        vault.write_entry(
            session, case, DataClass.NOTES, EntryKind.RESTRICTED_FACTS, text, actor=actor, now=now
        )
        return
    case.harms, case.actor, case.share = list(facts.harms), facts.actor, facts.share
    case.territory, case.site_id, case.incident_on = facts.territory, facts.site_id, facts.incident_on
    case.persons, case.women, case.men, case.children = (
        facts.persons, facts.women, facts.men, facts.children,
    )  # fmt: skip


def companies(session: Session, case: Case, facts: Facts | None) -> Companies:
    """The companies that site and day point to; of what is unknown the value says so."""
    site = queries.site(session, facts.site_id) if facts else None
    if facts is None or site is None:
        return companies_for(None, None, None, ())
    contracts = queries.contract_facts(session, site.id)
    return companies_for(site.id, facts.incident_on, site.client_id, contracts, case.received_at.date())


def _read(kept: dict[str, Any], case: Case) -> Facts:
    return Facts(
        lane=Lane(kept["lane"]),
        severity=Severity(kept.get("severity") or case.severity),
        harms=tuple(kept["harms"]),
        actor=ActorKind(kept["actor"]) if kept.get("actor") else None,
        share=kept.get("share"),
        province=case.province,
        territory=kept.get("territory"),
        site_id=UUID(kept["site_id"]) if kept.get("site_id") else None,
        incident_on=_day(kept, case),
        **{name: kept.get(name) for name in NUMBERS},
    )


def _day(kept: dict[str, Any], case: Case) -> date | None:
    """The day itself, or what "today" and "yesterday" meant when the report came."""
    if kept.get("incident_on"):
        return date.fromisoformat(kept["incident_on"])
    ago = {"today": 0, "yesterday": 1}.get(kept.get("incident", ""))
    local = (case.received_at + new_cases.KATANGA_HOURS).date()
    return None if ago is None else local - timedelta(days=ago)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, (UUID, date)) else value
