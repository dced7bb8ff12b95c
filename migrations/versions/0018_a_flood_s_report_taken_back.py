"""Whoever regrets a report that came in a flood can take it back by its receipt, while nobody has decided."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.execute(
        "create policy quarantine_door_d on quarantine for delete to door"
        " using (lookup_hidden = door_key() and state = 'waiting')"
    )
    op.execute("grant delete on quarantine to door")
