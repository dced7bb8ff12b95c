"""How does one text leave? By which number, in which words, to whom, and what when it does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from grievance.actions import delivery, sms_budget
from grievance.actions.delivery import Parcel
from grievance.actions.notices import Audience
from grievance.rules import budget
from grievance.rules.dialogue import Template
from grievance.store.models import ChannelRow, Dialogue, OutboxState, SmsTally, TallyKind
from grievance.vocabulary import GatewayKind, Language
from tests.gateways.recording_server import Answer, RecordingServer
from tests.post_office import (
    AIRTEL,
    NOTHING_KEPT,
    NOW,
    NUMBER,
    SECOND,
    PostOffice,
    answer,
    kept,
    lease,
    provider,
)
from workers import sending, sms

QUIET = "+243880000005"
DUTY = ("+243880000101", "+243880000102")
MINUTE, DAY = timedelta(minutes=1), timedelta(hours=24)
LONG = " ".join(f"mot{number}" for number in range(600))


def went(server: RecordingServer) -> list[tuple[str, str, str]]:
    """What the provider was told to send: our id, to whom, what."""
    told = [call.json for call in server.calls if call.method == "POST"]
    return [(one["id"], one["phoneNumbers"][0], one["textMessage"]["text"]) for one in told]


def test_in_sample_mode_a_text_is_written_down_and_nothing_of_it_is_kept(office: PostOffice) -> None:
    outbox_id = answer(office, template=Template.NEWS.value, language=Language.SWAHILI)
    assert sms.send_one(office.worker(), outbox_id, NOW) is True
    (line,) = office.town.texts()
    words = "Habari. Kuna ujumbe wako. Tuma HALI na code yako wakati unaweza."
    assert line == {
        "at": NOW.isoformat(), "channel": office.town.world.channel.number, "to": NUMBER, "text": words,
    }  # fmt: skip
    row = office.row(outbox_id)
    assert (row.state, row.sent_at, kept(row)) == (OutboxState.SENT, NOW, NOTHING_KEPT)
    assert row.provider_id == f"recorded-{outbox_id}"
    assert sms.send_one(office.worker(), outbox_id, NOW) is False
    assert len(office.town.texts()) == 1


def test_its_sender_has_a_lease_of_two_minutes_of_real_time(office: PostOffice) -> None:
    before = sms.utcnow()
    outbox_id = answer(office)
    sms.send_one(office.worker(), outbox_id, NOW)
    until = office.row(outbox_id).leased_until
    assert until is not None
    assert before + 2 * MINUTE <= until <= sms.utcnow() + 2 * MINUTE


def test_a_provider_is_told_the_words_the_number_and_our_id_and_what_it_may_report_of_is_kept(
    office: PostOffice,
) -> None:
    with RecordingServer(Answer.of({"id": "theirs"})) as server:
        channel_id = provider(office, server)
        outbox_id = answer(office, channel_id=channel_id, text="Répondez «oui».")
        before = kept(office.row(outbox_id))
        assert sms.send_one(office.worker(asks_providers=True), outbox_id, NOW) is True
    assert went(server) == [(str(outbox_id), NUMBER, 'Répondez "oui".')]
    row = office.row(outbox_id)
    assert (row.state, row.provider_id, row.sent_at, kept(row)) == (OutboxState.SENT, "theirs", NOW, before)
    assert (row.pieces, row.pieces_gone, row.channel_id) == (1, 0, channel_id)


def test_an_answer_leaves_by_the_number_that_was_written_to_and_news_by_the_person_s_operator(
    office: PostOffice,
) -> None:
    channel = office.town.world.channel
    office.change(ChannelRow, channel.id, last_heard_at=NOW)
    airtel = office.channel(AIRTEL)
    asked, news = answer(office), office.notice(office.case())
    for outbox_id in (asked, news):
        sms.send_one(office.worker(), outbox_id, NOW)
    assert [line["channel"] for line in office.town.texts()] == [channel.number, AIRTEL]
    assert (office.row(asked).channel_id, office.row(news).channel_id) == (channel.id, airtel)


def test_news_leave_by_the_quiet_number_and_calls_of_the_duty_do_not_have_to(office: PostOffice) -> None:
    channel = office.town.world.channel
    office.change(ChannelRow, channel.id, last_heard_at=NOW)
    quiet = office.channel(QUIET, quiet=True)
    office.on_duty(DUTY[0], starts_at=NOW, ends_at=NOW + DAY)
    news = office.notice(office.case())
    call = duty_call(office, channel_id=channel.id)
    for outbox_id in (news, call):
        sms.send_one(office.worker(), outbox_id, NOW)
    assert [line["channel"] for line in office.town.texts()] == [QUIET, channel.number]
    assert office.row(news).channel_id == quiet


def test_a_number_that_refused_or_is_silent_gives_way_to_another_of_the_desk(office: PostOffice) -> None:
    channel = office.town.world.channel
    office.channel(AIRTEL)
    said = {"heard": {"last_heard_at": NOW}, "silent": {"last_heard_at": NOW - 31 * MINUTE}}
    said["refused"] = said["heard"] | {"refused_at": NOW - 9 * MINUTE}
    said["long ago"] = said["heard"] | {"refused_at": NOW - 10 * MINUTE}
    for values in said.values():
        office.change(ChannelRow, channel.id, **{"refused_at": None} | values)
        sms.send_one(office.worker(), answer(office), NOW)
    left_by = [line["channel"] for line in office.town.texts()]
    assert left_by == [channel.number, AIRTEL, AIRTEL, channel.number]


def duty_call(office: PostOffice, **values: Any) -> UUID:
    """Somebody is in danger: whoever is on duty is to be rung."""
    usual = {
        "audience": Audience.DUTY.value, "organisation_id": office.town.world.desk.id,
        "template": Template.DUTY_CALL.value, "values": {"code": "7F3Q-82"},
    }  # fmt: skip
    return office.notice(**usual | values)


def test_everybody_on_duty_is_rung_whatever_was_spent_and_whoever_locked_the_number(
    office: PostOffice,
) -> None:
    for number in DUTY:
        office.on_duty(number, starts_at=NOW, ends_at=NOW + DAY)
    office.case(number=DUTY[0], marks={"locked_at": NOW})
    spend(office, DUTY[0], 2 * budget.PER_NUMBER)
    outbox_id = duty_call(office)
    assert sms.send_one(office.worker(), outbox_id, NOW) is True
    assert sorted(line["to"] for line in office.town.texts()) == sorted(DUTY)
    assert office.state(outbox_id) is OutboxState.SENT
    assert (office.row(outbox_id).pieces, office.row(outbox_id).pieces_gone) == (1, 0)


def test_whoever_is_on_duty_is_rung_anew_after_a_failure(office: PostOffice) -> None:
    for number in DUTY:
        office.on_duty(number, starts_at=NOW, ends_at=NOW + DAY)
    with RecordingServer(Answer.of({"id": "a"}), Answer(429), Answer.of({"id": "b"})) as server:
        outbox_id = duty_call(office, channel_id=provider(office, server))
        worker = office.worker(asks_providers=True)
        sms.send_one(worker, outbox_id, NOW)
        assert office.state(outbox_id) is OutboxState.WAITING
        sms.send_one(worker, outbox_id, NOW + 10 * SECOND)
    names = [name for name, _, _ in went(server)]
    assert sorted(to for _, to, _ in went(server)[2:]) == sorted(DUTY)
    assert names == [str(outbox_id), f"{outbox_id.hex}-1"] * 2
    assert office.state(outbox_id) is OutboxState.SENT


def spend(office: PostOffice, number: str, texts: int) -> None:
    """So many texts went to this number today."""
    channel_id, key = office.town.world.channel.id, office.keys.number_index
    assert sms_budget.take(channel_id, [number], needed=True, index_key=key, now=NOW)
    (row,) = (one for one in office.all(SmsTally) if one.kind is TallyKind.NUMBER)
    with office.engine.begin() as connection:
        connection.exec_driver_sql(f"update sms_tally set count = {texts} where kind = 'number'")  # noqa: S608
    assert row.count == 1


def test_a_text_over_the_day_s_budget_waits_and_what_cannot_wait_goes(office: PostOffice) -> None:
    office.change(ChannelRow, office.town.world.channel.id, last_heard_at=NOW)
    spend(office, NUMBER, budget.PER_NUMBER - 1)
    last, over, urgent = answer(office), answer(office), answer(office, template=Template.DOG_BITE.value)
    assert [sms.send_one(office.worker(), one, NOW) for one in (last, over, urgent)] == [True, False, True]
    row = office.row(over)
    assert (row.state, row.error, row.next_at) == (OutboxState.WAITING, "over_budget", NOW + 10 * SECOND)
    assert (office.state(last), office.state(urgent)) == (OutboxState.SENT, OutboxState.SENT)
    assert len(office.town.texts()) == 2
    counts = {one.kind: one.count for one in office.all(SmsTally)}
    assert counts[TallyKind.NUMBER] == budget.PER_NUMBER + 1
    tomorrow = NOW + DAY - SECOND
    assert sms.send_one(office.worker(), over, tomorrow) is True


def test_a_long_text_goes_in_pieces_between_words_and_goes_on_with_the_one_that_failed(
    office: PostOffice,
) -> None:
    pieces = sending.pieces_of(LONG)
    assert "".join(pieces) == LONG
    assert len(pieces) == 3
    assert all(len(piece) <= 1_500 and piece.startswith("mot") for piece in pieces)
    assert min(len(piece) for piece in pieces[:-1]) > 1_480
    taken = Answer.of({"id": "t"})
    with RecordingServer(taken, Answer(429), taken) as server:
        outbox_id = answer(office, channel_id=provider(office, server), text=LONG)
        worker = office.worker(asks_providers=True)
        sms.send_one(worker, outbox_id, NOW)
        row = office.row(outbox_id)
        assert (row.state, row.pieces_gone, row.pieces) == (OutboxState.WAITING, 1, 3)
        sms.send_one(worker, outbox_id, NOW + 10 * SECOND)
    ids = [str(outbox_id), f"{outbox_id.hex}-1", f"{outbox_id.hex}-2"]
    order = [0, 1, 1, 2]
    assert went(server) == [(ids[place], NUMBER, pieces[place]) for place in order]
    row = office.row(outbox_id)
    assert (row.state, row.pieces_gone, row.pieces, row.provider_id) == (OutboxState.SENT, 2, 3, "t")


def test_words_are_cut_neither_at_hyphens_nor_at_new_lines() -> None:
    assert sending.pieces_of("a-b\nc  d ") == ["a-b\nc  d "]
    word = "x" * 1_499
    assert sending.pieces_of(f"{word} y-z") == [f"{word} ", "y-z"]
    assert sending.pieces_of(f"{'x' * 1_497} y-z") == [f"{'x' * 1_497} ", "y-z"]


def test_a_check_in_waits_for_the_person_s_answer_and_other_news_do_not(office: PostOffice) -> None:
    case_id = office.case()
    sms.send_one(office.worker(), office.notice(case_id), NOW)
    assert office.all(Dialogue) == []
    check_in = office.notice(case_id, template=Template.CHECK_IN.value)
    sms.send_one(office.worker(), check_in, NOW)
    (asked,) = office.all(Dialogue)
    assert (asked.case_id, asked.channel_id) == (case_id, office.town.world.channel.id)
    assert asked.expires_at == NOW + timedelta(hours=72)
    assert office.state(check_in) is OutboxState.SENT


def test_a_check_in_that_did_not_leave_or_has_no_case_waits_for_nothing(office: PostOffice) -> None:
    sms.send_one(office.worker(), answer(office, template=Template.CHECK_IN.value), NOW)
    with RecordingServer(Answer(503)) as server:
        check_in = {"template": Template.CHECK_IN.value, "channel_id": provider(office, server)}
        outbox_id = office.notice(office.case(), **check_in)
        sms.send_one(office.worker(asks_providers=True), outbox_id, NOW)
    assert office.all(Dialogue) == []


def parcel(office: PostOffice, outbox_id: UUID) -> Parcel:
    """A notice, taken."""
    taken = delivery.take_sms(outbox_id, lease(), now=NOW)
    assert taken is not None
    return taken


def test_a_channel_is_served_with_its_own_secret_and_our_public_address(office: PostOffice) -> None:
    calls = {"username": "u", "password": "p", "base_url": "https://gateway.example", "sim": 2}
    channel_id = office.channel(AIRTEL, kind=GatewayKind.SMSGATE, account="second", calls=calls)
    taken = parcel(office, answer(office, channel_id=channel_id))
    seen = next(road for road in taken.roads if road.id == channel_id)
    channel = sending.channel_of(office.worker(), seen)
    assert (channel.id, channel.kind, channel.number) == (channel_id, GatewayKind.SMSGATE, AIRTEL)
    assert (channel.secret, channel.public_url) == (channel_id.hex, office.worker().public_url)
    assert (channel.account.identity, channel.account.sim, channel.account.username) == ("second", 2, "u")
    assert channel.account.base_url == calls["base_url"]


def test_our_id_for_a_piece_is_short_enough_for_every_provider(office: PostOffice) -> None:
    taken = parcel(office, answer(office))
    assert sending.own_id(taken, 0) == str(taken.id)
    assert sending.own_id(taken, 1) == f"{taken.id.hex}-1"
    assert len(sending.own_id(taken, 99)) <= 36
