"""By which of a desk's numbers does a text leave, and which of them does not work just now?

A person is answered from the number that they wrote to. What nobody asked for leaves by the quiet number,
which stands on no poster, if the desk has one: then never by another, as a poster's number betrays by itself.
Among equals the SIM of the recipient's own operator is taken: it costs less. A number that does not work
gives way to another of the same desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from grievance.vocabulary import GatewayKind, Operator

# A telephone says every few minutes that it lives; the other kinds say nothing unless somebody writes, but
# for a channel whose gateway pings us by itself.
SAYS_IT_LIVES = frozenset({GatewayKind.SMSGATE})
SILENT_AFTER = timedelta(minutes=30)
# After a refusal of everything a channel is passed over for so long, then tried again.
PASSED_OVER = timedelta(minutes=10)


@dataclass(frozen=True)
class Road:
    """One number of a desk, as far as choosing needs it."""

    channel: UUID
    operator: Operator
    quiet: bool = False
    works: bool = True


@dataclass(frozen=True)
class Life:
    """What is known of whether a channel lives: one rule for the pages, for machines and for sending.

    `heard_at`: when anything was heard of it, else when it was made. `pings`: it once said by itself that it
    lives. `offline`: its gateway said that the telephone is away, and nothing was heard since.
    """

    kind: GatewayKind
    heard_at: datetime
    pings: bool = False
    offline: bool = False


def silent(life: Life, now: datetime) -> bool:
    """Whether a channel that ought to say that it lives does not."""
    expected = life.kind in SAYS_IT_LIVES or life.pings
    return life.offline or (expected and now - life.heard_at > SILENT_AFTER)


def works(life: Life, refused_at: datetime | None, now: datetime) -> bool:
    """Whether a text is best given to this channel now."""
    refuses = refused_at is not None and now - refused_at < PASSED_OVER
    return not refuses and not silent(life, now)


def choose(roads: Iterable[Road], *, own: UUID | None, operator: Operator, unasked: bool) -> UUID | None:
    """The channel that takes a text; `own` is the one the person wrote to. None: there is none at all."""
    found = list(roads)
    if unasked and any(road.quiet for road in found):
        found = [road for road in found if road.quiet]

    def worse(road: Road) -> tuple[bool, ...]:
        other_sim = road.operator is not operator or operator is Operator.OTHER
        other_number = road.channel != own
        if unasked:
            return not road.works, other_sim, other_number
        return not road.works, other_number, road.quiet, other_sim

    return min(found, key=worse).channel if found else None
