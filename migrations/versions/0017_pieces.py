"""A text in several pieces goes on with the piece that failed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    for column, first in (("pieces", "1"), ("pieces_gone", "0")):
        op.add_column("outbox", sa.Column(column, sa.Integer(), nullable=False, server_default=first))
        op.alter_column("outbox", column, server_default=None)
