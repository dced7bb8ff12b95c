"""Does the tree hold nothing unfinished, no place of one machine, no time without its zone?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.source import ROOT, TEXTS, files, ours, python

# Put together from halves, so that this file does not name what it forbids.
UNFINISHED = re.compile(
    "|".join(
        (
            "TO" + "DO",
            "FIX" + "ME",
            "X" + "XX",
            "NotImplemented" + "Error",
            r"pytest\.mark\.sk" + "ip",
            "xf" + "ail",
        )
    )
)
MACHINE = re.compile(r"(?<![\w.])/(?:wo" + "rk|ro" + "ot)/")
INDEX = re.compile("--(?:extra-)?index" + r"-url|py" + r"pi\.org|python" + r"hosted\.|registry\.np" + "mjs")
MIRROR = re.compile(r"^\s*(?:--find-links|--trusted-host|--index|-i )", re.MULTILINE)
BARE_NOW = {"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp"}


def _lines(pattern: re.Pattern[str], *suffixes: str) -> Iterator[str]:
    for path in files(*suffixes):
        text = path.read_text(encoding="utf-8", errors="replace")
        for found in pattern.finditer(text):
            yield f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}"


def test_nothing_is_left_unfinished_or_switched_off() -> None:
    assert list(_lines(UNFINISHED, ".py", ".html", ".js")) == []


def test_no_place_of_one_machine_is_named() -> None:
    assert list(_lines(MACHINE, *TEXTS)) == []


def test_no_package_index_is_named() -> None:
    assert list(_lines(INDEX, *TEXTS)) == []
    assert list(_lines(MIRROR, ".lock", ".txt")) == []


def test_every_pinned_package_has_its_hashes() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-sodium.lock"):
        pinned = re.split(r"\n(?=[a-zA-Z0-9])", (ROOT / lock).read_text(encoding="utf-8").strip())
        bare = [package.split("==")[0] for package in pinned if "--hash=sha256:" not in package]
        assert bare == []


def test_every_time_has_its_zone() -> None:
    wrong = [
        f"{source.path}:{node.lineno}"
        for source in python()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and _makes_a_bare_time(node)
    ]
    assert wrong == []


def _makes_a_bare_time(call: ast.Call) -> bool:
    function = call.func
    if not (isinstance(function, ast.Attribute) and function.attr in BARE_NOW):
        return False
    owner = function.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    if name not in ("datetime", "date", "dt"):
        return False
    zoned = function.attr in ("now", "fromtimestamp") and (
        len(call.args) > (function.attr == "fromtimestamp") or any(word.arg == "tz" for word in call.keywords)
    )
    return not zoned


def test_no_text_of_sql_asks_the_database_for_the_time() -> None:
    pattern = re.compile(r"\b(?:now\(\)|current_timestamp|clock_timestamp\(\))", re.IGNORECASE)
    wrong = [
        f"{source.path}:{node.lineno}"
        for source in ours()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_sql(node.value)
        if pattern.search(node.value)
    ]
    assert wrong == []


def _is_sql(text: str) -> bool:
    return re.match(r"\s*(?:select|insert|update|delete|create|with)\b", text, re.IGNORECASE) is not None
