"""Which settings does this room read? The web's, and of sample mode where it writes down its texts."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, cast

from flask import current_app

from grievance.web import WebSettings


class SampleWebSettings(WebSettings, Protocol):
    """The web's settings; `recorded` is the folder that takes what sample mode would have sent."""

    @property
    def recorded(self) -> Path | None: ...


def settings() -> SampleWebSettings:
    """This process's settings."""
    return cast(SampleWebSettings, current_app.config["SETTINGS"])
