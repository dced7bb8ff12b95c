"""Into which fields can somebody type what they like? Found in the code, and in the reviewed list."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, fields, validate

import grievance
from tests.source import ROOT

FILE = Path(__file__).parent / "guards" / "typed.yaml"
CHOSEN = (fields.UUID, fields.Enum, fields.Boolean, fields.Integer, fields.Date, fields.DateTime)
# What a schema takes out of a request, and what reads the request by itself.
BY_SCHEMA = re.compile(r"\.load\(request\.form\)")
BY_ITSELF = re.compile(r"\brequest\.(form|files|stream|data|json|get_data|get_json|values)\b")


@cache
def listed() -> dict[str, dict[str, Any]]:
    """The two reviewed lists, as they are written."""
    told: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return told


def ways() -> set[str]:
    """Every way by which the list says that a word is planted."""
    lines = [how for part in listed().values() for how in part.values()]
    return {way for how in lines if isinstance(how, list) for way in how}


def free_fields() -> set[str]:
    """Fields of what comes in that are chosen from no list; an inherited one stands where it was declared."""
    for module in pkgutil.walk_packages(grievance.__path__, "grievance."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return {
        f"{schema.__module__.removeprefix('grievance.')}.{schema.__name__}.{name}"
        for schema in _below(Schema)
        if schema.__module__.startswith("grievance.") and not schema.__name__.endswith("Out")
        for name, field in schema._declared_fields.items()
        if not _is_inherited(schema, name, field) and not _is_chosen(field)
    }


def readers() -> set[str]:
    """Files of the web that read a request by themselves."""
    folder = ROOT / "grievance"
    return {
        str(path.relative_to(folder))
        for path in (folder / "web").rglob("*.py")
        if BY_ITSELF.search(BY_SCHEMA.sub("", path.read_text(encoding="utf-8")))
    }


def _below(schema: type[Schema]) -> Iterator[type[Schema]]:
    for one in schema.__subclasses__():
        yield one
        yield from _below(one)


def _is_inherited(schema: type[Schema], name: str, field: fields.Field[Any]) -> bool:
    return any(getattr(base, "_declared_fields", {}).get(name) is field for base in schema.__mro__[1:])


def _is_chosen(field: fields.Field[Any]) -> bool:
    if isinstance(field, fields.List):
        return _is_chosen(field.inner)
    one_of = any(isinstance(rule, validate.OneOf) for rule in field.validators)
    return one_of or isinstance(field, CHOSEN)
