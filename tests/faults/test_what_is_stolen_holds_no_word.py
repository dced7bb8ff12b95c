"""Whoever carries off database, write-ahead log, queue and logs finds no word of what people wrote.

It is sought in each writing: plain, UTF-16, Base64, hexadecimal, percent, and packed as the queue packs.
Sought in the output of `pg_dump`, a copy of every table, the data folder with its write-ahead log, Valkey's
files and memory, the logs of every program and of both servers, and what was left in the temporary folder.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest
from psycopg import Connection, sql

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
    memory = list(thief.valkey(town.redis_url))
    (town.recorded / TEMPORARY / "left").write_text(codes[0])
    time.sleep(AOF_IS_WRITTEN_AFTER)
    with services.connect(town.database.name) as superuser:
        superuser.execute("checkpoint")
        dump = [thief.dump(services, town.database.name), *thief.tables(superuser)]
        _now_in_the_log(superuser, codes[0])
    taken = [*dump, *memory, *_disk(services, town, began)]

    finds = thief.search(taken, planted.everything())
    size = sum(len(text) for _, text in taken) / 1e6
    figure(
        f"stolen: {len(planted.words)} words, {len(planted.numbers) // 2} numbers,"
        f" {len(planted.receipts)} receipts by {len(planted.kinds)} ways"
        f" sought in pg_dump and in {len(taken) - 1} tables and files, {size:.0f} MB: {len(finds)} found"
    )
    assert _read_in_vain(taken, codes[0]) == []
    assert finds == []


def _now_in_the_log(superuser: Connection[tuple[object, ...]], told: str) -> None:
    """A long run's write-ahead log goes round: what was written early may be gone, and this is not."""
    superuser.execute("set synchronous_commit = on")
    superuser.execute("create table told (what text)")
    superuser.execute("insert into told values (%s)", (told,))


def _read_in_vain(taken: list[tuple[str, bytes]], code: str) -> list[str]:
    """The places where the search does not even find what is meant to stand there in clear.

    Of the queue's files it must also be found where the queue packed it.
    """
    told = {
        "pg_dump": code, "table grievance_case": code, "pg/base/": code, "pg/pg_wal/": code,
        "valkey/appendonlydir/": "workers.jobs.", "valkey b'": "knock:", f"{TEMPORARY}/": code,
        "logs/postgres": "ready to accept connections", "logs/valkey": "Reading config",
        "logs/timer-sweep": '"event"',
    }  # fmt: skip
    places = {place: [one for one in taken if one[0].startswith(place)] for place in told}
    finds = {place: thief.search(texts, [told[place]]) for place, texts in places.items()}
    packed = [one for one in finds["valkey/appendonlydir/"] if one.writing.startswith("zlib")]
    return [place for place, found in finds.items() if not found] + ([] if packed else ["packed jobs"])


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


def _disk(services: Services, town: Town, began: float) -> list[tuple[str, bytes]]:
    """Every file of both servers, of the programs' logs, and of the temporary folder, written meanwhile."""
    found = list(thief.files(*(Path(services.folder) / name for name in ("pg", "valkey")), since=began))
    found += thief.files(Path(services.folder) / "logs", town.recorded / "logs", town.recorded / TEMPORARY)
    # What went out to telephones is recorded in sample mode alone; the test's own folders are no leftovers.
    strays = (path for path in Path(tempfile.gettempdir()).iterdir() if path.is_file())
    return found + [
        (f"temporary {path.name}", path.read_bytes())
        for path in strays
        if path.stat().st_mtime >= began and path.stat().st_uid == os.geteuid() and path.suffix != ".log"
    ]
