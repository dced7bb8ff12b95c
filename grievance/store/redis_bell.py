"""How does the doorbell ring? A job in Redis that carries an id, and nothing of what happened."""

from __future__ import annotations

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from grievance.store.doorbell import Bell

# A complainant waits while the bell rings: a queue that does not answer at once is left to the poller.
PATIENCE = 0.5  # seconds
LONGEST_JOB = 90  # seconds
FORGOTTEN_AFTER = 3600  # seconds that a failed job is kept for a look


def redis_bell(redis_url: str) -> Bell:
    """A bell for `doorbell.hang`. It raises when Redis is away; the doorbell logs that and goes on."""
    connection = Redis.from_url(
        redis_url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
    )
    queues = {name: Queue(name, connection=connection, serializer=JSONSerializer) for name in ("sms", "mail")}

    def ring(queue: str, job: str, row_id: str) -> None:
        queues[queue].enqueue_call(
            job, (row_id,), timeout=LONGEST_JOB, result_ttl=0, failure_ttl=FORGOTTEN_AFTER,
            description=job,
        )  # fmt: skip

    return ring
