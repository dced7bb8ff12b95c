"""What lies in the outbox of a test, and whom is it for? Rows put there as the superuser, and read back.

These tests ask one question each and are many, so they share one database, emptied between two of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, create_engine, delete, select, update
from sqlalchemy.orm import Session

from grievance.actions import delivery
from grievance.actions.delivery import Lease, Parcel
from grievance.actions.sms_keys import SmsKeys
from grievance.gateways.recording import SMS_FILE
from grievance.rules.dialogue import Template
from grievance.rules.hotlines import Hotlines
from grievance.store.config_values import capsule_label, channel_label, duty_label, sent_to_label
from grievance.store.models import (
    Base,
    Capsule,
    Case,
    ChannelRow,
    Dialogue,
    Duty,
    Inbound,
    Medium,
    NumberIndex,
    Outbox,
    OutboxState,
    SmsTally,
    Task,
)
from grievance.store.numbers import capsule, hide_config, number_index
from grievance.store.sealing import Label, seal_whole
from grievance.terms import CaseState
from grievance.vocabulary import Channel, GatewayKind, Language, SafeContact, Severity, TaskKind
from tests import apps, make
from tests.fixtures import Town
from tests.gateways.recording_server import RecordingServer
from tests.services import Services
from workers.process import Process, sms_keys

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)  # eleven in the morning, where the telephones are
NUMBER = "+243970000077"  # of an operator's range, and nobody's in these tests
SECOND = timedelta(seconds=1)
AIRTEL = "+243970000001"
NOTHING_KEPT = ({}, None, None)

# As PostgreSQL writes what it copies from elsewhere: no trigger asks for a line of the journal.
AS_A_COPY = "set local session_replication_role = replica"
LEFT = (Outbox, Task, Inbound, Dialogue, Capsule, NumberIndex, Duty, SmsTally, Case)
UNHEARD = dict.fromkeys(("refused_at", "refusal", "last_heard_at", "pinged_at", "offline_at"))

Row = TypeVar("Row", bound=Base)


@dataclass
class PostOffice:
    """The outbox of a town, and the cases, numbers and members that its notices are for."""

    town: Town
    engine: Engine

    @classmethod
    def open(cls, services: Services, name: str, recorded: Path) -> PostOffice:
        """A world and its app over a database of this name."""
        keys, database, redis_url = apps.TestKeys(), services.clone(name), services.redis_url(14)
        superuser = services.url("postgres", name)
        world = make.world(superuser, keys.config)
        app = apps.make_app(database, redis_url, keys, recorded)
        return cls(Town(app, world, keys, database, redis_url, recorded), create_engine(superuser))

    def close(self) -> None:
        """Gives every connection back; asked again, it opens new ones."""
        self.engine.dispose()
        apps.close(self.town.app)

    def empty(self) -> None:
        """Takes away what the test before left; the world stays as it was."""
        with self.engine.begin() as connection:
            connection.exec_driver_sql(AS_A_COPY)
            for table in LEFT:
                connection.execute(delete(table))
            connection.execute(delete(ChannelRow).where(ChannelRow.id != self.town.world.channel.id))
            connection.execute(update(ChannelRow).values(UNHEARD))
        (self.town.recorded / SMS_FILE).unlink(missing_ok=True)

    @property
    def notifier(self) -> bytes:
        """The public half that numbers and words are sealed to."""
        return self.town.keys.notifier_public[-1][1]

    @property
    def keys(self) -> SmsKeys:
        """What the SMS worker holds."""
        return sms_keys(self._settings(), Hotlines(90))

    def worker(self, *, asks_providers: bool = False) -> Process:
        """The SMS worker; it writes down what it would send, or really asks providers as in production."""
        recorded = None if asks_providers else self.town.recorded
        settings = self._settings()
        return Process(
            self.town.app, settings.public_url, recorded is not None, recorded, self.town.redis_url,
            sms=self.keys,
        )  # fmt: skip

    def put(self, *rows: Base) -> None:
        """Stores these, whoever may see them, with no journal of how they came to be."""
        with Session(self.engine) as session:
            session.connection().exec_driver_sql(AS_A_COPY)
            session.add_all(rows)
            session.commit()

    def change(self, table: type[Base], row_id: UUID, **values: Any) -> None:
        """Changes one row behind everybody's back."""
        with Session(self.engine) as session:
            row = session.get_one(table, row_id)
            for name, value in values.items():
                setattr(row, name, value)
            session.commit()

    def all(self, table: type[Row]) -> list[Row]:
        """Every row of a table."""
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(select(table)))

    def row(self, outbox_id: UUID) -> Outbox:
        """One notice as it stands."""
        return next(one for one in self.all(Outbox) if one.id == outbox_id)

    def state(self, outbox_id: UUID) -> OutboxState:
        """Where a notice stands."""
        return self.row(outbox_id).state

    def tasks(self) -> list[tuple[TaskKind, UUID, UUID | None]]:
        """What somebody has to do: the kind, at which desk, about which case."""
        return [(one.kind, one.organisation_id, one.case_id) for one in self.all(Task)]

    def case(
        self, *, number: str | None = NUMBER, marks: dict[str, Any] | None = None, **values: Any
    ) -> UUID:
        """A case whose person, unless told otherwise, wants texts at this number. `marks`: STOP, lock."""
        world, case_id = self.town.world, uuid4()
        usual = {
            "code": f"T{case_id.hex[:6]}", "desk_id": world.desk.id, "backup_id": world.backup.id,
            "state": CaseState.OPEN, "severity": Severity.OTHER, "harms": ["assault"],
            "channel": Channel.SMS, "language": Language.SWAHILI, "safe_contact": SafeContact.SMS,
            "province": "Lualaba", "policy": "1", "received_at": NOW, "fresh_at": NOW,
        }  # fmt: skip
        told = usual | values
        self.put(Case(id=case_id, **told))
        if number is not None:
            self.number(case_id, number, desk_id=told["desk_id"], **(marks or {}))
        return case_id

    def number(self, case_id: UUID, number: str, *, desk_id: UUID, **marks: Any) -> None:
        """A case's number, sealed for the SMS worker, and by what its case is found."""
        row_id, keys = uuid4(), self.town.keys
        self.put(
            Capsule(
                id=row_id, case_id=case_id, channel_id=self.town.world.channel.id, language=Language.SWAHILI,
                sealed=capsule(number, Language.SWAHILI, self.notifier, capsule_label(row_id, case_id)),
                created_at=NOW,
            ),
            NumberIndex(
                id=uuid4(), desk_id=desk_id, case_id=case_id, heard_at=NOW,
                mac=number_index(keys.number_index, desk_id, number), **marks,
            ),
        )  # fmt: skip

    def notice(
        self, case_id: UUID | None = None, *, to: str | None = None, text: str | None = None, **values: Any
    ) -> UUID:
        """One notice that is due. `to`: the number that asked; `text`: what a desk wrote."""
        row_id = uuid4()
        usual = {
            "medium": Medium.SMS, "template": Template.NEWS.value, "language": Language.FRENCH, "values": {},
            "once": str(row_id), "state": OutboxState.WAITING, "attempts": 0, "created_at": NOW,
            "next_at": NOW, "case_id": case_id,
        }  # fmt: skip
        if to is not None:
            usual["sealed_to"] = capsule(to, Language.FRENCH, self.notifier, sent_to_label(row_id))
        if text is not None:
            label = Label("outbox", "sealed_text", row_id)
            usual["sealed_text"] = seal_whole(text.encode(), self.notifier, label)
        self.put(Outbox(id=row_id, **usual | values))
        return row_id

    def channel(
        self, number: str, *, kind: GatewayKind = GatewayKind.GENERIC, desk_id: UUID | None = None,
        calls: dict[str, Any] | None = None, **values: Any,
    ) -> UUID:  # fmt: skip
        """One more number of a desk; `calls`: how its provider is asked."""
        channel_id = uuid4()
        hidden = json.dumps({"secret": channel_id.hex, **(calls or {})})
        self.put(
            ChannelRow(
                id=channel_id, desk_id=desk_id or self.town.world.desk.id, kind=kind, number=number,
                secret_hidden=hide_config(self.town.keys.config, hidden, channel_label(channel_id)),
                **{"created_at": NOW} | values,
            )
        )  # fmt: skip
        return channel_id

    def on_duty(self, number: str, *, starts_at: datetime, ends_at: datetime) -> UUID:
        """A member of the desk who can be rung between two instants."""
        desk, duty_id = self.town.world.desk, uuid4()
        hidden = hide_config(self.town.keys.config, number, duty_label(duty_id))
        self.put(
            Duty(
                id=duty_id, desk_id=desk.id, member_id=desk.members[0].row.id, number_hidden=hidden,
                starts_at=starts_at, ends_at=ends_at,
            )
        )  # fmt: skip
        return duty_id

    def _settings(self) -> Any:
        town = self.town
        return apps.sms_settings(town.database, town.redis_url, town.keys, town.recorded)


# One for each process and server: a process may run the tests several times (`tests.mutants`).
OPENED: dict[str, PostOffice] = {}


@pytest.fixture(scope="session")
def _office(
    services: Services, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PostOffice]:
    recorded = tmp_path_factory.mktemp("office")
    if services.sockets not in OPENED:
        OPENED[services.sockets] = PostOffice.open(services, f"office_{worker_id}", recorded)
    one = OPENED[services.sockets]
    one.town.recorded = recorded
    yield one
    one.close()


@pytest.fixture
def office(_office: PostOffice) -> Iterator[PostOffice]:
    """An empty outbox, with the app's context entered."""
    _office.empty()
    with _office.town.app.app_context():
        yield _office


def lease(minutes: float = 2) -> Lease:
    """A sender of its own, for so long."""
    return Lease(uuid4(), NOW + timedelta(minutes=minutes))


def kept(row: Outbox) -> tuple[Any, ...]:
    """What of a notice could still be read, or rung."""
    return row.values, row.sealed_to, row.sealed_text


def answer(office: PostOffice, **values: Any) -> UUID:
    """An answer to a number that just wrote."""
    usual = {"to": NUMBER, "asked": True, "channel_id": office.town.world.channel.id}
    return office.notice(**usual | values)


def provider(office: PostOffice, server: RecordingServer, number: str = AIRTEL, **calls: str) -> UUID:
    """A number of the desk's at a provider that really answers."""
    more = {"username": "u", "password": "p", "base_url": server.url}
    row = {"kind": GatewayKind.SMSGATE, "account": "second", "last_heard_at": NOW}
    return office.channel(number, calls=more | calls, **row)


def take(outbox_id: UUID, now: datetime = NOW) -> tuple[Lease, Parcel]:
    """Taken for sending, as it must be."""
    held = lease()
    parcel = delivery.take_sms(outbox_id, held, now=now)
    assert parcel is not None
    return held, parcel
