"""Is every door shut that nobody opened on purpose?"""

from __future__ import annotations

from itertools import product

import pytest

from grievance.rules.access import (
    CLASS_OF,
    TABLE,
    Entrance,
    Relation,
    Thing,
    entrance,
    may,
    reads,
    reads_of,
    who_may,
)
from grievance.terms import Lane, Role
from grievance.vocabulary import DataClass

DESK = (Role.CASE_WORKER, Role.CASE_LEAD)
RESTRICTED = (Lane.SEXUAL_VIOLENCE, Lane.CHILD)
EVERYWHERE = tuple(product(Relation, Lane, (True, False)))
WHOLE = frozenset(DataClass)
THREAD, EVIDENCE, SUMMARY = DataClass.THREAD, DataClass.EVIDENCE, DataClass.SUMMARY


def test_each_role_reads_at_most_its_classes() -> None:
    assert {role: reads(role) for role in Role} == {
        Role.COMPLAINANT: {THREAD},
        Role.CASE_WORKER: WHOLE,
        Role.CASE_LEAD: WHOLE,
        Role.COMPANY: {SUMMARY},
        Role.OVERSEER: {THREAD, EVIDENCE, SUMMARY},
        Role.ADMINISTRATOR: frozenset(),
        Role.CLOCK: frozenset(),
        Role.SMS_WORKER: frozenset(),
    }


def test_members_and_lanes_are_looked_after_by_those_named_and_by_nobody_else() -> None:
    assert who_may(Thing.LANES, Relation.OWN) == {Role.CASE_LEAD}
    assert who_may(Thing.CHANNELS, Relation.OTHER) == {Role.ADMINISTRATOR, Role.SMS_WORKER}
    assert who_may(Thing.NOTES, Relation.OTHER) == frozenset()


@pytest.mark.parametrize("role", [role for role in Role if role not in DESK])
def test_nobody_outside_a_desk_ever_reads_identity_or_notes(role: Role) -> None:
    for relation, lane, in_lane in EVERYWHERE:
        assert not reads_of(role, relation, lane, in_lane) & {DataClass.IDENTITY, DataClass.NOTES}


def test_a_company_reads_its_referral_and_nothing_else_of_any_case() -> None:
    allowed = {
        (thing, relation)
        for thing, (relation, lane, in_lane) in product(Thing, EVERYWHERE)
        if (thing in CLASS_OF or thing is Thing.CASE) and may(Role.COMPANY, thing, relation, lane, in_lane)
    }
    assert allowed == {(Thing.REFERRAL, Relation.ADDRESSED)}


@pytest.mark.parametrize("thing", list(Thing))
def test_a_mine_reads_nothing_of_what_was_sent_to_its_guard_company(thing: Thing) -> None:
    assert not may(Role.COMPANY, thing, Relation.CLIENT_OF_PROVIDER)


@pytest.mark.parametrize("thing", [*CLASS_OF, Thing.CASE, Thing.STATISTICS, Thing.LANES, Thing.DUTY_ROSTER])
def test_the_administrator_reads_no_case_and_no_number(thing: Thing) -> None:
    assert not any(
        may(Role.ADMINISTRATOR, thing, relation, lane, inside) for relation, lane, inside in EVERYWHERE
    )


@pytest.mark.parametrize("role", DESK)
def test_a_hidden_back_up_sees_nothing_until_it_is_shown(role: Role) -> None:
    assert not any(may(role, thing, Relation.BACKUP_HIDDEN) for thing in Thing)
    assert reads_of(role, Relation.BACKUP_SHOWN) == WHOLE


@pytest.mark.parametrize("role", [*DESK, Role.OVERSEER])
def test_who_hears_an_appeal_reads_the_thread_and_evidence_only_when_ticked(role: Role) -> None:
    assert reads_of(role, Relation.APPEALED_TO) == {THREAD}
    assert reads_of(role, Relation.APPEALED_WITH_EVIDENCE) == {THREAD, EVIDENCE}


def test_a_case_that_climbed_in_silence_reaches_icoca_as_workflow_only() -> None:
    assert may(Role.OVERSEER, Thing.CASE, Relation.REACHED)
    assert reads_of(Role.OVERSEER, Relation.REACHED) == frozenset()


@pytest.mark.parametrize(("role", "lane"), list(product(DESK, RESTRICTED)))
def test_outside_its_lane_a_restricted_case_is_a_line_without_content_even_for_the_lead(
    role: Role, lane: Lane
) -> None:
    assert may(role, Thing.CASE, Relation.OWN_DESK, lane, in_lane=False)
    assert reads_of(role, Relation.OWN_DESK, lane, in_lane=False) == frozenset()
    assert reads_of(role, Relation.OWN_DESK, lane, in_lane=True) == WHOLE


def test_a_survivors_referral_is_read_by_the_one_person_she_accepted() -> None:
    assert not may(Role.COMPANY, Thing.REFERRAL, Relation.ADDRESSED, Lane.SEXUAL_VIOLENCE, in_lane=False)
    assert may(Role.COMPANY, Thing.REFERRAL, Relation.ADDRESSED, Lane.SEXUAL_VIOLENCE, in_lane=True)
    assert may(Role.COMPANY, Thing.REFERRAL, Relation.ADDRESSED, Lane.CHILD)


@pytest.mark.parametrize("lane", list(Lane))
def test_a_complainant_reads_their_own_thread_in_every_lane_and_no_other(lane: Lane) -> None:
    assert reads_of(Role.COMPLAINANT, Relation.OWN_CASE, lane) == {THREAD}
    others = set(Relation) - {Relation.OWN_CASE}
    assert not any(may(Role.COMPLAINANT, thing, relation, lane) for thing, relation in product(Thing, others))


@pytest.mark.parametrize("role", list(Role))
def test_without_a_relation_there_is_nothing(role: Role) -> None:
    assert not any(may(role, thing, Relation.NONE) for thing in Thing)


def test_what_is_not_in_the_table_is_refused() -> None:
    for role, relation in set(product(Role, Relation)) - set(TABLE):
        assert not any(may(role, thing, relation, Lane.GENERAL, True) for thing in Thing)


def test_only_the_host_changes_the_registry_and_only_a_lead_its_lanes() -> None:
    changing = {role for role, relation in product(Role, Relation) if may(role, Thing.REGISTRY, relation)}
    laning = {role for role, relation in product(Role, Relation) if may(role, Thing.LANES, relation)}
    assert (changing, laning) == ({Role.ADMINISTRATOR}, {Role.CASE_LEAD})


def test_a_page_goes_by_its_own_line_or_its_room_s_and_an_unknown_one_is_shut() -> None:
    assert entrance("public.start") is Entrance.OPEN
    assert entrance("public.own_page") == {Role.COMPLAINANT}
    assert entrance("desk.case.more") == set(DESK)
    assert entrance("desk") == set(DESK)
    for unknown in ("", "desks", "desk2.queue", "unknown.public", ".public", "Public.start"):
        assert entrance(unknown) == frozenset(), unknown
