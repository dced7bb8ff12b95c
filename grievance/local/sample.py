"""What fictional data does a new database get? Played through the ordinary actions, in time order."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from config.settings import OwnerSettings, SmsSettings, SweepSettings, WebSettings


@dataclass(frozen=True)
class SampleSettings:
    """All that the loader may use; it stands in for every kind of process."""

    var: Path
    base_url: str
    web: WebSettings = field(repr=False)
    sms: SmsSettings = field(repr=False)
    sweep: SweepSettings = field(repr=False)
    owner: OwnerSettings = field(repr=False)


def load(settings: SampleSettings) -> None:
    """Fills an empty database and writes VAR/sample.json; leaves a database that holds anything alone."""
