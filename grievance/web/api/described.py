"""Is what we tell machines of ourselves true? One description, made from the schemas that are in use."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, jsonify
from flask_smorest import Api  # type: ignore[import-untyped]  # it publishes no types
from marshmallow import fields, validate

from grievance.schemas.api import IndexOut
from grievance.schemas.text import CleanText
from grievance.web.api.room import LANGUAGE_ASKED, PREFIX, blueprint, served, shown

NAME = "api_description"


class OurApi(Api):  # type: ignore[misc]  # it publishes no types
    """Describes; refusals are answered in `http_errors`, as everywhere."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leaves the app's own in their place."""


def register(app: Flask) -> None:
    """Puts the room into the app and describes it, once."""
    api = OurApi(spec_kwargs={"title": "Grievances", "version": "1", "openapi_version": "3.1.0"})
    api.register_field(CleanText, "string", None)
    api.init_app(app)
    api.ma_plugin.converter.add_attribute_function(_not_offered)
    api.ma_plugin.converter.add_attribute_function(_longest)
    api.register_blueprint(blueprint)
    app.extensions[NAME] = api.spec.to_dict()


@served("GET", "/", {200: (IndexOut, "The addresses.")}, parameters=[LANGUAGE_ASKED])
def index() -> Response:
    """Where everything is."""
    names = {name: f"{PREFIX}/{name}" for name in ("lists", "reports", "statistics")}
    return shown(IndexOut, {"description": f"{PREFIX}/openapi.json", **names})


@blueprint.route("/openapi.json", methods=["GET"])  # type: ignore[untyped-decorator]  # it publishes no types
@blueprint.doc(responses={"200": {"description": "This description."}})  # type: ignore[untyped-decorator]  # as above
def description() -> Response:
    """This description."""
    return jsonify(current_app.extensions[NAME])


def _not_offered(converter: Any, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """What a field refuses by name is not offered."""
    refused = [each for one in field.validators if isinstance(one, validate.NoneOf) for each in one.iterable]
    if not refused or not isinstance(field, fields.Enum):
        return {}
    return {"enum": [one.value for one in field.enum if one not in refused]}


def _longest(converter: Any, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """How many characters a text may have."""
    return {"maxLength": field.longest} if isinstance(field, CleanText) else {}
