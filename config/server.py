"""How does gunicorn serve the pages? Read by `gunicorn -c config/server.py wsgi:app`."""

from __future__ import annotations

import os
from typing import Any

import gunicorn.http.wsgi
from gunicorn.glogging import Logger

from config.logging import configure

# Which server this is and its version help only somebody who looks for a way in.
gunicorn.http.wsgi.SERVER = "web"

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = 2
threads = 8
# Not preload_app: a changed key comes with a SIGHUP, after which each worker must read everything anew.
umask = 0o077
timeout = 30
graceful_timeout = 15
keepalive = 5
limit_request_line = 2048
limit_request_fields = 60
limit_request_field_size = 4096
# Nobody may tell us who they are or how they came: the address people type is the configured PUBLIC_URL.
forwarded_allow_ips = ""
proxy_allow_ips = ""
accesslog = None
errorlog = "-"
loglevel = "warning"
# One more door that nobody here uses, and in a home folder.
control_socket_disable = True


class QuietLogger(Logger):  # type: ignore[misc]  # gunicorn publishes no types
    """Hands gunicorn's own messages to the one allow-list; it would print the address of each bad request."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        configure("web")


logger_class = QuietLogger
