"""What stands in every sealed column of a living town, and how does the one who may open it do so?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from grievance.actions import (
    apart_sealing,
    cases,
    duty,
    follow,
    intake,
    quarantine,
    referrals,
    sign_in,
    totp,
)
from grievance.actions.duty import Turn
from grievance.actions.inbound import label as inbound_label
from grievance.store import keyring, receipts
from grievance.store.config_values import (
    capsule_label,
    channel_label,
    duty_label,
    receipt_label,
    sent_to_label,
    totp_label,
)
from grievance.store.models import Base, ChannelRow, ClassPair, Member, Wrap
from grievance.store.numbers import hide_config, open_capsule, open_inbound, show_config
from grievance.store.receipts import Opening, Pepper
from grievance.store.sealing import Label, open_pair, pairs_of, unseal, unseal_whole, unwrap
from grievance.terms import CannotOpen, Pair, Sealed
from grievance.vocabulary import DataClass, GatewayKind
from tests import desk_work, sealed_elsewhere, sealed_files, superuser
from tests.fixtures import Town
from tests.sealed_drafts import Drafts
from tests.services import Services
from tests.stories.phones import Phone
from workers import sms

PASSWORDS = ("montagne rivière cobalt 7", "cuivre et manioc au soleil")
Opener = Callable[[Any], object]


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class SealedWorld:
    """A town where something stands in every sealed column, at least twice; and every key of it."""

    town: Town
    services: Services
    codes: list[str] = field(default_factory=list)
    referral_codes: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list, repr=False)
    drafts: Drafts = field(default_factory=Drafts, repr=False)
    cookies: dict[bytes, bytes] = field(default_factory=dict, repr=False)
    cookie_texts: list[str] = field(default_factory=list, repr=False)
    passwords: dict[UUID, str] = field(default_factory=dict, repr=False)
    papers: dict[UUID, str] = field(default_factory=dict, repr=False)
    secrets: dict[UUID, str] = field(default_factory=dict, repr=False)  # of telephones that show codes
    tenants: dict[bytes, Pair] = field(default_factory=dict, repr=False)
    pairs: dict[UUID, Pair] = field(default_factory=dict, repr=False)
    members: dict[UUID, Pair] = field(default_factory=dict, repr=False)

    def rows(self, table: str) -> list[Any]:
        """Every row of a table, as the superuser sees it."""
        model = next(m.class_ for m in Base.registry.mappers if m.class_.__tablename__ == table)
        engine = create_engine(self.services.url("postgres", self.town.database.name))
        with Session(engine, expire_on_commit=False) as session:
            found = list(session.scalars(select(model).order_by(model.id)))
        engine.dispose()
        return found

    def openers(self) -> dict[tuple[str, str], Opener]:
        """How the one who may open each sealed column opens it. A column that is not here is not proven."""
        keys = self.town.keys
        pepper = Pepper(keys.pepper)
        intake_pairs, notifier = pairs_of(keys.intake_private), pairs_of(keys.notifier_private)
        return {
            **self.drafts.openers(Pepper(self.town.keys.pepper)),
            ("capsule", "sealed"): lambda r: open_capsule(r.sealed, notifier, capsule_label(r.id, r.case_id)),
            ("channel", "secret_hidden"): lambda r: show_config(
                keys.config, r.secret_hidden, channel_label(r.id)),
            ("dialogue", "sealed_state"): lambda r: open_inbound(
                r.sealed_state, intake_pairs, Label("dialogue", "sealed_state", r.id)
            ),
            ("duty", "number_hidden"): lambda r: show_config(keys.config, r.number_hidden, duty_label(r.id)),
            ("entry", "sealed_key"): self._entry,
            ("entry", "sealed_body"): self._entry,
            **sealed_files.openers(self.pairs, self.rows),
            ("inbound", "sealed"): lambda r: open_inbound(r.sealed, intake_pairs, inbound_label(r.id)),
            ("member", "totp_hidden"): lambda r: show_config(keys.config, r.totp_hidden, totp_label(r.id)),
            ("member", "private_by_password"): lambda r: keyring.open_with_password(
                r.private_by_password, self.passwords[r.id]
            ),
            ("member", "private_by_recovery"): lambda r: keyring.open_with_recovery(
                r.private_by_recovery, self.papers[r.id]
            ),
            ("member_key", "wrapped"): self._member_key,
            ("outbox", "sealed_to"): lambda r: open_capsule(r.sealed_to, notifier, sent_to_label(r.id)),
            ("outbox", "sealed_text"): lambda r: unseal_whole(
                r.sealed_text, notifier, Label("outbox", "sealed_text", r.id)
            ),
            ("quarantine", "sealed"): self._apart_words,
            ("quarantine", "lookup_hidden"): self._apart_half,
            ("quarantine", "public_hidden"): self._apart_half,
            ("quarantine", "same_hidden"): self._apart_half,
            ("receipt", "lookup_hidden"): lambda r: self._receipt(pepper, r),
            ("receipt", "public_hidden"): lambda r: pepper.reveal(
                r.public_hidden, receipt_label("public_hidden", r.id, r.case_id)
            ),
            ("receipt", "wraps_hidden"): lambda r: self._receipt(pepper, r),
            ("referral_message", "sealed_key"): self._message,
            ("referral_message", "sealed_body"): self._message,
            ("staff_session", "private_hidden"): self._session,
            ("visitor_session", "private_hidden"): self._session,
            ("wrap", "wrapped"): self._wrap,
        }

    def _entry(self, row: Any) -> bytes:
        label = Label("entry", "sealed_body", row.id, row.case_id, row.sealed_version)
        return unseal(
            Sealed(row.sealed_key, row.sealed_body, row.sealed_version), self.pairs[row.pair_id], label
        )

    def _message(self, row: Any) -> bytes:
        label = Label("referral_message", "sealed_body", row.id, row.referral_id, row.sealed_version)
        return unseal(
            Sealed(row.sealed_key, row.sealed_body, row.sealed_version), self.pairs[row.pair_id], label
        )

    def _receipt(self, pepper: Pepper, row: Any) -> bytes:
        """By the receipt that finds this row; one that nobody's receipt finds opens nothing."""
        finds = [one for one in self.openings if row.lookup_hidden in pepper.candidates(one.lookup)]
        if not finds:
            raise CannotOpen
        place = receipt_label("wraps_hidden", row.id, row.case_id)
        return unwrap(pepper.reveal(row.wraps_hidden, place), finds[0].pair)

    def _apart_words(self, row: Any) -> bytes:
        words = apart_sealing.opened(row, {pair.public: pair.private for pair in self.tenants.values()})
        if words is None:
            raise CannotOpen
        return words

    def _apart_half(self, row: Any) -> intake.ReceiptHalf:
        return apart_sealing.half_of(row, self._apart_words(row), Pepper(self.town.keys.pepper))

    def _session(self, row: Any) -> Pair:
        return keyring.open_from_session(self.cookies[row.cookie_hash], row.private_hidden)

    def _member_key(self, row: Any) -> Pair:
        return open_pair(
            row.wrapped, self.publics[row.organisation_key_id], self.members[row.member_id]
        )

    def _wrap(self, row: Any) -> Pair:
        """By the reader it names; a lane's wrap names none, and is tried with every key there is."""
        named = [*self.tenants.values(), *self.pairs.values()]
        if row.reader_public:
            named = [pair for pair in named if pair.public == row.reader_public]
        for reader in named:
            with suppress(CannotOpen):
                return open_pair(row.wrapped, self.pairs[row.pair_id].public, reader)
        raise CannotOpen

    @property
    def publics(self) -> dict[UUID, bytes]:
        """The organisations' public keys."""
        if not hasattr(self, "_publics"):
            self._publics = {row.id: row.public_key for row in self.rows("organisation_key")}
        return self._publics


def living(town: Town, services: Services) -> SealedWorld:
    """Plays a little of everything, through the ordinary actions."""
    world = SealedWorld(town, services)
    for tenant in (town.world.desk, town.world.backup, town.world.mine, town.world.provider,
                   town.world.second_provider, town.world.overseer, town.world.host):  # fmt: skip
        world.tenants |= {pair.public: pair for pair in tenant.pairs.values()}
        world.members |= {someone.row.id: someone.pair for someone in tenant.members}
    _cases(world)
    world.receipts.append(sealed_elsewhere.case_of_the_back_up(town, now()))
    world.openings.append(receipts.open_receipt(world.receipts[-1]))
    _apart(world)
    world.drafts.put_down(now())
    _texts(world)
    _staff(world)
    _learn_pairs(world)
    return world


def _cases(world: SealedWorld) -> None:
    town, desk = world.town, world.town.world.desk.actor
    for number in range(2):
        receipt = receipts.mint()
        opening = receipts.open_receipt(receipt)
        half = intake.ReceiptHalf(opening.lookup, opening.pair.public)
        report = desk_work.report(town, safe_contact="sms", phone=f"+24388000010{number}", name="Nom Inventé")
        code = intake.receive(report, opening=half, now=now()).code
        cases.know_nobody(code, actor=desk, now=now())
        cases.take(code, actor=desk, now=now())
        cases.triage(code, desk_work.decided(town), actor=desk, now=now())
        cases.write(code, "Nous avons lu votre message.", actor=desk, now=now())
        sealed_files.send(code, actor=desk, now=now())
        world.codes.append(code)
        world.receipts.append(receipt)
        world.openings.append(opening)
        asked = desk_work.draft((town.world.provider.id, town.world.mine.id)[number])
        world.referral_codes.append(referrals.refer(code, asked, actor=desk, now=now()))
        cookie = follow.come_back(receipt, now=now())
        world.cookie_texts.append(cookie)
        _remember_cookie(world, cookie)


def _apart(world: SealedWorld) -> None:
    """Two reports that came in a flood, one of them for a lane."""
    for told in ({"story": "Ils ont barré la route."}, {"harms": ["child_harmed"]}):
        quarantine.put_apart(desk_work.told(world.town, **told), desk_work.half(), now=now())


def _texts(world: SealedWorld) -> None:
    """Two conversations, each with an answer that was not sent and a text that nobody took yet."""
    for number in range(2):
        phone = Phone(world.town, number=f"+24388000020{number}")
        phone.post("Les gardes ont battu mon frere hier pres du portail")
        sms.take_waiting(phone.worker, now())
        phone.post("Il est encore au dispensaire")


def _staff(world: SealedWorld) -> None:
    town = world.town
    begins = now()
    # One of each desk, so that what is sealed for a member moves between organisations too.
    for tenant, password in zip((town.world.desk, town.world.backup), PASSWORDS, strict=True):
        row, pair = tenant.members[0].row, tenant.members[0].pair
        recovery, secret = keyring.recovery_for(pair.private), totp.new_secret()
        world.passwords[row.id], world.papers[row.id] = password, recovery.recovery_key_text
        world.secrets[row.id] = secret
        superuser.run(
            world.services, town,
            update(Member).where(Member.id == row.id).values(
                password_hash=keyring.password_hash(password),
                private_by_password=keyring.private_by_password(pair.private, password),
                private_by_recovery=recovery.private_by_recovery,
                totp_hidden=totp.hidden(row.id, secret, town.keys.config),
            ),
        )  # fmt: skip
        _remember_cookie(world, sign_in.begin_staff(tenant.members[0].as_stored(), pair, now=now()))
        turn = Turn(row.id, begins, begins + timedelta(hours=9), "+243880000900")
        duty.add_turn(turn, config_key=town.keys.config, actor=tenant.lead, now=begins)
    second = uuid4()
    hidden = hide_config(town.keys.config, "another-signing-key", channel_label(second))
    other = ChannelRow(
        id=second, desk_id=town.world.backup.id, kind=GatewayKind.SMSGATE, number="+243880000002",
        account="another-device", secret_hidden=hidden, created_at=begins,
    )  # fmt: skip
    engine = create_engine(world.services.url("postgres", town.database.name))
    with Session(engine) as session:
        session.add(other)
        session.commit()
    engine.dispose()


def _remember_cookie(world: SealedWorld, cookie: str) -> None:
    raw = sign_in._raw(cookie)
    assert raw is not None
    world.cookies[keyring.session_hash(raw)] = raw


def _learn_pairs(world: SealedWorld) -> None:
    """Opens every pair by one of its wraps, the referrals' through the notes."""
    publics: dict[UUID, ClassPair] = {row.id: row for row in world.rows("class_pair")}
    wraps: Sequence[Wrap] = world.rows("wrap")
    for summary in (False, True):
        for row in wraps:
            pair = publics[row.pair_id]
            if (pair.data_class is DataClass.SUMMARY) is not summary or row.pair_id in world.pairs:
                continue
            reader = world.tenants.get(row.reader_public)
            if reader is not None:
                world.pairs[row.pair_id] = open_pair(row.wrapped, pair.public_key, reader)
