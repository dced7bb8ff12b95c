"""May each process log in only as itself, and act only as it must?"""

from __future__ import annotations

import psycopg
import pytest

from grievance.local import roles
from tests.services import PASSWORD, Database, Services

CAN_BECOME = [
    ("grievance_web", {"web", "door", "intake"}),
    ("grievance_sms", {"sms", "keys"}),
    ("grievance_sweep", {"sweep", "stats"}),
    ("grievance_backup", {"backup"}),
    ("grievance_owner", {"journal"}),
]


def _log_in(services: Services, login: str, database: Database) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=services.sockets, user=login, password=PASSWORD, dbname=database.name, autocommit=True
    )


@pytest.mark.parametrize(("login", "allowed"), CAN_BECOME)
def test_a_login_takes_its_own_roles_and_no_other(
    services: Services, database: Database, login: str, allowed: set[str]
) -> None:
    with _log_in(services, login, database) as connection:
        for role in (*roles.GROUPS, "postgres", "grievance_owner"):
            if role in allowed | {login}:
                connection.execute(f"set role {role}")
                connection.execute("reset role")
            else:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(f"set role {role}")


@pytest.mark.parametrize("login", ["grievance_web", "grievance_sms", "grievance_sweep"])
def test_before_it_takes_a_role_a_login_reads_no_table(
    services: Services, database: Database, login: str
) -> None:
    with _log_in(services, login, database) as connection:
        for query in ("select 1 from grievance_case", "select 1 from outbox", "select 1 from member"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(query)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create table mine (word text)")


def test_a_backup_reads_every_tenant_and_changes_nothing(services: Services, database: Database) -> None:
    with _log_in(services, "grievance_backup", database) as connection:
        connection.execute("set role backup")
        assert connection.execute("select count(*) from grievance_case").fetchone() == (0,)
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
            connection.execute("delete from outbox")
        connection.execute("set default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("delete from outbox")


def test_the_owner_can_hand_a_function_to_the_journal(services: Services, database: Database) -> None:
    with services.connect(database.name) as superuser:
        superuser.execute("grant create on schema public to journal")
    with _log_in(services, roles.OWNER, database) as connection:
        connection.execute("create function one() returns int language sql as 'select 1'")
        connection.execute("alter function one() owner to journal")


def test_nobody_but_our_logins_enters_the_database(services: Services, database: Database) -> None:
    with services.connect() as superuser:
        superuser.execute("drop role if exists stranger")
        superuser.execute(f"create role stranger login password '{PASSWORD}'")
    with pytest.raises(psycopg.OperationalError):
        _log_in(services, "stranger", database)
    with services.connect() as superuser:
        superuser.execute("drop role stranger")


def test_making_the_roles_again_changes_nothing(services: Services, database: Database) -> None:
    with services.connect() as superuser:
        seen = "select rolname, rolcanlogin, rolinherit, rolbypassrls, rolsuper from pg_roles order by 1"
        before = superuser.execute(seen).fetchall()
        roles.ensure_roles(superuser, dict.fromkeys(roles.PASSWORDS, PASSWORD))
        assert superuser.execute(seen).fetchall() == before
