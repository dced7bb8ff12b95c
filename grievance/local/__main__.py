"""How does everything start on one machine? Step by step, and what fails says so in one line: `make run`."""

from __future__ import annotations

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from config.settings import (
    ProcessKind,
    SettingsIncomplete,
    owner_settings,
    sms_settings,
    sweep_settings,
    web_settings,
)
from grievance.local import accounts, databases, migrate, offspring, sample, secret
from grievance.local.changes import KeyChanges
from grievance.local.folders import ServerUser, locked, make_var, run_folder
from grievance.local.mailbox import Mailbox
from grievance.local.plan import Plan, programs
from grievance.local.postgres import Postgres
from grievance.local.problems import CannotStart
from grievance.local.processes import Interrupted, Program, Supervisor
from grievance.local.valkey import Valkey

READY_WITHIN = 90.0  # seconds for web, workers and timers together
GIVES_UP_AFTER = 4  # stops in a row of one program during the start

Environments = Mapping[ProcessKind, Mapping[str, str]]


def main() -> int:
    """Runs until SIGINT or SIGTERM; returns the exit status."""
    os.umask(0o077)
    if os.environ.get("MAKELEVEL"):
        offspring.follow_parent(signal.SIGTERM)  # `make` waits for us; killed, it would leave us behind
    supervisor = Supervisor(_tell)
    try:
        with ExitStack() as held:
            with supervisor.starting():
                changes = _start(supervisor, held, Plan.read(os.environ))
            supervisor.wait(changes.look)
            _tell("Stopping ...")
    except Interrupted:
        return 130
    except (CannotStart, SettingsIncomplete) as problem:
        _tell(f"Cannot start: {problem}")
        return 1
    return 0


def _start(supervisor: Supervisor, held: ExitStack, plan: Plan) -> KeyChanges:
    var = make_var(plan.var)
    held.enter_context(locked(var))
    held.callback(supervisor.stop)
    plan.check_port()
    secrets = secret.load_or_make(var)
    everything = {"PUBLIC_URL": plan.public_url, "SAMPLE": str(int(plan.sample)), "PORT": str(plan.port)}
    everything |= secrets.keys
    everything |= {name: plan.given[name] for name in secrets.keys if plan.given.get(name)}
    everything |= _mail(plan, var, held)
    valkey = _databases(supervisor, plan, var, secrets, everything)
    environments = secret.share(everything)
    settings = _settings(var, plan, environments)
    secret.hand_out(var, environments)
    _tell("Preparing the database ...")
    _migrate(everything["DATABASE_URL"])
    if plan.sample:
        sample.load(settings)
    if valkey:
        supervisor.run("Valkey", valkey)
    started = programs(var, environments)
    for program in started:
        supervisor.run(program.name, program)
    _wait_until_ready(supervisor, plan, started)
    secret.note_in_use(var, secrets.keys)
    _tell(f"Ready: {plan.base_url}")
    _show_accounts(plan, var)
    return KeyChanges(var, everything, partial(programs, var), supervisor, dict(secrets.keys))


def _databases(
    supervisor: Supervisor, plan: Plan, var: Path, secrets: secret.Secrets, everything: dict[str, str]
) -> Valkey | None:
    """Adds the addresses of database and queue; returns the Valkey to be started, if it is ours."""
    if not plan.embedded:
        everything |= databases.given(plan.given, secrets) | {"REDIS_URL": plan.given["REDIS_URL"]}
        return None
    user = ServerUser.choose()
    run = run_folder(var, user)
    postgres = Postgres(var, run, user, secrets.postgres)
    supervisor.run("PostgreSQL", postgres)
    valkey = Valkey(var, run, user, secrets.valkey)
    everything |= databases.embedded(postgres, secrets) | {"REDIS_URL": valkey.url()}
    return valkey


def _mail(plan: Plan, var: Path, held: ExitStack) -> dict[str, str]:
    """In sample mode nothing leaves this machine; otherwise the given mail server, or a refusal later."""
    if not plan.sample:
        return {name: plan.given[name] for name in ("SMTP_URL", "MAIL_FROM") if plan.given.get(name)}
    mailbox = Mailbox(var / "recorded" / "mail")
    held.callback(mailbox.close)
    return {
        "RECORDED": str(var / "recorded"),
        "SMTP_URL": mailbox.url,
        "MAIL_FROM": "grievance@exemple.invalid",
    }


def _settings(var: Path, plan: Plan, environments: Environments) -> sample.SampleSettings:
    """Reads everybody's settings as they will: what is missing is told before anything runs."""
    return sample.SampleSettings(
        var=var,
        base_url=plan.base_url,
        web=web_settings(environments[ProcessKind.WEB]),
        sms=sms_settings(environments[ProcessKind.SMS]),
        sweep=sweep_settings(environments[ProcessKind.SWEEP]),
        owner=owner_settings(environments[ProcessKind.OWNER]),
    )


def _migrate(owner_url: str) -> None:
    try:
        migrate.upgrade(owner_settings({"SAMPLE": "0", "DATABASE_URL": owner_url}).database_url)
    except (CommandError, SQLAlchemyError) as problem:
        raise CannotStart(
            f"the database could not be brought up to date ({type(problem).__name__})"
        ) from None


def _wait_until_ready(supervisor: Supervisor, plan: Plan, started: list[Program]) -> None:
    give_up = time.monotonic() + READY_WITHIN
    while not _is_ready(plan.base_url):
        supervisor.watch()
        for program in started:
            if supervisor.stops(program.name) >= GIVES_UP_AFTER:
                raise CannotStart(f"`{program.name}` stops as soon as it starts; see {program.log}")
        if time.monotonic() > give_up:
            raise CannotStart(f"not ready within {READY_WITHIN:.0f} s; see the logs in {started[0].logs}")
        time.sleep(0.1)


def _is_ready(base_url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base_url}/readyz", timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _show_accounts(plan: Plan, var: Path) -> None:
    lines = accounts.refresh(var, plan.base_url) if plan.sample else []
    if lines:
        _tell("\nFictional data (DONNÉES FICTIVES). Sign in at /sign-in with:\n" + "\n".join(lines))
        _tell("The six digits: .venv/bin/flask --app wsgi code E-MAIL, or any TOTP app with the secret.")


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
