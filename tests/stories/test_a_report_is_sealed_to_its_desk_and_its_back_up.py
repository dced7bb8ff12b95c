"""A report is committed, sealed to the triage keys of two desks, and only one of them sees it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from grievance.actions import intake
from grievance.schemas.report import ReportIn
from grievance.store import queries, receipts, vault
from grievance.store.session import transaction
from grievance.terms import NotFound
from grievance.vocabulary import EntryKind
from tests.fixtures import Town

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
STORY = "Les gardes m'ont frappé près du portail, mon bras est cassé."


def report(town: Town, **more: object) -> object:
    said = {
        "channel": "web", "language": "fr", "province": "Lualaba", "site_id": str(town.world.site.id),
        "incident": "yesterday", "harms": ["assault"], "story": STORY, "share": "both",
        "safe_contact": "web",
    }  # fmt: skip
    return ReportIn().load(said | more)


def half() -> intake.ReceiptHalf:
    opening = receipts.open_receipt(receipts.mint())
    return intake.ReceiptHalf(opening.lookup, opening.pair.public)


def test_the_desk_reads_the_story_and_its_back_up_sees_nothing_yet(town: Town) -> None:
    received = intake.receive(report(town), opening=half(), now=NOW)

    assert received.desk_name == "ONG Exemple Kolwezi"
    actor = town.world.desk.actor
    with transaction(actor) as session:
        case = queries.case_by_code(session, received.code)
        told = vault.read_entries(session, actor, case.id, frozenset({EntryKind.STORY}))
    assert [line.text for line in told] == [STORY]
    for stranger in (town.world.backup.actor, town.world.provider.actor, town.world.overseer.actor):
        with pytest.raises(NotFound), transaction(stranger) as session:
            queries.case_by_code(session, received.code)


def test_the_same_form_posted_twice_is_one_case(town: Town) -> None:
    receipt = half()
    first = intake.receive(report(town), opening=receipt, now=NOW)
    second = intake.receive(report(town), opening=receipt, now=NOW)

    assert second.code == first.code
    assert second.already


def test_a_child_s_case_shows_nothing_but_province_and_month(town: Town) -> None:
    received = intake.receive(report(town, harms=["child_harmed"], children=1), opening=half(), now=NOW)

    with transaction(town.world.desk.actor) as session:
        case = queries.case_by_code(session, received.code)
    assert case.restricted
    assert case.province == "Lualaba"
    clear = (case.site_id, case.incident_on, case.children, case.actor, case.territory)
    assert (case.harms, *clear) == ([], None, None, None, None, None)
    with transaction(town.world.desk.outside_lanes) as session:
        assert vault.read_entries(session, town.world.desk.outside_lanes, case.id) == []
