"""A text about sexual violence or a child opens with a lane's key; one about the desk goes past it."""

from __future__ import annotations

import pytest

from grievance.store import queries, vault
from grievance.store.models import Wrap
from grievance.store.sealing import unwrap
from grievance.store.session import transaction
from grievance.terms import Actor, CannotOpen, NotFound, Pair
from grievance.vocabulary import EntryKind, ReaderKind, Severity
from tests.fixtures import Town
from tests.stories.phones import Phone

RAPE = "Un garde a viole ma soeur pres de la mine hier soir"
CHILD = "Les gardes ont battu un enfant de 12 ans hier"
ABOUT_US = "Votre ONG a demande de l'argent pour ma plainte hier"
STORY = frozenset({EntryKind.STORY})


def read(actor: Actor, phone: Phone) -> list[str]:
    """What this actor can open of the one case."""
    (case,) = phone.cases()
    with transaction(actor) as session:
        queries.case_by_id(session, case.id)
        return [line.text for line in vault.read_entries(session, actor, case.id, STORY)]


@pytest.mark.parametrize(
    ("story", "lane"), [(RAPE, ReaderKind.LANE_SEXUAL_VIOLENCE), (CHILD, ReaderKind.LANE_CHILD)]
)
def test_a_restricted_text_opens_only_for_members_of_its_lane(
    town: Town, story: str, lane: ReaderKind
) -> None:
    phone = Phone(town)
    phone.says(story)
    phone.says("1")

    (case,) = phone.cases()
    assert case.restricted
    assert (case.harms, case.territory, case.site_id, case.lane_shown) == ([], None, None, None)
    sealed_to_lane_alone(town, phone, lane)
    assert read(town.world.desk.actor, phone) == [story]
    assert read(town.world.desk.outside_lanes, phone) == []


def test_sexual_violence_gets_help_first_and_is_never_named(town: Town) -> None:
    phone = Phone(town)
    answers = phone.says(RAPE)

    assert "72 h" in answers[0]
    assert "viol" not in " ".join(answers)
    assert phone.cases()[0].severity is Severity.NOW


def sealed_to_lane_alone(town: Town, phone: Phone, lane: ReaderKind) -> None:
    """Every wrap opens with this lane's key of one of the two desks, and none tells which lane it is."""
    wraps = phone.rows(Wrap)
    assert {(wrap.reader, wrap.reader_public) for wrap in wraps} == {(ReaderKind.LANE, b"")}
    pairs = [desk.pairs[lane] for desk in (town.world.desk, town.world.backup)]
    assert all(any(opens(wrap, pair) for pair in pairs) for wrap in wraps)


def opens(wrap: Wrap, reader: Pair) -> bool:
    try:
        return len(unwrap(wrap.wrapped, reader)) == 32
    except CannotOpen:
        return False


def test_a_story_that_becomes_restricted_with_its_second_text_is_sealed_to_the_lane(town: Town) -> None:
    phone = Phone(town)
    phone.says("Ma soeur est revenue de la mine en pleurant hier soir")
    phone.says(RAPE)
    phone.says("1")

    sealed_to_lane_alone(town, phone, ReaderKind.LANE_SEXUAL_VIOLENCE)
    assert phone.cases()[0].restricted


def test_a_text_about_the_desk_goes_past_it(town: Town) -> None:
    phone = Phone(town)
    phone.says(ABOUT_US)
    phone.says("1")

    with pytest.raises(NotFound):
        read(town.world.desk.actor, phone)
    assert read(town.world.backup.actor, phone) == [ABOUT_US]
    readers = {wrap.organisation_id for wrap in phone.rows(Wrap)}
    assert town.world.desk.id not in readers
    assert town.world.overseer.id in readers
