"""Does every sentence fit one SMS, in both languages, and say only what it may?"""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grievance import gsm7, wording, wording_fr, wording_sw
from grievance.rules.dialogue import Template
from grievance.terms import Role, Stage
from grievance.vocabulary import Language
from grievance.wording_mail import MailTemplate, anchor_mail, mail
from tests.figures import Tell
from translations import build

SPOKEN = (Language.FRENCH, Language.SWAHILI)
MOMENT = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)
LONGEST = {
    "code": "WWWW-WW",
    "receipt": "1234 5678 9012 3456",
    "number": "+243 000 000 000",
    "first": "Organisation " * 9,
    "second": "[Ç€] " * 30,
    "day": MOMENT,
    "hour": MOMENT,
    "day_hour": MOMENT,
}
REVIEW = Path(__file__).parents[2] / "translations" / "REVIEW.md"


def sentences(template: Template, language: Language) -> list[str]:
    needed = wording.needs(template)
    return [
        wording.say(
            template,
            language,
            **{name: {**LONGEST, "stage": stage, "turn": role}[name] for name in needed},
        )
        for stage, role in itertools.product(Stage, Role)
    ]


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("template", Template)
def test_every_sentence_with_its_longest_values_is_one_sms(template: Template, language: Language) -> None:
    for sentence in sentences(template, language):
        assert gsm7.fits(sentence)
        assert gsm7.parts(sentence) == 1


@pytest.mark.parametrize("language", SPOKEN)
def test_no_sentence_costs_a_second_sms(language: Language, figure: Tell) -> None:
    said = [sentence for template in Template for sentence in sentences(template, language)]
    most = max(map(gsm7.parts, said))

    figure(
        f"SMS in {language.value}: {len(Template)} sentences, with their longest values at most"
        f" {max(map(len, said))} signs and {most} part"
    )
    assert most == 1


@pytest.mark.parametrize("template", Template)
def test_both_languages_say_the_same_values(template: Template) -> None:
    for tongue in (wording_fr, wording_sw):
        sentence = wording.BOTH.get(template) or tongue.SENTENCES[template]
        assert set(re.findall(r"\{(\w+)\}", sentence)) == wording.needs(template)


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("template", sorted(wording.UNASKED))
def test_what_is_sent_unasked_gives_nothing_away(template: Template, language: Language) -> None:
    assert wording.needs(template) == frozenset()
    said = wording.say(template, language).casefold()
    telling = "plainte|malalamiko|soci|kampuni|mine|garde|mlinzi|police|polisi|ong|chien|mbwa"
    assert not re.search(telling, said)


def test_dates_and_hours_are_written_as_people_there_write_them() -> None:
    said = wording.say(Template.CALL_BACK, Language.FRENCH, day_hour=MOMENT)
    assert said == "D'accord. On vous appelle avant le 26/11 18h30."
    stored = wording.say(Template.CALL_BACK, Language.SWAHILI, day_hour=MOMENT.isoformat())
    assert stored == "Sawa. Tutakupigia kabla ya 26/11 18h30."


def test_the_status_names_the_stage_whose_turn_it_is_and_the_date() -> None:
    values = {"stage": "examined", "turn": "case_worker", "day": MOMENT.isoformat()}
    assert wording.say(Template.STATUS, Language.FRENCH, **values) == (
        "Etape: en examen. A nous de répondre avant le 26/11. RAPPEL pour etre appelé."
    )
    assert wording.say(Template.STATUS, Language.SWAHILI, **values) == (
        "Hatua: inachunguzwa. Sisi tutajibu kabla ya 26/11. NIPIGIE tukupigie."
    )


@pytest.mark.parametrize("values", [{}, {"code": "7F3Q-82"}, {"code": "7F3Q-82", "day": MOMENT, "name": "x"}])
def test_a_sentence_with_a_hole_or_a_stranger_in_it_is_never_said(values: dict[str, str | datetime]) -> None:
    with pytest.raises(ValueError, match="receipt needs"):
        wording.say(Template.RECEIPT, Language.FRENCH, **values)


def test_a_time_without_its_zone_is_refused() -> None:
    naive = MOMENT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        wording.say(Template.CALL_BACK, Language.FRENCH, day_hour=naive)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", [one for one in MailTemplate if one is not MailTemplate.ANCHOR])
def test_an_email_to_staff_holds_a_code_and_a_link_and_nothing_else(
    template: MailTemplate, language: Language
) -> None:
    written = mail(template, language, code="7F3Q-82", link="https://example.org/desk/")
    assert "7F3Q-82" in written.subject
    assert "https://example.org/desk/" in written.body
    assert "\n" not in written.subject
    assert "{" not in written.subject + written.body


@pytest.mark.parametrize("language", Language)
def test_the_anchors_email_holds_a_day_a_hash_and_a_key_and_nothing_else(language: Language) -> None:
    written = anchor_mail(language, day="2026-11-26", digest="ab" * 32, key="cd" * 32)
    assert "2026-11-26" in written.subject
    assert "ab" * 32 in written.body
    assert "cd" * 32 in written.body
    assert "{" not in written.subject + written.body
    assert "http" not in written.body


def test_every_swahili_sentence_is_listed_for_review() -> None:
    listed = REVIEW.read_text(encoding="utf-8").replace("*", "")
    missing = [template for template, said in wording_sw.SENTENCES.items() if said not in listed]
    missing += [template for template, said in wording.BOTH.items() if said not in listed]
    missing_names = [name for name in wording_sw.STAGES.values() if name not in listed]
    assert (missing, missing_names) == ([], [])


def test_every_swahili_sentence_of_the_pages_is_listed_for_review_as_it_is_now() -> None:
    listed = REVIEW.read_text(encoding="utf-8").partition(build.PAGES)[2]
    assert build.PAGES + listed == build.to_review(REVIEW.parent / "parts"), "run `make translations`"
