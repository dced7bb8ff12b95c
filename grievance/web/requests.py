"""Where are the files of a request while it is read? In memory: a disk remembers what was only passing."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from flask import Request


class InMemory(Request):
    """Ours holds what is sent in memory; no request is larger than twelve megabytes."""

    def _get_file_stream(
        self, total_content_length: int | None, content_type: str | None, filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:  # fmt: skip
        return BytesIO()
