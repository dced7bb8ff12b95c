"""A desk hears that its own number has spent its day of texts, or is being pumped: no name and no number."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"

# What one block of numbers raised stands under a name of that day alone, and is the host's to look into.
ALARMS = """
create function desk_alarms(on_day date) returns table (kind text) language sql stable security definer
    set search_path = pg_catalog, public, pg_temp as $$
    select distinct t.kind from public.sms_tally t join public.channel c on uuid_send(c.id) = t.name
    where t.day = on_day and t.kind in ('channel', 'numbers') and t.alarmed_at is not null
        and public.acts_as() in ('case_worker', 'case_lead') and c.desk_id = public.acting_organisation()
$$
"""


def upgrade() -> None:
    op.execute("create policy channel_journal_s on channel for select to journal using (true)")
    op.execute("grant select (id, desk_id) on channel to journal")
    op.execute(ALARMS)
    op.execute("grant create on schema public to journal")
    op.execute("alter function desk_alarms(date) owner to journal")
    op.execute("revoke create on schema public from journal")
    op.execute("revoke all on function desk_alarms(date) from public")
    op.execute("grant execute on function desk_alarms(date) to web")
