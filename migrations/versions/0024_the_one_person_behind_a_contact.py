"""A desk seals what is restricted to the one person behind a contact: their public half, and no more of them."""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"

# The member whom a contact names, who joined, was let in by a colleague (holds this key) and still works
# there. A desk may see no member of a company; it learns a public half, as it does of an organisation.
PERSON_KEY = """
create function person_key(p_contact uuid, p_key uuid) returns bytea language sql stable security definer
    set search_path = pg_catalog, public, pg_temp as $$
    select m.public_key from public.contact c
        join public.member m on m.id = c.member_id and m.organisation_id = c.organisation_id
        join public.member_key k on k.member_id = m.id and k.organisation_key_id = p_key
        where c.id = p_contact and m.activated_at is not null and m.disabled_at is null
$$
"""


def upgrade() -> None:
    op.execute("create policy contact_journal_s on contact for select to journal using (true)")
    op.execute("grant select (id, organisation_id, member_id) on contact to journal")
    op.execute(PERSON_KEY)
    op.execute("grant create on schema public to journal")
    op.execute("alter function person_key(uuid, uuid) owner to journal")
    op.execute("revoke create on schema public from journal")
    op.execute("revoke all on function person_key(uuid, uuid) from public")
    op.execute("grant execute on function person_key(uuid, uuid) to web")
