"""When a call to a provider fails: did it leave us, and is it worth another try?"""

from __future__ import annotations

from requests import exceptions
from urllib3.exceptions import NewConnectionError

from grievance.gateways.contract import SendError, SendFailed

# Credentials and address are the host's to repair; 408, 425 and 429 ask to wait.
HOST_CAN_REPAIR = frozenset({401, 403, 404, 407, 408, 425, 429})
# Not this text is refused but everything: credentials, address, or a provider that is down.
REFUSES_ALL = frozenset({401, 403, 404, 407})


def unanswered(error: Exception, *, repeatable: bool) -> SendFailed:
    """What a call without an answer we can read means.

    `repeatable`: the provider drops a second copy (it was given an id), so nothing about it is uncertain.
    """
    if _never_left(error):
        return SendFailed(SendError.RETRY, "unreachable", refusing=True)
    code = "timeout" if isinstance(error, exceptions.Timeout) else "no_answer"
    return SendFailed(SendError.RETRY, code, uncertain=not repeatable)


def refused(status: int) -> SendFailed:
    """What an HTTP status outside 2xx means when the provider gives no code of its own."""
    worth_it = status in HOST_CAN_REPAIR or status >= 500 or status < 400
    refusing = status in REFUSES_ALL or status >= 500
    error = SendError.RETRY if worth_it else SendError.PERMANENT
    return SendFailed(error, f"http_{status}", refusing=refusing)


def _never_left(error: Exception) -> bool:
    if isinstance(error, exceptions.ConnectTimeout | exceptions.SSLError | exceptions.ProxyError):
        return True
    if isinstance(error, exceptions.InvalidURL | exceptions.InvalidSchema | exceptions.MissingSchema):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)
