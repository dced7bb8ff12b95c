"""Does sample mode write down what would have gone out, and only that?"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest

from grievance.gateways import gateway_for
from grievance.gateways.contract import Account, Channel, Gateway, SendError, SendFailed
from grievance.vocabulary import GatewayKind

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CHANNEL = Channel(UUID(int=1), GatewayKind.TWILIO, "+243880000001", "s", Account("AC1"), "https://a.example")
TO = "+243920000002"


def _say(gateway: Gateway, text: str, now: datetime = NOW) -> str:
    return gateway.send(CHANNEL, TO, text, own_id="m1", timeout=1, now=now).provider_id


def _lines(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "sms.jsonl").read_text().splitlines()]


def test_what_would_have_gone_out_is_one_line_each(tmp_path: Path) -> None:
    gateway = gateway_for(GatewayKind.TWILIO, tmp_path / "recorded")
    assert _say(gateway, "Bien noté.\nCode\u2028") == "recorded-m1"
    _say(gateway, "Habari", datetime(2026, 11, 24, 10, 5, tzinfo=timezone(timedelta(hours=2))))
    assert _lines(tmp_path / "recorded") == [
        {
            "at": "2026-11-24T08:00:00+00:00",
            "channel": "+243880000001",
            "to": TO,
            "text": "Bien noté.\nCode\u2028",
        },
        {"at": "2026-11-24T08:05:00+00:00", "channel": "+243880000001", "to": TO, "text": "Habari"},
    ]


def test_only_its_owner_may_read_the_record(tmp_path: Path) -> None:
    folder = tmp_path / "recorded"
    folder.mkdir()
    (folder / "sms.jsonl").write_text("")
    os.chmod(folder / "sms.jsonl", 0o644)
    _say(gateway_for(GatewayKind.SMSGATE, folder), "Habari")
    assert (folder / "sms.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_record_in_a_folder_that_was_not_there_is_its_owner_s_alone(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "recorded"
    _say(gateway_for(GatewayKind.SMSGATE, folder), "Habari")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "sms.jsonl").stat().st_mode & 0o777 == 0o600


def test_many_writers_at_once_keep_whole_lines(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda n: _say(gateway_for(GatewayKind.TWILIO, tmp_path), f"{n} " + "a" * 900), range(80)
            )
        )
    assert sorted(int(line["text"].split()[0]) for line in _lines(tmp_path)) == list(range(80))


def test_a_link_put_in_the_way_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "sms.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SendFailed) as caught:
        _say(gateway_for(GatewayKind.TWILIO, tmp_path), "Habari")
    assert not (tmp_path / "elsewhere").exists()
    assert caught.value.__context__ is None
    assert (caught.value.error, caught.value.code) == (SendError.RETRY, "recording")


@pytest.mark.parametrize("kind", [GatewayKind.TWILIO, GatewayKind.SMSGATE])
def test_it_answers_callers_like_the_gateway_it_stands_in_for(kind: GatewayKind, tmp_path: Path) -> None:
    assert gateway_for(kind, tmp_path).acknowledge() == gateway_for(kind).acknowledge()
