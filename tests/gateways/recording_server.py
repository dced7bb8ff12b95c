"""What did we really say to the provider? A small HTTP server that stands in for it and remembers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Call:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode(), keep_blank_values=True)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What the provider answers: after a delay in seconds; `hang_up` closes the line without a word."""

    status: int = 200
    body: bytes = b"{}"
    delay: float = 0.0
    hang_up: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: object, status: int = 200) -> Answer:
        return cls(status, json.dumps(value).encode())


class RecordingServer:
    """`with RecordingServer(Answer(...), ...) as server`: answers in order, the last one again and again."""

    def __init__(self, *answers: Answer) -> None:
        self.calls: list[Call] = []
        self._answers = list(answers) or [Answer()]
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Listening", (_Listening,), {"recording": self})
        )
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def next_answer(self, call: Call) -> Answer:
        self.calls.append(call)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def __enter__(self) -> RecordingServer:
        # A short poll, so that shutting down takes no half second.
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Listening(BaseHTTPRequestHandler):
    """One connection; `recording` is set by the class made for each server."""

    recording: RecordingServer

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = parse_qs(parts.query, keep_blank_values=True)
        answer = self.recording.next_answer(Call(self.command, parts.path, query, dict(self.headers), body))
        time.sleep(answer.delay)
        self.close_connection = True
        if not answer.hang_up:
            self._write(answer)

    def _write(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_DELETE = _answer

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            # The caller lost patience and left: that is what some tests are about.
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: a test's output shows no number."""
