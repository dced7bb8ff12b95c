"""Where is the browser of the browser tests? Debian's Chromium, or Chrome; none is downloaded."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> Path | None:
    """The program, or nothing when this machine has none. `CHROMIUM` names one elsewhere."""
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return None
