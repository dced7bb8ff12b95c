"""What does this process hold? The app, its settings, and what those open; set once by the entry point."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from flask import Flask

from grievance.actions.sms_keys import SmsKeys
from grievance.rules.hotlines import Hotlines
from grievance.store.models import db
from grievance.store.sealing import Versions
from workers import tongues


class SmsSettings(Protocol):
    """What the SMS worker is told; `config.settings.SmsSettings` is one."""

    @property
    def intake_private(self) -> Versions: ...
    @property
    def notifier_private(self) -> Versions: ...
    @property
    def number_index_key(self) -> Versions: ...
    @property
    def config_key(self) -> Versions: ...
    @property
    def pepper(self) -> Versions: ...


@dataclass(frozen=True)
class Process:
    """A worker process. `sms` is None in the sweep; mail and the anchor key are the sweep's alone."""

    app: Flask
    public_url: str
    sample: bool
    recorded: Path | None
    redis_url: str = field(repr=False)
    sms: SmsKeys | None = field(default=None, repr=False)
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    anchor_key: Versions = field(default=(), repr=False)

    @property
    def keys(self) -> SmsKeys:
        """The SMS worker's keys. Raises LookupError in a process that has none."""
        if self.sms is None:
            raise LookupError("this process holds no key of the SMS worker")
        return self.sms

    def close(self) -> None:
        """Gives every connection back."""
        with self.app.app_context():
            for engine in db.engines.values():
                engine.dispose()


def sms_keys(settings: SmsSettings, hotlines: Hotlines) -> SmsKeys:
    """The SMS worker's keys and questions, from its settings."""
    return SmsKeys(
        intake=settings.intake_private,
        notifier=settings.notifier_private,
        number_index=settings.number_index_key,
        config=settings.config_key,
        pepper=settings.pepper,
        tongue=tongues.guess,
        help_number=hotlines.help_number,
    )


_running: list[Process] = []


def begin(process: Process) -> None:
    """Sets what the jobs of this process work with."""
    _running[:] = [process]


def current() -> Process:
    """What this process holds. Raises LookupError before `begin`."""
    if not _running:
        raise LookupError("no worker process was begun here")
    return _running[0]


def utcnow() -> datetime:
    """This instant: the only place of the workers that looks at the clock."""
    return datetime.now(UTC)

