"""Row security: who sees and writes which rows. Every table is here; a table in no inventory fails a test."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

SETTINGS = """
create function acting_organisation() returns uuid language sql stable
    return nullif(current_setting('app.organisation', true), '')::uuid;
create function acting_member() returns uuid language sql stable
    return nullif(current_setting('app.member', true), '')::uuid;
create function acting_case() returns uuid language sql stable
    return nullif(current_setting('app.case', true), '')::uuid;
create function acts_as() returns text language sql stable
    return coalesce(current_setting('app.acts_as', true), '');
create function door_key() returns bytea language sql stable
    return decode(nullif(current_setting('app.door', true), ''), 'hex');
"""

DESK = "acts_as() in ('case_worker', 'case_lead')"
HOST = "acts_as() = 'administrator'"
OVERSEER = "acts_as() = 'overseer'"
OWN = "organisation_id = acting_organisation()"
CASE = "case_id in (select id from grievance_case)"
REFERRAL = "referral_id in (select id from referral)"

SEES_CASE = f"""
    ({DESK} and not held
        and (desk_id = acting_organisation() or (backup_id = acting_organisation() and backup_visible)))
    or (acts_as() = 'complainant' and id = acting_case())
    or ({OVERSEER} and overseer_id = acting_organisation() and overseer_visible)
"""
SEES_REFERRAL = f"(organisation_id = acting_organisation() and state <> 'prepared') or {CASE}"
# Notes are the desk's alone; the complainant reads the thread, an overseer the thread and the evidence.
SEES_ENTRY = f"""
    {CASE} and ({DESK} or (acts_as() = 'complainant' and data_class = 'T')
        or ({OVERSEER} and data_class in ('T', 'E')))
"""
# A back-up opens no class but those that its part in the case needs; a company sees its own wraps alone.
SEES_WRAP = f"""
    ({CASE} and not exists (select 1 from grievance_case c join class_pair p on p.case_id = c.id
        where p.id = wrap.pair_id and c.backup_id = acting_organisation()
        and p.referral_id is null and not p.data_class = any(c.backup_reads)))
    or ({OWN} and pair_id in (select id from class_pair) and reader = 'company')
"""
SEES_CLOCK = f"{CASE} or {REFERRAL}"
SEES_MEMBER = f"{OWN} or {HOST} or {OVERSEER}"

# (table, role, commands, rows seen, rows written); no fifth value: what is written must be seen.
# `s i u d` stand for select, insert, update, delete.
POLICIES: list[tuple[str, str, str, str, str]] = [
    *[
        (table, role, "s", "true", "true")
        for table in (
            "organisation",
            "organisation_key",
            "site",
            "contract",
            "coverage",
            "channel",
            "funding",
        )
        for role in ("web", "door", "intake", "sms", "sweep", "stats")
    ],
    ("organisation", "web", "i", HOST, HOST),
    (
        "organisation",
        "web",
        "u",
        f"{HOST} or id = acting_organisation()",
        f"{HOST} or id = acting_organisation()",
    ),
    ("organisation_key", "web", "i", OWN, OWN),
    ("organisation_key", "web", "u", OVERSEER, OVERSEER),
    *[(table, "web", "iud", HOST, HOST) for table in ("site", "contract", "funding", "contact")],
    ("coverage", "web", "id", HOST, HOST),
    ("coverage", "web", "u", f"{OVERSEER} or {DESK}", f"{OVERSEER} or {DESK}"),
    ("channel", "web", "iu", HOST, HOST),
    ("channel", "sms", "u", "true", "true"),
    ("channel", "intake", "u", "true", "true"),
    ("contact", "web", "s", f"{OWN} or {DESK} or {HOST} or {OVERSEER}", "true"),
    ("contact", "sweep", "s", "true", "true"),
    ("duty", "web", "siud", "desk_id = acting_organisation()", "desk_id = acting_organisation()"),
    ("duty", "sms", "s", "true", "true"),
    ("duty", "sweep", "s", "true", "true"),
    ("duty", "intake", "s", "true", "true"),
    # People.
    ("member", "web", "s", SEES_MEMBER, "true"),
    ("member", "web", "i", f"{HOST} or {OWN}", f"{HOST} or {OWN}"),
    ("member", "web", "u", f"{HOST} or {OWN}", f"{HOST} or {OWN}"),
    (
        "member",
        "door",
        "su",
        "convert_to(email, 'UTF8') = door_key() or id in (select member_id from staff_session)"
        " or id in (select member_id from invitation)",
        "true",
    ),
    ("member", "sweep", "s", "true", "true"),
    ("member", "sms", "s", "true", "true"),
    (
        "invitation",
        "web",
        "siud",
        "member_id in (select id from member)",
        "member_id in (select id from member)",
    ),
    ("invitation", "door", "su", "token_hash = door_key()", "true"),
    ("member_key", "web", "sid", OWN, OWN),
    (
        "staff_session",
        "web",
        "sud",
        "member_id in (select id from member)",
        "member_id in (select id from member)",
    ),
    ("staff_session", "door", "su", "cookie_hash = door_key()", "true"),
    ("staff_session", "door", "i", "true", "true"),
    ("staff_session", "sweep", "sd", "true", "true"),
    ("visitor_session", "web", "sud", "case_id = acting_case()", "case_id = acting_case()"),
    ("visitor_session", "door", "su", "cookie_hash = door_key()", "true"),
    ("visitor_session", "door", "i", "true", "true"),
    ("visitor_session", "sweep", "sd", "true", "true"),
    ("receipt", "web", "s", f"case_id = acting_case() or {CASE}", "true"),
    ("receipt", "web", "u", CASE, CASE),
    ("receipt", "web", "i", CASE, CASE),
    ("receipt", "intake", "i", "true", "true"),
    ("receipt", "door", "s", "lookup_hidden = door_key()", "true"),
    # Cases.
    ("grievance_case", "web", "su", SEES_CASE, "true"),
    ("grievance_case", "web", "i", "true", f"{DESK} and desk_id = acting_organisation()"),
    ("grievance_case", "intake", "i", "true", "state = 'received'"),
    ("grievance_case", "sms", "siud", "true", "true"),
    ("grievance_case", "sweep", "su", "true", "true"),
    ("grievance_case", "stats", "s", "true", "true"),
    ("entry", "web", "siu", SEES_ENTRY, SEES_ENTRY),
    ("entry", "intake", "i", "true", "true"),
    ("entry", "sms", "siud", "true", "true"),
    ("class_pair", "web", "siu", f"{CASE} or {REFERRAL}", f"{CASE} or {REFERRAL}"),
    ("wrap", "web", "sid", SEES_WRAP, CASE),
    *[(table, "intake", "i", "true", "true") for table in ("class_pair", "wrap", "consent", "conflict")],
    *[(table, "sms", "sid", "true", "true") for table in ("class_pair", "wrap", "consent", "conflict")],
    *[(table, "web", "siud", CASE, CASE) for table in ("consent", "conflict", "allegation")],
    ("appeal", "sms", "si", "true", "true"),
    ("appeal", "web", "siu", f"{CASE} or to_organisation_id = acting_organisation()", CASE),
    ("task", "web", "su", f"{OWN} or {CASE}", f"{OWN} or {CASE}"),
    ("task", "web", "i", "true", f"{OWN} or {CASE} or {HOST}"),
    *[("task", role, "i", "true", "true") for role in ("intake",)],
    *[("task", role, "siu", "true", "true") for role in ("sms", "sweep")],
    *[(table, "sweep", "s", "true", "true") for table in ("consent", "conflict", "appeal", "wrap")],
    *[
        (table, "stats", "s", "true", "true")
        for table in ("consent", "conflict", "appeal", "task", "allegation")
    ],
    # Referrals and clocks.
    ("referral", "web", "su", SEES_REFERRAL, SEES_REFERRAL),
    ("referral", "web", "i", "true", CASE),
    ("referral", "sms", "su", "true", "true"),
    ("referral", "sweep", "su", "true", "true"),
    ("referral", "stats", "s", "true", "true"),
    ("referral_message", "web", "si", REFERRAL, REFERRAL),
    ("remedy", "web", "siu", REFERRAL, REFERRAL),
    ("remedy", "sms", "su", "true", "true"),
    ("remedy", "stats", "s", "true", "true"),
    ("clock", "web", "siu", SEES_CLOCK, SEES_CLOCK),
    *[
        (table, "web", "siu", "clock_id in (select id from clock)", "clock_id in (select id from clock)")
        for table in ("clock_pause", "clock_step")
    ],
    *[(table, "intake", "i", "true", "true") for table in ("clock", "clock_pause", "clock_step")],
    *[
        (table, role, "siu", "true", "true")
        for table in ("clock", "clock_pause", "clock_step")
        for role in ("sms", "sweep")
    ],
    *[(table, "stats", "s", "true", "true") for table in ("clock", "clock_pause", "clock_step")],
    # Telephone and notices.
    ("inbound", "intake", "i", "true", "true"),
    ("inbound", "sms", "sud", "true", "true"),
    *[(table, "sms", "siud", "true", "true") for table in ("dialogue", "number_index", "capsule")],
    ("capsule", "intake", "i", "true", "true"),
    ("capsule", "web", "i", "true", CASE),
    *[("outbox", role, "i", "true", "true") for role in ("web", "intake", "sms", "sweep")],
    ("outbox", "sms", "sud", "true", "true"),
    ("outbox", "sweep", "su", "medium = 'mail'", "medium = 'mail'"),
    *[("worker_beat", role, "siu", "true", "true") for role in ("sms", "sweep")],
    # Ledger.
    ("journal_head", "journal", "siu", "true", "true"),
    ("journal_line", "journal", "si", "true", "true"),
    ("journal_head", "sweep", "s", "true", "true"),
    (
        "journal_line",
        "web",
        "s",
        "(chain in (select id from grievance_case) and not acts_as() = 'complainant')"
        " or chain = acting_organisation()",
        "true",
    ),
    ("journal_opening", "web", "sid", f"{CASE} or chain = acting_organisation()", "true"),
    *[("journal_opening", role, "i", "true", "true") for role in ("intake", "sms", "sweep")],
    ("fact", "web", "s", OVERSEER, "true"),
    *[("fact", role, "sid", "true", "true") for role in ("stats", "sweep")],
    ("fact", "sms", "i", "true", "true"),
]

COMMANDS = {"s": "select", "i": "insert", "u": "update", "d": "delete"}

# The SMS worker and the sweep need to see that something stands there, never the sealed part itself.
COLUMN_GRANTS = [
    "grant select (id, channel_id, received_at, state) on inbound to sweep",
]
SWEEP_READS_INBOUND = "create policy inbound_sweep_s on inbound for select to sweep using (true)"

READINESS = """
create function readiness() returns table (name text, at timestamptz) language sql stable security definer
    set search_path = pg_catalog, public, pg_temp as $$
    select 'outbox', min(next_at) from public.outbox
        where state in ('waiting', 'leased', 'uncertain') and not waits_for_follow
    union all select 'held', min(received_at) from public.inbound where state in ('new', 'held')
    union all select 'inbound', max(received_at) from public.inbound
    union all select name, at from public.worker_beat
$$
"""

# How many members hold a key, for those who may see no member: a lane with fewer than two takes no case.
KEYED = """
create function keyed_members(p_key uuid) returns bigint language sql stable security definer
    set search_path = pg_catalog, public, pg_temp as $$
    select count(*) from public.member_key k join public.member m on m.id = k.member_id
        where k.organisation_key_id = p_key and m.disabled_at is null
$$
"""


def _policy(table: str, role: str, command: str, seen: str, written: str) -> str:
    kind = COMMANDS[command]
    using = "" if command == "i" else f" using ({seen})"
    check = f" with check ({written})" if command in "iu" else ""
    return f"create policy {table}_{role}_{command} on {table} for {kind} to {role}{using}{check}"


def upgrade() -> None:
    for statement in SETTINGS.strip().split(";\n"):
        op.execute(statement.rstrip(";"))
    tables = sorted({row[0] for row in POLICIES})
    for table in tables:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
    for table, role, commands, seen, written in POLICIES:
        for command in commands:
            op.execute(_policy(table, role, command, seen, written))
            op.execute(f"grant {COMMANDS[command]} on {table} to {role}")
    for grant in COLUMN_GRANTS:
        op.execute(grant)
    op.execute(SWEEP_READS_INBOUND)
    _definer_functions()
    op.execute("grant select on alembic_version to web, door, sms, sweep")
    op.execute("grant select on all tables in schema public to backup")


def _definer_functions() -> None:
    op.execute(READINESS)
    op.execute(KEYED)
    op.execute("grant create on schema public to journal")
    op.execute("alter function readiness() owner to journal")
    op.execute("alter function keyed_members(uuid) owner to journal")
    op.execute("revoke create on schema public from journal")
    for table in ("outbox", "inbound", "worker_beat", "member", "member_key"):
        op.execute(f"grant select on {table} to journal")
        op.execute(f"create policy {table}_journal_s on {table} for select to journal using (true)")
    op.execute("revoke all on function readiness(), keyed_members(uuid) from public")
    op.execute("grant execute on function readiness() to web, door, sweep, sms")
    op.execute("grant execute on function keyed_members(uuid) to web, intake, sms, sweep")
