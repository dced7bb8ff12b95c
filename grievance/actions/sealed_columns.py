"""What is stored under which key of the environment, and how is one value of it sealed anew?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import InstrumentedAttribute

from grievance.actions import inbound
from grievance.store.config_values import (
    apart_label,
    capsule_label,
    channel_label,
    duty_label,
    receipt_label,
    sent_to_label,
    totp_label,
    unfinished_label,
)
from grievance.store.models import (
    Apart,
    Capsule,
    ChannelRow,
    Dialogue,
    Duty,
    Inbound,
    Member,
    Outbox,
    Receipt,
    Unfinished,
)
from grievance.store.numbers import config_outdated, hide_config, show_config
from grievance.store.receipts import Pepper
from grievance.store.sealing import Label, Versions, pairs_of, whole_anew

# A row's id, its case and what stands there; None when the newest key has it already. Raises CannotOpen.
Anew = Callable[[UUID, UUID, bytes], bytes | None]
LabelOf = Callable[[UUID, UUID], Label]


class EnvironmentKey(StrEnum):
    """The keys that live in environments and can be changed."""

    PEPPER = "pepper"
    CONFIG = "config"
    INTAKE = "intake"
    NOTIFIER = "notifier"
    TOKEN = "token"  # noqa: S105 - its name, not a token


@dataclass(frozen=True)
class SealedColumn:
    """One column under a key of the environment. `id`, `value` and `case` are the model's attributes."""

    id: InstrumentedAttribute[UUID]
    value: InstrumentedAttribute[Any]
    anew: Anew = field(repr=False)
    case: InstrumentedAttribute[Any] | None = None


def columns_under(name: EnvironmentKey, key: Versions) -> tuple[SealedColumn, ...]:
    """Every column under this key. What the token key made travels in pages, and is stored nowhere."""
    match name:
        case EnvironmentKey.PEPPER:
            return _under_pepper(key)
        case EnvironmentKey.CONFIG:
            return _under_config(key)
        case EnvironmentKey.INTAKE:
            return _under_intake(key)
        case EnvironmentKey.NOTIFIER:
            return _under_notifier(key)
        case EnvironmentKey.TOKEN:
            return ()


def _under_pepper(key: Versions) -> tuple[SealedColumn, ...]:
    pepper = Pepper(key)

    def anew(label_of: LabelOf | None) -> Anew:
        def one(row_id: UUID, case_id: UUID, blob: bytes) -> bytes | None:
            label = label_of(row_id, case_id) if label_of else None
            return pepper.rehide(blob, label) if pepper.outdated(blob) else None

        return one

    return (
        SealedColumn(Receipt.id, Receipt.lookup_hidden, anew(None)),
        SealedColumn(Receipt.id, Receipt.public_hidden, anew(_receipt("public_hidden")), Receipt.case_id),
        SealedColumn(Receipt.id, Receipt.wraps_hidden, anew(_receipt("wraps_hidden")), Receipt.case_id),
        SealedColumn(Apart.id, Apart.lookup_hidden, anew(None)),
        SealedColumn(Apart.id, Apart.public_hidden, anew(_apart_public)),
        SealedColumn(Apart.id, Apart.same_hidden, anew(None)),
        SealedColumn(Unfinished.id, Unfinished.lookup_hidden, anew(None)),
        SealedColumn(Unfinished.id, Unfinished.sealed_hidden, anew(_unfinished)),
    )


def _receipt(column: str) -> LabelOf:
    return lambda row_id, case_id: receipt_label(column, row_id, case_id)


def _apart_public(row_id: UUID, _: UUID) -> Label:
    return apart_label("public_hidden", row_id)


def _unfinished(row_id: UUID, _: UUID) -> Label:
    return unfinished_label(row_id)


def _under_config(key: Versions) -> tuple[SealedColumn, ...]:
    def anew(label_of: Callable[[UUID], Label]) -> Anew:
        def one(row_id: UUID, _: UUID, blob: bytes) -> bytes | None:
            if not config_outdated(key, blob):
                return None
            label = label_of(row_id)
            return hide_config(key, show_config(key, blob, label), label)

        return one

    return (
        SealedColumn(ChannelRow.id, ChannelRow.secret_hidden, anew(channel_label)),
        SealedColumn(Member.id, Member.totp_hidden, anew(totp_label)),
        SealedColumn(Duty.id, Duty.number_hidden, anew(duty_label)),
    )


def _under_intake(key: Versions) -> tuple[SealedColumn, ...]:
    return (
        SealedColumn(Inbound.id, Inbound.sealed, _whole(key, lambda row_id, _: inbound.label(row_id))),
        SealedColumn(
            Dialogue.id, Dialogue.sealed_state,
            _whole(key, lambda row_id, _: Label("dialogue", "sealed_state", row_id)),
        ),
    )  # fmt: skip


def _under_notifier(key: Versions) -> tuple[SealedColumn, ...]:
    return (
        SealedColumn(Capsule.id, Capsule.sealed, _whole(key, capsule_label), Capsule.case_id),
        SealedColumn(Outbox.id, Outbox.sealed_to, _whole(key, lambda row_id, _: sent_to_label(row_id))),
        SealedColumn(
            Outbox.id, Outbox.sealed_text,
            _whole(key, lambda row_id, _: Label("outbox", "sealed_text", row_id)),
        ),
    )  # fmt: skip


def _whole(key: Versions, label_of: LabelOf) -> Anew:
    pairs = pairs_of(key)
    return lambda row_id, case_id, blob: whole_anew(blob, pairs, label_of(row_id, case_id))
