"""Passkeys of members, when a session last proved its member, and the openings of names and numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

DESK = "acts_as() in ('case_worker', 'case_lead')"
CASE = "case_id in (select id from grievance_case)"
COLLEAGUE = "member_id in (select id from member where organisation_id = acting_organisation())"
AT_THE_DOOR = "member_id in (select id from member)"
SELF = "member_id = acting_member()"
# A desk writes its own wishes alone; the complainant reads what was opened, an overseer nothing.
OWN_REVEAL = f"{DESK} and {CASE} and organisation_id = acting_organisation()"
SEES_REVEAL = f"{CASE} and ({DESK} or (acts_as() = 'complainant' and opened_at is not null))"

# (table, role, command, rows seen, rows written)
POLICIES = [
    ("passkey", "web", "select", COLLEAGUE, ""),
    ("passkey", "web", "insert", "", SELF),
    ("passkey", "web", "delete", COLLEAGUE, ""),
    ("passkey", "door", "select", AT_THE_DOOR, ""),
    ("passkey", "door", "update", AT_THE_DOOR, AT_THE_DOOR),
    ("reveal", "web", "select", SEES_REVEAL, ""),
    ("reveal", "web", "insert", "", f"{OWN_REVEAL} and asked_by = acting_member()"),
    ("reveal", "web", "update", OWN_REVEAL, OWN_REVEAL),
]

# A complainant who asks for a call leaves a number: it belongs to the identity, which they write and never read.
LEAVES_A_NUMBER = (
    "create policy entry_web_number on entry for insert to web"
    f" with check ({CASE} and acts_as() = 'complainant' and data_class = 'I')"
)


def upgrade() -> None:
    op.add_column("staff_session", sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
    _passkey()
    _reveal()
    for table in ("passkey", "reveal"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"grant select on {table} to backup")
    for table, role, command, seen, written in POLICIES:
        using = f" using ({seen})" if seen else ""
        check = f" with check ({written})" if written else ""
        op.execute(
            f"create policy {table}_{role}_{command[0]} on {table} for {command} to {role}{using}{check}"
        )
        op.execute(f"grant {command} on {table} to {role}")
    op.execute(LEAVES_A_NUMBER)


def _passkey() -> None:
    op.create_table(
        "passkey",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("challenged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_passkey_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index("ix_passkey_member", "passkey", ["member_id"])


def _reveal() -> None:
    members = ("asked_by", "agreed_by", "refused_by")
    op.create_table(
        "reveal",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_by", sa.Uuid(), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "agreed_by <> asked_by and refused_by <> asked_by", name=op.f("ck_reveal_second_person")
        ),
        sa.CheckConstraint(
            "opened_at is null or ground <> 'agreement' or agreed_at is not null",
            name=op.f("ck_reveal_agreed_before"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["grievance_case.id"], name=op.f("fk_reveal_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_reveal_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_reveal_entry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_reveal_task_id"), ondelete="SET NULL"
        ),
        *[
            sa.ForeignKeyConstraint([one], ["member.id"], name=op.f(f"fk_reveal_{one}"))
            for one in members
        ],
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveal")),
    )
    op.create_index("ix_reveal_case", "reveal", ["case_id", "asked_at"])
