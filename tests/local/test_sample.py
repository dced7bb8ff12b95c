"""Does a newcomer find a living, fictional world, and can they sign in to it?"""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from flask import Flask

from config.settings import owner_settings
from grievance.actions import sign_in
from grievance.local import sample
from grievance.local.sample import SampleSettings
from tests import apps
from tests.services import Database


@pytest.fixture
def settings(database: Database, redis_url: str, tmp_path: Path) -> SampleSettings:
    """An empty installation."""
    keys = apps.TestKeys()
    return SampleSettings(
        var=tmp_path, base_url="http://127.0.0.1:8000",
        web=apps.web_settings(database, redis_url, keys, tmp_path),
        sms=apps.sms_settings(database, redis_url, keys, tmp_path),
        sweep=apps.sweep_settings(database, redis_url, keys, tmp_path),
        owner=owner_settings({"SAMPLE": "1", "DATABASE_URL": "postgresql://nobody@nowhere/none"}),
    )  # fmt: skip


def _sample(settings: SampleSettings) -> dict:
    return json.loads((settings.var / "sample.json").read_text())


def test_a_newcomer_gets_an_account_in_every_kind_of_organisation(settings: SampleSettings) -> None:
    began = datetime.now(UTC)
    sample.load(settings)
    took = (datetime.now(UTC) - began).total_seconds()
    told = _sample(settings)
    kinds = {account["organisation_kind"]: set() for account in told["accounts"]}
    for account in told["accounts"]:
        kinds[account["organisation_kind"]].add(account["organisation"])
    assert {kind: len(names) >= fewest for kind, names in kinds.items()
            for fewest in [{"cso": 2, "provider": 2}.get(kind, 1)]} == dict.fromkeys(
        ("cso", "mine", "provider", "overseer", "host"), True)
    assert stat.S_IMODE((settings.var / "sample.json").stat().st_mode) == 0o600
    print(took)
