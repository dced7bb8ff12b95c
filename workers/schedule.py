"""What runs by itself, and how often? One list for each kind of process; any number of them may run it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from workers import beats, keeping, mail, reconciling, sms, sweeps
from workers.process import Process


@dataclass(frozen=True)
class Entry:
    """A function and the seconds between two runs. Two processes at once do each thing once."""

    name: str
    seconds: float
    run: Callable[[Process, datetime], object]


SMS = (
    Entry("beat", 15, beats.beat_sms),
    Entry("telephones", 300, beats.play_telephones),
    Entry("take", 3, sms.take_waiting),
    Entry("send", 3, sms.send_waiting),
    Entry("settle", 20, sms.settle),
    Entry("blank", 60, sms.blank_at_provider),
    Entry("keep", 3_600, keeping.keep_texts),
    Entry("reconcile", 300, reconciling.reconcile),
)
SWEEP = (
    Entry("beat", 15, beats.beat_sweep),
    Entry("sweep", 10, sweeps.sweep),
    Entry("watch", 60, sweeps.watch_texts),
    Entry("count", 900, sweeps.count),
    Entry("seal", 60, sweeps.seal_journal),
    Entry("keep", 3_600, keeping.keep_cases),
    Entry("send", 3, mail.send_waiting),
)
TIMERS: dict[str, tuple[Entry, ...]] = {"sms": SMS, "sweep": SWEEP}
