"""Whatever a program sends to us: an answer that our own description names, never a fault of ours."""

from __future__ import annotations

from collections import Counter
from itertools import count

import pytest
import redis
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from grievance.actions import sign_in
from tests.figures import Tell
from tests.fixtures import Town
from tests.web.desk_pages import now

DESCRIBED = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_headers_conformance, checks.response_schema_conformance,
]  # fmt: skip
# What the lists and a calendar know, and no generator: with it half of the reports can be kept.
USABLE = {
    "story": "Un garde m'a frappé.", "province": "Lualaba", "territory": None, "site_id": None,
    "incident_on": None, "incident": "today", "phone": "0990000000",
}  # fmt: skip
FEW = 1_000
CALM_AFTER = 60  # calls; about half of the reports come in a flood, the others in a calm hour


@pytest.mark.parametrize(
    "most", [pytest.param(150, id="short"), pytest.param(5_000, id="long", marks=pytest.mark.proof)]
)
def test_every_answer_to_any_call_is_one_that_the_description_names(
    town: Town, most: int, figure: Tell
) -> None:
    town.app.config["TESTING"] = False  # a fault is answered as in production
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", town.app)
    member = town.world.overseer.members[0]
    cookie = {"grievance": sign_in.begin_staff(member.row, member.pair, now=now())}
    counts, sent = redis.Redis.from_url(town.redis_url), count()
    seen, asked = Counter[int](), Counter[str]()
    ways = [described.as_strategy(mode) for mode in GenerationMode]

    @settings(
        max_examples=most, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=st.one_of(ways), signed_in=st.booleans(), usable=st.booleans())
    def one(case: Case, signed_in: bool, usable: bool) -> None:
        if next(sent) % CALM_AFTER == 0:
            counts.flushdb()
        if usable and isinstance(case.body, dict):
            case.body |= USABLE
        with town.app.app_context():  # as in production: nothing of the last call is remembered
            response = case.call(cookies=cookie if signed_in else None)
        seen[response.status_code] += 1
        asked[case.operation.label] += 1
        case.validate_response(response, checks=DESCRIBED)

    one()
    counts.close()
    figure(f"api: {next(sent)} calls to {len(asked)} operations, answers {dict(sorted(seen.items()))}")
    assert len(asked) >= 4
    # Among a few calls chance may make no report that can be kept; `tests/web/test_api.py` keeps some.
    assert {200, 401, 422} | ({201} if most > FEW else set()) <= set(seen)
    assert max(seen) < 500
