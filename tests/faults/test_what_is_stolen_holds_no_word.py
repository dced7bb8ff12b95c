"""Whoever carries off database, write-ahead log, queue and logs finds no word of what people wrote.

It is sought in each writing: plain, UTF-16, Base64, hexadecimal, percent.
Sought in the output of `pg_dump`, a copy of every table, the data folder with its write-ahead log, Valkey's
files and memory, the logs of every program and of both servers, and what was left in the temporary folder.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest
import redis
from psycopg import sql

from grievance.gateways import GATEWAYS
from grievance.vocabulary import EntryKind, MessageKind
from tests import columns, flood, hook_calls, thief, typed
from tests.figures import Tell
from tests.fixtures import Town
from tests.planted import Planted
from tests.planting import Gardener
from tests.real import TEMPORARY, running
from tests.services import Services

AOF_IS_WRITTEN_AFTER = 2  # seconds
WORKED_OFF_WITHIN = 180


@pytest.mark.parametrize(
    ("reports", "worked"),
    [pytest.param(4, 1, id="short"), pytest.param(500, 10, id="long", marks=pytest.mark.proof)],
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
        flooded, calm, refused = flood.addresses(3, 21)
        gardener.does_the_rest(services, flooded, calm)
        gardener.goes_wrong(refused)
        _until_worked_off(town, services)
    gardener.leaves_work_undone()
    planted = gardener.planted
    _it_came_in(town, services, planted)
    memory = _what_valkey_holds(town)
    time.sleep(AOF_IS_WRITTEN_AFTER)
    with services.connect(town.database.name) as superuser:
        superuser.execute("checkpoint")
        dump = [thief.dump(services, town.database.name), *thief.tables(superuser)]
    taken = [*dump, *memory, *_disk(services, town, began)]

    finds = thief.search(taken, planted.everything())
    size = sum(len(text) for _, text in taken) / 1e6
    figure(
        f"stolen: {len(planted.words)} words, {len(planted.numbers) // 2} numbers,"
        f" {len(planted.receipts)} receipts by {len(planted.kinds)} ways"
        f" sought in pg_dump and in {len(taken) - 1} tables and files, {size:.0f} MB: {len(finds)} found"
    )
    # The search itself works: what is meant to be in clear is found, in the dump and on the disk.
    for part in (dump[:1], dump[1:], taken[len(dump) :]):
        assert thief.search(part, codes[:1])
    assert finds == []


def _it_came_in(town: Town, services: Services, planted: Planted) -> None:
    """Every way of the list was gone; something stands in every sealed column and in each kind of line."""
    assert typed.ways() - set(planted.kinds) == set(), "these ways planted nothing"
    with services.connect(town.database.name) as superuser:

        def kept(table: str, column: str) -> set[object]:
            found = sql.SQL("select distinct {1} from {0} where {1} is not null")
            return {row[0] for row in superuser.execute(found.format(*map(sql.Identifier, (table, column))))}

        empty = [place for place in columns.sealed() if not kept(*place)]
        assert empty == [], "nobody planted anything there"
        assert kept("entry", "kind") == set(EntryKind)
        assert kept("referral_message", "kind") == set(MessageKind)


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
