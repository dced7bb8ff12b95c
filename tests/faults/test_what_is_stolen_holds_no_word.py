"""Whoever carries off database, write-ahead log, queue and logs finds no word of what people wrote.

It is sought in each writing: plain, UTF-16, Base64, hexadecimal, percent.
Sought in a dump of every table, the data folder with its write-ahead log, Valkey's files and memory, the logs
of every program and of both servers, and whatever was left in the temporary folder.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest
import redis

from grievance.gateways import GATEWAYS
from tests import flood, hook_calls, thief
from tests.figures import Tell
from tests.fixtures import Town
from tests.planting import Gardener
from tests.real import TEMPORARY, running
from tests.services import Services

AOF_IS_WRITTEN_AFTER = 2  # seconds
WORKED_OFF_WITHIN = 180


@pytest.mark.parametrize(
    ("reports", "worked"),
    [pytest.param(4, 1, id="short"), pytest.param(500, 25, id="long", marks=pytest.mark.proof)],
)
def test_a_stolen_machine_gives_away_no_name_number_word_or_receipt(
    town: Town, services: Services, reports: int, worked: int, figure: Tell
) -> None:
    began = time.time() - 2
    hook_calls.open_channels(town, services)
    with running(town.database, town.redis_url, town.keys, town.recorded) as real:
        gardener = Gardener(town, real)
        assert gardener.calls() == 201
        codes = [gardener.reports(one) for one in flood.addresses(reports, 20)]
        for place in range(reports):
            kind = sorted(GATEWAYS)[place % len(GATEWAYS)]
            assert gardener.texts(kind) == 200
        for code in codes[:worked]:
            gardener.works(code)
            gardener.types_in()
        _until_worked_off(town, services)
    memory = _what_valkey_holds(town)
    time.sleep(AOF_IS_WRITTEN_AFTER)
    with services.connect(town.database.name) as superuser:
        superuser.execute("checkpoint")
        dump = list(thief.tables(superuser))
    taken = [*dump, *memory, *_disk(services, town, began)]

    planted = gardener.planted
    finds = thief.search(taken, planted.everything())
    size = sum(len(text) for _, text in taken) / 1e6
    figure(
        f"stolen: {len(planted.words)} words, {len(planted.numbers) // 2} numbers,"
        f" {len(planted.receipts)} receipts by {len(planted.kinds)} ways"
        f" sought in {len(taken)} tables and files, {size:.0f} MB: {len(finds)} found"
    )
    # The search itself works: what is meant to be in clear is found, in the dump and on the disk.
    assert thief.search(dump, codes[:1])
    assert thief.search(taken[len(dump) :], codes[:1])
    assert finds == []


def _until_worked_off(town: Town, services: Services) -> None:
    """Until the workers have taken every text."""
    give_up = time.monotonic() + WORKED_OFF_WITHIN
    with services.connect(town.database.name) as superuser:
        while superuser.execute("select 1 from inbound where state = 'new'").fetchone():
            assert time.monotonic() < give_up, "the workers did not take every text"
            time.sleep(0.5)


def _what_valkey_holds(town: Town) -> list[tuple[str, bytes]]:
    with redis.Redis.from_url(town.redis_url) as client:
        return [(f"valkey {key!r}", client.dump(key) or b"") for key in client.keys("*")]


def _disk(services: Services, town: Town, began: float) -> list[tuple[str, bytes]]:
    """Every file of both servers, of the programs' logs, and of the temporary folder, written meanwhile."""
    folders = [Path(services.folder) / name for name in ("pg", "valkey", "logs")]
    found = list(thief.files(*folders, since=began))
    found += thief.files(town.recorded / "logs", town.recorded / TEMPORARY)
    # What went out to telephones is recorded in sample mode alone; the test's own folders are no leftovers.
    strays = (path for path in Path(tempfile.gettempdir()).iterdir() if path.is_file())
    return found + [
        (f"temporary {path.name}", path.read_bytes())
        for path in strays
        if path.stat().st_mtime >= began and path.stat().st_uid == os.geteuid() and path.suffix != ".log"
    ]
