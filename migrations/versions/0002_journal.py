"""The journal: appended by one function, refused to change, and compulsory for every change of state."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

# The bytes that a line's hash covers; `grievance.store.journal` computes the same ones in Python.
APPEND = r"""
create function journal_append(
    p_chain uuid, p_subject uuid, p_at timestamptz, p_actor text, p_move text,
    p_from text, p_to text, p_commitment bytea
) returns bigint language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    head public.journal_head;
    line_at timestamptz;
    canonical bytea;
    line_hash bytea;
begin
    insert into public.journal_head (chain, seq, at, hash)
        values (p_chain, 0, p_at, decode(repeat('00', 32), 'hex')) on conflict do nothing;
    select * into strict head from public.journal_head where chain = p_chain for update;
    line_at := greatest(p_at, head.at);
    canonical := convert_to(concat_ws(E'\x1f', 'line-1', p_chain, head.seq + 1,
        (extract(epoch from line_at) * 1000000)::bigint, p_actor, p_move, p_subject, p_from, p_to,
        encode(p_commitment, 'hex')), 'UTF8');
    line_hash := sha256(head.hash || canonical);
    insert into public.journal_line (chain, seq, at, actor, move, subject, from_state, to_state,
                                     commitment, previous, hash, transaction_id)
        values (p_chain, head.seq + 1, line_at, p_actor, p_move, p_subject, p_from, p_to,
                p_commitment, head.hash, line_hash, pg_current_xact_id()::text::bigint);
    update public.journal_head set seq = head.seq + 1, at = line_at, hash = line_hash where chain = p_chain;
    return head.seq + 1;
end $$
"""

REFUSE = """
create function journal_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the journal is append-only' using errcode = 'insufficient_privilege';
end $$
"""

STATE_HAS_LINE = """
create function state_has_line() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    if not exists (select 1 from public.journal_line l where l.subject = new.id and l.to_state = new.state
                   and l.transaction_id = pg_current_xact_id()::text::bigint) then
        raise exception 'a change of state without its journal line' using errcode = 'check_violation';
    end if;
    return null;
end $$
"""

CHECKED = ("grievance_case", "referral")


def upgrade() -> None:
    for statement in (APPEND, REFUSE, STATE_HAS_LINE):
        op.execute(statement)
    op.execute(
        "create trigger journal_line_stays before update or delete on journal_line"
        " for each row execute function journal_refuse()"
    )
    op.execute(
        "create trigger journal_line_not_truncated before truncate on journal_line"
        " for each statement execute function journal_refuse()"
    )
    op.execute(
        "create trigger journal_head_stays before delete on journal_head"
        " for each row execute function journal_refuse()"
    )
    for table in CHECKED:
        op.execute(
            f"create constraint trigger {table}_state_has_line after insert or update of state on {table}"
            " deferrable initially deferred for each row execute function state_has_line()"
        )
    op.execute("grant create on schema public to journal")
    for function in (
        "journal_append(uuid, uuid, timestamptz, text, text, text, text, bytea)",
        "state_has_line()",
    ):
        op.execute(f"alter function {function} owner to journal")
    op.execute("revoke create on schema public from journal")
    op.execute("grant select, insert, update on journal_head to journal")
    op.execute("grant select, insert on journal_line to journal")
    op.execute(
        "revoke all on function journal_append(uuid, uuid, timestamptz, text, text, text, text, bytea) from public"
    )
    op.execute(
        "grant execute on function journal_append(uuid, uuid, timestamptz, text, text, text, text, bytea)"
        " to web, door, intake, sms, sweep"
    )
