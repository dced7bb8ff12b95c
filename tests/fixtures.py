"""Where do the stories happen? One app, one small world with real keys, one folder of what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from tests import apps, make
from tests.services import Database, Services


@dataclass
class Town:
    """Everything a story needs, over real servers."""

    app: Flask
    world: make.World
    keys: apps.TestKeys
    database: Database
    redis_url: str
    recorded: Path

    def texts(self) -> list[dict[str, str]]:
        """Every SMS that went out, oldest first."""
        file = self.recorded / "sms.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture
def town(database: Database, services: Services, redis_url: str, tmp_path: Path) -> Iterator[Town]:
    """A small world, with the app's context entered."""
    keys = apps.TestKeys()
    superuser = services.url("postgres", database.name)
    world = make.world(superuser, keys.config)
    app = apps.make_app(database, redis_url, keys, tmp_path)
    with app.app_context():
        yield Town(app, world, keys, database, redis_url, tmp_path)
    apps.close(app)
