"""With what does the loader play? An app over all three logins, which serves nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy.engine import make_url

from config.deadlines import load_calendar, load_policy
from config.retention import load_retention
from config.settings import OwnerSettings, SmsSettings, SweepSettings, WebSettings
from grievance.store.models import db
from grievance.store_app import create_store_app


@dataclass(frozen=True)
class SampleSettings:
    """All that the loader may use; it stands in for every kind of process."""

    var: Path
    base_url: str
    web: WebSettings = field(repr=False)
    sms: SmsSettings = field(repr=False)
    sweep: SweepSettings = field(repr=False)
    owner: OwnerSettings = field(repr=False)


@dataclass(frozen=True)
class Stage:
    """The app that everything is played in, and what its players may know."""

    settings: SampleSettings
    app: Flask


def open_stage(settings: SampleSettings) -> Flask:
    """The app, not yet entered. No doorbell hangs: what history has to tell was told long ago."""
    urls = {
        "web": settings.web.database_url,
        "sms": settings.sms.database_url,
        "sweep": settings.sweep.database_url,
    }
    logins = {name: _unhurried(url) for name, url in urls.items()}
    app = create_store_app(logins, policy=load_policy(), calendar=load_calendar(), retention=load_retention())
    app.config["SETTINGS"] = settings.web
    return app


def close(app: Flask) -> None:
    """Gives every connection back."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def _unhurried(url: str) -> str:
    """Nobody was promised anything here, so no commit of the play waits for the disk."""
    given = make_url(url)
    options = [*_texts(given.query.get("options")), "-c synchronous_commit=off"]
    return given.update_query_dict({"options": " ".join(options)}).render_as_string(hide_password=False)


def _texts(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value or ()
