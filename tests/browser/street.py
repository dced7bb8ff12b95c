"""Where does somebody with a telephone stand? The web of a small world, served on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.fixtures import Town
from tests.real import HOST


@dataclass(frozen=True)
class Street:
    """The address of the web, and the world behind it."""

    url: str
    town: Town = field(repr=False)


class Quiet(WSGIRequestHandler):
    """Keeps connections open as our servers do, and says nothing."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """No line for a request."""


@contextmanager
def serving(town: Town) -> Iterator[Street]:
    """Serves the app of this world until the end of the block."""
    server = make_server(HOST, 0, town.app, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Street(f"http://{HOST}:{server.port}", town)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
