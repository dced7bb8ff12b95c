"""How is a ratio measured? Both sides in turns, in one run, so that a busy minute weighs on both alike."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

Action = Callable[[], object]

WARM_UP = 3


@dataclass(frozen=True)
class Line:
    """One comparison: medians in seconds, of so many runs."""

    what: str
    ours: float
    against: str
    plain: float
    runs: int

    @property
    def ratio(self) -> float:
        """How many of the plain thing ours costs."""
        return self.ours / self.plain


def beside(what: str, ours: Action, plain: Mapping[str, Action], runs: int) -> list[Line]:
    """Runs ours and each plain thing in turns; a line for each comparison."""
    for action in (ours, *plain.values()):
        for _ in range(WARM_UP):
            action()
    ours_took: list[float] = []
    plain_took: dict[str, list[float]] = {name: [] for name in plain}
    for _ in range(runs):
        ours_took.append(seconds(ours))
        for name, action in plain.items():
            plain_took[name].append(seconds(action))
    median = statistics.median(ours_took)
    return [Line(what, median, name, statistics.median(took), runs) for name, took in plain_took.items()]


def seconds(action: Action) -> float:
    """What one run takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def each_of_many(hands: Sequence[Action], runs: int) -> float:
    """Seconds for each of `runs` when all hands work at once, each with an action of its own."""
    share = runs // len(hands)
    for action in hands:
        action()
    ready = threading.Barrier(len(hands) + 1)

    def work(action: Action) -> None:
        ready.wait()
        for _ in range(share):
            action()

    with ThreadPoolExecutor(len(hands)) as pool:
        going = [pool.submit(work, action) for action in hands]
        ready.wait()
        took = seconds(lambda: [hand.result() for hand in going])
    return took / (share * len(hands))
