"""Does each hour put its new lines under a head, and each day sign the newest, exactly once?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from grievance.actions import anchoring, journal_checks
from grievance.rules.merkle import Tree, packed
from grievance.store.actors import door_actor
from grievance.store.models import (
    Base,
    JournalAnchor,
    JournalHour,
    JournalLeaf,
    JournalLine,
    Organisation,
    Outbox,
)
from grievance.vocabulary import Language, OrganisationKind
from tests.services import Database, Services
from tests.store.ledger import FIRST, HOUR, NOW, SECOND, happened

KEYS = ((1, bytes(32)), (2, bytes(range(32))))
ANYBODY = door_actor(b"")
SLOT = NOW.replace(minute=0, second=0, microsecond=0)

pytestmark = pytest.mark.usefixtures("swept")


def rows(engine: Engine, model: type[Base], order: Any) -> list[Any]:
    with Session(engine) as session:
        return list(session.scalars(select(model).order_by(order)))


def thirty_two(kept: bytes) -> list[bytes]:
    return [kept[at : at + 32] for at in range(0, len(kept), 32)]


def test_the_first_head_stands_over_every_line_by_the_written_form(empty_engine: Engine) -> None:
    happened(SECOND)
    happened(FIRST, 2)
    with empty_engine.begin() as connection:  # the first line lies behind the second on the disk
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(text("update journal_line set actor = actor where seq = 1"))

    assert anchoring.publish(NOW) == 1
    (hour,) = rows(empty_engine, JournalHour, JournalHour.number)
    leaves = rows(empty_engine, JournalLeaf, JournalLeaf.chain)
    told = rows(empty_engine, JournalLine, JournalLine.chain)
    assert [(leaf.chain, leaf.first_seq, leaf.last_seq, leaf.number, len(leaf.salt)) for leaf in leaves] == [
        (FIRST, 1, 2, 1, 16), (SECOND, 1, 1, 1, 16),
    ]  # fmt: skip
    assert leaves[0].salt != leaves[1].salt
    for leaf in leaves:
        own = sorted((line for line in told if line.chain == leaf.chain), key=lambda line: line.seq)
        assert leaf.hashes == b"".join(line.hash for line in own)
    tree = Tree(hashlib.sha256(leaf.salt + Tree(thirty_two(leaf.hashes)).root).digest() for leaf in leaves)
    assert [leaf.path for leaf in leaves] == [packed(tree.path(place)) for place in (0, 1)]
    said = f"head-1\x1f1\x1f1772528400250001\x1f{tree.root.hex()}".encode()
    assert (hour.number, hour.slot, hour.at, hour.root, hour.previous, hour.hash) == (
        1, SLOT, NOW, tree.root, bytes(32), hashlib.sha256(bytes(32) + said).digest(),
    )  # fmt: skip


def test_the_next_head_stands_on_the_one_before_and_over_new_lines_alone(
    empty_engine: Engine, empty: Database
) -> None:
    happened(FIRST, 2)
    anchoring.publish(NOW)
    happened(FIRST, 3)
    happened(SECOND)

    assert anchoring.publish(NOW + HOUR) == 2
    first, second = rows(empty_engine, JournalHour, JournalHour.number)
    assert (second.previous, second.at, second.slot) == (first.hash, NOW + HOUR, SLOT + HOUR)
    leaves = rows(empty_engine, JournalLeaf, JournalLeaf.last_seq)
    assert sorted((leaf.chain, leaf.first_seq, leaf.last_seq, leaf.number) for leaf in leaves) == [
        (FIRST, 1, 2, 1), (FIRST, 3, 5, 2), (SECOND, 1, 1, 2),
    ]  # fmt: skip
    assert journal_checks.verify(empty.owner_url).faults == ()


def test_an_hour_has_one_head_and_one_without_news_has_none(empty_engine: Engine) -> None:
    assert anchoring.publish(NOW) is None
    happened(FIRST)
    assert anchoring.publish(NOW) == 1
    happened(FIRST)
    assert anchoring.publish(NOW.replace(minute=59, second=59)) is None
    assert anchoring.publish(NOW.replace(hour=10, minute=0, second=0, microsecond=0)) == 2
    assert anchoring.publish(NOW + 2 * HOUR) is None
    assert len(rows(empty_engine, JournalHour, JournalHour.number)) == 2


def test_a_head_is_never_earlier_than_the_one_before(empty_engine: Engine) -> None:
    happened(FIRST)
    anchoring.publish(NOW)
    happened(FIRST)

    assert anchoring.publish(NOW - 3 * HOUR) == 2
    _, second = rows(empty_engine, JournalHour, JournalHour.number)
    assert (second.slot, second.at) == (SLOT - 3 * HOUR, NOW)


def test_the_anchor_of_a_day_is_the_newest_head_signed_by_the_newest_key(empty_engine: Engine) -> None:
    assert anchoring.anchor(NOW, key=KEYS) is None
    for hours in (0, 1):
        happened(FIRST)
        anchoring.publish(NOW + hours * HOUR)

    made = anchoring.anchor(NOW + 2 * HOUR, key=KEYS)
    _, newest = rows(empty_engine, JournalHour, JournalHour.number)
    assert made is not None
    assert (made.day, made.number, made.at, made.hash) == (date(2026, 3, 3), 2, newest.at, newest.hash)
    assert made.public_key.hex() == "71f7195117883654cafdcb35f1a59fb8ff823d6589bcac0f936669a17b2637e5"
    assert made.holds()
    (row,) = rows(empty_engine, JournalAnchor, JournalAnchor.day)
    assert (row.day, row.number, row.at, row.hash, row.key_version, row.public_key, row.signature) == (
        made.day, 2, made.at, made.hash, 2, made.public_key, made.signature,
    )  # fmt: skip


def test_a_day_has_one_anchor_and_a_head_is_not_signed_twice() -> None:
    happened(FIRST)
    anchoring.publish(NOW)
    assert anchoring.anchor(NOW, key=KEYS) is not None
    happened(FIRST)
    anchoring.publish(NOW + HOUR)
    assert anchoring.anchor(NOW + 2 * HOUR, key=KEYS) is None

    second = anchoring.anchor(NOW + timedelta(days=1), key=KEYS)
    assert second is not None
    assert second.number == 2
    assert anchoring.anchor(NOW + timedelta(days=2), key=KEYS) is None


def test_a_day_begins_at_midnight_in_lubumbashi() -> None:
    happened(FIRST)
    anchoring.publish(NOW)

    made = anchoring.anchor(datetime(2026, 3, 3, 22, 0, tzinfo=UTC), key=KEYS)
    assert made is not None
    assert made.day == date(2026, 3, 4)


def test_every_organisation_but_the_host_is_told_of_the_anchor_in_its_language(empty_engine: Engine) -> None:
    kinds = list(OrganisationKind)
    with Session(empty_engine) as session:
        for number, kind in enumerate(kinds):
            session.add(
                Organisation(
                    id=UUID(int=number), name=kind.value, kind=kind, created_at=NOW,
                    language=Language.SWAHILI if number == 1 else Language.FRENCH,
                )
            )  # fmt: skip
        session.commit()
    happened(FIRST)
    anchoring.publish(NOW)
    anchoring.anchor(NOW + HOUR, key=KEYS)

    told = rows(empty_engine, Outbox, Outbox.organisation_id)
    assert [(row.organisation_id, row.language) for row in told] == [
        (UUID(int=number), Language.SWAHILI if number == 1 else Language.FRENCH)
        for number, kind in enumerate(kinds)
        if kind is not OrganisationKind.HOST
    ]
    for row in told:
        assert (row.template, row.audience, row.values) == ("anchor", "leads", {"day": "2026-03-03"})
        assert row.once == f"anchor:2026-03-03:{row.organisation_id}:leads"
        assert (row.created_at, row.next_at, row.case_id, row.referral_id) == (
            NOW + HOUR,
            NOW + HOUR,
            None,
            None,
        )


def test_anybody_reads_heads_and_anchors_newest_first_and_in_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert anchoring.newest(ANYBODY) is None
    made = []
    for days in range(3):
        happened(FIRST)
        anchoring.publish(NOW + timedelta(days=days))
        made.append(anchoring.anchor(NOW + timedelta(days=days), key=KEYS))

    hours, anchors = anchoring.published(ANYBODY)
    assert ([hour.number for hour in hours], anchors) == ([3, 2, 1], made[::-1])
    hours, anchors = anchoring.published(ANYBODY, before=3)
    assert ([hour.number for hour in hours], anchors) == ([2, 1], made[1::-1])
    assert anchoring.published(ANYBODY, before=1) == ([], [])
    assert anchoring.newest(ANYBODY) == made[2]
    assert anchoring.MOST_SHOWN == 200
    monkeypatch.setattr(anchoring, "MOST_SHOWN", 2)
    hours, anchors = anchoring.published(ANYBODY)
    assert ([hour.number for hour in hours], anchors) == ([3, 2], made[:0:-1])


@pytest.mark.parametrize(
    "doing", [anchoring.publish, lambda now: anchoring.anchor(now, key=KEYS)], ids=["publish", "anchor"]
)
def test_of_several_sweepers_one_waits_for_the_other(
    doing: Callable[[datetime], object], store_app: Flask, empty: Database, services: Services
) -> None:
    happened(FIRST)
    anchoring.publish(NOW - HOUR)
    happened(FIRST)

    def sweep() -> object:
        with store_app.app_context():
            return doing(NOW)

    with services.connect(empty.name) as other, ThreadPoolExecutor(1) as pool:
        other.execute("select pg_advisory_lock(5407312)")
        waiting = pool.submit(sweep)
        while not waiting.done() and not _somebody_waits(services, empty):
            sleep(0.02)
        assert not waiting.done()
        other.execute("select pg_advisory_unlock(5407312)")
        assert waiting.result(timeout=60) is not None


def _somebody_waits(services: Services, database: Database) -> bool:
    with services.connect(database.name) as asking:
        found = asking.execute(
            "select 1 from pg_locks where locktype = 'advisory' and not granted"
            " and database = (select oid from pg_database where datname = current_database())"
        )
        return found.fetchone() is not None
