"""How do the tables come to be? By the numbered migrations, as the owner."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def upgrade(owner_url: str, to: str = "head") -> None:
    """Brings a database to the newest migration, or to the one named. `owner_url` is a SQLAlchemy address."""
    config = Config(MIGRATIONS / "alembic.ini")
    config.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))  # a % would be read as a reference
    command.upgrade(config, to)
