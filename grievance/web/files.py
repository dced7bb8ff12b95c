"""Which copy of a style sheet is this? Its address carries a piece of its hash."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any

from flask import Flask


def register(app: Flask) -> None:
    """Adds `v` to the address of every file of ours, so that phones may keep it for a year."""
    folder = Path(str(app.static_folder))

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            version = version_of(folder / values["filename"])
            if version:
                values["v"] = version


@functools.cache
def version_of(path: Path) -> str:
    """The first 10 hexadecimal digits of a file's sha256; empty when there is no such file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else ""
