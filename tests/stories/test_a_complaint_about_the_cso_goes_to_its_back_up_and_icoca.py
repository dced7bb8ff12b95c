"""A complaint about the organisation that would read it never reaches that organisation."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from grievance.actions import intake
from grievance.schemas.report import ReportIn
from grievance.store import queries, vault
from grievance.store.models import Wrap
from grievance.store.session import transaction
from grievance.terms import Actor, NotFound
from grievance.vocabulary import EntryKind
from tests.fixtures import Town

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
STORY = "L'agent de l'ONG a demandé de l'argent pour prendre ma plainte."


def read_by(actor: Actor, code: str) -> list[str]:
    with transaction(actor) as session:
        case = queries.case_by_code(session, code)
        told = vault.read_entries(session, actor, case.id)
    return [line.text for line in told if line.kind is EntryKind.STORY]


def test_the_back_up_and_icoca_read_it_and_the_accused_holds_no_key(town: Town) -> None:
    said = {
        "channel": "web", "language": "fr", "province": "Lualaba", "harms": ["about_us"], "story": STORY,
        "name": "Nom Inventé", "safe_contact": "web",
    }  # fmt: skip
    received = intake.receive(ReportIn().load(said), now=NOW)

    assert received.desk_name == "ONG Exemple Likasi"
    assert read_by(town.world.backup.actor, received.code) == [STORY]
    assert read_by(town.world.overseer.actor, received.code) == [STORY]
    with pytest.raises(NotFound):
        read_by(town.world.desk.actor, received.code)
    with transaction(town.world.backup.actor) as session:
        wraps = session.scalars(select(Wrap)).all()
    assert town.world.desk.id not in {wrap.organisation_id for wrap in wraps}


def test_icoca_reads_no_identity(town: Town) -> None:
    said = {
        "channel": "web", "language": "fr", "province": "Lualaba", "harms": ["about_us"], "story": STORY,
        "name": "Nom Inventé",
    }  # fmt: skip
    received = intake.receive(ReportIn().load(said), now=NOW)

    actor = town.world.overseer.actor
    with transaction(actor) as session:
        case = queries.case_by_code(session, received.code)
        kinds = {line.kind for line in vault.read_entries(session, actor, case.id)}
    assert EntryKind.STORY in kinds
    assert EntryKind.IDENTITY not in kinds
