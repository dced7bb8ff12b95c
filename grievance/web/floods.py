"""How busy is the door for whoever stands there? The one place that looks at an address, and forgets it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from flask import Flask, current_app, request

from grievance.rules.floods import LIMITS, Gate, Knock, Load, gate
from grievance.store.tallies import Tallies, bucket

NAME = "tallies"


def register(app: Flask) -> None:
    """Gives the app its counts."""
    app.extensions[NAME] = Tallies(app.config["SETTINGS"].redis_url)


def knock(kind: Knock, now: datetime) -> Gate:
    """Counts this request and says what it finds."""
    return gate(_tallies().knock(kind, _bucket(now), now), LIMITS[kind])


def look(kind: Knock, now: datetime) -> Gate:
    """What this request would find, without counting it."""
    load: Load = _tallies().load(kind, _bucket(now), now)
    return gate(load, LIMITS[kind])


def first(name: str, lasts: timedelta) -> bool:
    """Whether this name is given for the first time."""
    return _tallies().first(name, lasts)


def _bucket(now: datetime) -> str:
    return bucket(current_app.config["SETTINGS"].bucket_key, request.remote_addr or "", now)


def _tallies() -> Tallies:
    return cast(Tallies, current_app.extensions[NAME])
