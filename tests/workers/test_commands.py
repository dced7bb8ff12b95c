"""The commands at a terminal do what the workers do, and refuse what makes no sense."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result

from config.keys import write_key
from grievance.local.mailbox import Mailbox
from grievance.store.models import ClockStep
from tests.fixtures import Town
from tests.stories.phones import Phone
from workers import commands, process

STORY = "Les gardes ont battu mon frere hier pres du portail"


@pytest.fixture
def terminal(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A terminal whose environment has every process's settings."""
    mailbox, keys = Mailbox(tmp_path / "mail"), town.keys
    database = town.database
    given = {
        "PUBLIC_URL": "http://127.0.0.1:8000", "SAMPLE": "1", "RECORDED": str(town.recorded),
        "REDIS_URL": town.redis_url, "DATABASE_URL": database.owner_url, "MAIL_FROM": "us@grievance.example",
        "DATABASE_URL_SMS": database.sms_url, "DATABASE_URL_SWEEP": database.sweep_url,
        "SMTP_URL": mailbox.url, "PEPPER": write_key(keys.pepper), "CONFIG_KEY": write_key(keys.config),
        "NUMBER_INDEX_KEY": write_key(keys.number_index), "ANCHOR_KEY": write_key(keys.anchor),
        "INTAKE_PRIVATE": write_key(keys.intake_private), "NOTIFIER_PUBLIC": write_key(keys.notifier_public),
        "NOTIFIER_PRIVATE": write_key(keys.notifier_private),
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    if "sweep" not in town.app.cli.commands:
        commands.register(town.app)
    yield town
    mailbox.close()


def run(town: Town, *words: str) -> Result:
    return town.app.test_cli_runner().invoke(args=list(words))


def test_the_outbox_is_run_once_by_hand(terminal: Town) -> None:
    phone = Phone(terminal)
    phone.post(STORY)
    done = run(terminal, "outbox", "run")

    assert (done.exit_code, done.output) == (0, "1 texts taken, 1 texts and 0 mails sent\n")
    assert "L'ONG peut lire" in phone.heard()[0]


def test_a_future_instant_is_played_in_sample_mode_only(
    terminal: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Phone(terminal)
    phone.says(STORY)
    phone.says("1")
    later = (process.utcnow() + timedelta(days=30)).isoformat()

    assert run(terminal, "sweep", "--at", later).exit_code == 0
    assert phone.rows(ClockStep)
    monkeypatch.setenv("SAMPLE", "0")
    assert run(terminal, "sweep", "--at", later).exit_code == 2


@pytest.mark.parametrize("at", ["tomorrow", "2026-11-01T08:00:00"])
def test_an_instant_without_its_zone_is_refused(terminal: Town, at: str) -> None:
    assert run(terminal, "sweep", "--at", at).exit_code == 2


def test_journal_and_clocks_hold_after_a_conversation(terminal: Town) -> None:
    phone = Phone(terminal)
    for text in (STORY, "1", "DANGER"):
        phone.says(text)

    assert run(terminal, "clocks", "verify").exit_code == 0
    held = run(terminal, "journal", "verify")
    assert (held.exit_code, held.output.splitlines()[0]) == (0, "The journal holds.")
    assert "newer than the last hourly head" in held.output


def test_an_incomplete_environment_is_named_in_one_line(
    terminal: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SMTP_URL")
    refused = run(terminal, "sweep")

    assert refused.exit_code == 2
    assert "SMTP_URL is not set" in refused.output
