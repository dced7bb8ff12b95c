"""What fictional data does a new database get? Played through the ordinary actions, in time order."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta

from grievance.local.sample.plays import fill_cases
from grievance.local.sample.registry import fill_registry
from grievance.local.sample.setting import SampleSettings, Stage, close, open_stage
from grievance.local.sample.town import found, people_of
from grievance.local.sample.writing import write_sample
from grievance.terms import Refused

__all__ = ["SampleSettings", "load"]

BEGAN = timedelta(days=400)  # everybody was here before the first of twelve months of cases


def load(settings: SampleSettings, *, times: int = 4) -> None:
    """Fills an empty database and writes VAR/sample.json; leaves a database that holds anything alone.

    `times` multiplies the number of cases (about fifty): two hundred unless told otherwise.
    """
    app = open_stage(settings)
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)  # rows come and go by the hundred thousand
    try:
        with app.app_context():
            _play(Stage(settings, app), times, datetime.now(UTC))
    except Refused as refusal:
        if refusal.reason != "not_empty":
            raise
    finally:
        gc.set_threshold(*usual)
        close(app)


def _play(stage: Stage, times: int, now: datetime) -> None:
    began = now - BEGAN
    host = found(stage, now=began)
    people = people_of(stage, host, now=began + timedelta(days=1))
    registry = fill_registry(stage, people, began=began + timedelta(days=5), now=now)
    # The accounts are good from here on, also when somebody interrupts what follows.
    write_sample(stage.settings, people, registry)
    fill_cases(stage, people, registry, times=times, now=now)
