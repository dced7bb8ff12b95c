"""How do the migrations reach the database? As the owner, over the connection they are given."""

from __future__ import annotations

import os

from alembic import context
from sqlalchemy import create_engine

from grievance.store.models import db


def run(url: str) -> None:
    """Runs the migrations in one transaction each, with row security's owner as the user."""
    engine = create_engine(url)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run(context.config.get_main_option("sqlalchemy.url") or os.environ["DATABASE_URL"])
