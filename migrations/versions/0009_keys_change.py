"""Keys change while everything runs: what the change reads, writes, and when each version came into use."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

OWN = "organisation_id = acting_organisation()"
OWN_WRAP = f"{OWN} and reader = 'company' and pair_id in (select id from class_pair)"

# What was stored under an older version of a key is known again; the one who asks may see no row.
KNOWN = {
    "inbound_known": "select 1 from public.inbound where dedup = any(p_values)",
    "receipt_known": "select 1 from public.receipt where lookup_hidden = any(p_values)",
    "apart_known": "select 1 from public.quarantine where same_hidden = any(p_values)",
}
# How many wraps still hang on an organisation's key, also those that its members may not see yet.
WRAPS_UNDER = """
create function wraps_under(p_public bytea) returns bigint language sql stable security definer
    set search_path = pg_catalog, public, pg_temp as $$
    select count(*) from public.wrap where reader_public = p_public
$$
"""

# The same of a lane's key, whose wraps name no key: all of an organisation's lanes.
LANE_WRAPS = """
create function lane_wraps_of(p_organisation uuid) returns bigint language sql stable security definer
    set search_path = pg_catalog, public, pg_temp as $$
    select count(*) from public.wrap where reader = 'lane' and organisation_id = p_organisation
$$
"""

# What is stored under a key of the environment. Whoever changes keys reads and writes these columns, and of
# their rows nothing else but the ids: a role of its own, so that the SMS worker reads no receipt.
SEALED_ANEW = {
    "capsule": ("sealed",),
    "channel": ("secret_hidden",),
    "dialogue": ("sealed_state",),
    "duty": ("number_hidden",),
    "inbound": ("sealed",),
    "member": ("totp_hidden",),
    "outbox": ("sealed_to", "sealed_text"),
    "quarantine": ("lookup_hidden", "public_hidden", "same_hidden"),
    "receipt": ("lookup_hidden", "public_hidden", "wraps_hidden"),
}
OF_A_CASE = ("capsule", "receipt")
APPEND = "journal_append(uuid, uuid, timestamptz, text, text, text, text, bytea)"


def upgrade() -> None:
    _tables()
    _environment_keys()
    _organisation_keys()
    _functions()
    _lanes_are_not_told_apart()
    op.execute("grant select on key_version, key_change to backup")


def _tables() -> None:
    op.create_table(
        "key_version",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("used_from", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_key_version")),
    )
    op.create_table(
        "key_change",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_key_id", sa.Uuid(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("agreed_by <> started_by", name=op.f("ck_key_change_two_persons")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_key_change_organisation_id")),
        sa.ForeignKeyConstraint(["organisation_key_id"], ["organisation_key.id"], name=op.f("fk_key_change_organisation_key_id")),
        sa.ForeignKeyConstraint(["started_by"], ["member.id"], name=op.f("fk_key_change_started_by")),
        sa.ForeignKeyConstraint(["agreed_by"], ["member.id"], name=op.f("fk_key_change_agreed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_change")),
        sa.UniqueConstraint("organisation_key_id", name=op.f("uq_key_change_organisation_key_id")),
    )
    for table in ("key_version", "key_change"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")


def _environment_keys() -> None:
    op.execute("create policy key_version_keys_s on key_version for select to keys using (true)")
    op.execute("create policy key_version_keys_i on key_version for insert to keys with check (true)")
    op.execute("grant select, insert on key_version to keys")
    op.execute("create policy organisation_keys_s on organisation for select to keys using (true)")
    op.execute("grant select (id, kind) on organisation to keys")
    op.execute(f"grant execute on function {APPEND} to keys")
    for table, columns in SEALED_ANEW.items():
        ids = ("id", "case_id") if table in OF_A_CASE else ("id",)
        op.execute(f"create policy {table}_keys_s on {table} for select to keys using (true)")
        op.execute(f"create policy {table}_keys_u on {table} for update to keys using (true) with check (true)")
        op.execute(f"grant select ({', '.join((*ids, *columns))}) on {table} to keys")
        op.execute(f"grant update ({', '.join(columns)}) on {table} to keys")


def _organisation_keys() -> None:
    for role in ("web", "door", "intake", "sms", "sweep", "stats"):
        op.execute(f"create policy key_change_{role}_s on key_change for select to {role} using (true)")
        op.execute(f"grant select on key_change to {role}")
    op.execute(f"create policy key_change_web_i on key_change for insert to web with check ({OWN})")
    agrees = f"{OWN} or acts_as() = 'overseer'"
    op.execute(f"create policy key_change_web_u on key_change for update to web using ({agrees}) with check ({agrees})")
    op.execute("grant insert, update on key_change to web")
    # A company sees no case; what it was given it may seal to its own next key.
    op.execute(f"create policy wrap_web_i_own on wrap for insert to web with check ({OWN_WRAP})")


def _lanes_are_not_told_apart() -> None:
    """A wrap tells that a lane reads, never which: the harm would stand in every dump."""
    op.execute("alter table wrap no force row level security")
    op.execute("update wrap set reader = 'lane', reader_public = '' where reader in ('lane_sexual_violence', 'lane_child')")
    op.execute("alter table wrap force row level security")


def _functions() -> None:
    op.execute("grant create on schema public to journal")
    for name, query in KNOWN.items():
        op.execute(
            f"create function {name}(p_values bytea[]) returns boolean language sql stable security definer"
            f" set search_path = pg_catalog, public, pg_temp as $$ select exists ({query}) $$"
        )
        op.execute(f"alter function {name}(bytea[]) owner to journal")
        op.execute(f"revoke all on function {name}(bytea[]) from public")
    op.execute(WRAPS_UNDER)
    op.execute(LANE_WRAPS)
    for function in ("wraps_under(bytea)", "lane_wraps_of(uuid)"):
        op.execute(f"alter function {function} owner to journal")
        op.execute(f"revoke all on function {function} from public")
    op.execute("revoke create on schema public from journal")
    for table in ("receipt", "wrap"):
        op.execute(f"grant select on {table} to journal")
        op.execute(f"create policy {table}_journal_s on {table} for select to journal using (true)")
    op.execute("grant execute on function inbound_known(bytea[]) to intake, sms")
    op.execute("grant execute on function receipt_known(bytea[]) to web, intake, sms")
    op.execute("grant execute on function apart_known(bytea[]) to intake")
    op.execute("grant execute on function wraps_under(bytea), lane_wraps_of(uuid) to web")
