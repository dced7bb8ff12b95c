"""A coverage that counts ends by two: the host asks, and somebody outside the host ends it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

HOST = "acts_as() = 'administrator'"
# The second person: the overseer, or a lead of one of the two desks.
SECOND = """
    (acts_as() = 'overseer'
        or (acts_as() = 'case_lead' and acting_organisation() in (desk_id, backup_id)))
"""
ABOUT_THEIRS = f"coverage_id in (select id from coverage where {SECOND})"
ASKED = "exists (select 1 from coverage_ending e where e.coverage_id = coverage.id)"
CHANGED = (
    f"alter policy coverage_web_i on coverage with check ({HOST} and confirmed_at is null and confirmed_by is null)",
    # Confirmed once, in one's own name, and never made to wait again.
    f"alter policy coverage_web_u on coverage using ({SECOND} and confirmed_at is null)"
    f" with check ({SECOND} and confirmed_at is not null and confirmed_by = acting_member())",
    f"alter policy coverage_web_d on coverage using (({HOST} and confirmed_at is null) or ({SECOND} and {ASKED}))",
    "revoke update on coverage from web",
    "grant update (confirmed_at, confirmed_by) on coverage to web",
)
POLICIES = (
    ("select", f"using ({HOST} or {ABOUT_THEIRS})"),
    (
        "insert",
        f"with check ({HOST} and asked_by = acting_member()"
        " and coverage_id in (select id from coverage where confirmed_at is not null))",
    ),
    ("delete", f"using ({HOST} or {ABOUT_THEIRS})"),
)


def upgrade() -> None:
    op.create_table(
        "coverage_ending",
        sa.Column("coverage_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["member.id"], name=op.f("fk_coverage_ending_asked_by")),
        sa.ForeignKeyConstraint(
            ["coverage_id"], ["coverage.id"], name=op.f("fk_coverage_ending_coverage_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_ending")),
        sa.UniqueConstraint("coverage_id", name=op.f("uq_coverage_ending_coverage_id")),
    )
    op.execute("alter table coverage_ending enable row level security")
    op.execute("alter table coverage_ending force row level security")
    for command, rows in POLICIES:
        op.execute(f"create policy coverage_ending_web_{command[0]} on coverage_ending for {command} to web {rows}")
        op.execute(f"grant {command} on coverage_ending to web")
    op.execute("grant select on coverage_ending to backup")
    for statement in CHANGED:
        op.execute(statement)
