"""May each role of the database do exactly what it must, and does row security stand before all of it?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from grievance.local import roles
from tests.services import TEMPLATE, Services

FILE = Path(__file__).parent / "tables.yaml"
LETTERS = {"SELECT": "s", "INSERT": "i", "UPDATE": "u", "DELETE": "d"}
COMMANDS = {"r": "s", "a": "i", "w": "u", "d": "d"}
# No organisation's rows: which migration the database is at.
NOBODYS = {"alembic_version"}

GRANTS = """
select c.relname, coalesce(g.rolname, 'public'), a.privilege_type
from pg_class c cross join lateral aclexplode(c.relacl) a left join pg_roles g on g.oid = a.grantee
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    and a.grantee <> c.relowner
"""
COLUMNS = """
select c.relname, coalesce(g.rolname, 'public'), a.attname, x.privilege_type
from pg_attribute a join pg_class c on c.oid = a.attrelid cross join lateral aclexplode(a.attacl) x
    left join pg_roles g on g.oid = x.grantee
where c.relnamespace = 'public'::regnamespace
"""
POLICIES = """
select c.relname, r.rolname, p.polcmd::text, p.polqual is not null, p.polwithcheck is not null,
    p.polpermissive
from pg_policy p join pg_class c on c.oid = p.polrelid
    cross join lateral unnest(p.polroles) as role(oid) left join pg_roles r on r.oid = role.oid
"""
DEFINERS = """
select p.proname, o.rolname, p.proconfig,
    array(select coalesce(g.rolname, 'public')::text
          from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
          left join pg_roles g on g.oid = x.grantee where x.grantee <> p.proowner order by 1)
from pg_proc p join pg_roles o on o.oid = p.proowner
where p.pronamespace = 'public'::regnamespace and p.prosecdef
"""


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    """What is written down."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def _asked(services: Services, query: str) -> list[tuple[Any, ...]]:
    with services.connect(TEMPLATE) as superuser:
        return superuser.execute(query).fetchall()


def test_each_role_has_exactly_the_rights_that_are_written_down(services: Services, plan: dict) -> None:
    found: dict[str, dict[str, str]] = {}
    for table, role, right in _asked(services, GRANTS):
        rights = found.setdefault(table, {})
        rights[role] = "".join(sorted(rights.get(role, "") + LETTERS.get(right, f"<{right}>")))

    written = {
        table: {role: "".join(sorted(rights)) for role, rights in row.items()}
        for table, row in plan["tables"].items()
    }
    assert {table: row for table, row in found.items() if written.get(table) != row} == {}
    assert set(written) - set(found) == set(), "the inventory names a table that is gone"


def test_single_columns_are_given_as_written_down(services: Services, plan: dict) -> None:
    found = {(table, role, column, right) for table, role, column, right in _asked(services, COLUMNS)}

    assert found == {
        (table, role, column, right)
        for section, right in (("columns", "SELECT"), ("written", "UPDATE"))
        for table, row in plan[section].items()
        for role, columns in row.items()
        for column in columns
    }


def test_every_table_is_in_the_inventory_under_forced_row_security(services: Services, plan: dict) -> None:
    rows = _asked(
        services,
        "select relname, relrowsecurity and relforcerowsecurity from pg_class"
        " where relkind in ('r', 'p', 'f') and relnamespace = 'public'::regnamespace",
    )

    assert {name for name, _ in rows} == set(plan["tables"])
    assert {name for name, guarded in rows if not guarded} == NOBODYS


def test_what_a_role_may_do_it_may_do_through_a_policy_alone(services: Services, plan: dict) -> None:
    policies = {(table, role, COMMANDS[command]) for table, role, command, *_ in _asked(services, POLICIES)}
    rights = {
        (table, role, right)
        for table, row in plan["tables"].items()
        if table not in NOBODYS
        for role, granted in row.items()
        if role != "backup"
        for right in granted
    }
    for section, right in (("columns", "s"), ("written", "u")):
        rights |= {(table, role, right) for table, row in plan[section].items() for role in row}

    assert rights ^ policies == set(), "a right without its policy, or a policy without its right"


def test_every_policy_says_which_rows_are_seen_and_which_may_be_written(services: Services) -> None:
    loose = [
        (table, role, command)
        for table, role, command, seen, written, permissive in _asked(services, POLICIES)
        if role is None
        or not permissive
        or (command in "rwd" and not seen)
        or (command in "aw" and not written)
    ]

    assert loose == []


def test_only_named_functions_act_as_somebody_else(services: Services, plan: dict) -> None:
    rows = _asked(services, DEFINERS)

    assert {name: callers for name, _, _, callers in rows} == plan["definers"]
    assert {owner for _, owner, _, _ in rows} == {"journal"}
    assert {tuple(settings) for _, _, settings, _ in rows} == {("search_path=pg_catalog, public, pg_temp",)}


def test_no_role_is_more_than_it_seems(services: Services) -> None:
    facts_of = "rolname, rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcanlogin"
    rows = _asked(services, f"select {facts_of} from pg_roles")  # noqa: S608 - our names
    known = {name: facts for name, *facts in rows if name in {*roles.GROUPS, *roles.LOGINS, roles.OWNER}}

    assert {name for name, (is_super, *_) in known.items() if is_super} == set()
    assert {name for name, (_, bypasses, *_) in known.items() if bypasses} == {"backup"}
    assert {name for name, (*_, may_log_in) in known.items() if may_log_in} == {*roles.LOGINS, roles.OWNER}
    assert {name for name, (_, _, inherits, makes, _) in known.items() if inherits or makes} <= {roles.OWNER}
