"""Whatever a hook is sent: no error of ours, no row that its gateway did not send, each text one case."""

from __future__ import annotations

from collections import Counter
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from grievance.actions import delivery_reports
from grievance.gateways import GATEWAYS
from tests import hook_calls
from tests.figures import Tell
from tests.fixtures import Town
from tests.hook_calls import Call
from tests.services import Services
from tests.stories.phones import Phone
from workers import process, sms

TIMES = 5


@pytest.mark.parametrize(
    "most", [pytest.param(300, id="short"), pytest.param(20_000, id="long", marks=pytest.mark.proof)]
)
def test_a_hook_never_falls_never_believes_a_forgery_and_makes_one_case_of_each_text(
    town: Town, services: Services, most: int, figure: Tell
) -> None:
    hook_calls.open_channels(town, services)
    client, places, seen, sent = town.app.test_client(), count(), Counter[int](), Counter[str]()

    @settings(
        max_examples=most, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        st.sampled_from(sorted(GATEWAYS)), hook_calls.words, hook_calls.fields, hook_calls.proxies,
        st.sampled_from(hook_calls.SPOILS), st.binary(max_size=200), hook_calls.values,
    )  # fmt: skip
    def one(kind, text, extra, proxy, how, junk, value) -> None:
        number = hook_calls.number_of(next(places))
        call = hook_calls.genuine(town, kind, number, hook_calls.STORY + text, extra)
        call = hook_calls.spoilt(town, call, how, junk, value)
        told = [_status(client, call, proxy) for _ in range(TIMES if call.genuine else 1)]
        seen.update(told)
        assert all(status < 500 for status in told)
        if call.genuine:
            assert set(told) == {200}
            sent["reports" if call.report else "texts"] += 1
        else:
            assert told[0] in (403, 404, 405, 415)

    one()
    payloads, rows = next(places), _count(services, town, "inbound")
    cases = _worked_off(town, services)
    figure(
        f"webhooks: {payloads} payloads, {sum(seen.values())} calls, answers {dict(seen)};"
        f" {sent['texts']} genuine texts and {sent['reports']} reports (each {TIMES} times):"
        f" {rows} rows, {cases} cases"
    )
    assert payloads == most
    assert rows == sent["texts"] + sent["reports"]
    assert cases == sent["texts"]
    assert min(sent["texts"], sent["reports"], payloads - rows) > 0


def _status(client, call: Call, proxy: dict[str, str]) -> int:
    return client.post(call.path, data=call.body, headers={**proxy, **call.headers}).status_code


def _worked_off(town: Town, services: Services) -> int:
    """Lets the worker take everything, so late that no report waits for its text; gives the cases then."""
    phone = Phone(town, now=process.utcnow() + 2 * delivery_reports.MAY_OVERTAKE)
    while phone.waiting():
        assert sms.take_waiting(phone.worker, phone.now), "what waits is what no worker can take"
    return _count(services, town, "grievance_case")


def _count(services: Services, town: Town, table: str) -> int:
    with services.connect(town.database.name) as superuser:
        return superuser.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608 - our names
