"""What can the queue ask for? Two jobs: take a text, send a notice. Each takes an id and may run twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import structlog

from workers import mail, process, sms
from workers.process import Process

log = structlog.get_logger()


class JobFailed(Exception):
    """A job ended in an error that the log tells by class and place. The queue keeps this name alone."""


def converse(inbound_id: str) -> None:
    """Takes one text that came in. Raises JobFailed."""
    with _held("converse") as held:
        sms.converse(held, UUID(inbound_id), process.utcnow())


def send(outbox_id: str) -> None:
    """Sends one notice, if it is due and nobody else has it. Raises JobFailed."""
    with _held("send") as held:
        sender = sms.send_one if held.sms is not None else mail.send_one
        sender(held, UUID(outbox_id), process.utcnow())


@contextmanager
def _held(job: str) -> Iterator[Process]:
    """What this process holds. The queue would keep an exception's words for an hour, so it gets none."""
    held = process.current()
    try:
        with held.app.app_context():
            yield held
    except Exception as error:
        # Whatever it was: the poller takes it up again, and what it says must not reach the queue.
        log.error("job_failed", job=job, exc_info=error)
        raise JobFailed(type(error).__name__) from None
