"""A channel that says by itself that it lives is known as one; a telephone that is away is said to be."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

NEW = ("pinged_at", "offline_at")


def upgrade() -> None:
    for name in NEW:
        op.add_column("channel", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    # Whether a number works is told to whoever watches the service.
    op.execute(f"grant select ({', '.join(NEW)}) on channel to door")
