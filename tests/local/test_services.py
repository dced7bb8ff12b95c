"""Do the tests' own servers stand on their own?"""

from __future__ import annotations

import pytest
import redis
from sqlalchemy import create_engine, text

from tests.services import Database, Services


def test_a_database_is_empty_migrated_and_owned_by_no_login(database: Database) -> None:
    engine = create_engine(database.owner_url)
    with engine.connect() as connection:
        tables = "select distinct tableowner from pg_tables where schemaname = 'public'"
        assert connection.execute(text(tables)).scalars().all() == ["grievance_owner"]
    engine.dispose()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_one_test_writes_the_next_does_not_find(
    services: Services, database: Database, redis_url: str, turn: str
) -> None:
    with services.connect(database.name) as connection:
        connection.execute(f"create table left_by_{turn} (word text)")
        left = connection.execute("select 1 from pg_tables where tablename like 'left_by_%'").fetchall()
    assert len(left) == 1
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set(turn, "behind")
