"""A channel can be quiet or refuse; what a webhook missed is taken in; steps of the dialogue are counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

# (table, role, command, rows seen, rows written)
POLICIES = (
    ("inbound", "sms", "insert", None, "true"),
    ("dialogue_step", "sms", "select", "true", None),
    ("dialogue_step", "sms", "insert", None, "true"),
    ("dialogue_step", "sms", "update", "true", "true"),
    ("dialogue_step", "web", "select", "acts_as() in ('administrator', 'overseer')", None),
)


def upgrade() -> None:
    op.add_column("channel", sa.Column("quiet", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("channel", "quiet", server_default=None)
    op.add_column("channel", sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("channel", sa.Column("refusal", sa.Text(), nullable=True))
    op.add_column("channel", sa.Column("reconciled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_outbox_provider", "outbox", ["provider_id"])
    op.create_table(
        "dialogue_step",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "step", name=op.f("pk_dialogue_step")),
    )
    op.execute("alter table dialogue_step enable row level security")
    op.execute("alter table dialogue_step force row level security")
    for table, role, command, seen, written in POLICIES:
        using = f" using ({seen})" if seen else ""
        check = f" with check ({written})" if written else ""
        op.execute(
            f"create policy {table}_{role}_{command[0]} on {table} for {command} to {role}{using}{check}"
        )
        op.execute(f"grant {command} on {table} to {role}")
    op.execute("grant select on dialogue_step to backup")
