"""What came in a flood is kept apart; what goes out by SMS is counted; both raise their alarm."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

DESK = "acts_as() in ('case_worker', 'case_lead') and desk_id = acting_organisation()"

# (table, role, command, rows seen, rows written)
POLICIES = (
    ("quarantine", "intake", "insert", None, "state = 'waiting'"),
    ("quarantine", "door", "select", "lookup_hidden = door_key()", None),
    ("quarantine", "web", "select", DESK, None),
    ("quarantine", "web", "update", DESK, DESK),
    ("quarantine", "web", "delete", DESK, None),
    ("quarantine", "sweep", "select", "true", None),
    ("quarantine", "sweep", "delete", "state = 'set_aside'", None),
    ("quarantine", "journal", "select", "true", None),
    ("sms_tally", "sms", "select", "true", None),
    ("sms_tally", "sms", "insert", None, "true"),
    ("sms_tally", "sms", "update", "true", "true"),
    ("sms_tally", "sms", "delete", "true", None),
    ("sms_tally", "journal", "select", "true", None),
)
# The sweep sees that something stands there, and since when; never the sealed part.
SWEEP_COLUMNS = "grant select (id, desk_id, state, received_at, decided_at) on quarantine to sweep"

ALARMS = """
create function alarms() returns table (name text, at timestamptz) language sql stable security definer
    set search_path = pg_catalog, public, pg_temp as $$
    select 'quarantine', min(received_at) from public.quarantine where state = 'waiting'
    union all select 'sms_budget', max(alarmed_at) from public.sms_tally where kind = 'channel'
    union all select 'sms_pumping', max(alarmed_at) from public.sms_tally where kind in ('prefix', 'numbers')
$$
"""


def upgrade() -> None:
    op.create_table(
        "quarantine",
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("reader_public", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("lookup_hidden", sa.LargeBinary(), nullable=False),
        sa.Column("public_hidden", sa.LargeBinary(), nullable=False),
        sa.Column("same_hidden", sa.LargeBinary(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["organisation.id"], name=op.f("fk_quarantine_desk_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_quarantine_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("same_hidden", name=op.f("uq_quarantine_same_hidden")),
    )
    op.create_index("ix_quarantine_desk", "quarantine", ["desk_id", "state", "received_at"])
    op.create_index("ix_quarantine_lookup", "quarantine", ["lookup_hidden"])
    op.create_table(
        "sms_tally",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("day", "kind", "name", name=op.f("pk_sms_tally")),
    )
    for table in ("quarantine", "sms_tally"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"grant select on {table} to backup")
    for table, role, command, seen, written in POLICIES:
        using = f" using ({seen})" if seen else ""
        check = f" with check ({written})" if written else ""
        op.execute(
            f"create policy {table}_{role}_{command[0]} on {table} for {command} to {role}{using}{check}"
        )
        if (table, role, command) != ("quarantine", "sweep", "select"):
            op.execute(f"grant {command} on {table} to {role}")
    op.execute(SWEEP_COLUMNS)
    _alarms()


def _alarms() -> None:
    op.execute(ALARMS)
    op.execute("grant create on schema public to journal")
    op.execute("alter function alarms() owner to journal")
    op.execute("revoke create on schema public from journal")
    op.execute("revoke all on function alarms() from public")
    op.execute("grant execute on function alarms() to web, door, sweep, sms")
