"""What somebody takes back goes with all that was written about it: lines of referrals, reasons of findings."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"

# (table, column, table it points to, what happens when that goes)
FOLLOWS = [
    ("referral_message", "pair_id", "class_pair", "CASCADE"),
    ("remedy", "message_id", "referral_message", "SET NULL"),
    ("allegation", "reason_id", "entry", "SET NULL"),
]


def upgrade() -> None:
    for table, column, target, rule in FOLLOWS:
        name = f"fk_{table}_{column}"
        op.drop_constraint(name, table, type_="foreignkey")
        op.create_foreign_key(name, table, target, [column], ["id"], ondelete=rule)
