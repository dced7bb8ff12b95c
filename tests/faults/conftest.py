"""What does a fault need? Servers of its own, so that stopping them takes nothing from any other test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import apps, make
from tests.faults.power import Power
from tests.fixtures import Town
from tests.services import start


@pytest.fixture(scope="module")
def power() -> Iterator[Power]:
    """A PostgreSQL and a Valkey that this module may stop and kill; what they committed they keep."""
    running = start(durable=True)
    yield Power(running)
    running.stop()


@pytest.fixture
def shaky(power: Power, worker_id: str, tmp_path: Path) -> Iterator[Town]:
    """A small world over those servers; whatever a test stopped runs again afterwards."""
    database = power.services.clone(f"fault_{worker_id}")
    keys = apps.TestKeys()
    world = make.world(power.services.url("postgres", database.name), keys.config)
    redis_url = power.services.redis_url(0)
    app = apps.make_app(database, redis_url, keys, tmp_path)
    with app.app_context():
        yield Town(app, world, keys, database, redis_url, tmp_path)
    apps.close(app)
    power.everything_on()
    database.drop(power.services)
