"""By which number does a text leave, in which words, and to whom?"""

from __future__ import annotations

import textwrap
from datetime import datetime
from itertools import product

from grievance import gsm7, wording
from grievance.actions import channel_health, delivery, delivery_roads
from grievance.actions.delivery import Parcel
from grievance.actions.inbound import ChannelSeen
from grievance.gateways import gateway_for
from grievance.gateways.channels import channel_from
from grievance.gateways.contract import Channel, SendFailed
from grievance.gateways.phone_book import operator
from grievance.rules import roads
from grievance.rules.dialogue import Template
from grievance.rules.own_ids import OwnId, written
from grievance.rules.roads import Road
from grievance.store.config_values import channel_label, duty_label
from grievance.store.numbers import open_capsule, show_config
from grievance.store.sealing import Label, unseal_whole
from grievance.terms import CannotOpen
from workers.process import Process

TIMEOUT = 20.0  # seconds that a provider has to answer; well within the lease
LONGEST_PIECE = 1_500  # characters; providers take 1,600 in one message


class Locked(Exception):
    """The number was locked, or said STOP to what belongs to no case, since the text was written."""


def hand_in(process: Process, parcel: Parcel, now: datetime) -> str:
    """Gives the text to a provider, for each number it goes to. Raises SendFailed, CannotOpen, Locked.

    To one person it goes on with the piece that failed. Whoever is on duty is rung anew: the roster may have
    changed, and once too often is better than never.
    """
    pieces = pieces_of(words(process, parcel))
    given = ""
    to_come = list(enumerate(product(numbers(process, parcel), pieces)))
    for place, (number, text) in to_come if parcel.on_duty else to_come[parcel.gone :]:
        seen = road_of(parcel, number, now)
        if not parcel.on_duty and _barred(process, parcel, seen, number):
            raise Locked
        if seen.id != parcel.own:
            delivery.leaves_by(parcel.id, parcel.lease, seen.id)
        if len(pieces) > 1 and not parcel.on_duty:
            delivery.next_piece(parcel.id, parcel.lease, place, len(pieces))
        given = _sent(process, seen, number, text, own_id(parcel, place), now)
    return given


def _barred(process: Process, parcel: Parcel, seen: ChannelSeen, number: str) -> bool:
    # A case's own STOP counted when its text was taken: an older case's says nothing of this one.
    unasked = not parcel.asked and parcel.case_id is None
    return delivery_roads.barred(seen.desk_id, number, unasked=unasked, keys=process.keys)


def own_id(parcel: Parcel, place: int) -> str:
    """Our own name for one piece of a text; the first has the text's."""
    return written(OwnId(parcel.id, place))


def road_of(parcel: Parcel, number: str, now: datetime) -> ChannelSeen:
    """The channel that takes this text to this number."""
    found = [Road(one.id, operator(one.number), one.quiet, _works(one, now)) for one in parcel.roads]
    unasked = not parcel.asked and not parcel.on_duty
    chosen = roads.choose(found, own=parcel.own, operator=operator(number), unasked=unasked)
    return next(one for one in parcel.roads if one.id == chosen)


def _works(one: ChannelSeen, now: datetime) -> bool:
    return roads.works(one.life, one.refused_at, now)


def words(process: Process, parcel: Parcel) -> str:
    """What the text says. Raises CannotOpen, and KeyError for a template that lacks a value."""
    if parcel.sealed_text is not None:
        label = Label("outbox", "sealed_text", parcel.id)
        return gsm7.plain(unseal_whole(parcel.sealed_text, process.keys.notifier_pairs, label).decode())
    return wording.say(Template(parcel.template), parcel.language, **parcel.values)


def pieces_of(text: str) -> list[str]:
    """A desk may write more than one message can hold; cut between words."""
    return textwrap.wrap(
        text, LONGEST_PIECE, replace_whitespace=False, drop_whitespace=False, break_on_hyphens=False
    )


def numbers(process: Process, parcel: Parcel) -> list[str]:
    """To whom it goes, in E.164. Raises CannotOpen."""
    if parcel.on_duty:
        return [show_config(process.keys.config, hidden, duty_label(one)) for one, hidden in parcel.on_duty]
    if parcel.capsule is None:
        raise CannotOpen
    sealed, label = parcel.capsule
    return [open_capsule(sealed, process.keys.notifier_pairs, label).e164]


def channel_of(process: Process, seen: ChannelSeen) -> Channel:
    """The channel as its gateway serves it, its secret opened."""
    hidden = show_config(process.keys.config, seen.secret_hidden, channel_label(seen.id))
    return channel_from(seen.id, seen.kind, seen.number, seen.account, hidden, process.public_url)


def _sent(
    process: Process, seen: ChannelSeen, number: str, text: str, own_id: str, now: datetime
) -> str:
    gateway = gateway_for(seen.kind, process.recorded)
    try:
        given = gateway.send(
            channel_of(process, seen), number, text, own_id=own_id, timeout=TIMEOUT, now=now
        )
    except SendFailed as refusal:
        if refusal.refusing:
            channel_health.refused(seen.id, refusal.code, now=now)
        raise
    if seen.refused_at is not None:
        channel_health.worked(seen.id)
    return given.provider_id
