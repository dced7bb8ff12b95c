"""How is a real server asked? A gunicorn of this machine, with the product's own configuration."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench.place import Place
from bench.texts import Post
from config.keys import write_key

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"
PATIENCE = 20  # seconds until a server must be up


@contextmanager
def serving(place: Place, app: str) -> Iterator[int]:
    """Serves `app` (module:name) on a free loopback port; gives the port."""
    port = _free_port()
    # One process asks for its settings by their names, as in production; none of this is kept.
    command = [sys.executable, "-m", "gunicorn", "-c", "config/server.py", app]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | _environment(place, port))  # noqa: S603  # ours
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()


def send(connection: HTTPConnection, post: Post) -> None:
    """Posts one text over a connection that stays open, and reads the answer. Raises unless it is a 200."""
    connection.request("POST", "/hooks/smsgate", post.body, post.headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"the server answered {answer.status}")


def _environment(place: Place, port: int) -> dict[str, str]:
    keys, town = place.town.keys, place.town
    named = {
        "PEPPER": keys.pepper, "TOKEN_KEY": keys.token, "CONFIG_KEY": keys.config, "BUCKET_KEY": keys.bucket,
        "INTAKE_PUBLIC": keys.intake_public, "NOTIFIER_PUBLIC": keys.notifier_public,
    }  # fmt: skip
    return {
        "PORT": str(port), "BIND": HOST, "PUBLIC_URL": f"http://{HOST}:{port}", "SAMPLE": "1",
        "RECORDED": str(town.recorded), "REDIS_URL": town.redis_url,
        "DATABASE_URL_WEB": town.database.web_url,
        **{name: write_key(versions) for name, versions in named.items()},
    }  # fmt: skip


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        connection = HTTPConnection(HOST, port, timeout=PATIENCE)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except (OSError, HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError("the server did not come up")
