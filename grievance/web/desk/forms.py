"""What did a form send? Its answers without the fields that were left empty, as lists where several fit."""

from __future__ import annotations

from typing import Any

from flask import request
from marshmallow import ValidationError


def given(*several: str) -> dict[str, Any]:
    """This request's answers. An empty field is no answer; `several` name the fields with many."""
    one = {name: value for name, value in request.form.items() if value.strip()}
    many = {name: [value for value in request.form.getlist(name) if value] for name in several}
    return one | {name: values for name, values in many.items() if values}


def wrong_fields(error: ValidationError) -> frozenset[str]:
    """The fields that were empty or cannot be used."""
    named: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow
    return frozenset(named)
