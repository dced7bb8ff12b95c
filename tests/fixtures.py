"""Where do the stories happen? One app, one small world with real keys, one folder of what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from grievance.local.mailbox import Mailbox
from tests import apps, make
from tests.services import Database, Services
from workers.process import Process


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


@dataclass
class Peopled:
    """A small world that was stored once, with its keys and its app: what each test starts from."""

    template: str
    world: make.World
    keys: apps.TestKeys
    lent: apps.Lent | None = None

    @classmethod
    def store(cls, services: Services, name: str) -> Peopled:
        """Makes it in a database of its own, which nobody opens afterwards."""
        keys = apps.TestKeys()
        services.clone(name)
        return cls(name, make.world(services.url("postgres", name), keys.config), keys)

    def app(self, database: Database, redis_url: str, recorded: Path) -> Flask:
        """The app as it was when new; every test's database has the same name and stands in for the last."""
        if self.lent is None:
            self.lent = apps.Lent.make(database, redis_url, self.keys, recorded)
        return self.lent.again(recorded)


@pytest.fixture(scope="session")
def peopled(services: Services, worker_id: str) -> Peopled:
    """The world that `town` starts from."""
    return Peopled.store(services, f"peopled_{worker_id}")


@pytest.fixture
def town(
    peopled: Peopled, database: Database, services: Services, redis_url: str, tmp_path: Path
) -> Iterator[Town]:
    """A small world, with the app's context entered."""
    # A shallow copy: `replace` would make the two pairs of keys anew, and the app would know others.
    keys, world = copy(peopled.keys), peopled.world.copy()
    app = peopled.app(database, redis_url, tmp_path)
    with app.app_context():
        yield Town(app, world, keys, database, redis_url, tmp_path)
    apps.close(app)


@pytest.fixture
def mailed(town: Town, tmp_path: Path) -> Iterator[Process]:
    """The sweep and the mail worker, over a mail server that records into the folder `mail`."""
    mailbox = Mailbox(tmp_path / "mail")
    settings = apps.sweep_settings(town.database, town.redis_url, town.keys, town.recorded)
    yield Process(
        town.app, settings.public_url, True, town.recorded, town.redis_url, smtp_url=mailbox.url,
        mail_from=settings.mail_from,
    )  # fmt: skip
    mailbox.close()
