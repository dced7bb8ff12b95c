"""Prints what is measured, each beside the plain thing, in under a minute; it judges nothing."""

from __future__ import annotations

import os
import signal
import sys
import time

from bench import pages, queues, store, webhooks
from bench.place import Place, place
from bench.table import ratios
from config.logging import configure


def main() -> None:
    """Measures everything once."""
    configure("test")
    # Whoever ends it early leaves no server and no folder behind either.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    start = time.monotonic()
    with place() as here:
        _print_all(here)
    print(f"{time.monotonic() - start:.0f} s in all.")


def _print_all(here: Place) -> None:
    print("Medians, in one run, on one embedded PostgreSQL whose commits wait for the disk.")
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} processors, load {load:.1f} at the start: ratios travel, times do not.\n")
    print(ratios("Taking in a text", webhooks.measured(here)))
    with here.town.app.app_context():
        print(ratios("Sealing", store.sealing()))
        print(ratios("Transactions", [*store.transactions(here), *store.receiving(here)]))
        lines = queues.measured(here)
    print(ratios("The desk's queue", lines) + queues.growth(lines) + "\n")
    print(pages.shown(pages.measured(here)))


if __name__ == "__main__":
    main()
