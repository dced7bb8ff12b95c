"""Everything is copied, wiped and brought back: each reader opens their own again, as before."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from grievance.actions import (
    anchoring,
    cases,
    clock_checks,
    follow,
    intake,
    journal_checks,
    referrals,
)
from grievance.actions.intake import ReceiptHalf
from grievance.local import backing_up, copies, restoring, roles
from grievance.local.copies import CannotUse
from grievance.store import receipts
from grievance.store.models import Case
from grievance.store.session import transaction
from grievance.terms import CaseState
from tests import apps, desk_work
from tests.fixtures import Town
from tests.services import Database, Services

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
KEYS = {"pepper": {"1": "aa" * 8}, "intake": {"1": "bb" * 8}}


@dataclass
class Told:
    """What was there before: the codes of a case and its referral, and the complainant's receipt."""

    code: str
    referral: str
    receipt: str


@pytest.fixture
def told(town: Town) -> Told:
    """A case that was referred, and an anchor over it."""
    minted = receipts.mint()
    opening = receipts.open_receipt(minted)
    half = ReceiptHalf(opening.lookup, opening.pair.public)
    desk = town.world.desk.actor
    code = intake.receive(desk_work.report(town), opening=half, now=NOW).code
    cases.know_nobody(code, actor=desk, now=NOW)
    cases.take(code, actor=desk, now=NOW)
    cases.triage(code, desk_work.decided(town), actor=desk, now=NOW)
    referral = referrals.refer(code, desk_work.draft(town.world.provider.id), actor=desk, now=NOW)
    anchoring.publish(NOW)
    anchoring.anchor(NOW, key=town.keys.anchor)
    return Told(code, referral, minted)


@pytest.fixture
def elsewhere(services: Services, worker_id: str) -> Iterator[Database]:
    """A database without a single table, as after a loss."""
    name = f"restored_{worker_id}"
    with services.connect() as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')
        roles.ensure_database(connection, name)
    urls = {login.removeprefix("grievance_"): services.url(login, name) for login in roles.PASSWORDS}
    found = Database(name, **{f"{login}_url": url for login, url in urls.items()})
    yield found
    found.drop(services)


def newest(town: Town) -> dict[str, Any] | None:
    anchor = journal_checks.newest_anchor(town.database.owner_url)
    return anchor.document() if anchor else None


def copied(town: Town, folder: Path, now: datetime = NOW) -> Path:
    file = folder / "grievance.backup"
    rows = backing_up.backup(town.database.backup_url, file, keys=KEYS, anchor=newest(town), now=now)
    assert rows > 100
    return file


def brought_back(file: Path, elsewhere: Database, *, without_wraps: bool = False) -> int:
    files = restoring.manifests(file, without_wraps=without_wraps)
    return restoring.restore(elsewhere.owner_url, files)


def app_over(town: Town, elsewhere: Database, folder: Path) -> Flask:
    return apps.make_app(elsewhere, town.redis_url, town.keys, folder)


def test_after_a_loss_everybody_opens_their_own_again(
    town: Town, told: Told, elsewhere: Database, tmp_path: Path
) -> None:
    file = copied(town, tmp_path)
    brought_back(file, elsewhere)
    anchor = anchoring.newest(town.world.overseer.actor)
    found = journal_checks.verify(elsewhere.owner_url, anchor)
    assert (found.faults, found.tail) == ((), 0)
    app = app_over(town, elsewhere, tmp_path)
    with app.app_context():
        seen = cases.seen(told.code, town.world.desk.actor, NOW)
        assert desk_work.STORY in [line.text for line in seen.timeline]
        given = referrals.referral_seen(told.referral, town.world.provider.actor, NOW)
        assert desk_work.SUMMARY in [message.text for message in given.messages]
        assert follow.come_back(told.receipt, now=NOW)
        count, faults = clock_checks.verify()
        assert (count > 0, faults) == (True, ())
    apps.close(app)


def test_what_came_back_is_guarded_as_before(
    town: Town, told: Told, elsewhere: Database, tmp_path: Path, services: Services
) -> None:
    brought_back(copied(town, tmp_path), elsewhere)
    with services.connect(elsewhere.name) as superuser:
        rows = superuser.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
            " and not (relrowsecurity and relforcerowsecurity)"
        ).fetchall()
        assert rows == [("alembic_version",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            superuser.execute("delete from journal_line")
    app = app_over(town, elsewhere, tmp_path)
    with app.app_context(), pytest.raises(IntegrityError), transaction(town.world.desk.actor) as session:
        session.execute(update(Case).values(state=CaseState.IN_TRIAGE))
    apps.close(app)


def test_without_the_wraps_nothing_opens_and_the_journal_still_holds(
    town: Town, told: Told, elsewhere: Database, tmp_path: Path
) -> None:
    file = copied(town, tmp_path)
    backing_up.wraps_file(file).unlink()
    brought_back(file, elsewhere, without_wraps=True)
    app = app_over(town, elsewhere, tmp_path)
    with app.app_context():
        assert not cases.seen(told.code, town.world.desk.actor, NOW).can_open
        with pytest.raises(follow.WrongReceipt):
            follow.come_back(told.receipt, now=NOW)
    apps.close(app)
    assert journal_checks.verify(elsewhere.owner_url).faults == ()


def test_no_session_and_no_word_in_clear_is_in_a_backup(town: Town, told: Told, tmp_path: Path) -> None:
    file = copied(town, tmp_path)
    names = set()
    for kept in (file, backing_up.wraps_file(file)):
        assert kept.stat().st_mode & 0o777 == 0o600
        with zipfile.ZipFile(kept) as opened:
            names |= set(opened.namelist())
            for name in opened.namelist():
                for secret in (desk_work.STORY, desk_work.SUMMARY, told.receipt):
                    assert secret.encode() not in opened.read(name)
    assert names & {"staff_session", "visitor_session"} == set()


def test_a_backup_that_was_altered_is_refused_and_the_database_stays_empty(
    town: Town, told: Told, elsewhere: Database, tmp_path: Path
) -> None:
    file = copied(town, tmp_path)
    altered = tmp_path / "altered.backup"
    with zipfile.ZipFile(file) as kept, zipfile.ZipFile(altered, "w") as other:
        for name in kept.namelist():
            other.writestr(name, kept.read(name).replace(b"Site Exemple A", b"Site Exemple B"))
    with pytest.raises(CannotUse, match="site is not what was copied"):
        brought_back(altered, elsewhere, without_wraps=True)

    assert brought_back(file, elsewhere) > 100


def test_a_database_with_rows_is_left_as_it_is(town: Town, told: Told, tmp_path: Path) -> None:
    file = copied(town, tmp_path)
    with pytest.raises(CannotUse, match="not empty"):
        brought_back(file, town.database)

    assert journal_checks.verify(town.database.owner_url).faults == ()
    assert cases.seen(told.code, town.world.desk.actor, NOW).can_open


def test_wraps_older_than_thirty_days_are_deleted_and_younger_ones_stay(
    town: Town, told: Told, tmp_path: Path
) -> None:
    file = copied(town, tmp_path)
    foreign = tmp_path / "somebody-else.wraps"
    foreign.write_bytes(b"not ours")

    assert copies.forget_old_wraps(tmp_path, NOW + timedelta(days=30)) == []
    assert copies.forget_old_wraps(tmp_path, NOW + timedelta(days=31)) == ["grievance.backup.wraps"]
    assert file.exists()
    assert foreign.exists()


def test_other_keys_than_those_of_the_backup_are_named() -> None:
    here = {"pepper": {"1": "cc" * 8}}

    assert restoring.differing_keys(KEYS, here) == (["pepper:1"], ["intake:1"])
    assert restoring.differing_keys(KEYS, KEYS) == ([], [])


@pytest.mark.parametrize("content", [b"", b"not a zip"])
def test_what_is_no_backup_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.backup"
    file.write_bytes(content)
    with pytest.raises(CannotUse, match="no backup"):
        restoring.manifests(file)
