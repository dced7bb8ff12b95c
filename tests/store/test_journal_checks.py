"""Of all that is wrong with a chain, is the first line named, and of each chain one?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.orm import Session

from grievance.actions import anchoring, journal_checks
from grievance.actions.journal_checks import Checked
from grievance.store.journal import Fault
from grievance.store.models import JournalHour, JournalLeaf, JournalLine
from tests.services import Database
from tests.store.ledger import FIRST, HOUR, KEYS, NOW, SECOND, happened, two_hours


def alter(session: Session, where: Any, **values: Any) -> None:
    session.execute(update(where.left.table).where(where).values(values))
    session.expire_all()


def test_what_holds_says_so_with_the_newest_anchor_and_the_tail(superuser: Session) -> None:
    first, second = two_hours(superuser)

    found = journal_checks.check(superuser, first)
    assert (found.faults, found.newest, found.tail) == ((), second, 3)
    assert journal_checks.check(superuser).tail == 1


def test_of_a_chain_the_first_line_is_named_whoever_found_it(superuser: Session) -> None:
    two_hours(superuser)
    alter(superuser, JournalLine.seq == 4, hash=b"\x09" * 32)
    assert journal_checks.check(superuser).faults == (Fault(FIRST, 4, "line_altered"),)

    alter(superuser, JournalLeaf.last_seq == 4, first_seq=4)
    assert journal_checks.check(superuser).faults == (Fault(FIRST, 3, "not_under_a_head"),)

    alter(superuser, JournalLine.seq == 2, actor="m-somebody")
    found = journal_checks.check(superuser).faults
    assert sorted(found, key=lambda fault: str(fault.chain)) == [
        Fault(FIRST, 2, "line_altered"), Fault(SECOND, 2, "line_altered"),
    ]  # fmt: skip


def test_of_the_heads_the_first_is_named_beside_the_chains(superuser: Session) -> None:
    two_hours(superuser)
    alter(superuser, JournalLine.seq == 4, hash=b"\x09" * 32)
    alter(superuser, JournalHour.number == 2, previous=b"\x09" * 32)
    alter(superuser, JournalHour.number == 1, at=NOW - timedelta(hours=1))

    assert journal_checks.check(superuser).faults == (
        Fault(FIRST, 4, "line_altered"), Fault(None, 1, "head_altered"),
    )  # fmt: skip


@pytest.mark.usefixtures("swept")
def test_the_whole_journal_is_checked_by_its_owner_and_by_an_anchor_that_was_kept(
    empty: Database, empty_engine: Engine
) -> None:
    happened(FIRST, 2)
    anchoring.publish(NOW)
    assert journal_checks.newest_anchor(empty.owner_url) is None
    kept = anchoring.anchor(NOW, key=KEYS)
    assert journal_checks.newest_anchor(empty.owner_url) == kept
    happened(FIRST)
    anchoring.publish(NOW + HOUR)
    happened(SECOND)

    assert journal_checks.verify(empty.owner_url) == Checked((), kept, 1)
    assert journal_checks.verify(empty.owner_url, kept) == Checked((), kept, 2)
    with empty_engine.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(text("update journal_hour set hash = sha256('x') where number = 1"))
    (fault,) = journal_checks.verify(empty.owner_url, kept).faults
    assert (fault.chain, fault.seq) == (None, 1)
