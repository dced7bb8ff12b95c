"""What can somebody at a terminal do about what is kept? See and run what is over."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from workers import keeping
from workers.__main__ import sms_process, sweep_process
from workers.terminal import begun, instant

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
