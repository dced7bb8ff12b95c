"""The host makes tasks for any organisation, about no case: it sees none, and names none."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"

WRITTEN = """
    organisation_id = acting_organisation() or case_id in (select id from grievance_case)
    or (acts_as() = 'administrator' and case_id is null)
"""


def upgrade() -> None:
    op.execute(f"alter policy task_web_i on task with check ({WRITTEN})")
