"""What became of a text that we handed over? A provider's reports, late and in any order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, update
from sqlalchemy.orm import Session

from grievance.actions.delivery import GIVES_UP, dead_kind, drop, give_up, pause_after, wipe
from grievance.actions.sms_keys import SmsKeys
from grievance.rules.own_ids import OwnId, read
from grievance.store.config_values import sent_to_label
from grievance.store.models import Medium, NumberIndex, Outbox, OutboxState
from grievance.store.numbers import capsule, open_capsule
from grievance.store.sealing import Label, seal_whole, unseal_whole

FORWARD = (OutboxState.LEASED, OutboxState.UNCERTAIN, OutboxState.SENT, OutboxState.FETCHED)
IN_DOUBT = (OutboxState.LEASED, OutboxState.UNCERTAIN)
LAST = ("delivered", "failed")

# A report that names the provider's id alone may overtake the answer that brings us this id.
MAY_OVERTAKE = timedelta(minutes=2)


def reported(
    session: Session, fields: Mapping[str, Any], *, channel_id: UUID, arrived_at: datetime, keys: SmsKeys,
    now: datetime,
) -> bool:  # fmt: skip
    """A provider's report on a text of ours; it only moves a notice forward.

    False when its text is not known yet: it is to be taken again in a moment.
    """
    piece = read(fields["own_id"])
    row = _by_our_id(session, piece)
    if row is None:
        # Of a text in pieces, the provider's id that we keep is the last one's.
        piece, row = None, session.scalar(_texts().where(_by_their_id(fields, channel_id)))
    if row is None:
        return fields["own_id"] is not None or now - arrived_at > MAY_OVERTAKE
    if row.state in FORWARD and not (piece and _of_one_piece(row, piece.place, fields, now)):
        move(session, row, fields, keys, now)
    return True


def may_be_emptied(session: Session, fields: Mapping[str, Any], channel_id: UUID) -> bool:
    """Whether this is the last report on a text, and no lookup will need the words that its provider holds.

    A send in doubt is looked for by its words: emptied too early, it would seem never to have left.
    """
    if fields["status"] not in LAST or not fields.get("has_words", True):
        return False
    piece = read(fields["own_id"])
    own = Outbox.id == piece.text_id if piece else false()
    query = select(Outbox.state, Outbox.pieces_gone).where(
        Outbox.medium == Medium.SMS, or_(own, _by_their_id(fields, channel_id))
    )
    found = session.execute(query.limit(1)).one_or_none()
    if found is None:
        return piece is not None  # it went with its case
    return found.state not in IN_DOUBT or (piece is not None and piece.place < found.pieces_gone)


def _of_one_piece(row: Outbox, place: int, fields: Mapping[str, Any], now: datetime) -> bool:
    """Whether a report tells of one piece alone, and not of the whole; notes that this one left.

    The pieces go in their order, so the last one's arrival is the whole's; any piece's failure is, too.
    """
    if place + 1 == row.pieces or fields["status"] == "failed":
        return False
    if row.state in IN_DOUBT and row.pieces_gone <= place:
        row.pieces_gone = place + 1
        if row.state is OutboxState.UNCERTAIN:
            row.state, row.next_at = OutboxState.WAITING, now
    return True


def move(session: Session, row: Outbox, fields: Mapping[str, Any], keys: SmsKeys, now: datetime) -> None:
    """Moves one notice as far as a report says; whoever calls made sure that it is not over."""
    row.provider_id = fields["provider_id"] or row.provider_id
    if fields["status"] == "delivered":
        row.state = OutboxState.FETCHED if row.waits_for_follow else OutboxState.DELIVERED
        row.sent_at = row.sent_at or now
        wipe(row)
    elif fields["status"] == "failed":
        row.error = fields["code"] or fields["error"]
        _undelivered(session, row, str(fields["error"]), keys, now)
    elif row.state is not OutboxState.FETCHED:
        row.state, row.sent_at = OutboxState.SENT, row.sent_at or now


def _texts() -> Select[Outbox]:
    return select(Outbox).where(Outbox.medium == Medium.SMS).limit(1).with_for_update()


def _by_our_id(session: Session, piece: OwnId | None) -> Outbox | None:
    """The text that this is a piece of. What went to several numbers is known by its first alone."""
    if piece is None:
        return None
    return session.scalar(_texts().where(Outbox.id == piece.text_id, Outbox.pieces > piece.place))


def _by_their_id(fields: Mapping[str, Any], channel_id: UUID) -> ColumnElement[bool]:
    """Nothing, when the provider named none: many a text has no id of theirs yet."""
    if fields["provider_id"] is None:
        return false()
    return and_(Outbox.provider_id == fields["provider_id"], Outbox.channel_id == channel_id)


def _undelivered(session: Session, row: Outbox, error: str, keys: SmsKeys, now: datetime) -> None:
    """After a report of failure: a stop, or a fresh try. A desk's own words open under their own id alone."""
    if error == "opted_out":
        session.execute(
            update(NumberIndex).where(NumberIndex.case_id == row.case_id).values(stopped_at=now)
        )
        drop(row)
    elif error == "retry" and _is_ours(row) and now - row.created_at < GIVES_UP:
        session.add(_fresh(row, keys, now))
        drop(row)
    else:
        give_up(session, row, now, dead_kind(error, row.error or ""))


def _fresh(row: Outbox, keys: SmsKeys, now: datetime) -> Outbox:
    """The same notice under an id of its own: a provider drops what comes under an id that it had."""
    row_id = uuid4()
    return Outbox(
        id=row_id, medium=row.medium, template=row.template, language=row.language, values=dict(row.values),
        once=f"{row.once}+", case_id=row.case_id, referral_id=row.referral_id, member_id=row.member_id,
        organisation_id=row.organisation_id, audience=row.audience, channel_id=row.channel_id,
        sealed_to=_sealed_to(row, row_id, keys), sealed_text=_sealed_text(row, row_id, keys), asked=row.asked,
        waits_for_follow=row.waits_for_follow, state=OutboxState.WAITING, attempts=row.attempts,
        created_at=row.created_at, next_at=now + pause_after(row.attempts),
    )  # fmt: skip


def _is_ours(row: Outbox) -> bool:
    """Whether the words are a template's: also one that is sealed because its name would tell the harm."""
    return row.sealed_text is None or (row.asked and not row.waits_for_follow)


def _sealed_text(row: Outbox, row_id: UUID, keys: SmsKeys) -> bytes | None:
    if row.sealed_text is None:
        return None
    words = unseal_whole(row.sealed_text, keys.notifier_pairs, Label("outbox", "sealed_text", row.id))
    return seal_whole(words, keys.notifier_pairs[0].public, Label("outbox", "sealed_text", row_id))


def _sealed_to(row: Outbox, row_id: UUID, keys: SmsKeys) -> bytes | None:
    """The number, for its next row: it opens in its own alone. Raises CannotOpen."""
    if row.sealed_to is None:
        return None
    kept = open_capsule(row.sealed_to, keys.notifier_pairs, sent_to_label(row.id))
    return capsule(kept.e164, kept.language, keys.notifier_pairs[0].public, sent_to_label(row_id))
