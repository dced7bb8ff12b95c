"""Somebody tries receipts, at the door or against a stolen database: do they learn which ones exist?"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from statistics import median

import pytest
import redis
from flask.testing import FlaskClient
from sqlalchemy import LargeBinary
from werkzeug.test import TestResponse

from grievance.actions import intake
from grievance.store import receipts
from grievance.store.models import Base
from grievance.store.receipts import Opening, Pepper
from grievance.store.sealing import WRAPPED_BYTES, open_box, pair_of, wrap
from grievance.terms import CannotOpen
from tests import desk_work
from tests.figures import Tell
from tests.fixtures import Town
from tests.sealed_world import SealedWorld, living, now
from tests.services import Services
from tests.web.receipt_field import field_of

WITHIN = 0.005  # seconds between the medians


def given(town: Town) -> str:
    """The receipt of somebody who reported."""
    receipt = receipts.mint()
    opening = receipts.open_receipt(receipt)
    half = intake.ReceiptHalf(opening.lookup, opening.pair.public)
    intake.receive(desk_work.report(town), opening=half, now=now())
    return receipt


def tried(client: FlaskClient, typed: str) -> TestResponse:
    return client.post("/fr/suivi", data={"recu": typed})


def timed(town: Town, count: int, clock) -> dict[str, list[float]]:
    """Receipts that exist, that do not, and what is none at all, one after the other, from fresh browsers."""
    known, seen = [given(town) for _ in range(10)], defaultdict(list)
    counts = redis.Redis.from_url(town.redis_url)
    for turn in range(count):
        counts.flushdb()  # as if each came alone: who tries many is asked a sum first
        for kind, typed in (("known", known[turn % 10]), ("unknown", receipts.mint()), ("none", "1234 5678")):
            client = town.app.test_client()
            began = clock()
            answer = tried(client, typed)
            seen[kind].append(clock() - began)
            assert answer.status_code == (303 if kind == "known" else 422)
    counts.close()
    return seen


def gaps(seen: dict[str, list[float]]) -> dict[str, float]:
    base = median(seen["unknown"])
    return {kind: median(times) - base for kind, times in seen.items()}


def headers_of(page: TestResponse) -> tuple[tuple[str, str], ...]:
    """All but the time, and the length, which is that of what was typed."""
    return tuple(sorted((k, v) for k, v in page.headers if k not in ("Date", "Content-Length")))


def test_wrong_and_unknown_receipts_get_the_same_bytes_apart_from_what_was_typed(town: Town) -> None:
    # Nothing at all is no receipt that could exist: it is told to be written, in words of its own.
    wrong = [receipts.mint(), "0" * 16, "12", "mbwa"]
    pages = [tried(town.app.test_client(), typed) for typed in wrong]
    bodies = [page.text for page in pages]
    bare = [body.replace(field_of(typed), field_of("")) for body, typed in zip(bodies, wrong, strict=True)]
    assert {page.status_code for page in pages} == {422}
    assert len(set(bare)) == 1
    assert len({headers_of(page) for page in pages}) == 1
    assert all(body.count(field_of(typed)) == 1 for body, typed in zip(bodies, wrong, strict=True))


def test_a_wrong_receipt_stays_in_its_field_to_be_corrected(town: Town) -> None:
    typed = "9876 5432 1098 765"
    page = tried(town.app.test_client(), typed)
    assert page.text.count(field_of(typed)) == 1
    assert page.get_data().count(typed.encode()) == 1


def test_what_was_typed_as_a_receipt_is_text_never_markup(town: Town) -> None:
    page = tried(town.app.test_client(), '"><b>mbwa</b>')
    assert b"<b>mbwa" not in page.get_data()


def test_a_receipt_that_exists_costs_what_another_costs(town: Town) -> None:
    # The quickest of each, so that a busy machine does not decide.
    seen = timed(town, 20, time.perf_counter)
    quickest = {kind: min(times) for kind, times in seen.items()}
    assert abs(quickest["known"] - quickest["unknown"]) < WITHIN
    assert abs(quickest["none"] - quickest["unknown"]) < WITHIN


@pytest.mark.proof
@pytest.mark.timed
def test_five_hundred_of_each_cannot_be_told_apart_by_their_time(town: Town, figure: Tell) -> None:
    worked, waited = timed(town, 500, time.thread_time), timed(town, 500, time.perf_counter)
    told, seen = gaps(worked), gaps(waited)
    figure(
        f"receipts: 2 x 500 known and unknown; medians apart by {told['known'] * 1000:.2f} ms of work and"
        f" {seen['known'] * 1000:.2f} ms of waiting (median {median(waited['unknown']) * 1000:.0f} ms);"
        f" no receipt at all {told['none'] * 1000:.2f} and {seen['none'] * 1000:.2f} ms"
    )
    assert abs(told["known"]) < WITHIN
    assert abs(told["none"]) < WITHIN
    assert abs(seen["known"]) < WITHIN


def test_a_dump_without_the_pepper_tests_no_receipt_even_the_right_one(
    town: Town, services: Services
) -> None:
    world = living(town, services)
    dump, thief, with_pepper = stolen(world), Pepper(((1, os.urandom(32)),)), Pepper(town.keys.pepper)
    assert len(dump) > 200
    # Of reports that were sent, and of some that were put down.
    openings = [*map(receipts.open_receipt, world.receipts), *world.drafts.kept]
    assert len(openings) > len(world.receipts) > 2
    for opening in openings:
        derived = (opening.lookup, opening.pair.public, opening.pair.private)
        assert [place for place, value in dump if any(part in value for part in derived)] == []
        assert [place for place, value in dump if opens(value, opening)] == []
        assert thief.hide(opening.lookup) not in {value for _, value in dump}
        assert with_pepper.hide(opening.lookup) in {value for _, value in dump}, "the pepper finds it"


def test_what_a_thief_without_pepper_seeks_would_be_found_if_it_stood_there() -> None:
    opening = receipts.open_receipt(receipts.mint())
    boxed = wrap(b"k" * 32, opening.pair.public)
    assert len(boxed) == WRAPPED_BYTES
    for value in (boxed, b"xyz" + boxed, b"\x01" + boxed + b"more"):
        assert opens(value, opening), len(value)
    assert not opens(os.urandom(200), opening)


def stolen(world: SealedWorld) -> list[tuple[str, bytes]]:
    """Every value of every column of bytes, as a backup has it."""
    return [
        (f"{table.name}.{column.name}", value)
        for table in Base.metadata.sorted_tables
        if "id" in table.columns
        for column in table.columns
        if isinstance(column.type, LargeBinary)
        for row in world.rows(table.name)
        if (value := getattr(row, column.name))
    ]


def opens(value: bytes, opening: Opening) -> bool:
    """Whether the receipt's own key opens anything here, wherever a sealed box may begin."""
    for start in range(min(4, max(1, len(value) - WRAPPED_BYTES + 1))):
        for end in {len(value), start + WRAPPED_BYTES}:
            try:
                open_box(value[start:end], pair_of(opening.pair.private))
            except CannotOpen:
                continue
            return True
    return False
