"""Does a newcomer find a living, fictional world, and can they sign in to it?"""

from __future__ import annotations

import json
import stat
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from flask import Flask

from config.settings import owner_settings
from grievance.actions import channel_health, entering, registry_seen, sign_in
from grievance.actions.entering import Doorway
from grievance.actions.passkeys import RelyingParty
from grievance.actions.tries import Guard
from grievance.local import sample
from grievance.local.sample import SampleSettings
from grievance.local.sample import setting as sample_setting
from grievance.schemas.people import Second
from grievance.store.counts import Counts
from grievance.vocabulary import GatewayKind
from tests import apps
from tests.services import Database
from workers import beats
from workers.process import Process


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


@pytest.fixture
def told(settings: SampleSettings) -> dict:
    """What sample.json says of a town in which nothing was reported yet."""
    sample.load(settings, times=0)
    return _sample(settings)


def _sample(settings: SampleSettings) -> dict:
    return json.loads((settings.var / "sample.json").read_text())


def _app(settings: SampleSettings) -> Flask:
    return sample_setting.open_stage(settings)


def _doorway(settings: SampleSettings) -> Doorway:
    """The door of the town's web, where nobody guessed yet."""
    guard = Guard(Counts(settings.web.redis_url), "account", "bucket")
    site = RelyingParty.of(settings.base_url)
    return Doorway(settings.web.config_key, settings.web.token_key, site, settings.web.sample, guard)


def test_a_newcomer_gets_an_account_in_every_kind_of_organisation(
    settings: SampleSettings, told: dict
) -> None:
    organisations = {(one["organisation_kind"], one["organisation"]) for one in told["accounts"]}
    counted = Counter(kind for kind, _ in organisations)
    assert counted["cso"] >= 2
    assert counted["provider"] >= 2
    assert counted["mine"] >= 1
    assert (counted["overseer"], counted["host"]) == (1, 1)
    roles = {one["role"] for one in told["accounts"]}
    assert roles == {"case_worker", "case_lead", "security_manager", "overseer", "administrator"}
    workers = [one for one in told["accounts"] if one["role"] == "case_worker"]
    assert {one["restricted"] for one in workers} == {True, False}
    assert stat.S_IMODE((settings.var / "sample.json").stat().st_mode) == 0o600


def test_each_account_signs_in_with_what_the_file_says(settings: SampleSettings, told: dict) -> None:
    app, now = _app(settings), datetime.now(UTC)
    with app.app_context():
        for one in (told["accounts"][0], told["accounts"][-1]):
            code = pyotp.TOTP(one["totp_secret"]).at(now)
            cookie = entering.come_in(
                one["email"], one["password"], Second(code), doorway=_doorway(settings), now=now
            )
            assert sign_in.living(cookie, now=now)
    sample_setting.close(app)


def test_a_second_start_changes_nothing(settings: SampleSettings, told: dict) -> None:
    sample.load(settings, times=0)
    assert _sample(settings) == told


def test_the_channels_are_told_as_their_providers_would_know_them_and_none_looks_silent(
    settings: SampleSettings, told: dict
) -> None:
    channels = {one["kind"]: one for one in told["channels"]}
    assert channels["twilio"]["webhook_url"] == "http://127.0.0.1:8000/hooks/twilio/sms"
    assert channels["twilio"]["account_sid"].startswith("AC")
    assert channels["smsgate"]["device_id"]
    assert all(one["secret"] and one["number"].startswith("+2439") or "+24388" in one["number"]
               for one in channels.values())  # fmt: skip
    assert channels.keys() == {kind.value for kind in GatewayKind}

    app, now = _app(settings), datetime.now(UTC)
    with app.app_context():
        beats.play_telephones(Process(app, settings.base_url, True, settings.var, ""), now)
        assert channel_health.red(now) == []
        seen = registry_seen.channels(settings.web.config_key)
        assert [one.number for one in seen if one.silent(now)] == []
    sample_setting.close(app)
