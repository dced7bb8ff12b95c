"""What exactly does a line say, and which line is named when a chain does not hold?"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from grievance.store import journal
from grievance.store.actors import SWEEP_ACTOR
from grievance.store.journal import CaseEvent, Fault
from grievance.store.models import JournalLine, JournalOpening

NOW = datetime(2026, 3, 3, 9, 0, 0, 250_001, tzinfo=UTC)
FIRST, SECOND, CASE = UUID(int=1), UUID(int=2), UUID(int=3)

# The bytes that the hash of the first line of this page covers, and the hash, since the first day.
SAID = (
    b"line-1\x1f00000000-0000-0000-0000-000000000001\x1f1\x1f1772528400250001\x1fclock\x1fstep_taken"
    b"\x1f00000000-0000-0000-0000-000000000003\x1fopen\x1fclosed\x1f" + b"09" * 32
)
HASH = "d1a06eb3d3b90e52c915a1fd63e4fd0b0c1c92bdcecbc46bcf5a4c5a78928b22"


def line(session: Session, chain: UUID = FIRST, **more: object) -> int:
    """One more line of a chain, with nothing said that need not be."""
    told = {"subject": CASE, "actor": SWEEP_ACTOR, "move": CaseEvent.STEP_TAKEN, "now": NOW} | more
    return journal.append(session, chain=chain, **told)  # type: ignore[arg-type]


def opening(session: Session, value: str, chain: UUID = FIRST) -> int:
    return journal.append_with_opening(
        session, value, case_id=CASE, chain=chain, subject=CASE, actor=SWEEP_ACTOR, move=CaseEvent.OPENED,
        now=NOW,
    )  # fmt: skip


def kept(session: Session, seq: int = 1, chain: UUID = FIRST) -> JournalLine:
    session.expire_all()
    return session.scalars(
        select(JournalLine).where(JournalLine.chain == chain, JournalLine.seq == seq)
    ).one()


def change(session: Session, seq: int, values: dict[str, object], *, fitting: bool = False) -> None:
    """One line of the first chain; `fitting` makes its own hash right again."""
    here = (JournalLine.chain == FIRST, JournalLine.seq == seq)
    session.execute(update(JournalLine).where(*here).values(values))
    if fitting:
        row = kept(session, seq)
        digest = hashlib.sha256(row.previous + journal.canonical(row)).digest()
        session.execute(update(JournalLine).where(*here).values(hash=digest))


def faults(session: Session) -> list[Fault]:
    session.flush()
    session.expire_all()
    return list(journal.verify(session))


def test_a_line_keeps_all_that_it_was_told_and_stands_under_its_number(superuser: Session) -> None:
    number = line(superuser, from_state="open", to_state="closed", commitment=b"\x09" * 32)

    row = kept(superuser)
    assert number == 1
    assert (row.chain, row.seq, row.at, row.actor, row.move) == (FIRST, 1, NOW, "clock", "step_taken")
    assert (row.subject, row.from_state, row.to_state) == (CASE, "open", "closed")
    assert (row.commitment, row.previous) == (b"\x09" * 32, bytes(32))


def test_a_line_that_tells_of_no_state_and_no_text_says_nothing_there(superuser: Session) -> None:
    line(superuser)

    row = kept(superuser)
    assert (row.from_state, row.to_state, row.commitment) == ("", "", bytes(32))


def test_the_bytes_of_a_line_and_its_hash_are_those_of_the_first_day(superuser: Session) -> None:
    line(superuser, from_state="open", to_state="closed", commitment=b"\x09" * 32)

    row = kept(superuser)
    assert journal.canonical(row) == SAID
    assert row.hash == hashlib.sha256(bytes(32) + SAID).digest()
    assert row.hash.hex() == HASH


def test_lines_are_numbered_in_their_own_chain_and_each_stands_on_the_one_before(superuser: Session) -> None:
    assert [line(superuser), line(superuser, SECOND), line(superuser), line(superuser)] == [1, 1, 2, 3]

    assert [kept(superuser, seq).previous for seq in (1, 2, 3)] == [
        bytes(32), kept(superuser, 1).hash, kept(superuser, 2).hash,
    ]  # fmt: skip
    assert kept(superuser, 1, SECOND).previous == bytes(32)


def test_a_line_commits_to_a_value_that_stands_apart_with_its_salt(superuser: Session) -> None:
    line(superuser)
    assert opening(superuser, "lu à l'école") == 2
    assert opening(superuser, "lu à l'école") == 3

    rows = superuser.scalars(select(JournalOpening).order_by(JournalOpening.seq)).all()
    assert [(row.chain, row.seq, row.case_id, row.value) for row in rows] == [
        (FIRST, 2, CASE, "lu à l'école"), (FIRST, 3, CASE, "lu à l'école"),
    ]  # fmt: skip
    assert [len(row.salt) for row in rows] == [16, 16]
    for row in rows:
        told = kept(superuser, row.seq)
        assert told.commitment == hashlib.sha256(row.salt + "lu à l'école".encode()).digest()
        assert (told.subject, told.actor, told.move, told.at) == (CASE, "clock", "opened", NOW)
    assert rows[0].salt != rows[1].salt


def test_what_nobody_touched_has_no_fault(superuser: Session) -> None:
    for chain in (FIRST, SECOND, FIRST):
        line(superuser, chain)
    opening(superuser, "lu")

    assert faults(superuser) == []


def test_lines_are_followed_by_their_numbers_wherever_they_lie_on_the_disk(superuser: Session) -> None:
    for _ in range(3):
        line(superuser)
    change(superuser, 1, {"actor": "clock"})  # what it said already, written anew behind the others

    assert faults(superuser) == []


def test_that_an_opening_was_shredded_is_no_fault(superuser: Session) -> None:
    opening(superuser, "lu")
    superuser.flush()
    superuser.execute(delete(JournalOpening))

    assert faults(superuser) == []


def test_without_any_chain_that_itself_is_the_fault(superuser: Session) -> None:
    assert faults(superuser) == [Fault(UUID(int=0), 0, "no_chains")]


@pytest.mark.parametrize(
    "values",
    [
        {"actor": "m-somebody"}, {"move": "opened"}, {"subject": UUID(int=9)}, {"from_state": "x"},
        {"to_state": "x"}, {"at": NOW + timedelta(microseconds=1)}, {"commitment": b"\x01" * 32},
        {"hash": b"\x01" * 32},
    ],
    ids=lambda values: next(iter(values)),
)  # fmt: skip
def test_the_first_line_that_was_altered_is_named(values: dict[str, object], superuser: Session) -> None:
    for _ in range(3):
        line(superuser)
    change(superuser, 2, values)

    assert faults(superuser) == [Fault(FIRST, 2, "line_altered")]


def test_a_line_made_to_fit_is_betrayed_by_the_next_and_the_last_by_the_head(superuser: Session) -> None:
    for _ in range(3):
        line(superuser)
    change(superuser, 3, {"actor": "m-somebody"}, fitting=True)
    assert faults(superuser) == [Fault(FIRST, 3, "head_differs")]

    change(superuser, 1, {"actor": "m-somebody"}, fitting=True)
    assert faults(superuser) == [Fault(FIRST, 2, "link_broken")]


@pytest.mark.parametrize(("gone", "named"), [(1, 2), (2, 3)])
def test_the_line_after_a_gap_is_named(gone: int, named: int, superuser: Session) -> None:
    for _ in range(3):
        line(superuser)
    superuser.execute(delete(JournalLine).where(JournalLine.seq == gone))

    assert faults(superuser) == [Fault(FIRST, named, "line_missing")]


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("delete from journal_line where chain = :first and seq = 2", 1),
        ("delete from journal_line where chain = :first", 0),
        ("delete from journal_head where chain = :first", 2),
        ("update journal_head set seq = 3 where chain = :first", 2),
        ("update journal_head set hash = sha256('x') where chain = :first", 2),
    ],
)
def test_a_head_that_does_not_say_how_its_chain_ends_is_a_fault(
    statement: str, seq: int, superuser: Session
) -> None:
    for chain in (FIRST, FIRST, SECOND):
        line(superuser, chain)
    superuser.execute(text(statement), {"first": FIRST})

    assert faults(superuser) == [Fault(FIRST, seq, "head_differs")]


def test_each_chain_that_does_not_hold_is_named_once_by_its_first_line(superuser: Session) -> None:
    for chain in (FIRST, FIRST, SECOND, SECOND):
        line(superuser, chain)
    superuser.execute(update(JournalLine).values(actor="m-somebody"))

    assert faults(superuser) == [Fault(FIRST, 1, "line_altered"), Fault(SECOND, 1, "line_altered")]


def test_an_opening_that_is_not_what_its_line_committed_to_is_named(superuser: Session) -> None:
    for value in ("lu", "dit", "vu"):
        opening(superuser, value)
    superuser.flush()
    here = JournalOpening.seq
    superuser.execute(update(JournalOpening).where(here == 1).values(value="pas lu"))
    superuser.execute(update(JournalOpening).where(here == 3).values(salt=bytes(16)))
    assert faults(superuser) == [Fault(FIRST, 1, "opening_differs"), Fault(FIRST, 3, "opening_differs")]

    superuser.execute(update(JournalOpening).where(here == 3).values(seq=9))
    assert faults(superuser) == [Fault(FIRST, 1, "opening_differs"), Fault(FIRST, 9, "opening_differs")]


def test_false_openings_are_named_chain_by_chain_in_the_order_of_their_lines(superuser: Session) -> None:
    for chain in (SECOND, FIRST):
        for value in ("lu", "dit", "vu"):
            opening(superuser, value, chain)
    superuser.flush()
    for seq in (3, 1, 2):  # written anew in this order
        superuser.execute(update(JournalOpening).where(JournalOpening.seq == seq).values(value="autre"))

    assert [(fault.chain, fault.seq) for fault in faults(superuser)] == [
        (chain, seq) for chain in (FIRST, SECOND) for seq in (1, 2, 3)
    ]


def test_whoever_verifies_works_under_the_role_that_sees_every_chain(superuser: Session) -> None:
    journal.become_journal(superuser)

    assert superuser.execute(text("select current_user")).scalar_one() == "journal"
