"""To whom exactly is a case's pair wrapped, and who opens it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from grievance.store import vault
from grievance.store.models import ClassPair, Wrap
from grievance.store.sealing import new_pair, open_pair, wrap
from grievance.store.vault import Reader
from grievance.terms import Actor, Altered, CannotOpen, DatabaseRole, NotFound, Pair, Role
from grievance.vocabulary import DataClass, ReaderKind

CASE, REFERRAL, DESK = UUID(int=3), UUID(int=4), UUID(int=5)
THREAD = DataClass.THREAD


@dataclass
class Holder:
    """Somebody with one pair of keys, as a reader and as an actor."""

    kind: ReaderKind = ReaderKind.DESK
    pair: Pair = field(default_factory=new_pair)

    @property
    def reader(self) -> Reader:
        return Reader(self.kind, self.pair.public, DESK)

    def acts(self, role: Role = Role.CASE_WORKER, *others: Pair) -> Actor:
        keys = {pair.public: pair.private for pair in (*others, self.pair)}
        return Actor(role, DatabaseRole.WEB, "m-x", keys=keys)


def wraps(session: Session, row: ClassPair) -> list[Wrap]:
    session.flush()
    return list(session.scalars(select(Wrap).where(Wrap.pair_id == row.id)))


def test_a_pair_stands_for_one_class_in_one_version_and_its_readers_open_it(superuser: Session) -> None:
    desk, triage = Holder(), Holder(ReaderKind.TRIAGE)
    row, pair = vault.make_pair(
        superuser, CASE, DataClass.SUMMARY, [desk.reader, triage.reader], referral_id=REFERRAL, version=3
    )

    assert (row.case_id, row.referral_id, row.data_class, row.version) == (
        CASE,
        REFERRAL,
        DataClass.SUMMARY,
        3,
    )
    assert row.public_key == pair.public
    kept = {held.reader: held for held in wraps(superuser, row)}
    assert set(kept) == {ReaderKind.DESK, ReaderKind.TRIAGE}
    for holder in (desk, triage):
        held = kept[holder.kind]
        assert (held.pair_id, held.case_id, held.organisation_id) == (row.id, CASE, DESK)
        assert held.reader_public == holder.pair.public
        assert open_pair(held.wrapped, row.public_key, holder.pair) == pair


def test_a_pair_of_a_case_is_of_no_referral_and_begins_with_its_first_version(superuser: Session) -> None:
    row, _ = vault.make_pair(superuser, CASE, THREAD, [])

    assert (row.referral_id, row.version, wraps(superuser, row)) == (None, 1, [])


@pytest.mark.parametrize("lane", [ReaderKind.LANE_SEXUAL_VIOLENCE, ReaderKind.LANE_CHILD])
def test_nothing_in_clear_tells_to_which_lane_a_pair_is_wrapped(lane: ReaderKind, superuser: Session) -> None:
    member = Holder(lane)
    row, pair = vault.make_pair(superuser, CASE, THREAD, [member.reader])

    (held,) = wraps(superuser, row)
    assert (held.reader, held.reader_public, held.organisation_id) == (ReaderKind.LANE, b"", DESK)
    assert vault.open_row(superuser, member.acts(), row) == pair


def test_identity_and_notes_are_wrapped_to_the_desk_and_never_to_an_overseer(superuser: Session) -> None:
    readers = [Holder(kind).reader for kind in (ReaderKind.DESK, ReaderKind.TRIAGE, ReaderKind.OVERSEER)]
    made = vault.make_case_pairs(superuser, CASE, iter(readers))

    both = {ReaderKind.DESK, ReaderKind.TRIAGE}
    assert {kind: {held.reader for held in wraps(superuser, row)} for kind, (row, _) in made.items()} == {
        DataClass.IDENTITY: both, DataClass.NOTES: both,
        DataClass.THREAD: {*both, ReaderKind.OVERSEER}, DataClass.EVIDENCE: {*both, ReaderKind.OVERSEER},
    }  # fmt: skip
    for kind, (row, pair) in made.items():
        assert (row.data_class, row.case_id, row.public_key) == (kind, CASE, pair.public)
    assert len({pair.public for _, pair in made.values()}) == 4


def test_the_newest_pair_of_its_own_class_and_case_or_referral_is_found(superuser: Session) -> None:
    def made(case: UUID, kind: DataClass, referral: UUID | None = None, version: int = 1) -> UUID:
        return vault.make_pair(superuser, case, kind, [], referral_id=referral, version=version)[0].id

    made(CASE, THREAD, version=1)
    newest = made(CASE, THREAD, version=3)
    made(CASE, THREAD, version=2)
    notes, summary = made(CASE, DataClass.NOTES), made(CASE, DataClass.SUMMARY, REFERRAL)
    made(CASE, DataClass.SUMMARY, UUID(int=9), 7)
    made(UUID(int=8), THREAD, version=9)
    made(UUID(int=8), DataClass.SUMMARY, REFERRAL, 9)

    assert vault.pair_row(superuser, CASE, THREAD).id == newest
    assert vault.pair_row(superuser, CASE, DataClass.NOTES).id == notes
    assert vault.pair_row(superuser, CASE, DataClass.SUMMARY, REFERRAL).id == summary
    for kind, referral in ((DataClass.SUMMARY, None), (DataClass.EVIDENCE, None), (THREAD, REFERRAL)):
        with pytest.raises(NotFound):
            vault.pair_row(superuser, CASE, kind, referral)


def test_whoever_holds_the_half_itself_opens_and_asks_no_wrap(superuser: Session) -> None:
    row, pair = vault.make_pair(superuser, CASE, THREAD, [])

    assert vault.open_row(superuser, Holder(pair=pair).acts(Role.COMPLAINANT), row) == pair


def test_whoever_holds_another_key_opens_nothing(superuser: Session) -> None:
    row, _ = vault.make_pair(superuser, CASE, THREAD, [Holder().reader])

    with pytest.raises(CannotOpen) as refusal:
        vault.open_row(superuser, Holder().acts(), row)
    assert not isinstance(refusal.value, Altered)


def test_no_key_opens_what_a_role_never_reads(superuser: Session) -> None:
    for kind, role in (
        (DataClass.NOTES, Role.COMPLAINANT), (DataClass.IDENTITY, Role.OVERSEER), (THREAD, Role.COMPANY),
        (THREAD, Role.ADMINISTRATOR), (THREAD, Role.CLOCK),
    ):  # fmt: skip
        holder = Holder()
        row, pair = vault.make_pair(superuser, CASE, kind, [holder.reader])
        with pytest.raises(CannotOpen):
            vault.open_row(superuser, holder.acts(role, pair), row)


def test_one_wrap_among_several_is_enough(superuser: Session) -> None:
    desk = Holder()
    readers = [Holder(ReaderKind.TRIAGE).reader, desk.reader, Holder(ReaderKind.OVERSEER).reader]
    row, pair = vault.make_pair(superuser, CASE, THREAD, readers)

    assert vault.open_row(superuser, desk.acts(Role.CASE_WORKER, new_pair()), row) == pair


def test_a_wrap_that_names_a_reader_and_does_not_open_for_them_was_altered(superuser: Session) -> None:
    desk = Holder()
    row, _ = vault.make_pair(superuser, CASE, THREAD, [desk.reader])
    for planted in (bytes(80), b"", wrap(new_pair().private, desk.pair.public)):
        superuser.flush()
        superuser.execute(update(Wrap).where(Wrap.pair_id == row.id).values(wrapped=planted))
        superuser.expire_all()
        with pytest.raises(Altered):
            vault.open_row(superuser, desk.acts(), row)


def test_beside_an_altered_wrap_a_good_one_still_opens(superuser: Session) -> None:
    desk, triage = Holder(), Holder(ReaderKind.TRIAGE)
    row, pair = vault.make_pair(superuser, CASE, THREAD, [desk.reader, triage.reader])
    superuser.flush()
    here = (Wrap.pair_id == row.id, Wrap.reader == ReaderKind.DESK)
    superuser.execute(update(Wrap).where(*here).values(wrapped=bytes(80)))
    superuser.expire_all()

    assert vault.open_row(superuser, desk.acts(Role.CASE_WORKER, triage.pair), row) == pair


def test_of_a_lane_s_wrap_each_key_is_tried_and_none_that_fits_is_no_alarm(superuser: Session) -> None:
    member = Holder(ReaderKind.LANE_CHILD)
    row, pair = vault.make_pair(superuser, CASE, THREAD, [member.reader])

    assert vault.open_row(superuser, member.acts(Role.CASE_WORKER, new_pair(), new_pair()), row) == pair
    with pytest.raises(CannotOpen) as refusal:
        vault.open_row(superuser, Holder().acts(), row)
    assert not isinstance(refusal.value, Altered)


def through_notes(session: Session, desk: Holder) -> tuple[ClassPair, Pair]:
    """A referral's pair that is wrapped to a company and to the case's notes."""
    notes, _ = vault.make_pair(session, CASE, DataClass.NOTES, [desk.reader])
    readers = [Holder(ReaderKind.COMPANY).reader, Reader(ReaderKind.NOTES_PAIR, notes.public_key)]
    return vault.make_pair(session, CASE, DataClass.SUMMARY, readers, referral_id=REFERRAL)


def test_whoever_opens_a_case_s_notes_opens_its_referrals(superuser: Session) -> None:
    desk = Holder()
    row, pair = through_notes(superuser, desk)

    assert vault.open_row(superuser, desk.acts(), row) == pair
    with pytest.raises(CannotOpen):
        vault.open_row(superuser, Holder().acts(), row)
    with pytest.raises(CannotOpen):  # a company reads no notes, whatever it holds
        vault.open_row(superuser, desk.acts(Role.COMPANY), row)


def test_of_several_referrals_each_is_opened_through_its_own_wrap(superuser: Session) -> None:
    desk = Holder()
    notes, _ = vault.make_pair(superuser, CASE, DataClass.NOTES, [desk.reader])
    reader = Reader(ReaderKind.NOTES_PAIR, notes.public_key)
    for _ in range(3):
        made = vault.make_pair(superuser, CASE, DataClass.SUMMARY, [reader], referral_id=uuid4())
        superuser.flush()
        assert vault.open_row(superuser, desk.acts(), made[0]) == made[1]


def test_a_referral_s_wrap_to_notes_that_are_no_more_opens_for_nobody(superuser: Session) -> None:
    desk = Holder()
    row, _ = through_notes(superuser, desk)
    superuser.flush()
    superuser.execute(delete(ClassPair).where(ClassPair.data_class == DataClass.NOTES))

    with pytest.raises(CannotOpen):
        vault.open_row(superuser, desk.acts(), row)


def test_only_a_referral_is_opened_through_the_notes(superuser: Session) -> None:
    desk = Holder()
    notes, _ = vault.make_pair(superuser, CASE, DataClass.NOTES, [desk.reader])
    row, _ = vault.make_pair(superuser, CASE, THREAD, [Reader(ReaderKind.NOTES_PAIR, notes.public_key)])

    with pytest.raises(CannotOpen):
        vault.open_row(superuser, desk.acts(), row)


def test_an_altered_wrap_of_a_referral_is_said_and_not_gone_round(superuser: Session) -> None:
    company, desk = Holder(ReaderKind.COMPANY), Holder()
    notes, _ = vault.make_pair(superuser, CASE, DataClass.NOTES, [desk.reader])
    readers = [company.reader, Reader(ReaderKind.NOTES_PAIR, notes.public_key)]
    row, _ = vault.make_pair(superuser, CASE, DataClass.SUMMARY, readers, referral_id=uuid4())
    superuser.flush()
    here = (Wrap.pair_id == row.id, Wrap.reader == ReaderKind.COMPANY)
    superuser.execute(update(Wrap).where(*here).values(wrapped=bytes(80)))
    superuser.expire_all()

    with pytest.raises(Altered):
        vault.open_row(superuser, company.acts(Role.CASE_WORKER, desk.pair), row)
