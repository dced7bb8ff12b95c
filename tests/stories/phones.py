"""How does a telephone in a story write to us? Through a signed webhook, as its gateway would send it."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from grievance.actions import texts
from grievance.rules.hotlines import Hotlines
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import Base, Case, Inbound, Task
from grievance.store.session import transaction
from grievance.vocabulary import TaskKind
from grievance.web import hooks
from tests import apps
from tests.fixtures import Town
from workers import process, sms
from workers.process import Process, sms_keys

NUMBER = "+243880000077"


@dataclass
class Phone:
    """One number that texts the town's desk, and the worker that reads it."""

    town: Town
    number: str = NUMBER
    now: datetime = field(default_factory=process.utcnow)
    seen: int = 0

    def __post_init__(self) -> None:
        if "hooks" not in self.town.app.blueprints:
            self.town.app.register_blueprint(hooks.blueprint)

    @property
    def worker(self) -> Process:
        """The SMS worker, over the town's own app and recording folder."""
        town = self.town
        settings = apps.sms_settings(town.database, town.redis_url, town.keys, town.recorded)
        keys = sms_keys(settings, Hotlines(90))
        return Process(town.app, settings.public_url, True, town.recorded, town.redis_url, sms=keys)

    def post(self, text: str, *, event: str | None = None, **headers: str) -> Any:
        """What the gateway posts for one text; `event` is its id, the same when it tries again."""
        body = json.dumps(self._event(text, event or str(uuid4()))).encode()
        return self.post_signed(body, **headers)

    def post_event(self, event: str, payload: dict[str, Any]) -> Any:
        """Posts what the gateway itself has to say: a report, a sign of life."""
        device = self.town.world.channel.account
        told = {"deviceId": device, "event": event, "id": str(uuid4()), "payload": payload}
        return self.post_signed(json.dumps(told).encode())

    def post_signed(self, body: bytes, **headers: str) -> Any:
        """Posts a body signed with the channel's secret at this instant."""
        at = str(int(process.utcnow().timestamp()))
        secret = self.town.world.channel_secret.encode()
        told = {
            "X-Timestamp": at,
            "X-Signature": hmac.new(secret, body + at.encode(), hashlib.sha256).hexdigest(),
        }
        return self.town.app.test_client().post("/hooks/smsgate", data=body, headers=told | headers)

    def work(self, after: timedelta = timedelta()) -> None:
        """The worker takes what came in and sends what it answers."""
        self.now = max(self.now, process.utcnow()) + after
        sms.take_waiting(self.worker, self.now)
        sms.settle(self.worker, self.now)
        sms.send_waiting(self.worker, self.now)

    def says(self, text: str, after: timedelta = timedelta()) -> list[str]:
        """Sends a text and gives the answers to it."""
        assert self.post(text).status_code == 200
        self.work(after)
        return self.heard()

    def heard(self) -> list[str]:
        """What came to this number since the last look."""
        mine = [line["text"] for line in self.town.texts() if line["to"] == self.number]
        new, self.seen = mine[self.seen :], len(mine)
        return new

    def cases(self) -> list[Case]:
        """Every case there is, held ones too."""
        return self.rows(Case)

    def rows(self, table: type[Base]) -> list[Any]:
        """All rows of a table that the SMS worker may see."""
        with transaction(SMS_ACTOR) as session:
            return list(session.scalars(select(table)))

    def waiting(self) -> int:
        """How many texts nobody has taken yet."""
        return len(texts.waiting(self.now))

    def tasks(self) -> set[TaskKind]:
        """What somebody at a desk has to do."""
        return {task.kind for task in self.rows(Task)}

    def inbound(self) -> list[Inbound]:
        """What is kept of the texts that came in."""
        return self.rows(Inbound)

    def _event(self, text: str, event: str) -> dict[str, Any]:
        channel = self.town.world.channel
        return {
            "deviceId": channel.account,
            "event": "sms:received",
            "id": event,
            "webhookId": "hook",
            "payload": {
                "messageId": "m",
                "message": text,
                "sender": self.number,
                "recipient": channel.number,
                "simNumber": 1,
                "receivedAt": process.utcnow().isoformat(),
            },
        }


