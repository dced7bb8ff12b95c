"""What does somebody find who took everything? Each table and file, searched for words in many writings."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from psycopg import Connection, sql

OWN_SCHEMAS = ("pg_catalog", "information_schema", "pg_toast")


@dataclass(frozen=True)
class Find:
    """A word found where it should not be, or where it may be."""

    word: str
    where: str
    writing: str


def writings(word: str) -> dict[str, bytes]:
    """One word as it would stand in a file, by the name of the writing.

    In Base64 a word looks three ways, by where it begins in the text around it; what its neighbours change is
    cut off.
    """
    plain = word.encode()
    found = {
        "utf-8": plain, "utf-16-le": word.encode("utf-16-le"),
        "hex": plain.hex().encode(), "HEX": plain.hex().upper().encode(),
        "hex of utf-16-le": word.encode("utf-16-le").hex().encode(),
    }  # fmt: skip
    for before in range(3):
        told = base64.b64encode(b"\0" * before + plain)
        # Signs of six bits that hold nothing but the word's own.
        first, after = -(-before * 8 // 6), (before + len(plain)) * 8 // 6
        found[f"base64, {before} before"] = told[first:after]
    return found


def search(texts: Iterable[tuple[str, bytes]], words: Iterable[str]) -> list[Find]:
    """Each word in each text in each writing."""
    needles = [(word, name, needle) for word in words for name, needle in writings(word).items()]
    return [
        Find(word, where, name)
        for where, text in texts
        for word, name, needle in needles
        if text.find(needle) >= 0
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
            yield f"table {table}", _readable(b"".join(bytes(line) for line in lines))
    connection.execute("reset role")


def _readable(copied: bytes) -> bytes:
    """What COPY writes, and beside it the bytes behind its `\\x…`, so that both are searched."""
    behind = []
    for cell in copied.replace(b"\n", b"\t").split(b"\t"):
        if cell.startswith(b"\\\\x"):
            behind.append(bytes.fromhex(cell[3:].decode()))
    return copied + b"\n" + b"\n".join(behind)


def files(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Every file in these folders, byte for byte; what vanishes meanwhile was a temporary one."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            with suppress(FileNotFoundError):
                if path.is_file():
                    yield f"{folder.name}/{path.relative_to(folder)}", path.read_bytes()
