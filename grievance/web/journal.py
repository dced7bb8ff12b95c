"""What may everybody see of the journal? Hashes and times, and the program that checks a proof."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from grievance import proof_check
from grievance.actions import anchoring
from grievance.store.actors import door_actor
from grievance.store.heads import stamp
from grievance.web.auth import current_actor

blueprint = Blueprint("journal", __name__, url_prefix="/journal")

NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
CHECKER = Path(proof_check.__file__)


@blueprint.get("/heads")
def heads() -> Response:
    """The newest heads and the anchors over them; `before` asks for older ones."""
    before = request.args.get("before", "")
    number = int(before) if NUMBER.fullmatch(before) else None
    hours, anchors = anchoring.published(door_actor(b""), number)
    return jsonify(
        heads=[
            {"head": hour.number, "at": stamp(hour.at), "root": hour.root.hex(), "hash": hour.hash.hex()}
            for hour in hours
        ],
        anchors=[anchor.document() for anchor in anchors],
    )


@blueprint.get("/check.py")
def checker() -> Response:
    """The program that checks a proof without us."""
    return _file(CHECKER.read_text(encoding="utf-8"), CHECKER.name, "text/x-python")


def proof_file(proof: dict[str, Any]) -> Response:
    """A proof of date as a download, under a name that says nothing."""
    name = f"journal-{proof['anchor']['day']}.json"
    return _file(json.dumps(proof, indent=1) + "\n", name, "application/json")


def anchor_to_print() -> dict[str, str] | None:
    """The newest anchor for the foot of a report: its day, hash and key."""
    anchor = anchoring.newest(current_actor())
    if anchor is None:
        return None
    return {"day": anchor.day.isoformat(), "hash": anchor.hash.hex(), "key": anchor.public_key.hex()}


def _file(text: str, name: str, kind: str) -> Response:
    response = make_response(text)
    response.headers["Content-Type"] = f"{kind}; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
