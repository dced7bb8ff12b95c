"""How does a test write a slip? Sealed as the browser seals it, to the triage key that the page names."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from nacl.public import PublicKey, SealedBox
from sqlalchemy import select
from werkzeug.test import TestResponse

from grievance.store.models import Case
from grievance.store.sealing import pad
from grievance.store.session import transaction
from tests.fixtures import Town
from tests.web.desk_pages import Desk

STORY = "Walinzi walimpiga kaka yangu karibu na kizuizi."
TOLD: dict[str, Any] = {
    "language": "sw", "story": STORY, "province": "Lualaba", "harms": ["assault"], "incident": "unknown",
    "safe_contact": "nothing", "consent_how": "spoken", "consent_by": "Dada yake", "consent_on": "2025-11-03",
}  # fmt: skip


@dataclass(frozen=True)
class PageKey:
    """The key that the page without network was given."""

    id: str
    public: bytes = field(repr=False)

    @classmethod
    def of(cls, desk: Desk) -> PageKey:
        """As this member's page names it."""
        page = desk.get("/desk/offline").text
        found = re.search(r'data-key="([^"]+)" data-public="([^"]+)"', page)
        assert found, "the page has no key to seal to"
        return cls(found[1], base64.urlsafe_b64decode(found[2] + "="))


def sealed(key: PageKey, words: Any) -> str:
    """Words as they travel: padded, sealed, in base64 for addresses."""
    box = SealedBox(PublicKey(key.public)).encrypt(pad(json.dumps(words).encode()))
    return base64.urlsafe_b64encode(box).decode().rstrip("=")


def slip(key: PageKey, own_id: str = "", on: str = "2025-11-04", **told: Any) -> dict[str, str]:
    """One slip, as the page sends it."""
    own_id = own_id or str(uuid4())
    said = {name: value for name, value in (TOLD | told).items() if value is not None}
    return {"id": own_id, "key": key.id, "sealed": sealed(key, {"id": own_id, "on": on, "told": said})}


def sent(desk: Desk, slip: dict[str, str]) -> TestResponse:
    """One slip, with a fresh token."""
    token = desk.client.get("/desk/offline/state").get_json()["csrf"]
    return desk.client.post("/desk/offline/entries", data=slip | {"csrf_token": token})


def codes(town: Town) -> list[str]:
    """All cases of the desk."""
    with transaction(town.world.desk.actor) as session:
        return list(session.scalars(select(Case.code)))


def refused(answer: TestResponse) -> str:
    """What the page is told of a slip that was not taken."""
    return " ".join(answer.get_json()["told"])
