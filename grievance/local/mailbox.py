"""What mail would have gone out? A small SMTP server on this machine keeps it in VAR/recorded/mail."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST = 12 * 1024 * 1024  # bytes; a letter as PDF fits well


class Mailbox:
    """Takes every mail and delivers none, in a thread of its own, until `close`."""

    def __init__(self, folder: Path) -> None:
        self._keeper = _Keeper(folder)
        self._loop = asyncio.new_event_loop()
        # Bound here, so that the port is known, and taken, before anybody is told of it.
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="mailbox", daemon=True)
        self._thread.start()
        # A `close` that comes at once finds nothing half made.
        self._listening.wait(timeout=10)

    @property
    def url(self) -> str:
        """Its address, as SMTP_URL wants it."""
        return f"smtp://127.0.0.1:{self._socket.getsockname()[1]}"

    def close(self) -> None:
        """Stops taking mail."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        server = self._loop.run_until_complete(self._loop.create_server(self._greet, sock=self._socket))
        self._listening.set()
        self._loop.run_forever()
        server.close()
        self._loop.close()

    def _greet(self) -> SMTP:
        return SMTP(
            self._keeper, data_size_limit=LARGEST, hostname="localhost", ident="mail", loop=self._loop
        )


class _Keeper:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Writes one mail as it came, readable by its owner only."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{token_hex(4)}.eml"
        unfinished = self._folder / f".{name}"
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(envelope.original_content or b"")
        unfinished.rename(self._folder / name)  # whoever looks finds whole mails only
        return "250 kept"
