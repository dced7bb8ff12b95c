"""Whoever can write to the database moves, cuts or alters what is sealed: is it ever read as real?"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from grievance.terms import CannotOpen
from tests.columns import sealed
from tests.figures import Tell
from tests.fixtures import Town
from tests.sealed_world import SealedWorld, living
from tests.services import Services

# One try of these costs an argon2id of 64 MiB.
DEAR = {("member", "private_by_password"), ("member", "private_by_recovery")}
VERSIONED = {"entry": "sealed_version", "referral_message": "sealed_version"}


def _employer(world: SealedWorld, member_id: UUID) -> UUID:
    return next(row.organisation_id for row in world.rows("member") if row.id == member_id)


def _addressee(world: SealedWorld, message: Any) -> UUID:
    return next(row.organisation_id for row in world.rows("referral") if row.id == message.referral_id)


# Of what belongs to an organisation, beside the cases: whose it is.
OF_AN_ORGANISATION: dict[str, Callable[[SealedWorld, Any], UUID]] = {
    "channel": lambda _, row: row.desk_id, "duty": lambda _, row: row.desk_id,
    "member": lambda _, row: row.organisation_id, "member_key": lambda _, row: row.organisation_id,
    "staff_session": lambda world, row: _employer(world, row.member_id),
    "referral_message": _addressee,
}  # fmt: skip


@pytest.fixture
def world(town: Town, services: Services) -> SealedWorld:
    return living(town, services)


def test_moved_cut_or_altered_it_is_refused_and_untouched_it_opens(world: SealedWorld) -> None:
    assert set(world.openers()) == set(sealed()), "a new sealed column has no opener here: nobody proved it"
    desks = {row.desk_id for row in world.rows("grievance_case")}
    assert desks == {world.town.world.desk.id, world.town.world.backup.id}, "values move between desks too"
    for table, of_whom in OF_AN_ORGANISATION.items():
        held = [row for row in world.rows(table) if any(getattr(row, c) for t, c in sealed() if t == table)]
        owners = {of_whom(world, row) for row in held}
        assert len(owners) > 1, f"what is sealed in {table} belongs to one organisation alone"
    _untouched_it_opens(world)
    assert tried(world, flips=3, rows=4)["refused"] > 300


def _untouched_it_opens(world: SealedWorld) -> None:
    opened: Counter[tuple[str, str]] = Counter()
    for table, column in sealed():
        opener = world.openers()[table, column]
        for row in world.rows(table):
            if getattr(row, column) and (table, column) not in DEAR:
                opener(row)
                opened[table, column] += 1
    assert {place: opened[place] for place in sealed() if opened[place] < 2 and place not in DEAR} == {}


@pytest.mark.proof
def test_moved_cut_or_altered_it_is_refused_everywhere(world: SealedWorld, figure: Tell) -> None:
    counted = tried(world, flips=40, rows=40)
    figure(
        f"ciphertext can't move: {len(sealed())} sealed columns, {counted['refused']} tries,"
        f" {counted['refused']} refused, {counted['read']} read"
    )


def tried(world: SealedWorld, *, flips: int, rows: int) -> Counter[str]:
    """Every way of moving and altering, on this many rows of each column; all must be refused."""
    chance = random.Random(7)  # noqa: S311 - which bit is flipped is no secret
    samples = {place: _values(world, *place) for place in sealed()}
    counted: Counter[str] = Counter()
    for place in sealed():
        opener, (table, column) = world.openers()[place], place
        dear = place in DEAR
        there = [row for row in world.rows(table) if getattr(row, column)][: 2 if dear else rows]
        for row in there:
            whole = getattr(row, column)
            for value in _altered(place, whole, samples, chance, 1 if dear else flips):
                if value == whole:
                    continue
                setattr(row, column, value)
                _must_refuse(opener, row, place, counted)
            setattr(row, column, whole)
            if table in VERSIONED:
                setattr(row, VERSIONED[table], getattr(row, VERSIONED[table]) + 1)
                _must_refuse(opener, row, place, counted)
    return counted


def _must_refuse(opener, row, place, counted: Counter[str]) -> None:
    try:
        opener(row)
    except CannotOpen:
        counted["refused"] += 1
    else:
        counted["read"] += 1
        pytest.fail(f"{place[0]}.{place[1]} was read although it was moved or altered")


def _values(world: SealedWorld, table: str, column: str) -> list[bytes]:
    return [value for row in world.rows(table) if (value := getattr(row, column))]


def _altered(
    place: tuple[str, str], whole: bytes, samples: dict, chance: random.Random, flips: int
) -> Iterator[bytes]:
    """Other rows' values of this column, one of every other column, bits flipped, ends cut, a byte more."""
    yield from chance.sample(samples[place], min(len(samples[place]), max(2, flips // 2)))
    if place not in DEAR:
        yield from (chance.choice(values) for other, values in samples.items() if other != place)
    for _ in range(flips):
        at, bit = chance.randrange(len(whole)), 1 << chance.randrange(8)
        yield whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :]
    if place not in DEAR:
        yield from (b"", whole[:1], whole[: len(whole) // 2], whole[:-1], whole + b"\x00")
