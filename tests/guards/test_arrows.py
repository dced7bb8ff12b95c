"""Do imports still go only along the arrows, and does one place alone commit?"""

from __future__ import annotations

import ast
import sys

import pytest

from tests.source import ours

# Which of our rooms each room may import, beside itself. Everything may know the shared words.
WORDS = {"terms", "vocabulary", "errors", "outcomes"}
ARROWS: dict[str, set[str]] = {
    **{word: set() for word in WORDS},
    "i18n": set(),
    "gsm7": set(),
    "wording": {"gsm7", "rules"},
    "reasons": set(),
    "labels": set(),
    "letters": set(),
    "cleaning": set(),
    "posters": set(),
    "proof_check": set(),
    "recordings": set(),
    "rules": set(),
    "schemas": set(),
    "gateways": set(),
    "store": {"rules"},
    "store_app": {"rules", "store"},
    "actions": {"rules", "store", "schemas", "wording", "i18n", "letters", "cleaning"},
    "http_errors": {"i18n", "reasons"},
    "web": {
        *("rules", "store", "schemas", "actions", "gateways", "wording", "gsm7", "i18n", "http_errors"),
        *("reasons", "labels", "letters", "posters", "proof_check", "recordings", "cleaning"),
    },
    "workers": {"proof_check", "rules", "store", "schemas", "actions", "gateways", "wording", "i18n", "gsm7"},
}
WIRING = {"wsgi", "local", "bench", "grievance", "migrations"}  # entry points and the factory see everything
ENTRY_POINTS = {
    "wsgi.py", "workers/__main__.py", "workers/commands.py", "workers/keeping_commands.py",
    "workers/terminal.py",
}  # fmt: skip

SESSIONS = {"Session", "sessionmaker", "scoped_session", "AsyncSession"}
# Beside `transaction()`: the journal is checked at a terminal, by its owner, over an engine of its own.
MAKES_SESSIONS = {"grievance/store/session.py", "grievance/actions/journal_checks.py"}


def _our_room(module: str) -> str | None:
    parts = module.split(".")
    if parts[0] == "grievance":
        name = parts[1] if len(parts) > 1 else "grievance"
        return "wording" if name.startswith("wording_") else name
    return parts[0] if parts[0] in ("workers", "config", "wsgi", "bench", "migrations", "tests") else None


def test_every_room_of_the_house_is_on_the_plan() -> None:
    unknown = {source.room for source in ours()} - set(ARROWS) - WIRING - {"config"}
    assert unknown == set(), "a new room needs a line in ARROWS"


def test_imports_go_along_the_arrows_only() -> None:
    wrong = [
        f"{source.path}:{line} imports {module}"
        for source in ours()
        if source.room in ARROWS and source.path not in ENTRY_POINTS
        for module, line in source.imports()
        if (room := _our_room(module)) not in (None, "config", source.room)
        and room not in ARROWS[source.room] | WORDS
    ]
    assert wrong == []


def test_the_terms_stand_on_nothing() -> None:
    wrong = [
        f"{source.path}:{line} imports {module}"
        for source in ours()
        if source.room in WORDS
        for module, line in source.imports()
        if module.split(".")[0] not in sys.stdlib_module_names and _our_room(module) not in WORDS
    ]
    assert wrong == []


def test_rules_know_the_standard_library_and_our_words_only() -> None:
    wrong = [
        f"{source.path}:{line} imports {module}"
        for source in ours()
        if source.room == "rules"
        for module, line in source.imports()
        if module.split(".")[0] not in sys.stdlib_module_names
        and not module.startswith(("grievance.rules", "grievance.terms", "grievance.vocabulary"))
    ]
    assert wrong == []


def test_only_entry_points_read_the_configuration() -> None:
    wrong = [
        f"{source.path}:{line}"
        for source in ours()
        if source.path not in ENTRY_POINTS and source.room not in ("local", "bench", "config")
        for module, line in source.imports()
        if module.split(".")[0] == "config"
    ]
    assert wrong == []


def test_the_application_never_imports_its_workers_or_tests() -> None:
    wrong = [
        f"{source.path}:{line} imports {module}"
        for source in ours()
        if source.path.startswith("grievance/")
        for module, line in source.imports()
        if module.split(".")[0] in ("workers", "tests", "wsgi")
    ]
    assert wrong == []


def test_only_the_transaction_commits() -> None:
    wrong = [
        f"{source.path}:{node.lineno}"
        for source in ours()
        if source.path != "grievance/store/session.py" and source.room not in ("local", "bench")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert wrong == []


def test_nobody_uses_the_extensions_own_session() -> None:
    wrong = [f"{source.path}:{line}" for source in ours() for line in _foreign_sessions(source.tree)]
    assert wrong == []


def test_one_place_alone_makes_a_session_for_an_actor() -> None:
    wrong = [
        f"{source.path}:{line}"
        for source in ours()
        if source.path not in MAKES_SESSIONS
        for line in _sessions_made(source.tree)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "written",
    [
        "db.session", "models.db.session", "store.models.db.session.execute(x)", "models.Case.query.all()",
        "Case.query", "from grievance.store.models import db as base", "getattr(db, 'session')",
    ],
)  # fmt: skip
def test_no_way_of_writing_the_extensions_own_session_passes(written: str) -> None:
    assert _foreign_sessions(ast.parse(written))


@pytest.mark.parametrize(
    "written",
    [
        "Session(engine)", "orm.Session(engine)", "sessionmaker(engine)", "orm.scoped_session(made)",
        "from sqlalchemy.orm import Session as Connection",
    ],
)  # fmt: skip
def test_no_way_of_making_a_session_passes(written: str) -> None:
    assert _sessions_made(ast.parse(written))


@pytest.mark.parametrize("written", ["session.query", "request.session", "begin(session)", "row.query"])
def test_what_only_sounds_like_a_session_passes(written: str) -> None:
    assert _foreign_sessions(ast.parse(written)) + _sessions_made(ast.parse(written)) == []


def _foreign_sessions(tree: ast.Module) -> list[int]:
    """Lines with `db.session`, however it is reached, or `.query` of a class: sessions without an actor."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = _last_name(node.value)
            if (owner, node.attr) == ("db", "session") or (node.attr == "query" and owner[:1].isupper()):
                found.append(node.lineno)
        elif isinstance(node, ast.ImportFrom):
            found += [node.lineno for one in node.names if one.name == "db" and one.asname]
        elif isinstance(node, ast.Call) and _last_name(node.func) == "getattr":
            found += [node.lineno for one in node.args if _last_name(one) == "db"]
    return found


def _sessions_made(tree: ast.Module) -> list[int]:
    """Lines that make a session of SQLAlchemy, or give its class another name."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made = [node.lineno for node in calls if _last_name(node.func) in SESSIONS]
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    renamed = [node.lineno for node in imports for one in node.names if one.name in SESSIONS and one.asname]
    return made + renamed


def _last_name(node: ast.expr) -> str:
    """The last name of a chain: `session` of `db.session`, and nothing of what is no chain."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_functions_import_nothing() -> None:
    wrong = [
        f"{source.path}:{node.lineno}"
        for source in ours()
        for function in ast.walk(source.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert wrong == []
