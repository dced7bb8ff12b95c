"""What happens at one instant? The sweep, then everything that it and others left to send, to the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from workers import mail, sms, sweeps
from workers.process import Process

MOST_ROUNDS = 1_000  # of at most 200 each; more than this would be a loop


def play(sweeper: Process, texter: Process, now: datetime) -> int:
    """Sweeps at `now` until nothing more is due, then drains the outbox; gives the number of steps."""
    steps = 0
    with sweeper.app.app_context():
        for _ in range(MOST_ROUNDS):
            taken = sweeps.sweep(sweeper, now)
            steps += taken
            if not taken:
                break
    with texter.app.app_context():
        sms.settle(texter, now)
        drain(lambda: sms.send_waiting(texter, now))
    with sweeper.app.app_context():
        sweeps.seal_journal(sweeper, now)
        drain(lambda: mail.send_waiting(sweeper, now))
        sweeps.count(sweeper, now)
    return steps


def drain(send: Callable[[], int]) -> None:
    """Sends until nothing is due; what failed is due later and waits."""
    for _ in range(MOST_ROUNDS):
        if not send():
            return
