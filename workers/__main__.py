"""Which worker is this process? `python -m workers queue sms|mail` or `python -m workers timer sms|sweep`."""

from __future__ import annotations

import sys
from typing import TypedDict, cast

from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from config.deadlines import load_calendar, load_policy
from config.help import load_hotlines
from config.logging import configure
from config.retention import load_retention
from config.running import settings_for
from config.settings import ProcessKind, SettingsIncomplete, SmsSettings, SweepSettings
from grievance.rules.deadlines import Calendar, Policy
from grievance.rules.retention import Retention
from grievance.store import doorbell
from grievance.store.redis_bell import redis_bell
from grievance.store_app import create_store_app
from workers import process, timers
from workers.process import Process, sms_keys
from workers.schedule import TIMERS

USAGE = "python -m workers queue sms|mail, or timer sms|sweep"


class _Policies(TypedDict):
    policy: Policy
    calendar: Calendar
    retention: Retention


def sms_process() -> Process:
    """The SMS worker's process. Raises SettingsIncomplete."""
    settings = cast(SmsSettings, settings_for(ProcessKind.SMS))
    app = create_store_app({"sms": settings.database_url}, **_policies())
    app.config["SETTINGS"] = settings
    return Process(
        app, settings.public_url, settings.sample, settings.recorded, settings.redis_url,
        sms=sms_keys(settings, load_hotlines()),
    )  # fmt: skip


def sweep_process() -> Process:
    """The process of the sweep and of staff mail. Raises SettingsIncomplete."""
    settings = cast(SweepSettings, settings_for(ProcessKind.SWEEP))
    app = create_store_app({"sweep": settings.database_url}, **_policies())
    app.config["SETTINGS"] = settings
    return Process(
        app, settings.public_url, settings.sample, settings.recorded, settings.redis_url,
        smtp_url=settings.smtp_url, mail_from=settings.mail_from, anchor_key=settings.anchor_key,
    )  # fmt: skip


def _policies() -> _Policies:
    """What this installation decided, for whichever process."""
    return {"policy": load_policy(), "calendar": load_calendar(), "retention": load_retention()}


KINDS = {
    ("queue", "sms"): sms_process,
    ("queue", "mail"): sweep_process,
    ("timer", "sms"): sms_process,
    ("timer", "sweep"): sweep_process,
}


def main(arguments: list[str]) -> int:
    """Runs until it is asked to stop; returns the exit status."""
    if len(arguments) != 2 or (arguments[0], arguments[1]) not in KINDS:
        sys.stderr.write(USAGE + "\n")
        return 2
    way, name = arguments
    configure(f"{way}-{name}")
    try:
        held = KINDS[way, name]()
    except SettingsIncomplete as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    process.begin(held)
    doorbell.hang(redis_bell(held.redis_url))
    if way == "timer":
        timers.run(held, TIMERS[name])
    else:
        _serve(name, held.redis_url)
    return 0


def _serve(name: str, redis_url: str) -> None:
    """One queue for each process: a worker on two can lose a job when it is killed."""
    connection = Redis.from_url(redis_url)
    queue = Queue(name, connection=connection, serializer=JSONSerializer)
    worker = SimpleWorker(
        [queue], connection=connection, serializer=JSONSerializer, log_job_description=False
    )
    worker.work(logging_level="WARNING", with_scheduler=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
