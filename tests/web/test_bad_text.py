"""What no page can hold is cleaned or refused with a sentence, on every form; what was typed stays."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote_plus, urlencode

import pytest

from grievance.actions import cases, referrals
from grievance.store.models import Case
from tests.fixtures import Town
from tests.make import Someone
from tests.stories.phones import Phone
from tests.web import desk_pages
from tests.web.desk_pages import Desk, now, sit
from tests.web.public_pages import Visitor, visitor
from tests.web.receipt_field import without

STORY = "Les gardes m'ont frappé"
NUL = f"{STORY}\0 près du portail"
# A lone half of a pair, as some telephones cut an emoji; in UTF-8 no such byte sequence exists.
LONE = quote_plus(STORY) + "%ED%A0%BD+%F0%9F"
HUGE = f"{STORY} " + "a" * 64_000
LATIN = quote_plus(STORY, encoding="latin-1")
FORM = "application/x-www-form-urlencoded"


def raw(person: Visitor | Desk, form: dict[str, object], body: str, kind: str = FORM) -> Visitor | Desk:
    """Sends a form's hidden fields and, after them, these bytes as they are."""
    hidden = urlencode(form["hidden"])
    person.page = person.client.post(
        form["action"], data=f"{hidden}&{body}".encode("latin-1"), content_type=kind, follow_redirects=True
    )
    return person


def story_page(town: Town) -> Visitor:
    return visitor(town.app).begin().send(lieu_province="Lualaba").send().send().send(faits="assault")


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (f"recit={quote_plus(NUL)}", STORY),
        (f"recit={LONE}", STORY),
        (f"recit={LATIN}", "Les gardes m"),
    ],
    ids=["nul", "surrogate", "latin-1"],
)
def test_a_story_with_what_no_database_holds_arrives_cleaned(town: Town, body: str, left: str) -> None:
    person = story_page(town)
    raw(person, person.forms()[0], body)
    for _ in range(2):
        assert person.page.status_code == 200
        person.send()
    person.send()
    assert len(Phone(town).rows(Case)) == 1
    desk = town.world.desk.actor
    cases.know_nobody(person.code, actor=desk, now=now())
    (story,) = [line.text for line in cases.seen(person.code, desk, now()).timeline][:1]
    assert left in story
    assert "\0" not in story


def test_a_story_of_64_kilobytes_is_refused_with_a_sentence_and_kept_on_the_page(town: Town) -> None:
    person = story_page(town).send(recit=HUGE)
    assert person.page.status_code == 422
    assert "C'est trop long" in person.text
    assert "a" * 40_000 in person.text


@pytest.mark.parametrize("kind", ["text/plain", "application/json", f"{FORM}; charset=utf-16", ""])
def test_a_form_of_another_kind_or_charset_is_no_fault_and_acknowledges_nothing(
    town: Town, kind: str
) -> None:
    person = visitor(town.app).answer_all(lieu_province="Lualaba", contact="web")
    form = person.forms()[0]
    if kind.startswith(FORM):
        # What is named there is not ours to choose: a form is read as UTF-8, whatever it says.
        assert raw(person, form, "x=1", kind).page.status_code == 200
        return
    raw(person, form, "x=1", kind)
    assert person.page.status_code < 500
    assert "data-receipt" not in person.text
    assert Phone(town).rows(Case) == []


def texts_of(form: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Ways to fill the text of a form with what cannot be kept."""
    for name in ("text", "texte", "summary", "reason", "proof"):
        for value in (quote_plus(NUL), LONE, LATIN):
            yield name, f"{name}={value}"


def test_no_form_of_a_desk_falls_over_such_a_text(town: Town) -> None:
    desk = sit(town, town.world.desk.members[0])
    code, _ = desk_pages.referred(town, desk)
    for form in desk.case(code).forms():
        for _, body in texts_of(form):
            assert raw(desk, form, body).status < 500, form["does"]


def test_no_form_of_a_company_falls_over_such_a_text(town: Town) -> None:
    _, referral = desk_pages.referred(town, sit(town, town.world.desk.members[0]))
    company = sit(town, town.world.provider.members[0]).get(f"/company/referrals?code={referral}")
    for form in company.forms():
        for _, body in texts_of(form):
            assert raw(company, form, body).status < 500, form["does"]


@pytest.mark.parametrize(
    ("room", "does"), [("desk", "note"), ("desk", "relay"), ("company", "ask")]
)
def test_a_text_of_64_kilobytes_stays_in_the_box_with_a_sentence(town: Town, room: str, does: str) -> None:
    desk = sit(town, town.world.desk.members[0])
    code, referral = desk_pages.referred(town, desk)
    guards: Someone = town.world.provider.members[0]
    referrals.acknowledge(referral, actor=guards.actor, now=now())
    if does == "relay":
        referrals.answer(referral, "Réponse.", actor=guards.actor, now=now())
    page = desk.case(code) if room == "desk" else sit(town, guards).get(f"/company/referrals?code={referral}")
    page.do(does, text=HUGE)
    assert page.status == 422
    assert HUGE in page.text
    assert "trop long" in page.text


@pytest.mark.parametrize("typed", ["1234\0", "\ud83d" * 16, "9" * 64_000, "1234 5678 9012 3456"])
def test_what_is_no_receipt_gets_the_same_answer_as_one_that_nobody_has(town: Town, typed: str) -> None:
    person = visitor(town.app)
    body = urlencode({"recu": typed}, errors="surrogatepass")
    form = {"action": "/fr/suivi", "hidden": {}}
    wrong = raw(person, form, body)
    unknown = visitor(town.app).come_back("0000 1111 2222 3333")
    assert wrong.page.status_code == unknown.page.status_code == 422
    assert without(wrong.text) == without(unknown.text)


@pytest.mark.parametrize("typed", ["a\0@b.example", "\ud83d@b.example", "a" * 64_000])
def test_a_door_refuses_what_is_no_address_like_a_wrong_one(town: Town, typed: str) -> None:
    person = visitor(town.app)
    body = urlencode({"email": typed, "password": "\0", "code": "\ud83d"}, errors="surrogatepass")
    assert raw(person, {"action": "/sign-in", "hidden": {}}, body).page.status_code == 422


def test_a_gateway_may_send_what_it_likes_and_the_text_is_kept_cleaned(town: Town) -> None:
    phone = Phone(town)
    phone.post(f"{NUL} \ud83d")
    phone.work()
    for text in ("1", "2", "mine exemple A", "2"):
        phone.says(text)
    (case,) = phone.cases()
    desk = town.world.desk.actor
    cases.know_nobody(case.code, actor=desk, now=phone.now)
    kept = " ".join(line.text for line in cases.seen(case.code, desk, phone.now).timeline)
    assert STORY in kept
    assert "\0" not in kept


def test_a_gateway_that_sends_64_kilobytes_loses_nothing(town: Town) -> None:
    phone = Phone(town)
    assert phone.post(HUGE).status_code == 200
    phone.work()
    assert len(phone.cases()) == 1
    assert phone.post("x" * 300_000).status_code == 403
    assert len(phone.inbound()) == 1


def test_moving_twice_or_where_it_may_not_go_is_a_sentence_and_changes_nothing(town: Town) -> None:
    desk = sit(town, town.world.desk.members[0])
    code = desk_pages.reported(town)
    before = desk.knowing_nobody(code).page
    desk.do("take")
    desk.page = before
    desk.do("take")
    assert desk.status == 409
    assert "Quelqu'un a peut-être été plus rapide" in desk.text
    _, referral = desk_pages.referred(town, desk)
    company = sit(town, town.world.provider.members[0]).get(f"/company/referrals?code={referral}")
    first = company.page
    company.do("not_ours", text="Pas nos gardes.")
    company.page = first
    company.do("answer", text="Après coup.")
    assert company.status == 409
    assert "Après coup." in company.text
    shown = referrals.referral_seen(referral, town.world.desk.actor, now())
    assert shown.state.value == "not_theirs"
