"""Nobody makes a task about a case that they do not see, nor moves a task to another case."""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"

WRITTEN = """
    case_id in (select id from grievance_case)
    or (case_id is null and (organisation_id = acting_organisation() or acts_as() = 'administrator'))
"""


def upgrade() -> None:
    op.execute(f"alter policy task_web_i on task with check ({WRITTEN})")
    op.execute("revoke update on task from web")
    op.execute("grant update (organisation_id, due_at, done_at, done_by) on task to web")
