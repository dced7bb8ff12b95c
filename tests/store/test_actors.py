"""As whom does each part of the system act? Exactly these, and the names in the journal never change."""

from __future__ import annotations

from uuid import UUID

import pytest

from grievance.store.actors import (
    BY_SMS_ACTOR,
    INTAKE_ACTOR,
    SMS_ACTOR,
    STATS_ACTOR,
    SWEEP_ACTOR,
    complainant_actor,
    door_actor,
    pseudonym,
    staff_actor,
)
from grievance.store.models import Member
from grievance.terms import Actor, DatabaseRole, Role

KEYS = {b"p" * 32: b"k" * 32}
# What lines of the journal hold since the first day.
NAMES = {1: "m-7c3ccd10bb7e", 2: "m-692865c9a376"}


@pytest.mark.parametrize("number", NAMES)
def test_a_member_has_the_name_in_the_journal_that_they_had_on_the_first_day(number: int) -> None:
    assert pseudonym(UUID(int=number)) == NAMES[number]


@pytest.mark.parametrize("role", list(Role))
def test_a_member_acts_in_their_own_role_for_their_own_organisation(role: Role) -> None:
    member = Member(id=UUID(int=1), organisation_id=UUID(int=5), role=role)

    assert staff_actor(member, KEYS) == Actor(
        role, DatabaseRole.WEB, NAMES[1], organisation_id=UUID(int=5), member_id=UUID(int=1), keys=KEYS
    )


def test_a_complainant_acts_in_their_own_case_alone() -> None:
    assert complainant_actor(UUID(int=7), KEYS) == Actor(
        Role.COMPLAINANT, DatabaseRole.WEB, "complainant", case_id=UUID(int=7), keys=KEYS
    )


def test_what_a_session_forgets_later_the_actor_still_holds_and_the_other_way_round() -> None:
    member, opened = Member(id=UUID(int=1), organisation_id=UUID(int=5), role=Role.CASE_LEAD), dict(KEYS)
    actors = [staff_actor(member, opened), complainant_actor(UUID(int=7), opened)]
    opened.clear()

    assert [actor.keys for actor in actors] == [KEYS, KEYS]


def test_whoever_stands_at_the_door_has_a_key_to_one_row_and_no_role_of_staff() -> None:
    assert door_actor(b"a hash") == Actor(Role.COMPLAINANT, DatabaseRole.DOOR, "door", session_hash=b"a hash")


NOBODYS = {
    "intake": (INTAKE_ACTOR, Actor(Role.COMPLAINANT, DatabaseRole.INTAKE, "complainant")),
    "the sms worker": (SMS_ACTOR, Actor(Role.SMS_WORKER, DatabaseRole.SMS, "sms-worker")),
    "by sms": (BY_SMS_ACTOR, Actor(Role.COMPLAINANT, DatabaseRole.SMS, "complainant-by-sms")),
    "the clock": (SWEEP_ACTOR, Actor(Role.CLOCK, DatabaseRole.SWEEP, "clock")),
    "statistics": (STATS_ACTOR, Actor(Role.CLOCK, DatabaseRole.STATS, "statistics")),
}


@pytest.mark.parametrize("who", NOBODYS)
def test_those_who_are_nobody_s_session_hold_no_key_and_belong_nowhere(who: str) -> None:
    acting, meant = NOBODYS[who]
    assert acting == meant
