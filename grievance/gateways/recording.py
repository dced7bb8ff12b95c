"""What would have gone out, when sample data is shown and no provider may be asked?"""

from __future__ import annotations

import fcntl
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from grievance.gateways.contract import (
    CannotLook,
    Channel,
    Gateway,
    Inbound,
    RawRequest,
    SendError,
    SendFailed,
    Sent,
    Sign,
    Sought,
    StatusUpdate,
)

SMS_FILE = "sms.jsonl"


class RecordingGateway:
    """Listens like the gateway it stands in for, but writes down what it is told to send.

    One JSON object a line in `folder`/sms.jsonl, readable by its owner alone: `at` (ISO 8601, UTC), `channel`
    (its number), `to`, `text`.
    """

    def __init__(self, listening: Gateway, folder: Path) -> None:
        self._listening = listening
        self._file = folder / SMS_FILE

    def claimed_account(self, request: RawRequest) -> str | None:
        """As the gateway it stands in for."""
        return self._listening.claimed_account(request)

    def verify(self, channel: Channel, request: RawRequest, now: datetime) -> None:
        """As the gateway it stands in for."""
        self._listening.verify(channel, request, now)

    def parse(self, channel: Channel, request: RawRequest) -> Inbound | StatusUpdate | Sign | None:
        """As the gateway it stands in for."""
        return self._listening.parse(channel, request)

    def parse_status(self, channel: Channel, request: RawRequest) -> StatusUpdate | None:
        """As the gateway it stands in for."""
        return self._listening.parse_status(channel, request)

    def acknowledge(self) -> tuple[str, str]:
        """As the gateway it stands in for."""
        return self._listening.acknowledge()

    def send(
        self, channel: Channel, to: str, text: str, *, own_id: str, timeout: float, now: datetime
    ) -> Sent:
        """Writes one line, whole, whoever else is writing. Raises SendFailed when the disk refuses."""
        line = {"at": now.astimezone(UTC).isoformat(), "channel": channel.number, "to": to, "text": text}
        try:
            self._append(json.dumps(line).encode() + b"\n")
        except OSError:
            refused = SendFailed(SendError.RETRY, "recording")
        else:
            return Sent(f"recorded-{own_id}")
        raise refused

    def find(self, channel: Channel, sought: Sought, *, timeout: float) -> StatusUpdate | None:
        """Nobody is there to be asked. Raises CannotLook."""
        raise CannotLook

    def _append(self, line: bytes) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(self._file, flags, 0o600)
        try:
            os.fchmod(handle, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.write(handle, line) != len(line):
                raise OSError("short write")
        finally:
            # Closing releases the lock.
            os.close(handle)
