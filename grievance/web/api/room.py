"""What does every address for machines declare? Each answer it can give, by the schema that makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from flask import Response, jsonify
from flask_smorest import Blueprint  # type: ignore[import-untyped]  # it publishes no types
from marshmallow import Schema

from grievance.http_errors import PROBLEM_JSON
from grievance.schemas.api import ProblemOut

P = ParamSpec("P")
R = TypeVar("R")

PREFIX = "/api/v1"
blueprint = Blueprint("api", __name__, url_prefix=PREFIX, description="What machines may ask")

REFUSALS = {
    400: "The body could not be read.",
    401: "Nobody is signed in.",
    403: "Who is signed in did not prove within five minutes who they are.",
    404: "There is nothing here, or it is not yours to read.",
    413: "The body is too big.",
    415: "The body is not JSON.",
    422: "Something is missing or cannot be used; each such field is named.",
    500: "A fault of ours.",
    503: "Nothing was kept; try again later.",
}
ALWAYS = (500, 503)
_LANGUAGE = {"type": "string", "enum": ["fr", "sw"]}
LANGUAGE_ASKED = {
    "in": "query", "name": "lang", "schema": _LANGUAGE,
    "description": "The language of sentences; else Accept-Language decides.",
}  # fmt: skip


def served(
    method: str, path: str, answers: Mapping[int, tuple[type[Schema], str]],
    refuses: tuple[int, ...] = (), **more: Any,
) -> Callable[[Callable[P, R]], Callable[P, R]]:  # fmt: skip
    """Puts a view at its address and into the description, with everything that it can answer."""

    def put(view: Callable[P, R]) -> Callable[P, R]:
        said = {str(status): _content("application/json", *answer) for status, answer in answers.items()}
        for status in (*refuses, *ALWAYS):
            said[str(status)] = _content(PROBLEM_JSON, ProblemOut, REFUSALS[status])
        described = blueprint.doc(responses=said, **more)(view)
        blueprint.route(path, methods=[method])(described)
        return view

    return put


def shown(schema: type[Schema], value: object, status: int = 200) -> Response:
    """An answer, with the fields that its schema names and no others."""
    response = jsonify(schema().dump(value))
    response.status_code = status
    return response


def _content(kind: str, schema: type[Schema], description: str) -> dict[str, Any]:
    return {"description": description, "content": {kind: {"schema": schema}}}
