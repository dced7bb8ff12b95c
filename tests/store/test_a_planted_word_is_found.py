"""If anybody wrote one word in clear, would the search that stands for a thief find it? In every table."""

from __future__ import annotations

import pytest
from redis import Redis
from rq.job import Job
from rq.results import Result

from tests import thief
from tests.fixtures import Town
from tests.services import Services

WORD = "kwarazamoni"
# Where somebody's carelessness might put it: as it is, among bytes, or written in base64.
PLANTS = {
    "text": "update member set email = %s || email",
    "bytes": "update organisation_key set public_key = convert_to('abc' || %s, 'UTF8') || public_key",
    "base64": "update member set email = encode(convert_to('ab' || %s, 'UTF8'), 'base64') || email",
}


def found(services: Services, town: Town, word: str) -> list[thief.Find]:
    with services.connect(town.database.name) as connection:
        return thief.search(list(thief.tables(connection)), [word])


@pytest.mark.parametrize("where", list(PLANTS))
def test_a_word_in_clear_is_found_wherever_it_stands(town: Town, services: Services, where: str) -> None:
    assert found(services, town, WORD) == []
    with services.connect(town.database.name) as connection:
        connection.execute(PLANTS[where], (WORD,))
    assert [one.word for one in found(services, town, WORD)]


def test_a_word_in_what_the_queue_packs_is_found(redis_url: str) -> None:
    with Redis.from_url(redis_url) as client:
        job = Job.create("workers.jobs.send", args=(WORD,), connection=client, origin="sms")
        job.save()
        Result.create_failure(job, 60, f"ValueError: {WORD}")
    finds = thief.search(thief.valkey(redis_url), [WORD])
    assert {(one.where.split(":")[1], one.writing) for one in finds} >= {
        ("job", "zlib in utf-8"), ("results", "zlib in base64")
    }  # fmt: skip
