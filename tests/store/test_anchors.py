"""What exactly do a head, a leaf and an anchor say?"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from nacl.signing import SigningKey

from grievance.store import heads
from grievance.store.heads import Anchor
from grievance.store.models import JournalAnchor, JournalLeaf
from grievance.terms import InvalidInput

NOW = datetime(2026, 3, 3, 9, 0, 0, 250_001, tzinfo=UTC)
DAY = date(2026, 3, 3)
KEYS = ((1, bytes(32)), (2, bytes(range(32))))

# An anchor as it was signed on the first day, by the second of these keys.
PUBLIC = "71f7195117883654cafdcb35f1a59fb8ff823d6589bcac0f936669a17b2637e5"
SIGNATURE = (
    "d2979a1b2388dad1bbf336250bdcd0388ad23ab66a4a12d0850046eeb62105d4"
    "cdc91caa0675e89d34c1307a5c9174ec27fbf8c3cecd401cd3b1e19297e45a04"
)
DOCUMENT: dict[str, Any] = {
    "format": "journal-anchor-1", "day": "2026-03-03", "head": 7, "at": 1772528400250001, "hash": "03" * 32,
    "key": PUBLIC, "signature": SIGNATURE,
}  # fmt: skip
ANCHOR = Anchor(DAY, 7, NOW, b"\x03" * 32, bytes.fromhex(PUBLIC), bytes.fromhex(SIGNATURE))


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def test_an_anchor_is_signed_today_as_on_the_first_day() -> None:
    assert heads.signed(DAY, 7, NOW, b"\x03" * 32, KEYS) == ANCHOR
    assert heads.anchor_bytes(ANCHOR) == b"anchor-1\x1f2026-03-03\x1f7\x1f1772528400250001\x1f" + b"03" * 32
    assert ANCHOR.holds()


def test_an_anchor_is_kept_by_others_as_on_the_first_day_and_read_again() -> None:
    assert ANCHOR.document() == DOCUMENT
    assert Anchor.from_document(DOCUMENT) == ANCHOR


def test_a_row_keeps_an_anchor_whole() -> None:
    row = JournalAnchor(
        day=DAY, number=7, at=NOW, hash=ANCHOR.hash, key_version=2, public_key=ANCHOR.public_key,
        signature=ANCHOR.signature,
    )  # fmt: skip
    assert Anchor.of(row) == ANCHOR


@pytest.mark.parametrize(
    "changed",
    [
        {"day": date(2026, 3, 4)}, {"number": 8}, {"at": NOW + timedelta(microseconds=1)},
        {"hash": bytes(32)}, {"public_key": bytes(SigningKey(bytes(32)).verify_key)},
        {"public_key": b"short"}, {"signature": bytes(64)}, {"signature": b"short"},
    ],
    ids=str,
)  # fmt: skip
def test_an_anchor_of_which_one_value_was_changed_does_not_hold(changed: dict[str, Any]) -> None:
    assert not replace(ANCHOR, **changed).holds()


@pytest.mark.parametrize(
    "changed",
    [{"format": "journal-anchor-2"}, {"at": "noon"}, {"at": 10**20}, {"at": None}, {"hash": "xy"}, {"key": 7},
     {"signature": None}, {"day": "today"}, {"day": 7}, {"head": "first"}],
    ids=str,
)  # fmt: skip
def test_what_is_no_anchor_is_said_to_be_unreadable(changed: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Anchor.from_document(DOCUMENT | changed)
    assert refusal.value.args == InvalidInput("anchor", "unreadable").args
    for name in DOCUMENT:
        with pytest.raises(InvalidInput):
            Anchor.from_document({key: value for key, value in DOCUMENT.items() if key != name})


def test_an_instant_has_one_spelling_in_any_zone() -> None:
    assert heads.stamp(NOW) == 1772528400250001
    assert heads.stamp(NOW.astimezone(timezone(timedelta(hours=2)))) == 1772528400250001


def test_a_head_s_hash_is_that_of_the_first_day() -> None:
    told = b"head-1\x1f7\x1f1772528400250001\x1f" + b"02" * 32
    found = heads.head_hash(b"\x01" * 32, 7, NOW, b"\x02" * 32)
    assert found == sha(b"\x01" * 32, told)
    assert found.hex() == "bcd7379fa6e42fc3108f623b8be424a0f062df384f8d1b2660b2e31ad874ae90"


def test_a_leaf_stands_for_its_lines_in_their_order_behind_its_salt() -> None:
    one, two = b"\x01" * 32, b"\x02" * 32
    leaf = JournalLeaf(salt=b"s" * 16, hashes=one + two)

    assert heads.hashes_of(leaf) == [one, two]
    assert heads.leaf_value(leaf) == sha(b"s" * 16, sha(b"\x01", sha(b"\x00", one), sha(b"\x00", two)))
    assert heads.leaf_value(JournalLeaf(salt=b"s" * 16, hashes=b"")) == sha(b"s" * 16, sha(b"\x00"))
