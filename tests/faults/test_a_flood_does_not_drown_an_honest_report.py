"""While fifty junk requests a second come from two hundred buckets, does each honest person get through?"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests import flood
from tests.figures import Tell
from tests.fixtures import Town
from tests.flood import Answer, Flood
from tests.real import running
from tests.services import Services


@pytest.mark.parametrize(
    ("seconds", "rate", "buckets", "every", "kept_up"),
    [
        pytest.param(15, 20, 1, 3, 0.0, id="short"),
        pytest.param(300, 50, 200, 10, 0.95, id="long", marks=[pytest.mark.proof, pytest.mark.timed]),
    ],
)
def test_honest_people_get_through_a_flood_and_nobody_is_refused_without_a_word(
    town: Town, services: Services, seconds: int, rate: float, buckets: int,
    every: int, kept_up: float, figure: Tell,
) -> None:  # fmt: skip
    with running(town.database, town.redis_url, town.keys, town.recorded, workers=False) as real:
        junk = Flood(real.port, rate, seconds, flood.addresses(buckets, 1))
        with ThreadPoolExecutor(40) as people:
            storm = people.submit(junk.run)
            answers: list[Future[Answer]] = []
            for one in flood.addresses(seconds // every, 10):
                answers.append(people.submit(flood.honest, real.port, one))
                time.sleep(every)
            storm.result()
            got = [answer.result() for answer in answers]

    accepted = [answer for answer in got if answer.receipt]
    ordinary = [answer for answer in accepted if "data-apart" not in answer.text]
    cases, apart = _rows(services, town, "receipt"), _rows(services, town, "quarantine")
    figure(
        f"flood: {junk.sent} junk requests in {junk.took:.0f} s from {buckets} buckets,"
        f" answers {dict(junk.statuses)}, {junk.silent} without a word;"
        f" honest {len(accepted)} of {len(got)} accepted, {len(ordinary)} at once;"
        f" {cases} cases and {apart} kept apart for {len(junk.receipts) + len(accepted)} receipts"
    )
    # It was that flood: every request was sent and answered, and where nothing else runs, at that rate.
    assert junk.sent == rate * seconds
    assert junk.sent / junk.took >= kept_up * rate
    assert len(got) == seconds // every
    assert len(accepted) >= 0.99 * len(got)
    assert junk.silent == 0
    assert all(answer.says_something for answer in got)
    # Beyond the first few the flood lies apart, and those who answered the sum do not.
    assert apart > 0
    assert len(ordinary) >= 0.99 * len(got)
    # Nothing acknowledged is lost: each receipt that anybody was shown is a row.
    assert cases + apart == len(junk.receipts | {answer.receipt for answer in accepted})


def _rows(services: Services, town: Town, table: str) -> int:
    with services.connect(town.database.name) as superuser:
        return superuser.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608 - our names
