"""How does a story change the world behind everybody's back? As the superuser, whom no row security holds."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import Executable, create_engine, func, select
from sqlalchemy.orm import Session

from grievance.store.models import Base
from tests.fixtures import Town
from tests.services import Services

Row = TypeVar("Row")


def run(services: Services, town: Town, *statements: Executable) -> None:
    """Runs these in one transaction."""
    engine = create_engine(services.url("postgres", town.database.name))
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(statement)
    finally:
        engine.dispose()


def rows(services: Services, town: Town, model: type[Row]) -> list[Row]:
    """Every row of a table."""
    engine = create_engine(services.url("postgres", town.database.name))
    with Session(engine, expire_on_commit=False) as session:
        found = list(session.scalars(select(model)))
    engine.dispose()
    return found


def count(services: Services, town: Town, table: type[Base]) -> int:
    """How many rows a table has, whoever may see them."""
    engine = create_engine(services.url("postgres", town.database.name))
    with engine.connect() as connection:
        found = connection.execute(select(func.count()).select_from(table)).scalar_one()
    engine.dispose()
    return int(found)
