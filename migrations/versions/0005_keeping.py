"""What a desk was told of a case's end, and whether a lead holds it back; and who may take away what is over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

CASE = "case_id in (select id from grievance_case)"
CLOSED = "state = 'closed'"

# (table, role, command, rows)
POLICIES = [
    ("case_keeping", "web", "select", CASE),
    ("case_keeping", "web", "insert", f"{CASE} and acts_as() = 'case_lead'"),
    ("case_keeping", "web", "update", f"{CASE} and acts_as() = 'case_lead'"),
    ("case_keeping", "sweep", "select", "true"),
    ("case_keeping", "sweep", "insert", "true"),
    ("case_keeping", "sweep", "update", "true"),
    ("case_keeping", "sms", "select", "true"),
    ("grievance_case", "sweep", "delete", CLOSED),
    ("outbox", "sweep", "delete", "medium = 'mail'"),
]


def upgrade() -> None:
    op.create_table(
        "case_keeping",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["grievance_case.id"], name=op.f("fk_case_keeping_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_keeping")),
    )
    op.execute("alter table case_keeping enable row level security")
    op.execute("alter table case_keeping force row level security")
    for table, role, command, rows in POLICIES:
        clause = {"insert": f"with check ({rows})", "update": f"using ({rows}) with check ({rows})"}
        using = clause.get(command, f"using ({rows})")
        op.execute(f"create policy {table}_{role}_{command[0]} on {table} for {command} to {role} {using}")
        op.execute(f"grant {command} on {table} to {role}")
    op.execute("grant select on case_keeping to backup")
