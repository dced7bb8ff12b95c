"""What does the host do at a terminal when a key has to change, and is told the truth about the old one?"""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import Result

from config.keys import parse_key, write_key
from config.settings import ProcessKind
from grievance.actions import follow, intake, rotation
from grievance.actions.sealed_columns import EnvironmentKey
from grievance.local import secret
from grievance.local.folders import locked, make_var
from grievance.store import receipts
from grievance.store.models import JournalLine
from tests import apps, desk_work, superuser
from tests.fixtures import Town
from tests.services import Services
from workers import commands, process


@pytest.fixture
def terminal(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A terminal whose environment has the settings of web and SMS worker."""
    for name, value in _environment(town).items():
        monkeypatch.setenv(name, value)
    if "keys" not in town.app.cli.commands:
        commands.register(town.app)
    return town


def _environment(town: Town) -> dict[str, str]:
    keys = town.keys
    return {
        "PUBLIC_URL": "http://127.0.0.1:8000", "SAMPLE": "1", "RECORDED": str(town.recorded),
        "REDIS_URL": town.redis_url, "DATABASE_URL_SMS": town.database.sms_url,
        "PEPPER": write_key(keys.pepper), "CONFIG_KEY": write_key(keys.config),
        "NUMBER_INDEX_KEY": write_key(keys.number_index), "TOKEN_KEY": write_key(keys.token),
        "INTAKE_PRIVATE": write_key(keys.intake_private), "INTAKE_PUBLIC": write_key(keys.intake_public),
        "NOTIFIER_PRIVATE": write_key(keys.notifier_private),
        "NOTIFIER_PUBLIC": write_key(keys.notifier_public),
    }  # fmt: skip


def rotate(town: Town, *words: str) -> Result:
    return town.app.test_cli_runner().invoke(args=["keys", "rotate", *words])


def _lines(output: str, variable: str) -> list[str]:
    return re.findall(rf"{variable}=(\S+)", output)


def _report(town: Town) -> str:
    receipt = receipts.mint()
    opening = receipts.open_receipt(receipt)
    half = intake.ReceiptHalf(opening.lookup, opening.pair.public)
    intake.receive(desk_work.report(town), opening=half, now=process.utcnow())
    return receipt


def test_on_a_server_each_step_is_printed_and_the_old_key_goes_last(
    terminal: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = _report(terminal)
    first = rotate(terminal, "pepper", "--new")
    known, in_use = _lines(first.output, "PEPPER")
    assert [version for version, _ in parse_key(known)] == [2, 1]
    assert [version for version, _ in parse_key(in_use)] == [1, 2]

    monkeypatch.setenv("PEPPER", known)
    assert _lines(rotate(terminal, "pepper").output, "PEPPER") == [in_use]

    monkeypatch.setenv("PEPPER", in_use)
    done = rotate(terminal, "pepper")
    assert "3 values sealed anew, 0 left under an older version." in done.output
    (alone,) = _lines(done.output, "PEPPER")
    assert [version for version, _ in parse_key(alone)] == [2]

    terminal.keys.pepper = parse_key(alone)
    terminal.app.config["SETTINGS"] = apps.web_settings(
        terminal.database, terminal.redis_url, terminal.keys, terminal.recorded
    )
    assert follow.come_back(receipt, now=process.utcnow())


def test_the_first_use_of_a_key_leaves_one_line_in_the_host_s_chain(town: Town, services: Services) -> None:
    host = town.world.host.id
    key = ((1, b"1" * 32), (2, b"2" * 32))
    for _ in range(2):
        rotation.seal_anew(EnvironmentKey.PEPPER, key, now=process.utcnow())
    lines = [row for row in superuser.rows(services, town, JournalLine) if row.chain == host]
    assert [(row.move, row.to_state) for row in lines] == [("environment_key_changed", "pepper 2")]


def test_a_pair_is_given_to_its_two_sides_in_two_variables(terminal: Town) -> None:
    said = rotate(terminal, "intake", "--new").output
    private, public = _lines(said, "INTAKE_PRIVATE"), _lines(said, "INTAKE_PUBLIC")
    assert [len(private), len(public)] == [2, 2]
    assert private[0] != public[0]
    assert "SMS worker: INTAKE_PRIVATE" in said
    assert "web: INTAKE_PUBLIC" in said


@pytest.mark.parametrize(
    ("name", "variable", "days"), [("token", "TOKEN_KEY", 1), ("config", "CONFIG_KEY", 30)]
)
def test_an_old_key_stays_as_long_as_open_pages_and_repeated_texts_need_it(
    name: str, variable: str, days: int, terminal: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use = _lines(rotate(terminal, name, "--new").output, variable)[1]
    monkeypatch.setenv(variable, in_use)
    began = process.utcnow()
    assert "still needed" in rotate(terminal, name).output
    with time_machine.travel(began + timedelta(days=days, minutes=-1), tick=False):
        assert _lines(rotate(terminal, name).output, variable) == []
    with time_machine.travel(began + timedelta(days=days, minutes=1), tick=False):
        (alone,) = _lines(rotate(terminal, name).output, variable)
    assert [version for version, _ in parse_key(alone)] == [2]


def test_a_key_is_not_changed_twice_at_once_nor_without_a_new_one(
    terminal: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = rotate(terminal, "notifier")
    assert (refused.exit_code, "--new" in refused.output) == (2, True)
    known = _lines(rotate(terminal, "notifier", "--new").output, "NOTIFIER_PRIVATE")[0]
    monkeypatch.setenv("NOTIFIER_PRIVATE", known)
    again = rotate(terminal, "notifier", "--new")
    assert (again.exit_code, _lines(again.output, "NOTIFIER_PRIVATE")) == (2, [])
    assert rotate(terminal, "anchor").exit_code == 2


def test_under_make_run_one_command_does_every_step(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    var = make_var(tmp_path / "var")
    secret.load_or_make(var)
    secret.change_keys(var, {name: value for name, value in _environment(town).items() if "KEY" in name})
    secret.change_keys(var, {"PEPPER": write_key(town.keys.pepper)})
    receipt = _report(town)
    everything = {**_environment(town), **secret.keys_of(var)}
    monkeypatch.setenv("VAR", str(var))
    if "keys" not in town.app.cli.commands:
        commands.register(town.app)
    over = threading.Event()
    with locked(var):
        secret.hand_out(var, secret.share(everything))
        secret.note_in_use(var, secret.keys_of(var))
        supervisor = threading.Thread(target=_supervise, args=(var, everything, over), daemon=True)
        supervisor.start()
        done = rotate(town, "pepper", "--new")
        over.set()
        supervisor.join(30)
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == "Nothing needs the older version: it is removed."
    town.keys.pepper = parse_key(secret.keys_of(var)["PEPPER"])
    assert [version for version, _ in town.keys.pepper] == [2]
    assert secret.given_to(var, ProcessKind.SMS)["PEPPER"] == secret.keys_of(var)["PEPPER"]
    settings = apps.web_settings(town.database, town.redis_url, town.keys, town.recorded)
    town.app.config["SETTINGS"] = settings
    assert follow.come_back(receipt, now=process.utcnow())


def _supervise(var: Path, everything: dict[str, str], over: threading.Event) -> None:
    """What the supervisor does, without programs."""
    while not over.wait(0.05):
        keys = secret.keys_of(var)
        if not secret.are_in_use(var):
            secret.hand_out(var, secret.share({**everything, **keys}))
            secret.note_in_use(var, keys)
