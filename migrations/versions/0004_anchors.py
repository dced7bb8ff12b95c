"""Heads over the journal every hour, the leaves they stand on, and one signed anchor a day: none may change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = ("journal_hour", "journal_leaf", "journal_anchor")
OWN_CHAIN = "chain in (select id from grievance_case) or chain = acting_organisation()"

# (table, role, commands, rows). What is published has only hashes and times; a leaf is its chain's readers'.
POLICIES = [
    ("journal_hour", "sweep", ("select", "insert"), "true"),
    ("journal_hour", "web", ("select",), "true"),
    ("journal_hour", "door", ("select",), "true"),
    ("journal_hour", "journal", ("select",), "true"),
    ("journal_leaf", "sweep", ("select", "insert"), "true"),
    ("journal_leaf", "web", ("select",), OWN_CHAIN),
    ("journal_leaf", "journal", ("select",), "true"),
    ("journal_anchor", "sweep", ("select", "insert"), "true"),
    ("journal_anchor", "web", ("select",), "true"),
    ("journal_anchor", "door", ("select",), "true"),
    ("journal_anchor", "journal", ("select",), "true"),
    ("journal_opening", "journal", ("select",), "true"),
]


def upgrade() -> None:
    _tables()
    for table in TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create trigger {table}_stays before update or delete on {table}"
            " for each row execute function journal_refuse()"
        )
        op.execute(
            f"create trigger {table}_not_truncated before truncate on {table}"
            " for each statement execute function journal_refuse()"
        )
    for table, role, commands, rows in POLICIES:
        for command in commands:
            clause = "with check" if command == "insert" else "using"
            name = f"{table}_{role}_{command[0]}"
            op.execute(f"create policy {name} on {table} for {command} to {role} {clause} ({rows})")
            op.execute(f"grant {command} on {table} to {role}")
    # The sweep puts hashes under a head; what a line tells stays out of its sight.
    op.execute("create policy journal_line_sweep_s on journal_line for select to sweep using (true)")
    op.execute("grant select (chain, seq, hash) on journal_line to sweep")
    op.execute(f"grant select on {', '.join(TABLES)} to backup")


def _tables() -> None:
    op.create_table(
        "journal_hour",
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_journal_hour")),
        sa.UniqueConstraint("slot", name=op.f("uq_journal_hour_slot")),
    )
    op.create_table(
        "journal_leaf",
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["journal_hour.number"], name=op.f("fk_journal_leaf_number")
        ),
        sa.PrimaryKeyConstraint("chain", "last_seq", name=op.f("pk_journal_leaf")),
    )
    op.create_index("ix_leaf_number", "journal_leaf", ["number"], unique=False)
    op.create_table(
        "journal_anchor",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["journal_hour.number"], name=op.f("fk_journal_anchor_number")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_journal_anchor")),
    )
