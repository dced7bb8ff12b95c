"""A text is held until its sender agrees; then two desks hold keys to it, and only one of them sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from grievance.store import queries, vault
from grievance.store.models import InboundState, Wrap
from grievance.store.session import transaction
from grievance.terms import NotFound
from grievance.vocabulary import EntryKind
from tests.fixtures import Town
from tests.stories.phones import Phone

STORY = "Les gardes ont battu mon frere hier pres du portail"


def test_a_signed_text_is_held_then_sealed_to_both_desks(town: Town) -> None:
    phone = Phone(town)
    asked = phone.says(STORY)

    assert "L'ONG peut lire" in asked[-1]
    (case,) = phone.cases()
    assert case.held
    with pytest.raises(NotFound), transaction(town.world.desk.actor) as session:
        queries.case_by_id(session, case.id)

    phone.says("1")

    actor = town.world.desk.actor
    with transaction(actor) as session:
        seen = queries.case_by_id(session, case.id)
        told = vault.read_entries(session, actor, seen.id, frozenset({EntryKind.STORY}))
    assert [line.text for line in told] == [STORY]
    readers = {wrap.organisation_id for wrap in phone.rows(Wrap)}
    assert readers == {town.world.desk.id, town.world.backup.id}
    with pytest.raises(NotFound), transaction(town.world.backup.actor) as session:
        queries.case_by_id(session, case.id)
    assert {row.state for row in phone.inbound()} == {InboundState.WIPED}


def test_who_says_neither_yes_nor_no_is_heard_after_ten_minutes(town: Town) -> None:
    phone = Phone(town)
    phone.says(STORY)

    phone.work(after=timedelta(minutes=9))
    assert phone.cases()[0].held
    phone.work(after=timedelta(minutes=2))
    assert not phone.cases()[0].held


def test_the_dialogue_ends_with_a_receipt_and_the_code_of_the_case(town: Town) -> None:
    phone = Phone(town)
    phone.says(STORY)
    phone.says("1")
    phone.says("2")
    phone.says("mine exemple A")
    (receipt,) = phone.says("2")

    assert phone.cases()[0].code in receipt
    assert "SUIVI + code" in receipt
