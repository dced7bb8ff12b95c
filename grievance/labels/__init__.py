"""What is each choice called on a page? One word or phrase for every member of the enums people meet."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask
from flask_babel import LazyString

from grievance.labels import case, moves, people

# Members of two enums may have the same value and then are equal: a table for each enum keeps them apart.
TABLES: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    **people.TABLES,
    **case.TABLES,
    **moves.TABLES,
}


def register(app: Flask) -> None:
    """Gives templates `label`."""
    app.jinja_env.globals["label"] = label


def label(member: StrEnum) -> LazyString:
    """What a choice is called, in the language of the page."""
    return TABLES[type(member)][member]
