"""How does a story change the world behind everybody's back? As the superuser, whom no row security holds."""

from __future__ import annotations

from sqlalchemy import Executable, create_engine

from tests.fixtures import Town
from tests.services import Services


def run(services: Services, town: Town, *statements: Executable) -> None:
    """Runs these in one transaction."""
    engine = create_engine(services.url("postgres", town.database.name))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)
    engine.dispose()
