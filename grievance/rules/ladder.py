"""Who is told at each step when a deadline passes, and who is passed over, and why?

A step reaches only a party that the complainant allowed, that is not in conflict, and for whom a referral was
sealed while somebody could. Whoever is passed over is recorded with the reason.

A mine has no client above it, so its third step is recorded as skipped, which ICoCA sees at once as workflow
facts; the referral itself reaches ICoCA at the fourth step, on the date that the complainant was told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from grievance.terms import Lane, SkipReason, Step
from grievance.vocabulary import OrganisationKind as Kind


class Seat(StrEnum):
    """A place at the ladder; `Parties` says which organisation sits there."""

    HOLDER = "holder"
    LEAD = "lead"
    CLIENT = "client"
    BACKUP = "backup"
    OVERSEER = "overseer"


# On whose clock, at which step, who is told.
LADDER: dict[tuple[Kind, Step], tuple[Seat, ...]] = {
    (Kind.PROVIDER, Step.REMINDER): (Seat.HOLDER,),
    (Kind.PROVIDER, Step.DEADLINE): (Seat.HOLDER, Seat.LEAD),
    (Kind.PROVIDER, Step.NEXT_PARTY): (Seat.CLIENT,),
    (Kind.PROVIDER, Step.ICOCA): (Seat.OVERSEER,),
    (Kind.MINE, Step.REMINDER): (Seat.HOLDER,),
    (Kind.MINE, Step.DEADLINE): (Seat.HOLDER, Seat.LEAD),
    (Kind.MINE, Step.ICOCA): (Seat.OVERSEER,),
    (Kind.CSO, Step.REMINDER): (Seat.HOLDER,),
    (Kind.CSO, Step.DEADLINE): (Seat.HOLDER, Seat.LEAD),
    (Kind.CSO, Step.NEXT_PARTY): (Seat.BACKUP,),
    (Kind.CSO, Step.ICOCA): (Seat.OVERSEER,),
    (Kind.OVERSEER, Step.REMINDER): (Seat.HOLDER,),
    (Kind.OVERSEER, Step.DEADLINE): (Seat.HOLDER, Seat.LEAD),
}
# Seats that the clock may still reach in a case of sexual violence: nothing leaves the desk and its back-up.
# A company in the holder's seat was chosen by the survivor herself, and learns nothing by being reminded.
INSIDE = frozenset({Seat.HOLDER, Seat.LEAD, Seat.BACKUP})


@dataclass(frozen=True)
class Party:
    """An organisation as the ladder sees it.

    `prepared`: it can open what it would be sent: a referral sealed for it or, at a back-up desk, the wraps
    made at intake.
    """

    organisation_id: UUID
    kind: Kind
    allowed: bool
    in_conflict: bool
    prepared: bool


@dataclass(frozen=True)
class Parties:
    """Who sits where. `desk` is the case's CSO, whose lead hears of every deadline; often also the holder."""

    holder: Party
    desk: Party
    client: Party | None = None
    backup: Party | None = None
    overseer: Party | None = None


@dataclass(frozen=True)
class Climb:
    """Who is told at a step.

    `to`: organisations told, in order. `lead_told`: the desk's lead is among them. `skipped`: who was passed
    over (None when nobody has that seat) and why. `facts_to`: the overseer that learns of a skipped step as
    workflow facts, no narrower than the territory; None when nothing was skipped or even that may not leave.
    """

    to: tuple[UUID, ...] = ()
    skipped: tuple[tuple[UUID | None, SkipReason], ...] = ()
    lead_told: bool = False
    facts_to: UUID | None = None


def climb(
    step: Step, *, holder_kind: Kind | None, lane: Lane, frozen: bool, parties: Parties, instance: int = 0
) -> Climb:
    """Who is told at this step of a clock.

    `holder_kind` None: it is the complainant's turn, and no organisation is told anything. `instance` 1 of
    the deadline is the lead's own alarm of the first call. `frozen`: the complainant withdrew.
    """
    if holder_kind is None:
        return Climb()
    to: list[UUID] = []
    skipped: list[tuple[UUID | None, SkipReason]] = []
    seats = _seats(holder_kind, step, instance)
    for seat in seats:
        party = _party(seat, parties)
        reason = skip_reason(seat, party, lane, frozen)
        if reason is not None or party is None:
            skipped.append((party.organisation_id if party else None, reason or SkipReason.NO_SUCH_PARTY))
        elif party.organisation_id not in to:
            to.append(party.organisation_id)
    if not seats:
        skipped.append((None, SkipReason.NO_SUCH_PARTY))
    lead_told = Seat.LEAD in seats and parties.desk.organisation_id in to
    return Climb(tuple(to), tuple(skipped), lead_told, _facts_to(skipped, lane, frozen, parties))


def skip_reason(seat: Seat, party: Party | None, lane: Lane, frozen: bool) -> SkipReason | None:
    """Why this seat is passed over; None when it is told. The first reason that holds is the one recorded."""
    if party is None:
        return SkipReason.NO_SUCH_PARTY
    if lane is Lane.SEXUAL_VIOLENCE and seat not in INSIDE:
        return SkipReason.RESTRICTED
    own_desk = seat in (Seat.HOLDER, Seat.LEAD) and party.kind is Kind.CSO
    if own_desk:
        # The desk keeps its duty towards somebody who withdrew: to speak with them, safely, before it closes.
        return SkipReason.IN_CONFLICT if party.in_conflict else None
    held = seat is Seat.HOLDER
    reasons = (
        (frozen, SkipReason.FROZEN),
        (not party.allowed, SkipReason.NOT_ALLOWED),
        (party.in_conflict, SkipReason.IN_CONFLICT),
        (not party.prepared and not held, SkipReason.NOT_PREPARED),
    )
    return next((reason for holds, reason in reasons if holds), None)


def to_prepare(holder_kind: Kind, lane: Lane, parties: Parties) -> tuple[UUID, ...]:
    """For whom a referral must be sealed now, so that the later steps of this holder's ladder find it."""
    seats = (seat for step in (Step.NEXT_PARTY, Step.ICOCA) for seat in LADDER.get((holder_kind, step), ()))
    found = [(seat, _party(seat, parties)) for seat in seats if seat is not Seat.BACKUP]
    reasons = {None, SkipReason.NOT_PREPARED}
    return tuple(
        party.organisation_id
        for seat, party in found
        if party and skip_reason(seat, party, lane, False) in reasons
    )


def _seats(holder_kind: Kind, step: Step, instance: int) -> tuple[Seat, ...]:
    if step is Step.DEADLINE and instance > 0:
        return (Seat.LEAD,)
    return LADDER.get((holder_kind, step), ())


def _party(seat: Seat, parties: Parties) -> Party | None:
    """Who sits there. Nobody is told above themselves: a mine that guards itself has no client."""
    sitting = {
        Seat.HOLDER: parties.holder,
        Seat.LEAD: parties.desk,
        Seat.CLIENT: parties.client,
        Seat.BACKUP: parties.backup,
        Seat.OVERSEER: parties.overseer,
    }[seat]
    above = seat in (Seat.CLIENT, Seat.BACKUP, Seat.OVERSEER)
    if above and sitting and sitting.organisation_id == parties.holder.organisation_id:
        return None
    return sitting


def _facts_to(
    skipped: list[tuple[UUID | None, SkipReason]], lane: Lane, frozen: bool, parties: Parties
) -> UUID | None:
    """ICoCA learns of a skipped step, unless it is itself in conflict, the case is restricted to its desk, or
    the complainant withdrew."""
    overseer = parties.overseer
    if not skipped or overseer is None or overseer.in_conflict or frozen or lane is Lane.SEXUAL_VIOLENCE:
        return None
    return overseer.organisation_id
