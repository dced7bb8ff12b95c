"""At a terminal: the journal checked against what others keep, a backup and its way back, an export."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from config.keys import write_key
from config.retention import load_retention
from grievance.actions import anchoring, cases, journal_checks, retention
from grievance.local import roles
from grievance.schemas.desk import Closing
from grievance.store.journal import CaseEvent
from grievance.terms import CaseState, NotFound
from grievance.vocabulary import NotAdmitted, Outcome
from tests import desk_work
from tests.fixtures import Town
from tests.services import Services
from tests.workers.test_commands import run, terminal
from workers.process import utcnow

__all__ = ["terminal"]


@pytest.fixture
def anchored(terminal: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A terminal over a referred case and an anchor, whose environment has the web's and the backup's too."""
    monkeypatch.setenv("DATABASE_URL_WEB", terminal.database.web_url)
    monkeypatch.setenv("DATABASE_URL_BACKUP", terminal.database.backup_url)
    monkeypatch.setenv("INTAKE_PUBLIC", write_key(terminal.keys.intake_public))
    monkeypatch.setenv("TOKEN_KEY", write_key(terminal.keys.token))
    monkeypatch.setenv("BUCKET_KEY", write_key(terminal.keys.bucket))
    desk_work.referred(terminal, utcnow())
    anchoring.publish(utcnow())
    anchoring.anchor(utcnow(), key=terminal.keys.anchor)
    return terminal


@pytest.fixture
def lost(anchored: Town, services: Services, worker_id: str) -> Iterator[str]:
    """The address of an empty database, for its owner."""
    name = f"lost_{worker_id}"
    with services.connect() as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')
        roles.ensure_database(connection, name)
    yield name
    with services.connect() as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')


def test_an_anchor_kept_in_a_file_is_what_the_journal_is_held_to(
    anchored: Town, tmp_path: Path, services: Services
) -> None:
    kept = tmp_path / "anchor.json"
    kept.write_text(run(anchored, "journal", "anchor").output)

    held = run(anchored, "journal", "verify", "--since", str(kept))
    assert held.exit_code == 0
    assert "Nothing under the anchor of" in held.output
    with services.connect(anchored.database.name) as superuser:
        superuser.execute("set session_replication_role = replica")
        superuser.execute("update journal_line set actor = 'm-somebody' where seq = 2 and move = 'opened'")
    broken = run(anchored, "journal", "verify", "--since", str(kept))
    assert broken.exit_code == 1
    assert "line 2: line_altered" in broken.output


def test_a_file_that_is_no_anchor_is_named_and_nothing_is_said_to_hold(
    anchored: Town, tmp_path: Path
) -> None:
    wrong = tmp_path / "holiday.json"
    for text in ("{}", "[]", "no json", '{"format": "journal-anchor-1"}'):
        wrong.write_text(text)
        refused = run(anchored, "journal", "verify", "--since", str(wrong))
        assert (refused.exit_code, "holiday.json is no anchor" in refused.output) == (2, True)
    assert run(anchored, "journal", "verify", "--since", str(tmp_path / "missing")).exit_code == 2
    assert run(anchored, "journal", "check", str(wrong)).exit_code == 1


def test_what_is_over_is_shown_before_it_goes(anchored: Town) -> None:
    shown = run(anchored, "retention", "run", "--dry-run")

    assert shown.exit_code == 0
    assert "0 cases, 0 other rows would go" in shown.output
    assert "0 cases, 0 other rows gone" in run(anchored, "retention", "run").output


def test_a_case_that_is_due_is_named_by_a_dry_run_and_is_still_there_afterwards(anchored: Town) -> None:
    desk, ended = anchored.world.desk, utcnow() - load_retention().closed_case - timedelta(days=1)
    code = desk_work.taken(anchored, ended - timedelta(days=1))
    ending = Closing(Outcome.NOT_ADMITTED, "Pas pour nous.", not_admitted=NotAdmitted.NOT_ABOUT_SECURITY)
    cases.close(code, ending, actor=desk.actor, now=ended)
    retention.tell(utcnow() - load_retention().told_before)

    for _ in range(2):
        shown = run(anchored, "retention", "run", "--dry-run")
        assert (shown.exit_code, f"case {code}: would go" in shown.output) == (0, True), shown.output
        assert "1 cases, " in shown.output
    assert cases.seen(code, desk.actor, utcnow()).state is CaseState.CLOSED

    assert f"case {code}: gone" in run(anchored, "retention", "run").output
    with pytest.raises(NotFound):
        cases.seen(code, desk.actor, utcnow())


def test_a_backup_comes_back_and_journal_and_clocks_are_verified(
    anchored: Town, lost: str, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "today.backup"
    made = run(anchored, "backup", str(file))
    assert (made.exit_code, "No key is in either." in made.output) == (0, True)
    assert run(anchored, "backup", str(file)).exit_code == 1  # never over another one
    monkeypatch.setenv("DATABASE_URL", services.url(roles.OWNER, lost))
    monkeypatch.setenv("DATABASE_URL_SWEEP", services.url("grievance_sweep", lost))

    back = run(anchored, "restore", str(file))

    assert back.exit_code == 0, back.output
    assert "journal: holds since the anchor of" in back.output
    assert "0 differences" in back.output
    assert journal_checks.verify(services.url(roles.OWNER, lost)).faults == ()


def test_a_restore_with_other_keys_is_refused_and_asks_for_those_it_does_not_have(
    anchored: Town, lost: str, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "today.backup"
    run(anchored, "backup", str(file))
    monkeypatch.setenv("DATABASE_URL", services.url(roles.OWNER, lost))
    monkeypatch.setenv("PEPPER", write_key([(1, b"z" * 32)]))
    assert "other keys than those of the backup: pepper:1" in run(anchored, "restore", str(file)).output
    monkeypatch.setenv("PEPPER", write_key(anchored.keys.pepper))
    monkeypatch.delenv("ANCHOR_KEY")
    wrong = run(anchored, "restore", str(file), "--fingerprint", "anchor_key:1=0000")

    assert wrong.exit_code == 1
    assert "anchor_key:1 on the paper is not the key of the backup" in wrong.output


@pytest.mark.parametrize("written_as", ["csv", "json"])
def test_an_export_holds_workflow_facts_of_one_organisation_and_is_journalled(
    anchored: Town, tmp_path: Path, written_as: str, services: Services
) -> None:
    world = anchored.world
    made = {}
    for tenant in (world.desk, world.provider, world.backup, world.overseer):
        file = tmp_path / f"{tenant.row.kind}-{tenant.id}.{written_as}"
        done = run(anchored, "export", tenant.row.name, str(file), "--format", written_as)
        assert done.exit_code == 0, done.output
        assert file.stat().st_mode & 0o777 == 0o600
        made[tenant.id] = file.read_text()
    for text in made.values():
        assert desk_work.STORY not in text
        assert desk_work.SUMMARY not in text
    (case,) = _rows(made[world.desk.id], written_as)
    (referral,) = _rows(made[world.provider.id], written_as)
    assert case["province"] == "Lualaba"
    assert case["code"] not in made[world.provider.id]
    assert referral["state"] == "sent"
    assert _rows(made[world.backup.id], written_as) == []
    with services.connect(anchored.database.name) as superuser:
        lines = superuser.execute(
            "select l.actor, o.value from journal_line l join journal_opening o"
            " on o.chain = l.chain and o.seq = l.seq where l.move = %s and l.chain = %s",
            (CaseEvent.EXPORTED.value, world.desk.id),
        ).fetchall()
    assert lines == [("host-command", f"{written_as}, 1 lines")]


def test_an_export_for_nobody_is_refused(anchored: Town, tmp_path: Path) -> None:
    for name in ("Personne", anchored.world.host.row.name):
        assert run(anchored, "export", name, str(tmp_path / "x.csv")).exit_code == 1
    assert not (tmp_path / "x.csv").exists()


def _rows(text: str, written_as: str) -> list[dict[str, str]]:
    return json.loads(text) if written_as == "json" else list(csv.DictReader(StringIO(text)))
