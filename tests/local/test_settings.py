"""Does a process start only with everything it needs, and show none of it?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from config.keys import parse_key, write_key
from config.running import NothingRuns, environment_from_var, settings_for, settings_from_var
from config.settings import (
    LOADERS,
    ProcessKind,
    SettingsIncomplete,
    owner_settings,
    sms_settings,
    sweep_settings,
    web_settings,
)
from grievance.local import secret
from grievance.local.folders import locked, make_var

KEY = write_key([(1, b"k" * 32)])
EVERYTHING = {
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "SAMPLE": "0",
    "PORT": "8000",
    "REDIS_URL": "unix:///s/valkey.sock?password=hidden-word",
    "DATABASE_URL": "postgresql://owner:hidden-word@/grievance",
    "DATABASE_URL_WEB": "postgresql://web:hidden-word@/grievance",
    "DATABASE_URL_SMS": "postgresql://sms:hidden-word@/grievance",
    "DATABASE_URL_SWEEP": "postgresql://sweep:hidden-word@/grievance",
    "DATABASE_URL_BACKUP": "postgresql://backup:hidden-word@/grievance",
    "SMTP_URL": "smtp://hidden-word@localhost",
    "MAIL_FROM": "grievance@exemple.invalid",
    **{name: KEY for name in secret.SYMMETRIC},
    **{f"{name}_{half}": KEY for name in secret.PAIRS for half in ("PUBLIC", "PRIVATE")},
}
SHARED = secret.share(EVERYTHING)
REQUIRED = [
    (kind, name) for kind, names in secret.GIVEN.items() for name in names if name not in ("RECORDED", "PORT")
]


@pytest.mark.parametrize("kind", ProcessKind)
def test_each_kind_starts_with_what_it_is_given_and_nothing_more(kind: ProcessKind) -> None:
    assert LOADERS[kind](SHARED[kind])


@pytest.mark.parametrize(("kind", "missing"), REQUIRED)
def test_without_one_variable_it_does_not_start_and_names_it(kind: ProcessKind, missing: str) -> None:
    short = {name: value for name, value in SHARED[kind].items() if name != missing}
    with pytest.raises(SettingsIncomplete, match=f"^{missing} is not set$"):
        LOADERS[kind](short)


@pytest.mark.parametrize("kind", ProcessKind)
def test_printed_settings_show_no_password_and_no_key(kind: ProcessKind) -> None:
    shown = repr(LOADERS[kind](SHARED[kind]))
    assert "hidden-word" not in shown
    assert "kkk" not in shown


def test_the_web_holds_no_private_half_and_the_sweep_opens_nothing() -> None:
    web, sweep, sms = (set(SHARED[kind]) for kind in (ProcessKind.WEB, ProcessKind.SWEEP, ProcessKind.SMS))
    assert not any(name.endswith("_PRIVATE") for name in web | sweep)
    assert "NUMBER_INDEX_KEY" not in web | sweep
    assert not {"PEPPER", "CONFIG_KEY", "TOKEN_KEY"} & sweep
    assert not {"TOKEN_KEY", "ANCHOR_KEY"} & sms
    assert "DATABASE_URL" not in web | sweep | sms


@pytest.mark.parametrize(
    "address", ["http://exemple.cd", "ftp://exemple.cd", "exemple.cd", "https://u:p@x.cd", ""]
)
def test_people_are_never_sent_to_an_open_or_odd_address(address: str) -> None:
    with pytest.raises(SettingsIncomplete, match="PUBLIC_URL") as told:
        web_settings({**SHARED[ProcessKind.WEB], "PUBLIC_URL": address})
    assert not address or address not in str(told.value)


@pytest.mark.parametrize("address", ["https://exemple.cd/", "http://localhost:8000", "http://[::1]:8000"])
def test_https_anywhere_and_http_on_this_machine_are_accepted(address: str) -> None:
    settings = web_settings({**SHARED[ProcessKind.WEB], "PUBLIC_URL": address})
    assert settings.public_url == address.rstrip("/")


def test_sample_mode_says_where_it_records_instead_of_sending(tmp_path: Path) -> None:
    sample = {"SAMPLE": "1", "RECORDED": str(tmp_path)}
    assert sms_settings({**SHARED[ProcessKind.SMS], **sample}).recorded == tmp_path
    assert sweep_settings(SHARED[ProcessKind.SWEEP]).recorded is None
    with pytest.raises(SettingsIncomplete, match="RECORDED"):
        sms_settings({**SHARED[ProcessKind.SMS], "SAMPLE": "1"})


def test_every_address_of_a_database_is_opened_by_the_one_driver() -> None:
    assert owner_settings(SHARED[ProcessKind.OWNER]).database_url.startswith("postgresql+psycopg://owner:")
    with pytest.raises(SettingsIncomplete, match="DATABASE_URL"):
        owner_settings({"SAMPLE": "0", "DATABASE_URL": "mysql://hidden-word@/x"})


def test_a_key_keeps_its_older_versions_and_writes_under_the_newest() -> None:
    versions = ((1, bytes(range(32))), (2, b"n" * 32))
    key = parse_key(write_key(versions))
    assert key == versions
    assert key.current == (2, b"n" * 32)


@pytest.mark.parametrize("text", ["", "x", "1:", "1:short", f"0:{KEY[2:]}", f"{KEY},{KEY}", "1:" + "é" * 43])
def test_a_key_that_is_not_one_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(SettingsIncomplete, match="PEPPER") as told:
        web_settings({**SHARED[ProcessKind.WEB], "PEPPER": text})
    assert len(text) < 3 or text not in str(told.value)


def test_a_command_finds_the_settings_of_the_start_that_holds_the_folder(tmp_path: Path) -> None:
    var = make_var(tmp_path / "var")
    secret.load_or_make(var)
    with pytest.raises(NothingRuns, match="no `make run` is running"):
        settings_from_var(ProcessKind.WEB, var)
    with locked(var):
        with pytest.raises(NothingRuns, match="still starting"):
            settings_from_var(ProcessKind.WEB, var)
        secret.hand_out(var, SHARED)
        assert settings_from_var(ProcessKind.WEB, var) == web_settings(SHARED[ProcessKind.WEB])
        assert environment_from_var(ProcessKind.OWNER, var) == SHARED[ProcessKind.OWNER]


def test_an_environment_that_names_a_database_is_never_mixed_with_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAR", str(tmp_path / "var"))
    assert settings_for(ProcessKind.SMS, SHARED[ProcessKind.SMS]) == sms_settings(SHARED[ProcessKind.SMS])
    with pytest.raises(SettingsIncomplete, match="^PEPPER is not set$"):
        settings_for(ProcessKind.SMS, {**SHARED[ProcessKind.SMS], "PEPPER": ""})
    with pytest.raises(NothingRuns):
        settings_for(ProcessKind.SMS, {})


def test_secrets_are_made_once_and_read_by_their_owner_only(tmp_path: Path) -> None:
    var = make_var(tmp_path / "var")
    first = secret.load_or_make(var)
    assert secret.load_or_make(var) == first
    assert (var / "secret.json").stat().st_mode & 0o777 == 0o600
    assert secret.load_or_make(make_var(tmp_path / "other")) != first
    passwords = json.loads((var / "secret.json").read_text())["made"]["logins"].values()
    assert not any(password in repr(first) for password in passwords)


@pytest.mark.parametrize("read", [web_settings, sms_settings, sweep_settings, owner_settings])
def test_an_empty_environment_is_refused(read: Callable[[dict[str, str]], object]) -> None:
    with pytest.raises(SettingsIncomplete):
        read({})
