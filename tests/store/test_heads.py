"""What is named, and what is not, when lines, heads and anchors no longer agree?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from grievance.store import heads
from grievance.store.heads import Anchor
from grievance.store.models import JournalAnchor, JournalHour, JournalLeaf, JournalLine
from tests.store.ledger import DAY, FIRST, HOUR, KEYS, NOW, SECOND, lines, two_hours


def faults(session: Session, since: Anchor | None = None) -> list[tuple[UUID | None, int, str]]:
    session.expire_all()
    return [(fault.chain, fault.seq, fault.what) for fault in heads.verify(session, since)]


def test_what_nobody_touched_has_no_fault_by_any_anchor(superuser: Session) -> None:
    first, second = two_hours(superuser)

    assert [faults(superuser, since) for since in (None, first, second)] == [[], [], []]
    assert heads.newest(superuser) == second


def test_before_the_first_head_there_is_no_fault_and_no_anchor(superuser: Session) -> None:
    lines(superuser, FIRST, 2)

    assert faults(superuser) == []
    assert heads.newest(superuser) is None
    assert heads.tail(superuser, None) == 2


def test_the_lines_are_counted_that_are_newer_than_an_anchor_or_than_every_head(superuser: Session) -> None:
    first, second = two_hours(superuser)

    assert [heads.tail(superuser, since) for since in (first, second, None)] == [3, 1, 1]


OTHER = b"\x09" * 32
# One column of one row, and exactly what is said of it.
ALTERED: dict[str, tuple[Any, dict[str, Any], list[tuple[UUID | None, int, str]]]] = {
    "a head's time": (
        JournalHour.number == 1, {"at": NOW}, [(None, 1, "head_altered"), (None, 1, "anchor_altered")],
    ),
    "a head's root": (
        JournalHour.number == 1, {"root": OTHER}, [(None, 1, "head_altered"), (None, 1, "root_differs")],
    ),
    "what a head stands on": (
        JournalHour.number == 2, {"previous": OTHER}, [(None, 2, "head_altered")],
    ),
    "a head's hash": (
        JournalHour.number == 1, {"hash": OTHER},
        [(None, 1, "head_altered"), (None, 1, "anchor_altered"), (None, 2, "head_altered")],
    ),
    "a leaf's hashes": (
        JournalLeaf.last_seq == 4, {"hashes": OTHER * 2},
        [(FIRST, 3, "differs_from_its_head"), (None, 2, "root_differs")],
    ),
    "a leaf cut short": (
        JournalLeaf.last_seq == 4, {"hashes": b""},
        [(FIRST, 3, "differs_from_its_head"), (None, 2, "root_differs")],
    ),
    "a leaf's salt": (JournalLeaf.last_seq == 4, {"salt": bytes(16)}, [(None, 2, "root_differs")]),
    "a leaf's path": (JournalLeaf.chain == SECOND, {"path": b"L" + OTHER}, [(SECOND, 1, "path_altered")]),
    "where a leaf begins": (
        JournalLeaf.last_seq == 4, {"first_seq": 4},
        [(FIRST, 3, "not_under_a_head")],
    ),
    "a leaf of no head": (
        JournalLeaf.last_seq == 4, {"number": 3},
        [(None, 2, "root_differs"), (FIRST, 3, "leaf_without_head")],
    ),
    "a line": (JournalLine.seq == 4, {"hash": OTHER}, [(FIRST, 4, "differs_from_its_head")]),
    "a line's number": (JournalLine.seq == 4, {"seq": 9}, [(FIRST, 4, "line_missing")]),
    "an anchor's hash": (JournalAnchor.number == 1, {"hash": OTHER}, [(None, 1, "anchor_altered")]),
    "an anchor's time": (JournalAnchor.number == 1, {"at": NOW}, [(None, 1, "anchor_altered")]),
    "an anchor's signature": (
        JournalAnchor.number == 1, {"signature": bytes(64)}, [(None, 1, "anchor_altered")],
    ),
    "an anchor of no head": (JournalAnchor.number == 2, {"number": 9}, [(None, 9, "anchor_without_head")]),
}  # fmt: skip


@pytest.mark.parametrize("what", ALTERED)
def test_whatever_was_altered_is_named_exactly(what: str, superuser: Session) -> None:
    where, values, said = ALTERED[what]
    two_hours(superuser)
    superuser.execute(update(where.left.table).where(where).values(values))

    assert faults(superuser) == said


def test_an_anchor_signed_anew_over_another_head_or_time_is_named(superuser: Session) -> None:
    two_hours(superuser)
    for at, digest in ((NOW + HOUR, OTHER), (NOW, superuser.scalars(select(JournalHour.hash)).first())):
        assert digest is not None
        made = heads.signed(DAY, 1, at, digest, KEYS)
        values = {"day": DAY, "at": at, "hash": digest, "signature": made.signature}
        superuser.execute(update(JournalAnchor).where(JournalAnchor.number == 1).values(values))
        assert faults(superuser) == [(None, 1, "anchor_altered")]


def test_a_head_that_is_gone_ends_the_count_there(superuser: Session) -> None:
    two_hours(superuser)
    superuser.execute(delete(JournalHour).where(JournalHour.number == 1))

    assert faults(superuser) == [(None, 1, "head_missing")]


def test_a_head_over_nothing_is_a_fault(superuser: Session) -> None:
    two_hours(superuser)
    superuser.execute(delete(JournalLeaf).where(JournalLeaf.number == 2))

    assert faults(superuser) == [(None, 2, "root_differs")]


def test_by_an_anchor_that_others_kept_a_world_written_anew_differs(superuser: Session) -> None:
    first, second = two_hours(superuser)
    told_anew = heads.signed(DAY, 1, first.at, OTHER, KEYS)

    assert faults(superuser, told_anew) == [(None, 1, "differs_from_the_anchor")]
    assert faults(superuser, replace(second, signature=bytes(64))) == [(None, 2, "anchor_not_signed")]


def test_a_head_that_an_anchor_covers_and_nobody_has_any_more_is_missing(superuser: Session) -> None:
    _, second = two_hours(superuser)
    for gone in (JournalAnchor, JournalLeaf, JournalHour):
        superuser.execute(delete(gone).where(gone.number == 2))

    assert faults(superuser, second) == [(None, 2, "head_missing")]
    assert faults(superuser) == []
