"""A report that is not finished is kept under its receipt; one that nobody opened can be taken back at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

# The door sees the one row that its receipt names; the sweep sees since when each lies there, never what.
OWN_ROW = "lookup_hidden = door_key()"
POLICIES = (
    ("door", "select", OWN_ROW, None),
    ("door", "insert", None, OWN_ROW),
    ("door", "update", OWN_ROW, OWN_ROW),
    ("door", "delete", OWN_ROW, None),
    ("sweep", "select", "true", None),
    ("sweep", "delete", "true", None),
    # Only so that a change of the pepper reaches these rows too.
    ("keys", "select", "true", None),
    ("keys", "update", "true", "true"),
)
GRANTS = {
    "door": "select, insert, update, delete",
    "sweep": "select (id, kept_at), delete",
    "keys": "select (id, lookup_hidden, sealed_hidden), update (lookup_hidden, sealed_hidden)",
    "backup": "select",
}

# What goes when somebody takes their report back; all of it hangs on the case.
GOES = (
    "capsule", "number_index", "entry", "wrap", "class_pair", "journal_opening", "receipt", "visitor_session",
)  # fmt: skip
# The complainant sees neither who opened the case nor what is sealed to others, so a function of the journal's
# role looks and deletes; it acts for the one case of the one who asks, and for nobody else.
OWN_CASE = "case_id = acting_case() and acts_as() = 'complainant'"
UNOPENED = """
create function own_case_is_unopened() returns boolean language sql stable security definer
    set search_path = pg_catalog, public, pg_temp as $$
    select public.acts_as() = 'complainant' and exists (
        select 1 from public.journal_line where chain = public.acting_case() and move = 'received'
    ) and not exists (
        select 1 from public.journal_line where chain = public.acting_case() and move = 'opened'
    )
$$
"""
TAKE_BACK = """
create function take_own_case_back(p_fact uuid, p_ref uuid, p_day date, p_desk uuid) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if not public.own_case_is_unopened() then
        return false;
    end if;
    {deletes}
    insert into public.fact (id, kind, case_ref, on_day, desk_id, restricted, persons, by_letter)
        values (p_fact, 'shredded', p_ref, p_day, p_desk, false, 1, false);
    return true;
end
$$
"""


def upgrade() -> None:
    _unfinished()
    _take_back()


def _take_back() -> None:
    for table in GOES:
        if table not in ("wrap", "receipt"):  # the journal's role reads these two already
            op.execute(f"create policy {table}_journal_own_s on {table} for select to journal using ({OWN_CASE})")
            op.execute(f"grant select on {table} to journal")
        op.execute(f"create policy {table}_journal_own_d on {table} for delete to journal using ({OWN_CASE})")
        op.execute(f"grant delete on {table} to journal")
    op.execute("create policy fact_journal_i on fact for insert to journal with check (kind = 'shredded')")
    op.execute("grant insert on fact to journal")
    op.execute("grant create on schema public to journal")
    op.execute(UNOPENED)
    deletes = (f"delete from public.{table} where case_id = public.acting_case();" for table in GOES)
    op.execute(TAKE_BACK.format(deletes="\n    ".join(deletes)))
    for function in ("own_case_is_unopened()", "take_own_case_back(uuid, uuid, date, uuid)"):
        op.execute(f"alter function {function} owner to journal")
        op.execute(f"revoke all on function {function} from public")
        op.execute(f"grant execute on function {function} to web")
    op.execute("revoke create on schema public from journal")


def _unfinished() -> None:
    op.create_table(
        "unfinished_report",
        sa.Column("lookup_hidden", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_hidden", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unfinished_report")),
        sa.UniqueConstraint("lookup_hidden", name=op.f("uq_unfinished_report_lookup_hidden")),
    )
    op.create_index("ix_unfinished_report_kept", "unfinished_report", ["kept_at"])
    op.execute("alter table unfinished_report enable row level security")
    op.execute("alter table unfinished_report force row level security")
    for role, command, seen, written in POLICIES:
        using = f" using ({seen})" if seen else ""
        check = f" with check ({written})" if written else ""
        op.execute(
            f"create policy unfinished_report_{role}_{command[0]} on unfinished_report for {command}"
            f" to {role}{using}{check}"
        )
    for role, rights in GRANTS.items():
        op.execute(f"grant {rights} on unfinished_report to {role}")
