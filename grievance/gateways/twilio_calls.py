"""How is Twilio's REST API asked, and what do its refusals mean?

Error codes are those of Twilio's public error dictionary.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from requests import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from grievance.gateways import wire
from grievance.gateways.contract import Channel, SendError, SendFailed

OPTED_OUT = frozenset({21610})
# Not a number, not reachable from this sender, not a phone, or a line that takes no texts.
PERMANENT = frozenset({21211, 21408, 21606, 21614, 30004, 30005, 30006})
# Too many at once, queue full, phone off, unknown; 20009: it may be blanked once it has arrived.
RETRY = frozenset({20009, 20429, 30001, 30003, 30008})

T = TypeVar("T")


def error_class(code: int | None) -> SendError:
    """What an error code asks for. Unknown ones are tried again: the outbox gives up by itself."""
    if code in OPTED_OUT:
        return SendError.OPTED_OUT
    return SendError.PERMANENT if code in PERMANENT else SendError.RETRY


def ask(channel: Channel, timeout: float, errand: Callable[[Client], T]) -> T:
    """What the errand brings back from Twilio. Whatever goes wrong is a SendFailed that shows nothing."""
    http = _OneCall(channel.account.base_url, timeout)
    failed: SendFailed
    try:
        return errand(_client(channel, http))
    except (TwilioRestException, TwilioServiceException) as error:
        failed = _refusal(error.status, error.code)
    except (RequestException, TwilioException, ValueError, LookupError, TypeError, AttributeError) as error:
        # Beside a lost connection: an answer in 2xx that the client cannot read, so the text may have gone.
        failed = wire.unanswered(error, repeatable=False)
    finally:
        http.close()
    # Raised outside the `except`: Twilio's own error, kept as context, would show the number.
    raise failed


def _client(channel: Channel, http: _OneCall) -> Client:
    account = channel.account
    return Client(
        username=account.username or account.identity,
        password=account.password or channel.secret,
        account_sid=account.identity,
        region=account.region,
        edge=account.edge,
        http_client=http,
        # Without one of its own the client takes region and edge from the process's environment.
        environment={"TWILIO_REGION": ""},
    )


def _refusal(status: int, code: object) -> SendFailed:
    if isinstance(code, int) and code in OPTED_OUT | PERMANENT | RETRY:
        return SendFailed(error_class(code), str(code))
    failed = wire.refused(status)
    told = str(code) if isinstance(code, int) and code != status else failed.code
    return SendFailed(failed.error, told, refusing=failed.refusing)


class _OneCall:
    """Twilio's own HTTP client for one errand: silent, and able to ask another address than Twilio's."""

    def __init__(self, base_url: str, timeout: float) -> None:
        # Its usual logger writes addresses with numbers in them.
        silent = logging.Logger("silent", logging.CRITICAL + 1)
        self._client = TwilioHttpClient(timeout=timeout, logger=silent)
        self._base = urlsplit(base_url)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """As Twilio's client does it."""
        if self._base.netloc:
            url = urlunsplit(urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc))
        return self._client.request(method, url, *args, **kwargs)

    def close(self) -> None:
        """Leaves no connection open."""
        self._client.session.close()
