"""With which accounts can one try it? Those of VAR/sample.json, kept true to this start's port."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

COLUMNS = ("role", "organisation", "email", "password", "totp_secret")
HEADINGS = ("ROLE", "ORGANISATION", "E-MAIL", "PASSWORD", "TOTP SECRET")


def refresh(var: Path, base_url: str) -> list[str]:
    """Notes this start's address and process in sample.json; returns the lines of a table of the accounts.

    Without a sample.json there is nothing to note and nothing to show.
    """
    path = var / "sample.json"
    if not path.exists():
        return []
    sample: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    _move(sample, base_url)
    unfinished = path.with_suffix(".unfinished")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(sample, file, indent=1, ensure_ascii=False)
    unfinished.replace(path)
    return _table(sample["accounts"])


def _move(sample: dict[str, Any], base_url: str) -> None:
    old = sample["base_url"]
    sample |= {"base_url": base_url, "pid": os.getpid()}
    for channel in sample["channels"]:
        if channel["webhook_url"].startswith(f"{old}/"):
            channel["webhook_url"] = base_url + channel["webhook_url"].removeprefix(old)


def _table(accounts: list[dict[str, Any]]) -> list[str]:
    rows = [HEADINGS, *(tuple(str(account[column]) for column in COLUMNS) for account in accounts)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return [line.rstrip() for line in lines]
