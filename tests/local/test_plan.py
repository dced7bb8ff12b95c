"""Does a start do what its environment asks, and say in one line what it cannot?"""

from __future__ import annotations

import json
import os
import socket
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from config.settings import ProcessKind
from grievance.local import accounts, databases, roles, secret
from grievance.local.folders import make_var
from grievance.local.plan import Plan, programs
from grievance.local.problems import CannotStart
from tests.services import PASSWORD, Database, Services

TWO_SERVERS = {"DATABASE_URL": "postgresql://x@/y", "REDIS_URL": "redis://x"}


def test_alone_it_brings_its_own_servers_and_sample_data() -> None:
    plan = Plan.read({"PORT": "8123"})
    assert (plan.embedded, plan.sample, plan.base_url) == (True, True, "http://127.0.0.1:8123")


def test_given_servers_are_used_and_get_no_sample_data_unasked() -> None:
    assert not Plan.read(TWO_SERVERS).embedded
    assert not Plan.read(TWO_SERVERS).sample
    assert Plan.read({**TWO_SERVERS, "SAMPLE": "1"}).sample


@pytest.mark.parametrize(
    "environment",
    [{"DATABASE_URL": "x"}, {"REDIS_URL": "x"}, {"PORT": "http"}, {"PORT": "70000"}, {"SAMPLE": "yes"}],
)
def test_a_plan_that_makes_no_sense_is_refused_in_one_line(environment: dict[str, str]) -> None:
    with pytest.raises(CannotStart) as told:
        Plan.read(environment)
    assert "\n" not in str(told.value)


def test_a_port_that_somebody_has_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grievance.local.plan.PORT_PATIENCE", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=f"port {port} cannot be used"):
            Plan.read({"PORT": str(port)}).check_port()


def test_each_process_gets_its_own_variables_and_none_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET", "somebody else's")
    environments = {kind: {"MINE": kind.value} for kind in ProcessKind}
    started = {program.name: program for program in programs(tmp_path, environments)}
    assert {name: program.env["MINE"] for name, program in started.items()} == {
        "web": "web",
        "queue sms": "sms",
        "queue mail": "sweep",
        "timer sms": "sms",
        "timer sweep": "sweep",
    }
    assert not any("AWS_SECRET" in program.env for program in started.values())


def _same_passwords(tmp_path: Path) -> secret.Secrets:
    """Secrets with the passwords that the tests' logins already have."""
    made = secret.load_or_make(make_var(tmp_path / "var"))
    return replace(made, logins=dict.fromkeys(roles.PASSWORDS, PASSWORD))


def test_a_given_database_gets_its_roles_and_every_process_its_login(
    services: Services, database: Database, tmp_path: Path
) -> None:
    given = {"DATABASE_URL": services.url("postgres", database.name)}

    urls = databases.given(given, _same_passwords(tmp_path))

    with psycopg.connect(urls["DATABASE_URL_SMS"].replace("+psycopg", "")) as connection:
        assert connection.execute("select current_user").fetchone() == ("grievance_sms",)


def test_logins_that_are_given_are_used_as_they_are(
    services: Services, database: Database, tmp_path: Path
) -> None:
    named = {f"DATABASE_URL_{kind}": f"postgresql://given@/{kind}" for kind in ("WEB", "SMS", "SWEEP")}
    urls = databases.given({"DATABASE_URL": database.owner_url, **named}, _same_passwords(tmp_path))
    assert urls.items() >= named.items()


def test_a_database_that_cannot_serve_says_why_without_its_password(
    services: Services, database: Database, tmp_path: Path
) -> None:
    secrets = _same_passwords(tmp_path)
    for url, why in (
        (database.web_url, "may not make the roles"),
        (services.url("postgres", "nowhere"), "cannot be reached"),
        ("nonsense", "not an address"),
    ):
        with pytest.raises(CannotStart, match=why) as told:
            databases.given({"DATABASE_URL": url}, secrets)
        assert PASSWORD not in str(told.value)


def test_the_list_of_accounts_follows_the_port_and_the_process(tmp_path: Path) -> None:
    account = {"role": "overseer", "organisation": "ICoCA (fictif)", "email": "o@exemple.invalid"}
    account |= {"password": "mot-de-passe", "totp_secret": "ABCDEF"}
    channels = [
        {"webhook_url": "http://127.0.0.1:1/hooks/twilio/sms"},
        {"webhook_url": "https://sms.exemple/x"},
    ]
    sample = {"base_url": "http://127.0.0.1:1", "pid": 1, "accounts": [account], "channels": channels}
    (tmp_path / "sample.json").write_text(json.dumps(sample))

    lines = accounts.refresh(tmp_path, "http://127.0.0.1:2")

    kept = json.loads((tmp_path / "sample.json").read_text())
    assert (kept["base_url"], kept["pid"]) == ("http://127.0.0.1:2", os.getpid())
    assert [channel["webhook_url"] for channel in kept["channels"]] == [
        "http://127.0.0.1:2/hooks/twilio/sms",
        "https://sms.exemple/x",
    ]
    assert (tmp_path / "sample.json").stat().st_mode & 0o777 == 0o600
    assert lines[1].split("  ") == [*account.values()]


def test_without_sample_data_there_is_nothing_to_show(tmp_path: Path) -> None:
    assert accounts.refresh(tmp_path, "http://127.0.0.1:2") == []
