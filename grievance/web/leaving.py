"""What makes the way out quicker where script runs? A few lines that stand in the page itself.

Without script the button is a plain link. With it the page is blank before the network answers, its place in
the history is taken by a calendar, and three presses of Shift do the same. The lines stand in the page, not
in a file of their own: a page and its style sheet are two requests, and on a slow network a third one would
keep the button slow just when it is needed. The policy names their hash, so no other script in a page runs.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from flask import Flask
from markupsafe import Markup

SCRIPT = (Path(__file__).parent / "static" / "leave.js").read_text(encoding="utf-8")
# For its next start Chromium writes into its session files what was sent with a form and what stands in its
# fields: on a telephone that others use, the story and the receipt. It does neither where a form says
# `autocomplete=off` and holds a password that is not empty; this one has no name, so it is never sent.
UNKEPT = '<input type="password" value="-" autocomplete="one-time-code" hidden>'
SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'"


def register(app: Flask) -> None:
    """Gives the script, and the field that keeps forms off the telephone, to the templates."""
    app.jinja_env.globals["leave_script"] = Markup(SCRIPT)  # noqa: S704 - a file of ours, nobody's words
    app.jinja_env.globals["unkept"] = Markup(UNKEPT)  # noqa: S704 - a constant
