"""How does a story change the world behind everybody's back? As the superuser, whom no row security holds."""

from __future__ import annotations

from sqlalchemy import Executable, create_engine, func, select

from grievance.store.models import Base
from tests.fixtures import Town
from tests.services import Services


def run(services: Services, town: Town, *statements: Executable) -> None:
    """Runs these in one transaction."""
    engine = create_engine(services.url("postgres", town.database.name))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)
    engine.dispose()


def count(services: Services, town: Town, table: type[Base]) -> int:
    """How many rows a table has, whoever may see them."""
    engine = create_engine(services.url("postgres", town.database.name))
    with engine.connect() as connection:
        found = connection.execute(select(func.count()).select_from(table)).scalar_one()
    engine.dispose()
    return int(found)
