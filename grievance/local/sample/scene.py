"""Who is on stage, and what time is it there? The cast with their keys, and the hand of time."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from sqlalchemy import update

from grievance.actions import escalation
from grievance.local.sample.registry import Registry
from grievance.local.sample.setting import Stage
from grievance.local.sample.town import People
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import Outbox, OutboxState
from grievance.store.session import transaction
from grievance.terms import Actor

# A life waits by yielding the instant at which it goes on.
Life = Iterator[datetime]
TICK = timedelta(hours=24)


@dataclass
class Scene:
    """The play's present: `now` moves on with the lives, and never past `until`."""

    stage: Stage
    people: People
    registry: Registry
    until: datetime
    chance: Random
    now: datetime
    actors: dict[UUID, Actor] = field(default_factory=dict, repr=False)

    def actor(self, organisation: str, place: int = 0) -> Actor:
        """A member of an organisation with all their keys; the first one is the lead of a desk."""
        player = self.people.of(organisation)[place]
        if player.member_id not in self.actors:
            self.actors[player.member_id] = player.actor
        return self.actors[player.member_id]

    def later(self, hours: float, spread: float = 0.5) -> datetime:
        """The present plus about so many hours."""
        return self.now + timedelta(hours=hours * self.chance.uniform(1 - spread, 1 + spread))


def play(scene: Scene, lives: list[tuple[datetime, Life]]) -> None:
    """Plays all lives at once, in the order of time; between them the clock climbs as it would have."""
    order = count()
    waiting = [(at, next(order), life) for at, life in lives if at <= scene.until]
    heapq.heapify(waiting)
    tick = scene.now
    while waiting:
        at, _, life = heapq.heappop(waiting)
        while tick <= at:
            sweep(tick)
            tick += TICK
        scene.now = at
        goes_on = next(life, None)
        if goes_on is not None and goes_on <= scene.until:
            heapq.heappush(waiting, (max(goes_on, at), next(order), life))
    while tick <= scene.until:
        sweep(tick)
        tick += TICK


def sweep(now: datetime) -> None:
    """Takes every step that is due at this instant."""
    while due := escalation.overdue(now):
        for clock_id in due:
            escalation.climb_clock(clock_id, now)


def history_is_told(now: datetime) -> None:
    """What history had to send was sent in its time: nothing of it goes out today."""
    unasked = Outbox.waits_for_follow.is_(False) & (Outbox.created_at <= now)
    with transaction(SMS_ACTOR) as session:
        session.execute(
            update(Outbox)
            .where(Outbox.state == OutboxState.WAITING, unasked)
            .values(state=OutboxState.SENT, sent_at=Outbox.created_at, sealed_text=None, sealed_to=None)
        )
