"""A page that says under which version of the pepper its process writes: for gunicorn, as the web is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from config.keys import parse_key
from config.running import with_changed_keys
from config.settings import ProcessKind

VERSION = str(parse_key(with_changed_keys(ProcessKind.WEB, os.environ)["PEPPER"]).current[0])


def app(environ: dict[str, object], start: Callable[..., object]) -> Iterable[bytes]:
    """The version that was read when this process started."""
    start("200 OK", [("Content-Type", "text/plain")])
    return [VERSION.encode()]
