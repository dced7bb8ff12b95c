"""What does the web server run? The web app, with this process's own settings."""

from __future__ import annotations

import sys
from typing import cast

from config.deadlines import load_calendar, load_policy
from config.help import load_hotlines
from config.logging import configure
from config.retention import load_retention
from config.running import settings_for
from config.settings import ProcessKind, SettingsIncomplete, WebSettings
from grievance.application import create_app
from grievance.store import doorbell
from grievance.store.redis_bell import redis_bell
from workers import commands

configure("web")
try:
    settings = cast(WebSettings, settings_for(ProcessKind.WEB))
except SettingsIncomplete as problem:
    # A server or a command without settings says so in one line, not in a traceback.
    sys.stderr.write(f"{problem}\n")
    raise SystemExit(2) from None
app = create_app(
    settings, policy=load_policy(), calendar=load_calendar(), retention=load_retention(),
    hotlines=load_hotlines(),
)  # fmt: skip
doorbell.hang(redis_bell(settings.redis_url))
commands.register(app)
