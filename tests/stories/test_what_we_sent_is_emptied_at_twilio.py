"""What we sent stands at Twilio no longer than it must: until it arrived, or failed, or for a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import structlog

from grievance.actions import delivery
from grievance.actions.delivery import Lease
from grievance.rules.dialogue import Template
from grievance.store import doorbell
from grievance.store.actors import SMS_ACTOR
from grievance.store.config_values import sent_to_label
from grievance.store.models import Inbound, InboundState, Medium, Outbox, OutboxState
from grievance.store.numbers import capsule
from grievance.store.redis_bell import redis_bell
from grievance.store.sealing import Label, seal_whole
from grievance.store.session import transaction
from grievance.vocabulary import Language, TaskKind
from tests.fixtures import Town
from tests.gateways.recording_server import Answer
from tests.services import Services
from tests.stories.phones import NUMBER, Phone
from tests.stories.twilio_account import ANY, BUSY, UNKNOWN, TwilioAccount, TwilioPhone
from tests.workers.test_the_queue_is_only_a_doorbell import everything_in
from workers import looking, process, reconciling, sending

STORY = "Les gardes ont battu mon frere hier pres du portail"
DIALOGUE = (STORY, "1", "2", "mine exemple A", "2")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
A_DAY_LATER = timedelta(hours=25)


@pytest.fixture
def account() -> Iterator[TwilioAccount]:
    with TwilioAccount() as account:
        yield account


@pytest.fixture
def phone(town: Town, services: Services, account: TwilioAccount) -> TwilioPhone:
    return TwilioPhone(town, services, account)


def outbox(phone: TwilioPhone) -> list[Outbox]:
    return [row for row in phone.rows(Outbox) if row.medium is Medium.SMS]


def look_back(phone: TwilioPhone, after: timedelta) -> None:
    """The provider's list is compared, and what came of that is taken and emptied, so much later."""
    reconciling.reconcile(phone.worker, process.utcnow() + after)
    phone.work(after)
    phone.empty(after)


def test_what_we_sent_is_emptied_at_twilio_once_it_arrived(
    phone: TwilioPhone, account: TwilioAccount
) -> None:
    for text in DIALOGUE:
        phone.says(text)
        question = account.sent[-1]
        phone.reports(question, "sent")
        phone.empty()
        assert account.standing == [question.sid]  # a text in progress is left alone
        phone.reports(question, "delivered")
        phone.empty()
        assert account.standing == []
    assert len(account.sent) == len(DIALOGUE)
    assert {message.words for message in account.messages.values()} == {""}
    assert sorted(account.asked_to_empty) == sorted(account.messages)
    assert {row.state for row in phone.rows(Inbound)} == {InboundState.WIPED}
    # The list shows them without words now: nothing of it is taken for news.
    look_back(phone, timedelta())
    look_back(phone, A_DAY_LATER)
    assert len(account.asked_to_empty) == len(account.messages)


@pytest.mark.parametrize(
    ("status", "code", "copies"), [("undelivered", 30005, 1), ("failed", 21610, 1), ("undelivered", 30003, 2)]
)
def test_what_never_arrived_is_emptied_too(
    phone: TwilioPhone, account: TwilioAccount, status: str, code: int, copies: int
) -> None:
    phone.says(STORY)
    first = account.sent[0]
    phone.reports(first, status, code)
    phone.work(HOUR)
    phone.empty()
    assert first.words == ""
    assert len(account.sent) == copies
    assert account.standing == [one.sid for one in account.sent[1:]]


def test_a_no_empties_both_ways_though_nothing_else_is_left_here(
    phone: TwilioPhone, account: TwilioAccount
) -> None:
    phone.says(STORY)
    phone.says("2")
    assert Phone(phone.town).cases() == []
    for message in account.sent:
        phone.reports(message, "delivered")
    phone.empty()
    assert {message.words for message in account.messages.values()} == {""}


def test_a_failed_emptying_is_tried_again_and_never_sends_the_text_twice(
    phone: TwilioPhone, account: TwilioAccount, caplog: pytest.LogCaptureFixture
) -> None:
    doorbell.hang(redis_bell(phone.town.redis_url))
    phone.says(STORY)
    question = account.sent[0]
    said = question.words
    phone.reports(question, "delivered")
    jobs = everything_in(phone.town.redis_url)
    doorbell.hang(lambda queue, job, row_id: None)
    account.refusals[question.sid] = [Answer(503), Answer(hang_up=True), BUSY, Answer(404)]
    with structlog.testing.capture_logs() as logged:
        for tries, after in enumerate((timedelta(), 2 * MINUTE, 9 * MINUTE, 30 * MINUTE), start=1):
            phone.work(after)
            phone.empty(after)
            phone.empty(after)  # at once again: not before its pause is over
            assert account.asked_to_empty.count(question.sid) == tries
            assert question.words == said
        phone.empty(2 * HOUR)
        phone.empty(3 * HOUR)
    assert question.words == ""
    assert account.asked_to_empty.count(question.sid) == 5
    assert account.sent == [question]
    assert [row.state for row in outbox(phone)] == [OutboxState.DELIVERED]
    told = f"{logged} {caplog.text} {jobs}"
    assert told.count("text_not_blanked") == 4
    assert "workers.jobs.converse" in jobs
    for secret in (NUMBER[1:], said, STORY, question.sid):
        assert secret not in told


def test_what_twilio_has_no_more_is_done_and_what_it_never_lets_go_is_given_up(
    phone: TwilioPhone, account: TwilioAccount
) -> None:
    for text in DIALOGUE[:2]:
        phone.says(text)
    gone, kept = account.sent
    account.refusals[gone.sid] = [UNKNOWN]
    phone.reports(gone, "delivered")
    phone.empty()
    phone.empty(MINUTE)
    assert account.asked_to_empty.count(gone.sid) == 1

    phone.reports(kept, "delivered")
    account.refusals[kept.sid] = [BUSY] * 100
    for hours in range(0, 24 * 20, 3):
        phone.empty(hours * HOUR)
    assert 40 < account.asked_to_empty.count(kept.sid) < 80
    assert InboundState.TAKEN not in {row.state for row in phone.rows(Inbound)}


def test_a_provider_that_is_away_is_asked_once_a_minute_and_not_for_each_text(
    phone: TwilioPhone, account: TwilioAccount
) -> None:
    for text in DIALOGUE:
        phone.says(text)
        phone.reports(account.sent[-1], "delivered")
    account.refusals[ANY] = [Answer(503)] * 2
    phone.empty()
    assert len(account.asked_to_empty) == 1
    phone.empty(2 * MINUTE)
    assert len(account.asked_to_empty) == 2
    phone.empty(8 * MINUTE)
    phone.empty(10 * MINUTE)
    assert account.standing == []


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        ("delivered", None, OutboxState.DELIVERED),
        ("undelivered", 30005, OutboxState.DEAD),
        ("sent", None, OutboxState.SENT),
    ],
)
def test_a_report_that_never_comes(
    phone: TwilioPhone, account: TwilioAccount, status: str, code: int | None, expected: OutboxState
) -> None:
    phone.says(STORY)
    question = account.sent[0]
    look_back(phone, timedelta())
    look_back(phone, 2 * HOUR)
    question.status, question.code = status, code  # of which no report ever comes
    look_back(phone, 23 * HOUR)
    assert question.sid not in account.asked_to_empty

    look_back(phone, A_DAY_LATER)
    if status == "sent":  # Twilio still waits for the carrier's word
        assert question.words != ""
        account.waits_for_the_carrier = False
        phone.empty(A_DAY_LATER + 2 * MINUTE)
    assert question.words == ""
    assert [row.state for row in outbox(phone)] == [expected]
    assert account.sent == [question]
    asked = len(account.asked_to_empty)
    look_back(phone, A_DAY_LATER + HOUR)
    assert len(account.asked_to_empty) == asked


def test_a_text_of_yesterday_that_has_not_left_twilio_keeps_its_words(
    phone: TwilioPhone, account: TwilioAccount
) -> None:
    phone.says(STORY)
    look_back(phone, A_DAY_LATER)
    assert account.sent[0].sid not in account.asked_to_empty
    assert account.standing == [account.sent[0].sid]


def long_answer(phone: TwilioPhone) -> Outbox:
    """What a desk wrote, in three pieces, ready to go to the person who asked."""
    row_id, now = uuid4(), process.utcnow()
    _, notifier = phone.town.keys.notifier_public[-1]
    words = " ".join(f"mot{number}" for number in range(600)).encode()
    with transaction(SMS_ACTOR) as session:
        session.add(
            Outbox(
                id=row_id, medium=Medium.SMS, template=Template.NEWS.value, language=Language.FRENCH,
                values={}, once=str(row_id), channel_id=phone.ours.id, asked=True,
                sealed_text=seal_whole(words, notifier, Label("outbox", "sealed_text", row_id)),
                sealed_to=capsule(NUMBER, Language.FRENCH, notifier, sent_to_label(row_id)),
                state=OutboxState.WAITING, attempts=0, created_at=now, next_at=now,
            )
        )  # fmt: skip
    return outbox(phone)[-1]


def test_each_piece_of_a_long_text_is_emptied(phone: TwilioPhone, account: TwilioAccount) -> None:
    long_answer(phone)
    phone.work()
    assert len(account.sent) == 3
    for message in reversed(account.sent):
        phone.reports(message, "delivered")
    phone.empty()
    assert account.standing == []


def test_a_piece_in_doubt_keeps_its_words_until_it_was_looked_for(
    phone: TwilioPhone, account: TwilioAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.loses = lambda message: len(account.sent) == 2
    row = long_answer(phone)
    phone.work()
    first, second = account.sent
    phone.reports(first, "delivered")
    second.status = "delivered"  # and its report is lost as well
    phone.empty()
    assert account.standing == [second.sid]

    account.loses = lambda message: False
    monkeypatch.setattr(looking, "utcnow", lambda: process.utcnow() + delivery.LEASE)
    looking.look_up(phone.worker, process.utcnow())
    phone.work()
    assert len({message.words for message in account.sent if message.words}) == 2
    assert len(account.sent) == 3
    assert next(one.state for one in outbox(phone) if one.id == row.id) is OutboxState.SENT
    assert TaskKind.UNCERTAIN_MESSAGE not in Phone(phone.town).tasks()
    phone.reports(account.sent[2], "delivered")
    look_back(phone, A_DAY_LATER)
    assert account.standing == []


def test_a_report_on_a_piece_ends_its_doubt_and_the_text_goes_on_at_once(
    phone: TwilioPhone, account: TwilioAccount
) -> None:
    account.loses = lambda message: len(account.sent) == 2
    row = long_answer(phone)
    phone.work()
    for place in (1, 0):
        phone.reports(account.sent[place], "delivered")
    phone.empty()
    assert account.standing == [account.sent[2].sid]
    phone.reports(account.sent[2], "delivered")
    phone.empty()
    assert (len(account.sent), account.standing) == (3, [])
    assert next(one.state for one in outbox(phone) if one.id == row.id) is OutboxState.DELIVERED


def test_while_a_send_of_yesterday_is_in_doubt_nothing_of_its_number_is_emptied(
    phone: TwilioPhone, account: TwilioAccount
) -> None:
    row = long_answer(phone)
    lease = Lease(uuid4(), process.utcnow() + sending.TIMEOUT * timedelta(seconds=1))
    assert delivery.take_sms(row.id, lease, now=process.utcnow()) is not None
    phone.says(STORY)
    question = account.sent[0]
    question.status = "delivered"
    look_back(phone, A_DAY_LATER)
    assert question.words != ""
    delivery.failed(row.id, lease, "busy", again=True, now=process.utcnow() + 2 * DAY)
    phone.empty(2 * DAY)
    assert question.words == ""
