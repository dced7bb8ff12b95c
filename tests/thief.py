"""What does somebody find who took everything? Each table and file, searched for words in many writings."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from psycopg import Connection, sql
from redis import Redis

from grievance.local import binaries
from tests.services import Services

OWN_SCHEMAS = ("pg_catalog", "information_schema", "pg_toast")
SHORTEST = 6  # signs of a word; what is shorter stands anywhere by chance
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){6,}[0-9a-fA-F]?")
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
PERCENT = re.compile(rb"%[0-9a-fA-F]{2}")
# How a stream of zlib begins, as the queue keeps its jobs and what went wrong in them.
PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
MOST_UNPACKED = 1 << 20  # bytes of one stream
DIGITS = re.compile(rb"[0-9][0-9 ]*[0-9]")
URL_SAFE = bytes.maketrans(b"-_", b"+/")


@dataclass(frozen=True)
class Find:
    """A word found where it should not be, or where it may be."""

    word: str
    where: str
    writing: str


class Words:
    """Words to seek, many at once: those of digits in runs of digits, the others by how they begin."""

    def __init__(self, words: Iterable[str]) -> None:
        known = [word.encode() for word in words]
        assert all(len(word) >= SHORTEST and word.isascii() for word in known), "too short, or not ASCII"
        self._digits = {word.replace(b" ", b"") for word in known if word.replace(b" ", b"").isdigit()}
        self._lengths = sorted({len(word) for word in self._digits})
        self._groups: dict[bytes, list[bytes]] = defaultdict(list)
        for word in known:
            if word.replace(b" ", b"") not in self._digits:
                self._groups[word[:SHORTEST]].append(word)

    def within(self, text: bytes) -> set[str]:
        """The words that stand in this text as they are; digits also in groups."""
        found = {
            word
            for beginning, words in self._groups.items()
            if beginning in text
            for word in words
            if word in text
        }
        if self._digits:
            found |= self._numbers(text)
        return {word.decode() for word in found}

    def _numbers(self, text: bytes) -> Iterator[bytes] | set[bytes]:
        found = set()
        for run in DIGITS.finditer(text):
            signs = run[0].replace(b" ", b"")
            for length in self._lengths:
                for at in range(len(signs) - length + 1):
                    if signs[at : at + length] in self._digits:
                        found.add(signs[at : at + length])
        return found


def readings(text: bytes) -> Iterator[tuple[str, bytes]]:
    """A text as somebody would read it who tries everything: each writing undone, two bytes a sign too."""
    for name, plain in _decoded(text):
        yield from _one_byte_a_sign(name, plain)
        unpacked = b"\n".join(_unpacked(plain))
        if unpacked:
            yield from _one_byte_a_sign(f"zlib in {name}", unpacked)


def _one_byte_a_sign(name: str, plain: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, plain
    if b"\0" in plain:
        # What was UTF-16, either end first, is plain again.
        yield f"utf-16 in {name}", plain.replace(b"\0", b"")


def _unpacked(text: bytes) -> Iterator[bytes]:
    """What begins like a stream of zlib, as far as it can be undone; most only look like one."""
    for begins in PACKED.finditer(text):
        with suppress(zlib.error):
            start = begins.start()
            yield zlib.decompressobj().decompress(text[start : start + MOST_UNPACKED], MOST_UNPACKED)


def _decoded(text: bytes) -> Iterator[tuple[str, bytes]]:
    yield "utf-8", text
    if PERCENT.search(text):
        yield "percent", unquote_to_bytes(text)
    # A run may begin in the middle of something else, so it is read from each place where it can begin.
    runs = [run[0] for run in HEX.finditer(text)]
    for start in range(2 if runs else 0):
        yield "hex", b"\n".join(bytes.fromhex(_whole(run[start:], 2).decode()) for run in runs)
    runs = [run[0].translate(URL_SAFE) for run in BASE64.finditer(text)]
    for start in range(4 if runs else 0):
        yield "base64", b"\n".join(base64.b64decode(_quads(run[start:])) for run in runs)


def _quads(run: bytes) -> bytes:
    """The signs in fours, the last ones filled up: a word may end with its run."""
    over = len(run) % 4
    return run[:-1] if over == 1 else run + b"=" * (-len(run) % 4)


def _whole(run: bytes, size: int) -> bytes:
    return run[: len(run) // size * size]


def search(texts: Iterable[tuple[str, bytes]], words: Iterable[str]) -> list[Find]:
    """Each word in each text in each writing."""
    sought = Words(words)
    return [
        Find(word, where, name)
        for where, text in texts
        for name, reading in readings(text)
        for word in sorted(sought.within(reading))
    ]


def tables(connection: Connection[tuple[object, ...]]) -> Iterator[tuple[str, bytes]]:
    """Every table of ours as a backup writes it, read by the role that makes backups."""
    connection.execute("set role backup")
    found = connection.execute(
        "select schemaname, tablename from pg_tables where schemaname <> all(%s)", (list(OWN_SCHEMAS),)
    ).fetchall()
    for schema, table in found:
        name = sql.Identifier(str(schema), str(table))
        with connection.cursor().copy(sql.SQL("copy {} to stdout").format(name)) as lines:
            yield f"table {table}", b"".join(bytes(line) for line in lines)
    connection.execute("reset role")


def dump(services: Services, database: str) -> tuple[str, bytes]:
    """The whole database as `pg_dump` writes it for the login that makes backups: schema and rows, plain."""
    program = binaries.installed().postgres.with_name("pg_dump")
    where = ["--host", services.sockets, "--dbname", database]
    whose = ["--username", "grievance_backup", "--role", "backup", "--no-password"]
    taken = subprocess.run(
        [program, *where, *whose], env={"PGPASSWORD": services.superuser_password},
        capture_output=True, check=True,
    )  # fmt: skip
    assert b"PostgreSQL database dump complete" in taken.stdout, "half a dump"
    return "pg_dump", taken.stdout


def valkey(url: str) -> Iterator[tuple[str, bytes]]:
    """Every value that the queue holds, as it was given: its own dump would pack the longer ones."""
    with Redis.from_url(url) as client:
        for key in client.keys("*"):
            yield f"valkey {key!r}", b"\n".join([key, *_values(client, key)])


def _values(client: Redis, key: bytes) -> list[bytes]:
    match client.type(key):
        case b"none":
            return []  # its time was over meanwhile
        case b"string":
            return [client.get(key) or b""]
        case b"list":
            return client.lrange(key, 0, -1)
        case b"set":
            return list(client.smembers(key))
        case b"zset":
            return client.zrange(key, 0, -1)
        case b"hash":
            return [part for pair in client.hgetall(key).items() for part in pair]
        case b"stream":
            return [part for _, told in client.xrange(key) for pair in told.items() for part in pair]
        case other:
            raise AssertionError(f"nobody reads {other!r} yet")


def files(*folders: Path, since: float = 0.0) -> Iterator[tuple[str, bytes]]:
    """Every file in these folders, byte for byte, that was written since an instant (seconds).

    What vanishes meanwhile was a temporary one.
    """
    for folder in folders:
        # os.walk passes over a folder that goes away while it is read: another test's database is dropped.
        for place, _, names in os.walk(folder):
            for path in (Path(place, name) for name in sorted(names)):
                with suppress(FileNotFoundError):
                    if path.is_file() and path.stat().st_mtime >= since:
                        yield f"{folder.name}/{path.relative_to(folder)}", path.read_bytes()
