"""What can be done at a terminal about what is kept? See what is over, copy all, bring it back, export."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import click
from flask.cli import AppGroup

from config.running import settings_for
from config.settings import OwnerSettings, ProcessKind, SettingsIncomplete
from grievance.actions import clock_checks, exports, journal_checks, statistics
from grievance.actions.exports import Export
from grievance.local import backing_up, copies, restoring
from grievance.local.copies import CannotUse
from grievance.store.heads import Anchor
from grievance.store.sealing import pairs_of
from grievance.terms import GrievanceError
from grievance.vocabulary import OrganisationKind
from grievance.web.oversight import lines
from workers import keeping
from workers.__main__ import sms_process, sweep_process
from workers.process import utcnow
from workers.terminal import begun, instant, owner, settled

# The keys without which old data does not open, or old facts get new names.
LASTING = ("pepper", "config_key", "number_index_key", "anchor_key")
PAIRS = ("intake", "notifier")

retention = AppGroup("retention", help="What is kept, and for how long.")


@retention.command("run")
@click.option("--dry-run", "dry", is_flag=True, help="Only say what would go.")
@click.option("--at", "at", default=None, help="ISO 8601 with its zone; default: now.")
def run(dry: bool, at: str | None) -> None:
    """Takes away what is over, as the timers do by themselves; cases only after their desk was told."""
    with begun(sweep_process) as sweeper, begun(sms_process) as texter:
        now = instant(at, sweeper.sample)
        codes, counts = keeping.run(sweeper, texter, now, dry=dry)
    done = "would go" if dry else "gone"
    for code in codes:
        click.echo(f"case {code}: {done}")
    for kind, number in sorted(counts.items()):
        click.echo(f"{kind}: {number} {done}")
    click.echo(f"{len(codes)} cases, {counts.total()} other rows {done} at {now.isoformat()}")


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copies everything at one instant into FILE and FILE.wraps; the second may live thirty days."""
    url = settled(_backup_login).database_url
    now = utcnow()
    newest = _newest_anchor()
    try:
        rows = backing_up.backup(url, file, keys=copies.fingerprints(_keys()), anchor=newest, now=now)
    except CannotUse as problem:
        raise click.ClickException(str(problem)) from None
    for name in copies.forget_old_wraps(file.resolve().parent, now):
        click.echo(f"{name} was older than thirty days and is deleted.")
    click.echo(f"{rows} rows in {file.name} and {backing_up.wraps_file(file).name}. No key is in either.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--without-wraps", is_flag=True, help="Only what may be kept: no sealed line opens again.")
@click.option("--fingerprint", "typed", multiple=True, help="NAME:version=digits, from the paper.")
def restore(file: Path, without_wraps: bool, typed: tuple[str, ...]) -> None:
    """Fills the empty database of DATABASE_URL from FILE, then verifies journal and clocks."""
    url = settled(owner).database_url
    try:
        files = restoring.manifests(file, without_wraps=without_wraps)
        told = files[0][1]
        _compare(told.keys, typed)
        rows = restoring.restore(url, files)
    except CannotUse as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"{rows} rows restored, as they were at {told.made_at}.")
    sys.exit(0 if _holds(url, Anchor.from_document(told.anchor) if told.anchor else None) else 1)


@click.command("export")
@click.argument("organisation")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "written_as", type=click.Choice(["csv", "json"]), default="csv")
def export(organisation: str, file: Path, written_as: str) -> None:
    """Writes an organisation's own workflow facts, or an overseer's statistics; its journal says so."""
    now = utcnow()
    try:
        actor, kind = exports.exporter(organisation, "host-command")
        if kind is OrganisationKind.OVERSEER:
            found = lines.of(statistics.statistics(actor, now))
            made = Export(lines.FIELDS, found)
            exports.noted(actor, f"statistics, {written_as}, {len(found)} lines", now=now)
        else:
            made = exports.export(actor, kind, written_as=written_as, now=now)
    except GrievanceError as refusal:
        raise click.ClickException(f"refused: {str(refusal) or type(refusal).__name__}") from None
    _write(file, made, written_as)
    click.echo(f"{len(made.lines)} lines in {file.name}; the journal says that they were taken.")


def _backup_login() -> OwnerSettings:
    return cast(OwnerSettings, settings_for(ProcessKind.BACKUP))


def _keys() -> dict[str, tuple[tuple[int, bytes], ...]]:
    """The lasting keys that this environment has, by name; of a pair the public half."""
    found: dict[str, tuple[tuple[int, bytes], ...]] = {}
    for kind in (ProcessKind.WEB, ProcessKind.SMS, ProcessKind.SWEEP):
        try:
            settings = settings_for(kind)
        except SettingsIncomplete:
            continue
        found |= {name: getattr(settings, name) for name in LASTING if hasattr(settings, name)}
        for name in PAIRS:
            if hasattr(settings, f"{name}_public"):
                found[name] = getattr(settings, f"{name}_public")
            elif hasattr(settings, f"{name}_private"):
                found[name] = _publics(getattr(settings, f"{name}_private"))
    return found


def _publics(privates: tuple[tuple[int, bytes], ...]) -> tuple[tuple[int, bytes], ...]:
    pairs = reversed(pairs_of(privates))
    return tuple((version, pair.public) for (version, _), pair in zip(privates, pairs, strict=True))


def _newest_anchor() -> dict[str, Any] | None:
    """The newest anchor goes with the backup, where the owner's address is known."""
    try:
        anchor = journal_checks.newest_anchor(owner().database_url)
    except SettingsIncomplete:
        return None
    return anchor.document() if anchor else None


def _compare(kept: Mapping[str, Mapping[str, str]], typed: tuple[str, ...]) -> None:
    """This environment has the keys of the backup; what is not here is asked for. Raises CannotUse."""
    different, absent = restoring.differing_keys(kept, copies.fingerprints(_keys()))
    if different:
        raise CannotUse(f"other keys than those of the backup: {', '.join(different)}")
    given = dict(pair.partition("=")[::2] for pair in typed)
    for key in absent:
        name, _, version = key.partition(":")
        digits = given.get(key) or click.prompt(f"{key} is not in this environment. Its fingerprint")
        if str(digits).strip().lower() != kept[name][version]:
            raise CannotUse(f"{key} on the paper is not the key of the backup")


def _holds(url: str, anchor: Anchor | None) -> bool:
    """Whether journal and clocks hold after a restore, said in two lines."""
    found = journal_checks.verify(url, anchor)
    since = f" since the anchor of {anchor.day}" if anchor else ""
    click.echo(f"journal: {'holds' if not found.faults else f'{len(found.faults)} faults'}{since}")
    with begun(sweep_process) as held, held.app.app_context():
        count, faults = clock_checks.verify()
    click.echo(f"clocks: {count}, {len(faults)} differences")
    return not (found.faults or faults)


def _write(file: Path, made: Export, written_as: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
        if written_as == "json":
            json.dump(made.lines, out, indent=1, ensure_ascii=False)
            return
        writer = csv.DictWriter(out, made.fields, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in line.items()} for line in made.lines)


def _cell(value: object) -> object:
    """Several values side by side; nothing that a spreadsheet would take for a formula."""
    text = " ".join(value) if isinstance(value, list) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(lines.FORMULA) else text
