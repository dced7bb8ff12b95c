"""Somebody carries off the database and the keys of one program's environment: what opens, exactly?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from grievance.store import keyring
from grievance.store.config_values import apart_label, receipt_label, unfinished_label
from grievance.store.numbers import number_candidates
from grievance.store.receipts import Opening, Pepper
from grievance.store.sealing import WRAPPED_BYTES, pair_of, unwrap
from grievance.terms import CannotOpen, Pair
from tests.apps import TestKeys
from tests.columns import of_class, sealed
from tests.fixtures import Town
from tests.sealed_drafts import Drafts
from tests.sealed_world import SealedWorld, living
from tests.services import Services

# What each program's environment holds beside public halves (config/settings.py).
WEB = ("pepper", "token", "config", "bucket")
SMS_WORKER = ("intake_private", "notifier_private", "number_index", "config", "pepper")

Place = tuple[str, str]
Stored = dict[str, list[Any]]
# Channel secrets, TOTP secrets, duty numbers.
CONFIG = {("channel", "secret_hidden"), ("member", "totp_hidden"), ("duty", "number_hidden")}
# What was sealed to a receipt is sealed once more beneath the pepper; its public half is not.
PUBLIC_HALF = {("receipt", "public_hidden")}
TEXTS = {("inbound", "sealed"), ("dialogue", "sealed_state")}
NUMBERS_TO_TEXT = {("capsule", "sealed"), ("outbox", "sealed_to"), ("outbox", "sealed_text")}
TEXTED = "+243880000200"  # a number that wrote to the desk
DEAR = {("member", "private_by_password"), ("member", "private_by_recovery")}  # an argon2id of 64 MiB each


@pytest.fixture
def world(town: Town, services: Services) -> SealedWorld:
    return living(town, services)


def seized(world: SealedWorld, names: tuple[str, ...]) -> Iterator[SealedWorld]:
    """The town as a thief sees it who has these keys alone, and tries each where a private half is asked."""
    keys = TestKeys()  # of another installation: as good as none
    for name in names:
        setattr(keys, name, getattr(world.town.keys, name))
    for name in names:
        yield _trying(replace(world, town=replace(world.town, keys=keys)), getattr(keys, name)[-1][1])


def _trying(world: SealedWorld, key: bytes) -> SealedWorld:
    def guessed(pair: Pair) -> Pair:
        return Pair(pair.public, key)

    def found(openings: list[Opening]) -> list[Opening]:
        return [Opening(one.lookup, guessed(one.pair)) for one in openings]

    paper = keyring.recovery_for(key).recovery_key_text
    return replace(
        world, pairs={one: guessed(pair) for one, pair in world.pairs.items()},
        members={one: guessed(pair) for one, pair in world.members.items()},
        tenants={public: guessed(pair) for public, pair in world.tenants.items()},
        openings=found(world.openings), drafts=Drafts(found(world.drafts.kept)),
        cookies=dict.fromkeys(world.cookies, key), passwords=dict.fromkeys(world.passwords, key.hex()),
        papers=dict.fromkeys(world.papers, paper),
    )  # fmt: skip


def rows_of(world: SealedWorld) -> Stored:
    """Every row of every table with something sealed."""
    return {table: world.rows(table) for table in sorted({table for table, _ in sealed()})}


def under_the_pepper(world: SealedWorld) -> dict[Place, Callable[[Any], bytes]]:
    """What a receipt leaves: a lookup, a public half, and what is sealed to that half."""
    pepper = Pepper(world.town.keys.pepper)

    def half(column: str) -> Callable[[Any], bytes]:
        return lambda r: pepper.reveal(getattr(r, column), receipt_label(column, r.id, r.case_id))

    return {
        ("receipt", "lookup_hidden"): lambda r: pepper.reveal(r.lookup_hidden),
        ("receipt", "public_hidden"): half("public_hidden"),
        ("receipt", "wraps_hidden"): half("wraps_hidden"),
        ("quarantine", "lookup_hidden"): lambda r: pepper.reveal(r.lookup_hidden),
        ("quarantine", "public_hidden"): lambda r: pepper.reveal(
            r.public_hidden, apart_label("public_hidden", r.id)
        ),
        ("quarantine", "same_hidden"): lambda r: pepper.reveal(r.same_hidden),
        ("unfinished_report", "lookup_hidden"): lambda r: pepper.reveal(r.lookup_hidden),
        ("unfinished_report", "sealed_hidden"): lambda r: pepper.reveal(
            r.sealed_hidden, unfinished_label(r.id)
        ),
    }


def opened(world: SealedWorld, openers: dict[Place, Callable[[Any], object]], stored: Stored) -> set[Place]:
    """The columns of which at least one row opens."""
    found = set()
    for place, opener in openers.items():
        table, column = place
        for row in (row for row in stored[table] if getattr(row, column)):
            with suppress(CannotOpen):
                opener(row)
                found.add(place)
    return found


def opened_by(world: SealedWorld, names: tuple[str, ...]) -> tuple[set[Place], set[Place]]:
    """What opens with any of these keys, and what of receipts opens as far as the pepper goes."""
    stored, whole, halves = rows_of(world), set(), set()
    for number, thief in enumerate(seized(world, names)):
        passed_over = DEAR if number else set()
        tried = {place: one for place, one in thief.openers().items() if place not in passed_over}
        whole |= opened(thief, tried, stored)
        halves |= opened(thief, under_the_pepper(thief), stored)
    return whole, halves


def test_the_web_s_keys_open_channels_codes_duty_numbers_and_receipt_halves_alone(world: SealedWorld) -> None:
    stored = rows_of(world)
    assert opened(world, world.openers(), stored) == set(sealed()), "whoever holds every key opens everything"

    assert opened_by(world, WEB) == (CONFIG | PUBLIC_HALF, set(of_class("sealed:pepper")))
    _the_halves_tell_no_receipt_and_open_no_wrap(world, stored)


def _the_halves_tell_no_receipt_and_open_no_wrap(world: SealedWorld, stored: Stored) -> None:
    thief = next(seized(world, WEB))
    halves = under_the_pepper(thief)
    shown = [opener(row) for (table, _), opener in halves.items() for row in stored[table]]
    keys = [pair_of(getattr(thief.town.keys, name)[-1][1]) for name in WEB]
    wraps = [halves["receipt", "wraps_hidden"](row) for row in stored["receipt"]]
    assert len([wrap for wrap in wraps if len(wrap) == WRAPPED_BYTES]) >= 2
    for wrap in wraps:
        for key in keys:
            with pytest.raises(CannotOpen):
                unwrap(wrap, key)
    for receipt, opening in zip(world.receipts, world.openings, strict=True):
        assert not [one for one in shown if receipt.encode() in one or opening.pair.private in one]


def test_the_sms_worker_s_keys_open_texts_in_passing_and_no_case(world: SealedWorld) -> None:
    whole, halves = opened_by(world, SMS_WORKER)
    assert whole == CONFIG | PUBLIC_HALF | TEXTS | NUMBERS_TO_TEXT
    assert halves == set(of_class("sealed:pepper"))
    _with_the_index_key_a_number_that_is_tried_finds_its_case(world)


def _with_the_index_key_a_number_that_is_tried_finds_its_case(world: SealedWorld) -> None:
    keys, desk = world.town.keys, world.town.world.desk.id
    found = {row.mac for row in world.rows("number_index")}
    assert found & set(number_candidates(keys.number_index, desk, TEXTED))
    for name in WEB:
        assert not found & set(number_candidates(getattr(keys, name), desk, TEXTED))


def test_each_class_of_the_environment_holds_the_columns_that_are_named_here() -> None:
    assert set(of_class("sealed:config")) == CONFIG
    assert set(of_class("sealed:intake")) == TEXTS
    assert set(of_class("sealed:notifier")) == NUMBERS_TO_TEXT
