"""Whatever somebody with every password does behind an anchor, whoever kept the anchor finds it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from grievance.actions import anchoring, intake, journal_checks
from grievance.schemas.report import ReportIn
from grievance.store import heads, journal, queries
from grievance.store.heads import Anchor
from grievance.store.journal import CaseEvent
from grievance.store.models import JournalLeaf
from grievance.store.session import transaction
from tests.figures import Tell
from tests.fixtures import Town
from tests.services import Services
from tests.store.forger import EDITS, Forger, triggers_off

NOW = datetime(2026, 3, 3, 9, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
CASES = 6


def a_report(at: datetime) -> str:
    said = {"channel": "web", "language": "fr", "province": "Lualaba", "story": "On m'a frappé."}
    return intake.receive(ReportIn().load(said), now=at).code


def work_on(town: Town, code: str, at: datetime) -> None:
    actor = town.world.desk.actor
    with transaction(actor) as session:
        case = queries.case_by_code(session, code)
        journal.append_with_opening(
            session, "read by telephone", case_id=case.id, chain=case.id, subject=case.id, actor=actor,
            move=CaseEvent.OPENED, now=at,
        )  # fmt: skip


def an_anchor_over_three_hours(town: Town) -> Anchor:
    """Cases of three hours under three heads, one anchor; then a tail that no head covers yet."""
    codes = []
    for hour in range(3):
        codes += [a_report(NOW + hour * HOUR) for _ in range(CASES // 3)]
        for code in codes:
            work_on(town, code, NOW + hour * HOUR)
        anchoring.publish(NOW + hour * HOUR + timedelta(minutes=10))
    kept = anchoring.anchor(NOW + 3 * HOUR, key=town.keys.anchor)
    assert kept is not None
    work_on(town, codes[0], NOW + 3 * HOUR)
    return kept


@contextmanager
def superuser(town: Town, services: Services) -> Iterator[Engine]:
    engine = create_engine(services.url("postgres", town.database.name))
    yield engine
    engine.dispose()


def covered_by(session: Session, anchor: Anchor) -> dict[UUID, int]:
    query = select(JournalLeaf.chain, func.max(JournalLeaf.last_seq)).group_by(JournalLeaf.chain)
    return dict(session.execute(query.where(JournalLeaf.number <= anchor.number)).all())


def found_after(engine: Engine, edit: str, seed: int, anchor: Anchor) -> bool:
    """Makes one edit, asks whoever kept the anchor, and takes it back."""
    with Session(engine) as session:
        triggers_off(session)
        forger = Forger(session, random.Random(seed), covered_by(session, anchor))  # noqa: S311 - which line, not a key
        getattr(forger, edit)()
        session.flush()
        session.expire_all()
        journal.become_journal(session)
        found = journal_checks.check(session, anchor)
        session.rollback()
    return bool(found.faults)


def tamper(town: Town, services: Services, edits: int) -> tuple[Counter[str], list[tuple[str, int]]]:
    anchor = an_anchor_over_three_hours(town)
    assert journal_checks.verify(town.database.owner_url, anchor).faults == ()
    done: Counter[str] = Counter()
    missed = []
    with superuser(town, services) as engine:
        for seed in range(edits):
            edit = EDITS[seed % len(EDITS)]
            done[edit] += 1
            if not found_after(engine, edit, seed, anchor):
                missed.append((edit, seed))
    assert journal_checks.verify(town.database.owner_url, anchor).faults == ()
    return done, missed


def test_forty_edits_behind_an_anchor_are_all_found(town: Town, services: Services) -> None:
    done, missed = tamper(town, services, 40)

    assert done.total() == 40
    assert missed == []


@pytest.mark.proof
def test_a_thousand_edits_behind_an_anchor_are_all_found(
    town: Town, services: Services, figure: Tell
) -> None:
    done, missed = tamper(town, services, 1_000)

    told = ", ".join(f"{count} {edit}" for edit, count in done.items())
    figure(f"tampering: {done.total() - len(missed)} of {done.total()} found ({told})")
    assert done.total() == 1_000
    assert missed == []


def test_without_a_kept_anchor_a_world_written_wholly_anew_would_pass(
    town: Town, services: Services
) -> None:
    """Why the anchor is mailed to others: the database alone cannot accuse itself."""
    anchor = an_anchor_over_three_hours(town)
    with superuser(town, services) as engine, Session(engine) as session:
        triggers_off(session)
        Forger(session, random.Random(1), covered_by(session, anchor)).rewrite_everything()  # noqa: S311 - no key
        session.expire_all()
        journal.become_journal(session)
        assert journal_checks.check(session).faults == ()
        (fault,) = journal_checks.check(session, anchor).faults

    assert (fault.chain, fault.what) == (None, "differs_from_the_anchor")


def test_the_first_bad_line_is_named_though_its_chain_was_made_to_fit(
    town: Town, services: Services
) -> None:
    anchor = an_anchor_over_three_hours(town)
    with superuser(town, services) as engine, Session(engine) as session:
        triggers_off(session)
        forger = Forger(session, random.Random(1), covered_by(session, anchor))  # noqa: S311 - no key
        line = forger.some_line()
        told = forger._lines(line.chain)
        told[line.seq - 1]["actor"] = "m-somebody"
        forger._write(line.chain, told)
        journal.become_journal(session)
        (fault,) = journal_checks.check(session, anchor).faults

    assert (fault.chain, fault.seq, fault.what) == (line.chain, line.seq, "differs_from_its_head")


def test_a_head_comes_once_an_hour_and_an_anchor_once_a_day(town: Town) -> None:
    a_report(NOW)
    first = [anchoring.publish(NOW), anchoring.publish(NOW + timedelta(minutes=5))]
    signed = [anchoring.anchor(NOW, key=town.keys.anchor), anchoring.anchor(NOW + HOUR, key=town.keys.anchor)]
    nothing_new = anchoring.publish(NOW + HOUR)
    a_report(NOW + 2 * HOUR)

    assert first == [1, None]
    assert nothing_new is None
    assert anchoring.publish(NOW + 2 * HOUR) == 2
    assert [kept is not None for kept in signed] == [True, False]
    assert anchoring.anchor(NOW + timedelta(days=1), key=town.keys.anchor) is not None


def test_an_anchor_read_from_its_file_is_the_anchor(town: Town) -> None:
    kept = an_anchor_over_three_hours(town)

    assert Anchor.from_document(kept.document()) == kept
    assert kept.holds()
    assert not heads.Anchor(kept.day, 9, kept.at, kept.hash, kept.public_key, kept.signature).holds()


def test_the_tail_that_no_anchor_covers_is_counted(town: Town) -> None:
    kept = an_anchor_over_three_hours(town)

    assert journal_checks.verify(town.database.owner_url, kept).tail == 1
