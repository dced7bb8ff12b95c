"""With what does a command at a terminal begin? A process and an instant, or one line of refusal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar, cast

import click

from config.running import settings_for
from config.settings import OwnerSettings, ProcessKind, SettingsIncomplete
from workers.process import Process, utcnow

T = TypeVar("T")


@contextmanager
def begun(make: Callable[[], Process]) -> Iterator[Process]:
    """A process for as long as a command takes."""
    held = settled(make)
    try:
        yield held
    finally:
        held.close()


def settled(make: Callable[[], T]) -> T:
    """What the settings give; without them one line says which is missing, and the exit status is 2."""
    try:
        return make()
    except SettingsIncomplete as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)


def instant(at: str | None, sample: bool) -> datetime:
    """The instant to play. Refuses one without its zone, and the future outside sample mode."""
    if at is None:
        return utcnow()
    try:
        now = datetime.fromisoformat(at)
    except ValueError:
        raise click.BadParameter("not an ISO 8601 instant", param_hint="--at") from None
    if now.tzinfo is None:
        raise click.BadParameter("it needs its zone, as in 2026-11-01T08:00:00+02:00", param_hint="--at")
    if now > utcnow() and not sample:
        raise click.BadParameter("the future can be played in sample mode only", param_hint="--at")
    return now.astimezone(UTC)


def owner() -> OwnerSettings:
    """The settings of the tables' owner. Raises SettingsIncomplete."""
    return cast(OwnerSettings, settings_for(ProcessKind.OWNER))


def text_of(file: Path) -> str:
    """A small text file; one line and exit status 2 when it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        click.echo(f"{file.name} cannot be read", err=True)
        sys.exit(2)
