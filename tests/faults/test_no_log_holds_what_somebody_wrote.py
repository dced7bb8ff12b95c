"""Whatever goes wrong, wherever: no log, failed job or slow query holds a word, number or address."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import redis

from grievance.gateways import GATEWAYS
from tests import flood, hook_calls, thief
from tests.fixtures import Town
from tests.flood import ask
from tests.planting import Gardener
from tests.real import Real, running
from tests.services import Services

SLOW = "slowlog-log-slower-than"
ADDRESS = "127.0.77.88"
# What our servers do that nobody planned: a table is gone, a constraint says no, a value cannot be read.
BREAKS = (
    ("alter table entry rename to entry_gone", "alter table entry_gone rename to entry"),
    (
        "alter table grievance_case add constraint never check (false) not valid",
        "alter table grievance_case drop constraint never",
    ),
)
TEXT_BREAKS = (
    ("alter table dialogue rename to dialogue_gone", "alter table dialogue_gone rename to dialogue"),
    ("alter table inbound rename to inbound_gone", "alter table inbound_gone rename to inbound"),
)


def test_no_log_of_any_program_or_server_holds_what_somebody_wrote_or_where_from(
    town: Town, services: Services, capfd: pytest.CaptureFixture[str]
) -> None:
    began = time.time() - 2
    hook_calls.open_channels(town, services)
    with redis.Redis.from_url(town.redis_url) as client:
        client.config_set(SLOW, 0)
        with running(town.database, town.redis_url, town.keys, town.recorded) as real:
            gardener = Gardener(town, real)
            gardener.works(gardener.reports(ADDRESS))
            gardener.types_in()
            gardener.goes_wrong(ADDRESS)
            _breaks(services, town, real, gardener)
            time.sleep(5)
        client.config_set(SLOW, 10_000)
        slow = repr(client.slowlog_get(1_000)).encode()
        jobs = list(thief.valkey(town.redis_url))
    here = capfd.readouterr()
    logs = [
        *thief.files(town.recorded / "logs"), *thief.files(Path(services.folder) / "logs", since=began),
        ("this process", (here.out + here.err).encode()), ("slow log", slow), *jobs,
    ]  # fmt: skip

    sought = [*gardener.planted.everything(), ADDRESS, "User-Agent", "python-urllib"]
    assert thief.search(logs, sought) == []
    # They do say that something went wrong, by class and place.
    whole = b"".join(text for _, text in logs)
    assert b'"event": "fault"' in whole
    assert b'"error": "ProgrammingError"' in whole
    assert b'"error": "IntegrityError"' in whole
    assert b"text_not_taken" in whole or b"job_failed" in whole


def _breaks(services: Services, town: Town, real: Real, gardener: Gardener) -> None:
    """Reports and texts while something is broken under them."""
    planted = gardener.planted
    with services.connect(town.database.name) as superuser:
        for broken, whole in BREAKS:
            superuser.execute(broken)
            form = flood.up_to_contact(real.port, ADDRESS, f"Histoire {planted.word('fault')}")
            contact = {"nom": planted.word("fault name"), "telephone": planted.number("fault number")}
            page = ask(real.port, ADDRESS, "/fr/plainte/contact", form | contact)
            assert ask(real.port, ADDRESS, "/fr/plainte/verifier", page.hidden()).status == 500
            superuser.execute(whole)
        for broken, whole in TEXT_BREAKS:
            superuser.execute(broken)
            for kind in sorted(GATEWAYS):
                gardener.texts(kind)
            time.sleep(4)
            superuser.execute(whole)
