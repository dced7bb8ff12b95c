"""Photographs, recordings and papers: sealed pieces, and who sees, adds and takes back which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

CASE = "case_id in (select id from grievance_case)"
DESK = "acts_as() in ('case_worker', 'case_lead')"
PERSON = "(acts_as() = 'complainant' and author = 'complainant')"
# A back-up that hears an appeal sees files when they were ticked; one that stands in for the desk always does.
AS_FAR_AS_SHOWN = (
    "not exists (select 1 from grievance_case c where c.id = case_id"
    " and c.backup_id = acting_organisation() and not 'E' = any(c.backup_reads))"
)
TICKED = (
    "(acts_as() = 'overseer' and exists (select 1 from appeal a where a.case_id = evidence.case_id"
    " and a.evidence_too and a.to_organisation_id = acting_organisation()))"
)
WRITES = f"{CASE} and (({DESK} and {AS_FAR_AS_SHOWN}) or {PERSON})"
SEES = f"({WRITES}) or ({CASE} and {TICKED})"
UNFINISHED = "received_at is null"
FILE = "evidence_id in (select id from evidence)"
FILE_UNFINISHED = f"evidence_id in (select id from evidence where {UNFINISHED})"

# (table, role, command, rows seen, rows written)
POLICIES = [
    ("evidence", "web", "select", SEES, ""),
    ("evidence", "web", "insert", "", WRITES),
    ("evidence", "web", "update", WRITES, WRITES),
    ("evidence", "web", "delete", f"{UNFINISHED} and {WRITES}", ""),
    ("evidence", "sweep", "select", UNFINISHED, ""),
    ("evidence", "sweep", "delete", UNFINISHED, ""),
    ("evidence_piece", "web", "select", FILE, ""),
    ("evidence_piece", "web", "insert", "", FILE),
    ("evidence_piece", "web", "delete", FILE_UNFINISHED, ""),
]
# The sweep takes away what was never finished; it needs to see that it is there, never the sealed parts.
COLUMNS = {
    ("sweep", "select"): "(id, received_at, begun_at)",
    ("web", "update"): "(pair_id, received_at, sealed_key, sealed_label)",
}


def upgrade() -> None:
    _evidence()
    _piece()
    for table in ("evidence", "evidence_piece"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"grant select on {table} to backup")
    for table, role, command, seen, written in POLICIES:
        using = f" using ({seen})" if seen else ""
        check = f" with check ({written})" if written else ""
        op.execute(
            f"create policy {table}_{role}_{command[0]} on {table} for {command} to {role}{using}{check}"
        )
        op.execute(f"grant {command} {COLUMNS.get((role, command), '')} on {table} to {role}")


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_label", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["grievance_case.id"], name=op.f("fk_evidence_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["class_pair.id"], name=op.f("fk_evidence_pair_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_case", "evidence", ["case_id", "received_at"])


def _piece() -> None:
    op.create_table(
        "evidence_piece",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("is_copy", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_piece_evidence_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["grievance_case.id"], name=op.f("fk_evidence_piece_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_piece")),
        sa.UniqueConstraint(
            "evidence_id", "is_copy", "number", name=op.f("uq_evidence_piece_evidence_id_is_copy_number")
        ),
    )
    op.create_index("ix_evidence_piece_case", "evidence_piece", ["case_id"])
    # What is sealed does not become smaller; the database should not try.
    op.execute("alter table evidence_piece alter column sealed set storage external")
