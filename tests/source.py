"""What do the guards look at? Every file of the project, parsed once."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
NOT_OURS = {".venv", ".git", "var", "node_modules", "__pycache__", "build", "dist"}
OUR_CODE = ("grievance", "workers", "config", "migrations", "bench", "wsgi.py")
TEXTS = {
    ".py",
    ".md",
    ".toml",
    ".html",
    ".css",
    ".js",
    ".po",
    ".cfg",
    ".ini",
    ".mako",
    ".lock",
    ".txt",
    ".sql",
}


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root, its text, its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The part of the layout it belongs to: `rules`, `store`, `workers`, `terms` ..."""
        parts = Path(self.path).parts
        if parts[0] != "grievance":
            return Path(parts[0]).stem
        name = Path(parts[1]).stem
        if name in ("__init__", "application"):
            return "grievance"
        return "wording" if name.startswith("wording_") else name

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every module it imports, by its full name, and the line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for name in node.names:
                    yield name.name, node.lineno
            elif isinstance(node, ast.ImportFrom) and node.module:
                for name in node.names:
                    yield f"{node.module}.{name.name}", node.lineno


def files(*suffixes: str) -> Iterator[Path]:
    """The project's files with one of these endings; all of them when none is named."""
    for path in sorted(ROOT.rglob("*")):
        if not NOT_OURS.isdisjoint(path.relative_to(ROOT).parts) or not path.is_file():
            continue
        if not suffixes or path.suffix in suffixes:
            yield path


@functools.cache
def python() -> tuple[Source, ...]:
    """All Python files, tests too."""
    found = []
    for path in files(".py"):
        text = path.read_text(encoding="utf-8")
        found.append(Source(str(path.relative_to(ROOT)), text, ast.parse(text)))
    return tuple(found)


def ours() -> tuple[Source, ...]:
    """The Python files that run in the field: no tests."""
    return tuple(source for source in python() if source.path.startswith(OUR_CODE))
