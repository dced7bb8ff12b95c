"""How does a test get the whole app? With all three database logins in one, and keys made for the test."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from config.deadlines import load_calendar, load_policy
from config.keys import VersionedKey
from config.retention import load_retention
from config.settings import SmsSettings, SweepSettings, WebSettings
from grievance.application import create_app
from grievance.store.counts import Counts
from grievance.store.models import db
from grievance.store.sealing import new_pair
from grievance.store.tallies import Tallies
from tests.services import Database

PUBLIC_URL = "http://127.0.0.1:8000"


class _CompiledOnce(BytecodeCache):
    """Templates compiled once for all the apps of this process: half the time of a page's first showing."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fills it with what another app of this process compiled from the same source."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps it for the next app."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = _CompiledOnce()


def _key() -> VersionedKey:
    return VersionedKey([(1, os.urandom(32))])


@dataclass
class TestKeys:
    """The keys of one installation."""

    __test__ = False

    pepper: VersionedKey = field(default_factory=_key, repr=False)
    token: VersionedKey = field(default_factory=_key, repr=False)
    config: VersionedKey = field(default_factory=_key, repr=False)
    bucket: VersionedKey = field(default_factory=_key, repr=False)
    number_index: VersionedKey = field(default_factory=_key, repr=False)
    anchor: VersionedKey = field(default_factory=_key, repr=False)

    def __post_init__(self) -> None:
        intake, notifier = new_pair(), new_pair()
        self.intake_private = VersionedKey([(1, intake.private)])
        self.intake_public = VersionedKey([(1, intake.public)])
        self.notifier_private = VersionedKey([(1, notifier.private)])
        self.notifier_public = VersionedKey([(1, notifier.public)])


def web_settings(database: Database, redis_url: str, keys: TestKeys, recorded: Path) -> WebSettings:
    """The web's settings for one test database."""
    return WebSettings(
        public_url=PUBLIC_URL, sample=True, recorded=recorded, redis_url=redis_url,
        database_url=database.web_url, pepper=keys.pepper, token_key=keys.token, config_key=keys.config,
        bucket_key=keys.bucket, intake_public=keys.intake_public, notifier_public=keys.notifier_public,
    )  # fmt: skip


def sms_settings(database: Database, redis_url: str, keys: TestKeys, recorded: Path) -> SmsSettings:
    """The SMS worker's settings for one test database."""
    return SmsSettings(
        public_url=PUBLIC_URL, sample=True, recorded=recorded, redis_url=redis_url,
        database_url=database.sms_url, intake_private=keys.intake_private,
        notifier_private=keys.notifier_private, number_index_key=keys.number_index,
        config_key=keys.config, pepper=keys.pepper,
    )  # fmt: skip


def sweep_settings(database: Database, redis_url: str, keys: TestKeys, recorded: Path) -> SweepSettings:
    """The sweep's settings for one test database."""
    return SweepSettings(
        public_url=PUBLIC_URL, sample=True, recorded=recorded, redis_url=redis_url,
        database_url=database.sweep_url, anchor_key=keys.anchor, smtp_url="smtp://127.0.0.1:1",
        mail_from="no-reply@grievance.example", notifier_public=keys.notifier_public,
    )  # fmt: skip


def make_app(database: Database, redis_url: str, keys: TestKeys, recorded: Path) -> Flask:
    """The web app over all three logins, so that one test can be the web, the SMS worker and the sweep."""
    app = create_app(
        web_settings(database, redis_url, keys, recorded), policy=load_policy(), calendar=load_calendar(),
        retention=load_retention(),
        databases={"web": database.web_url, "sms": database.sms_url, "sweep": database.sweep_url},
    )  # fmt: skip
    app.config["TESTING"] = True
    app.jinja_env.bytecode_cache = COMPILED
    return app


@dataclass
class Lent:
    """One app for all tests of a process that stand in the same world, given to each as it was when new."""

    app: Flask
    config: dict[str, Any]
    extensions: dict[str, Any]
    engines: dict[str | None, Any]

    @classmethod
    def make(cls, database: Database, redis_url: str, keys: TestKeys, recorded: Path) -> Lent:
        """The app, and what is in it before anybody changed anything."""
        app = make_app(database, redis_url, keys, recorded)
        return cls(app, dict(app.config), dict(app.extensions), dict(db._app_engines[app]))

    def again(self, recorded: Path) -> Flask:
        """As new, with counts that start anew and this folder for what goes out."""
        settings = self.config["SETTINGS"]
        parts = (
            (self.config, self.app.config), (self.extensions, self.app.extensions),
            (self.engines, db._app_engines[self.app]),
        )  # fmt: skip
        for kept, own in parts:
            own.clear()
            own.update(kept)
        self.app.config["SETTINGS"] = replace(settings, recorded=recorded)
        self.app.extensions["tallies"] = Tallies(settings.redis_url)
        self.app.extensions["door_counts"] = Counts(settings.redis_url)
        return self.app


def close(app: Flask) -> None:
    """Gives every connection back, so that the database can be dropped."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
