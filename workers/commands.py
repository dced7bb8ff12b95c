"""What can somebody at a terminal ask for? The commands of `flask --app wsgi`."""

from __future__ import annotations

import sys

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from config.settings import SettingsIncomplete
from grievance.actions import clock_checks, codes_shown, people
from grievance.actions.sealed_columns import EnvironmentKey
from grievance.local import rekey
from grievance.schemas.people import Invite
from grievance.terms import GrievanceError, Role
from grievance.vocabulary import Language
from workers import doctor, mail, playing, sms
from workers.__main__ import sms_process, sweep_process
from workers.journal_commands import journal
from workers.keeping_commands import backup, export, restore, retention
from workers.process import utcnow
from workers.terminal import begun, instant

outbox = AppGroup("outbox", help="Notices that wait to be sent.")
clocks = AppGroup("clocks", help="Deadlines.")
members = AppGroup("members", help="People who work here.")
keys = AppGroup("keys", help="Keys that live in environments.")


def register(app: Flask) -> None:
    """Adds the commands to `flask --app wsgi`."""
    for group in (outbox, journal, clocks, members, keys, retention):
        app.cli.add_command(group)
    for command in (sweep, doctor_command, code, backup, restore, export):
        app.cli.add_command(command)


@click.command("sweep")
@click.option("--at", "at", default=None, help="ISO 8601 with its zone; default: now.")
def sweep(at: str | None) -> None:
    """Takes every step that is due, then sends what waits, to the end."""
    with begun(sweep_process) as sweeper, begun(sms_process) as texter:
        now = instant(at, sweeper.sample)
        steps = playing.play(sweeper, texter, now)
    click.echo(f"{steps} steps taken at {now.isoformat()}")


@outbox.command("run")
def run_outbox() -> None:
    """Takes the texts that came in and sends what is due, once."""
    now = utcnow()
    with begun(sms_process) as held, held.app.app_context():
        taken, texts = sms.take_waiting(held, now), sms.send_waiting(held, now)
    with begun(sweep_process) as held, held.app.app_context():
        mails = mail.send_waiting(held, now)
    click.echo(f"{taken} texts taken, {texts} texts and {mails} mails sent")


@clocks.command("verify")
def verify_clocks() -> None:
    """Recomputes every deadline; the exit status is 1 when one differs."""
    with begun(sweep_process) as held, held.app.app_context():
        count, faults = clock_checks.verify()
    for fault in faults:
        click.echo(f"clock {fault.clock_id}: {fault.column}")
    click.echo(f"{count} clocks, {len(faults)} differences")
    sys.exit(1 if faults else 0)


@members.command("invite")
@click.option("--email", required=True)
@click.option("--role", required=True)
@click.option("--organisation", default=None, help="Its name; may be left out for the first administrator.")
def invite(email: str, role: str, organisation: str | None) -> None:
    """Invites a member and prints the link to begin with, which works once, for seven days."""
    try:
        click.echo(_invited(email, Role(role), organisation))
    except (GrievanceError, ValueError) as refusal:
        raise click.ClickException(f"refused: {str(refusal) or type(refusal).__name__}") from None


@keys.command("rotate")
@click.argument("name", type=click.Choice([name.value for name in EnvironmentKey]))
@click.option("--new", is_flag=True, help="Makes the next version; without it, a change goes on.")
def rotate_key(name: str, new: bool) -> None:
    """Changes one key while everything runs; says each step, and when the older version may go."""
    try:
        with begun(sms_process) as held, held.app.app_context():
            for said in rekey.rotate(EnvironmentKey(name), new=new, now=utcnow):
                click.echo(said)
    except (rekey.CannotChange, SettingsIncomplete) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(2)


@click.command("doctor")
def doctor_command() -> None:
    """Looks at the database, the queue and the workers, and says in one line each what is wrong."""
    with begun(sweep_process) as held:
        findings = doctor.examine(held, utcnow())
    for finding in findings:
        click.echo(finding)
    click.echo("All is well." if not findings else f"{len(findings)} findings.")
    sys.exit(1 if findings else 0)


@click.command("code")
@click.argument("email")
def code(email: str) -> None:
    """Sample mode only: the six digits that this member's telephone would show now."""
    settings = current_app.config["SETTINGS"]
    if not settings.sample:
        raise click.ClickException("this exists in sample mode only")
    try:
        click.echo(codes_shown.current(email, config_key=settings.config_key, now=utcnow()))
    except GrievanceError:
        raise click.ClickException("nobody has this address, or no telephone yet") from None


def _invited(email: str, role: Role, organisation: str | None) -> str:
    """The link. The first administrator of an empty database founds the host with it."""
    actor, now = people.COMMAND_ACTOR, utcnow()
    if role is Role.ADMINISTRATOR and organisation is None:
        organisation_id = people.found_host("Host", now=now)
    else:
        organisation_id = people.organisation_named(organisation or "", actor=actor)
    wanted = Invite(email=email, organisation_id=organisation_id, role=role, language=Language.FRENCH)
    token = people.invite(wanted, actor=actor, now=now).token
    return f"{current_app.config['PUBLIC_URL']}/join/{token}"
