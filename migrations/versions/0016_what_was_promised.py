"""A clock keeps what the person was told where that is later than the clock: nobody was on duty."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

# Whoever asks for a call on their own page is promised one by the roster of their own desk, and by no other.
OWN_DESK = (
    "acts_as() = 'complainant' and desk_id in (select desk_id from grievance_case where id = acting_case())"
)


def upgrade() -> None:
    op.add_column("clock", sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"create policy duty_web_own_desk on duty for select to web using ({OWN_DESK})")
