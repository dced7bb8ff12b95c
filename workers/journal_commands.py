"""What can be asked of the journal at a terminal? Whether it holds, its anchor, whether a proof holds."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from grievance import proof_check
from grievance.actions import journal_checks
from grievance.actions.journal_checks import Checked
from grievance.store.heads import Anchor
from grievance.store.journal import Fault
from grievance.terms import InvalidInput
from workers.terminal import owner, settled, text_of

journal = AppGroup("journal", help="The append-only record.")


@journal.command("verify")
@click.option(
    "--since", type=click.Path(path_type=Path), default=None, help="An anchor that somebody else kept."
)
def verify(since: Path | None) -> None:
    """Recomputes every chain, head and anchor; the first bad line is named, and the exit status is 1."""
    anchor = _anchor_in(since) if since else None
    found = journal_checks.verify(settled(owner).database_url, anchor)
    for fault in found.faults:
        click.echo(_words(fault))
    if found.faults:
        click.echo(f"The journal does NOT hold: {len(found.faults)} faults.")
        sys.exit(1)
    click.echo("The journal holds.")
    click.echo(_tail(found, anchor))


@journal.command("anchor")
def show_anchor() -> None:
    """Prints the newest signed anchor, to be kept somewhere else; the exit status is 1 when there is none."""
    anchor = journal_checks.newest_anchor(settled(owner).database_url)
    if anchor is None:
        click.echo("No anchor was signed yet.", err=True)
        sys.exit(1)
    click.echo(json.dumps(anchor.document(), indent=1))


@journal.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", default=None, help="The anchors' public key, 64 hexadecimal digits.")
def check(file: Path, key: str | None) -> None:
    """Looks whether a proof of date holds; it asks neither database nor network."""
    holds, words = proof_check.report(text_of(file), key)
    click.echo(words)
    sys.exit(0 if holds else 1)


def _anchor_in(file: Path) -> Anchor:
    """The anchor in a file: one of its own, or that within a proof."""
    text = text_of(file)
    try:
        kept = json.loads(text)
        return Anchor.from_document(kept.get("anchor", kept))
    except (InvalidInput, ValueError, AttributeError, RecursionError):
        click.echo(f"{file.name} is no anchor", err=True)
        sys.exit(2)


def _words(fault: Fault) -> str:
    if fault.chain is None:
        return f"head {fault.seq}: {fault.what}"
    return f"chain {fault.chain} line {fault.seq}: {fault.what}"


def _tail(found: Checked, since: Anchor | None) -> str:
    """What the anchor does not cover, said aloud."""
    lines = "1 line is" if found.tail == 1 else f"{found.tail} lines are"
    if since is not None:
        return (
            f"Nothing under the anchor of {since.day} was changed. {lines} newer than it"
            f" (written after {since.at:%Y-%m-%d %H:%M} UTC): they stand under later heads or in their chain."
        )
    return (
        f"{lines} newer than the last hourly head: only their own chain vouches for them yet."
        " An anchor kept by somebody else (--since FILE) shows that nothing older was written anew."
    )
