"""Is every file and function still short enough to be read at one go?"""

from __future__ import annotations

import ast

from tests.source import ours, python

LONGEST_FILE = 300
LONGEST_FUNCTION = 45
GENERATED = "migrations/versions/"  # tables, column by column


def test_no_file_grows_beyond_a_sitting() -> None:
    long = [
        f"{source.path}: {lines} lines"
        for source in python()
        if not source.path.startswith(GENERATED) and (lines := source.text.count("\n")) > LONGEST_FILE
    ]
    assert long == []


def test_no_function_grows_beyond_a_screen() -> None:
    long = [
        f"{source.path}:{node.lineno} {node.name}: {lines} lines"
        for source in python()
        if not source.path.startswith(GENERATED)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert long == []


def test_every_module_says_which_question_it_answers() -> None:
    silent = [
        source.path
        for source in ours()
        if not source.path.startswith(GENERATED)
        and source.text.strip()
        and not ast.get_docstring(source.tree)
    ]
    assert silent == []
