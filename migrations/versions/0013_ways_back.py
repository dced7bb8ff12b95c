"""A case goes on by another way: the SMS worker makes a receipt, the desk ends an old one and its visits."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"

CASE = "case_id in (select id from grievance_case)"


def upgrade() -> None:
    op.execute("create policy receipt_sms_i on receipt for insert to sms with check (true)")
    op.execute("grant insert on receipt to sms")
    # Whoever finds a lost receipt must not come in with it, nor stay in.
    op.execute(f"create policy receipt_web_d on receipt for delete to web using ({CASE})")
    op.execute("grant delete on receipt to web")
    for command, name in (("select", "s"), ("delete", "d")):
        op.execute(
            f"create policy visitor_session_web_{name}_desk on visitor_session for {command} to web using ({CASE})"
        )
