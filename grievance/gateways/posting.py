"""How is a provider without a client of its own asked by HTTP, and its answer read?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import requests

from grievance.gateways import wire
from grievance.gateways.contract import Channel, Malformed, SendError, SendFailed, provider_code


def post(
    channel: Channel, url: str, fields: Mapping[str, str], *, headers: Mapping[str, str], timeout: float,
    as_json: bool = False, basic: tuple[str, str] | None = None,
) -> tuple[int, Any]:  # fmt: skip
    """Status and answer (JSON, else None). Raises SendFailed; a lost answer is uncertain."""
    if not url:
        raise SendFailed(SendError.RETRY, "not_configured", refusing=True)
    body: dict[str, Any] = {"json": dict(fields)} if as_json else {"data": dict(fields)}
    failed: SendFailed
    try:
        response = requests.post(
            url, **body, headers=dict(headers), auth=basic, timeout=timeout,
            # A redirect would carry the key and the text to an address nobody configured.
            allow_redirects=False,
        )  # fmt: skip
        return response.status_code, _json(response)
    except (requests.RequestException, ValueError) as error:
        failed = wire.unanswered(error, repeatable=False)
    # Raised outside the `except`: the provider's own error, kept as context, would show the number.
    raise failed


def instant(text: str) -> datetime | None:
    """A provider's time in UTC, ISO 8601 or "2026-11-26 08:00:00"; without a zone it is read as UTC."""
    try:
        told = datetime.fromisoformat(text.strip())
        return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def given_id(*found: object) -> str | None:
    """The first of these that is an id."""
    for value in found:
        try:
            code = provider_code(str(value) if isinstance(value, int) else value)
        except Malformed:
            continue
        if code is not None:
            return code
    return None


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None
