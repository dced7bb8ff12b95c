"""What does a form offer to choose from? Sites, places and kinds; nothing of anybody."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import Response

from grievance import i18n
from grievance.actions import places
from grievance.labels import TABLES
from grievance.schemas.api import ListsOut
from grievance.vocabulary import ActorKind, Clue, Harm
from grievance.web.api.room import LANGUAGE_ASKED, served, shown
from grievance.web.public.questions import TERRITORIES


@served("GET", "/lists", {200: (ListsOut, "The lists.")}, parameters=[LANGUAGE_ASKED])
def lists() -> Response:
    """What a report may name: provinces, territories, sites, harms, actors, clues."""
    provinces = [{"name": name, "territories": list(inside)} for name, inside in TERRITORIES.items()]
    return shown(ListsOut, {
        "language": i18n.current_language().value, "provinces": provinces, "sites": places.sites(),
        "harms": _choices(Harm), "actors": _choices(ActorKind), "clues": _choices(Clue),
    })  # fmt: skip


def _choices(kind: type[StrEnum]) -> list[dict[str, Any]]:
    return [{"value": value, "label": str(label)} for value, label in TABLES[kind].items()]
