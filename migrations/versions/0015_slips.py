"""What a desk wrote without network is sent once: which case each slip became."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

OWN = "organisation_id = acting_organisation()"
# It is written with its case, by the same role; the desk's members see which of their slips are cases already.
POLICIES = (
    ("intake", "insert", None, OWN),
    ("web", "select", f"{OWN} and acts_as() in ('case_worker', 'case_lead')", None),
)


def upgrade() -> None:
    op.create_table(
        "slip",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("own_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_slip_organisation_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["grievance_case.id"], name=op.f("fk_slip_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip")),
        sa.UniqueConstraint("organisation_id", "own_id", name=op.f("uq_slip_organisation_id_own_id")),
    )
    op.create_index("ix_slip_case", "slip", ["case_id"])
    op.execute("alter table slip enable row level security")
    op.execute("alter table slip force row level security")
    for role, command, seen, written in POLICIES:
        using = f" using ({seen})" if seen else ""
        check = f" with check ({written})" if written else ""
        op.execute(f"create policy slip_{role}_{command[0]} on slip for {command} to {role}{using}{check}")
        op.execute(f"grant {command} on slip to {role}")
    op.execute("grant select on slip to backup")
