"""What is kept of one sealed line of a case or a referral, and what does whoever reads it get?"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from grievance.store import vault
from grievance.store.models import Case, ClassPair, Entry, Referral, ReferralMessage
from grievance.store.sealing import Label, new_pair, unseal_text
from grievance.store.vault import EntryRead, MessageRead, Reader
from grievance.terms import Actor, Altered, CannotOpen, DatabaseRole, Pair, Role, Sealed
from grievance.vocabulary import DataClass, EntryKind, MessageKind, ReaderKind

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
CASE, REFERRAL = Case(id=UUID(int=3)), Referral(id=UUID(int=4), case_id=UUID(int=3))
DESK = new_pair()
WORKER = Actor(Role.CASE_WORKER, DatabaseRole.WEB, "m-worker", keys={DESK.public: DESK.private})
NOBODY = Actor(Role.CASE_WORKER, DatabaseRole.WEB, "m-nobody")


def pair_of(session: Session, kind: DataClass = DataClass.THREAD, version: int = 1) -> tuple[ClassPair, Pair]:
    referral = REFERRAL.id if kind is DataClass.SUMMARY else None
    reader = Reader(ReaderKind.DESK, DESK.public)
    return vault.make_pair(session, CASE.id, kind, [reader], referral_id=referral, version=version)


def said(
    session: Session, text: str, kind: EntryKind = EntryKind.NOTE, at: datetime = NOW, **more: Any
) -> Entry:
    return vault.write_entry(session, CASE, DataClass.THREAD, kind, text, actor=WORKER, now=at, **more)


def told(session: Session, text: str, at: datetime = NOW, *, from_company: bool = False) -> ReferralMessage:
    return vault.write_message(
        session, REFERRAL, MessageKind.ANSWER, text, from_company=from_company, actor=WORKER, now=at
    )


def test_a_line_is_kept_with_who_and_when_and_sealed_in_its_own_place(superuser: Session) -> None:
    row, pair = pair_of(superuser, version=2)
    entry = said(superuser, "Mbwa aliniuma.", EntryKind.STORY)

    assert (entry.case_id, entry.pair_id, entry.data_class) == (CASE.id, row.id, DataClass.THREAD)
    assert (entry.kind, entry.author, entry.at) == (EntryKind.STORY, "m-worker", NOW)
    sealed = Sealed(entry.sealed_key, entry.sealed_body, entry.sealed_version)
    assert sealed.version == 2
    assert unseal_text(sealed, pair, Label("entry", "sealed_body", entry.id, CASE.id, 2)) == "Mbwa aliniuma."
    assert vault.entry_commitment(entry) == hashlib.sha256(sealed.key + sealed.body).digest()


def test_a_line_may_be_sealed_to_a_pair_that_is_given(superuser: Session) -> None:
    older, _ = pair_of(superuser)
    pair_of(superuser, version=2)

    assert said(superuser, "Note", pair=older).pair_id == older.id
    assert said(superuser, "Note").pair_id != older.id


def test_whoever_holds_the_key_reads_each_line_as_it_was_written(superuser: Session) -> None:
    pair_of(superuser)
    entry = said(superuser, "Mbwa aliniuma.", EntryKind.STORY)
    superuser.flush()

    assert vault.read_entries(superuser, WORKER, CASE.id) == [
        EntryRead(entry.id, EntryKind.STORY, "m-worker", NOW, "Mbwa aliniuma.")
    ]
    assert vault.read_entries(superuser, NOBODY, CASE.id) == []
    assert vault.read_entries(superuser, WORKER, UUID(int=9)) == []


def test_lines_are_read_oldest_first_and_what_one_report_said_in_the_order_of_its_questions(
    superuser: Session,
) -> None:
    pair_of(superuser)
    for kind, minutes in (
        (EntryKind.NOTE, 5), (EntryKind.NOTE, 0), (EntryKind.REMEDY_WISHED, 0), (EntryKind.CLUES, 0),
        (EntryKind.PLACE, 0), (EntryKind.STORY, 0), (EntryKind.STORY, 9), (EntryKind.NOTE, -5),
    ):  # fmt: skip
        said(superuser, "x", kind, NOW + timedelta(minutes=minutes))

    read = [((line.at - NOW) // timedelta(minutes=1), line.kind.value)
            for line in vault.read_entries(superuser, WORKER, CASE.id)]  # fmt: skip
    assert read == [
        (-5, "note"), (0, "story"), (0, "place"), (0, "clues"), (0, "remedy_wished"), (0, "note"),
        (5, "note"), (9, "story"),
    ]  # fmt: skip


def test_only_the_kinds_that_are_asked_for_are_read(superuser: Session) -> None:
    pair_of(superuser)
    for kind in (EntryKind.STORY, EntryKind.NOTE, EntryKind.PLACE):
        said(superuser, kind.value, kind)

    def read(kinds: frozenset[EntryKind] | None) -> list[str]:
        return [line.text for line in vault.read_entries(superuser, WORKER, CASE.id, kinds)]

    assert read(frozenset({EntryKind.STORY, EntryKind.PLACE})) == ["story", "place"]
    assert read(frozenset()) == []
    assert read(None) == ["story", "place", "note"]


def test_a_class_that_no_key_opens_is_left_out_of_what_is_read(superuser: Session) -> None:
    pair_of(superuser)
    vault.make_pair(superuser, CASE.id, DataClass.NOTES, [])
    said(superuser, "lu")
    for text in ("jamais lu", "jamais lu non plus"):
        vault.write_entry(superuser, CASE, DataClass.NOTES, EntryKind.NOTE, text, actor=WORKER, now=NOW)

    assert [line.text for line in vault.read_entries(superuser, WORKER, CASE.id)] == ["lu"]


@pytest.mark.parametrize("column", ["sealed_key", "sealed_body"])
def test_a_line_that_was_altered_is_said_to_be_and_not_left_out(column: str, superuser: Session) -> None:
    pair_of(superuser)
    entry = said(superuser, "Mbwa aliniuma.")
    superuser.flush()
    kept: bytes = getattr(entry, column)
    superuser.execute(update(Entry).values({column: kept[:-1] + bytes([kept[-1] ^ 1])}))
    superuser.expire_all()

    with pytest.raises(Altered):
        vault.read_entries(superuser, WORKER, UUID(int=3))


def test_a_line_moved_to_another_case_is_said_to_be_altered(superuser: Session) -> None:
    pair_of(superuser)
    said(superuser, "Mbwa aliniuma.")
    superuser.flush()
    superuser.execute(update(Entry).values(case_id=UUID(int=9)))
    superuser.expire_all()

    with pytest.raises(Altered):
        vault.read_entries(superuser, WORKER, UUID(int=9))


def test_a_line_under_a_wrap_that_was_altered_is_said_to_be(superuser: Session) -> None:
    row, _ = pair_of(superuser)
    said(superuser, "Mbwa aliniuma.")
    superuser.flush()
    superuser.execute(update(ClassPair).where(ClassPair.id == row.id).values(public_key=new_pair().public))
    superuser.expire_all()

    with pytest.raises(Altered):
        vault.read_entries(superuser, WORKER, UUID(int=3))


def test_a_company_s_line_names_its_referral_and_never_the_case(superuser: Session) -> None:
    row, pair = pair_of(superuser, DataClass.SUMMARY, version=2)
    message = told(superuser, "Nous avons entendu l'équipe.", from_company=True)

    assert (message.referral_id, message.pair_id, message.kind) == (REFERRAL.id, row.id, MessageKind.ANSWER)
    assert (message.from_company, message.author, message.at) == (True, "m-worker", NOW)
    sealed = Sealed(message.sealed_key, message.sealed_body, message.sealed_version)
    label = Label("referral_message", "sealed_body", message.id, REFERRAL.id, 2)
    assert unseal_text(sealed, pair, label) == "Nous avons entendu l'équipe."
    assert vault.entry_commitment(message) == hashlib.sha256(sealed.key + sealed.body).digest()


def test_the_lines_of_a_referral_are_read_oldest_first_by_whoever_holds_its_key(superuser: Session) -> None:
    pair_of(superuser, DataClass.SUMMARY)
    second = told(superuser, "Voici.", NOW + timedelta(hours=1), from_company=True)
    first = told(superuser, "Qui ?")
    superuser.flush()

    assert vault.read_messages(superuser, WORKER, REFERRAL.id) == [
        MessageRead(first.id, MessageKind.ANSWER, False, "m-worker", NOW, "Qui ?"),
        MessageRead(second.id, MessageKind.ANSWER, True, "m-worker", NOW + timedelta(hours=1), "Voici."),
    ]
    assert vault.read_messages(superuser, WORKER, UUID(int=9)) == []
    with pytest.raises(CannotOpen) as refusal:
        vault.read_messages(superuser, NOBODY, REFERRAL.id)
    assert not isinstance(refusal.value, Altered)


def test_a_referral_s_line_that_was_altered_or_moved_is_said_to_be(superuser: Session) -> None:
    pair_of(superuser, DataClass.SUMMARY)
    told(superuser, "Voici.")
    superuser.flush()
    superuser.execute(update(ReferralMessage).values(referral_id=UUID(int=9)))
    superuser.expire_all()

    with pytest.raises(Altered):
        vault.read_messages(superuser, WORKER, UUID(int=9))


def test_what_came_at_one_instant_is_read_in_one_order_always(superuser: Session) -> None:
    pair_of(superuser)
    pair_of(superuser, DataClass.SUMMARY)
    entries = [said(superuser, "x").id for _ in range(8)]
    messages = [told(superuser, "x").id for _ in range(8)]

    assert [line.id for line in vault.read_entries(superuser, WORKER, CASE.id)] == sorted(entries)
    assert [line.id for line in vault.read_messages(superuser, WORKER, REFERRAL.id)] == sorted(messages)


def test_what_was_read_of_a_line_is_shown_nowhere_when_printed(superuser: Session) -> None:
    pair_of(superuser)
    said(superuser, "Mbwa aliniuma.")

    assert "Mbwa" not in repr(vault.read_entries(superuser, WORKER, CASE.id))
