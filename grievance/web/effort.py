"""What answers a flood's small question where script runs? A few lines that stand in the page that asks.

A third request would come just when the network is at its slowest. The policy names their hash.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from flask import Flask
from markupsafe import Markup

SCRIPT = (Path(__file__).parent / "static" / "effort.js").read_text(encoding="utf-8")
SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'"


def register(app: Flask) -> None:
    """Gives the script to the templates."""
    app.jinja_env.globals["effort_script"] = Markup(SCRIPT)  # noqa: S704 - a file of ours, nobody's words
