"""When a call to a provider fails: did it leave us, is it worth another try, does all of it refuse?"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from requests import exceptions

from grievance.gateways.contract import Account, Channel, SendError, SendFailed
from grievance.gateways.generic import Generic
from grievance.gateways.wire import refused, unanswered
from grievance.vocabulary import GatewayKind


def meant(failed: SendFailed) -> tuple[SendError, str, bool, bool]:
    return failed.error, failed.code, failed.uncertain, failed.refusing


@pytest.mark.parametrize("repeatable", [True, False])
@pytest.mark.parametrize(
    "error",
    [
        exceptions.ConnectTimeout(), exceptions.SSLError(), exceptions.ProxyError(), exceptions.InvalidURL(),
        exceptions.InvalidSchema(), exceptions.MissingSchema(),
    ],
)  # fmt: skip
def test_what_never_left_is_certain_and_the_channel_does_not_work(error: Exception, repeatable: bool) -> None:
    failed = unanswered(error, repeatable=repeatable)
    assert meant(failed) == (SendError.RETRY, "unreachable", False, True)


@pytest.mark.parametrize("repeatable", [True, False])
@pytest.mark.parametrize(
    ("error", "code"),
    [(exceptions.ReadTimeout(), "timeout"), (exceptions.ConnectionError("reset"), "no_answer"),
     (ValueError("no JSON"), "no_answer"), (exceptions.ConnectionError(), "no_answer")],
)  # fmt: skip
def test_a_lost_answer_is_uncertain_unless_the_provider_drops_a_second_copy(
    error: Exception, code: str, repeatable: bool
) -> None:
    failed = unanswered(error, repeatable=repeatable)
    assert meant(failed) == (SendError.RETRY, code, not repeatable, False)


@pytest.mark.parametrize(
    ("status", "error", "refusing"),
    [
        (301, SendError.RETRY, False), (400, SendError.PERMANENT, False), (401, SendError.RETRY, True),
        (403, SendError.RETRY, True), (404, SendError.RETRY, True), (407, SendError.RETRY, True),
        (408, SendError.RETRY, False), (410, SendError.PERMANENT, False), (425, SendError.RETRY, False),
        (429, SendError.RETRY, False), (499, SendError.PERMANENT, False), (500, SendError.RETRY, True),
        (503, SendError.RETRY, True),
    ],
)  # fmt: skip
def test_a_status_says_whether_to_wait_to_give_up_or_to_go_by_another_road(
    status: int, error: SendError, refusing: bool
) -> None:
    assert meant(refused(status)) == (error, f"http_{status}", False, refusing)


def test_a_channel_without_an_address_refuses_everything_until_it_has_one() -> None:
    nowhere = Channel(UUID(int=1), GatewayKind.GENERIC, "+243880000001", "s", Account(), "https://a.example")
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    with pytest.raises(SendFailed) as caught:
        Generic().send(nowhere, "+243920000002", "Bonjour", own_id="own", timeout=1.0, now=now)
    assert meant(caught.value) == (SendError.RETRY, "not_configured", False, True)
