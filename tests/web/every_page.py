"""Which pages can a complainant meet? A walk through every one of them, asking all that it can ask."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from flask import Flask, template_rendered
from jinja2 import Template

from grievance.actions import cases, referrals
from grievance.actions.evidence import MOST_FILES
from grievance.rules.floods import LIMITS, Knock
from grievance.schemas.company import RemedyDelivery, RemedyPromise
from grievance.store import queries, vault
from grievance.store.session import transaction
from grievance.vocabulary import DataClass, EntryKind, FileKind, RemedyKind
from tests import desk_work
from tests.fixtures import Town
from tests.source import ROOT
from tests.stories import test_one_case_goes_on_by_any_way as by_any_way
from tests.stories.phones import Phone
from tests.web.public_pages import PAGES, STORY, Visitor, presses
from tests.web.test_floods import busy_reports, knocked
from tests.web.test_public_follow import closed

TEMPLATES = ROOT / "grievance" / "web" / "templates" / "public"
# What other templates are made of: no page by itself.
PARTS = frozenset({"base.html", "macros.html", "page.html"})
UNKNOWN = "0000 0000 0000 0000"
# What no title may say, in either language, to whoever looks over a shoulder.
TELLING = (
    "plainte", "malalamiko", "garde", "mlinzi", "walinzi", "mine", "mgodi", "société", "kampuni", "ong",
    "dossier", "shauri", "chien", "mbwa", "viol", "danger", "hatari", "grievance", "complaint", "guard",
)  # fmt: skip


def all_templates() -> set[str]:
    """Every public template that is a page."""
    return {file.name for file in TEMPLATES.glob("*.html")} - PARTS


def tells(title: str) -> list[str]:
    """The words of a title that tell what it is about."""
    return [word for word in TELLING if re.search(rf"\b{word}", title, re.IGNORECASE)]


@contextmanager
def shown(app: Flask) -> Iterator[set[str]]:
    """The public templates that are shown from here on."""
    names: set[str] = set()

    def note(_: Flask, template: Template, **__: object) -> None:
        folder, _, name = (template.name or "").rpartition("/")
        names.update([name] if folder == "public" else [])

    with template_rendered.connected_to(note, app):
        yield names


def answered(town: Town, code: str) -> None:
    """The guards' company was told, answered, and says that its promise is kept; the desk explained it."""
    desk, provider, now = town.world.desk.actor, town.world.provider.actor, datetime.now(UTC)
    cases.know_nobody(code, actor=desk, now=now)
    cases.take(code, actor=desk, now=now)
    cases.triage(code, desk_work.decided(town, reason="Dit au téléphone."), actor=desk, now=now)
    asked = desk_work.draft(town.world.provider.id, affected_agree=True)
    referral = referrals.refer(code, asked, actor=desk, now=now)
    referrals.answer(referral, "Nous avons vérifié les faits.", actor=provider, now=now)
    promised = RemedyPromise(RemedyKind.MEDICAL_COSTS, "Nous payons l'hôpital.")
    remedy = referrals.promise_remedy(referral, promised, actor=provider, now=now)
    referrals.deliver_remedy(referral, RemedyDelivery(remedy, "Reçu n° 12"), actor=provider, now=now)
    referrals.relay(referral, "La société paie vos soins.", actor=desk, now=now)


def full(town: Town, code: str) -> None:
    """Five files stand in the complainant's thread: no more are taken."""
    desk, now = town.world.desk.actor, datetime.now(UTC)
    with transaction(desk) as session:
        case = queries.case_by_code(session, code, lock=True)
        for number in range(MOST_FILES):
            told = json.dumps({"kind": FileKind.PHOTO, "name": f"{number}.jpg", "size": 200_000})
            vault.write_entry(session, case, DataClass.THREAD, EntryKind.FILE, told, actor=desk, now=now)


def texted(town: Town) -> str:
    """The receipt that somebody who wrote by SMS was texted; the desk has not made sure yet who asks."""
    phone = Phone(town)
    return by_any_way.asked(phone, f"WEB {by_any_way.told(phone).code}")


def walk(town: Town, person: Visitor, story: str = STORY) -> Iterator[str]:
    """Opens one page after another, and gives the name of each while it is open."""
    yield from _coming_in(town, person)
    yield from _reporting(town, person, story)
    yield from _own_page(town, person)
    yield from _without_a_story(person)
    yield from _in_a_flood(town, person, story)


def _coming_in(town: Town, person: Visitor) -> Iterator[str]:
    lang = person.lang
    for name, path in (("langues", "/"), ("accueil", f"/{lang}/"), ("suivi", f"/{lang}/suivi")):
        person.get(path)
        yield name
    person.get(f"/quitter?lang={lang}")
    yield "calendrier"
    person.come_back(UNKNOWN)
    yield "suivi, unknown"
    person.come_back(texted(town))
    yield "dossier, stage only"
    person.do("sign_out")


def _reporting(town: Town, person: Visitor, story: str) -> Iterator[str]:
    answers = _answers(town, story)
    person.begin()
    for page in PAGES:
        yield page
        if page == "contact":
            person.send(garder="1")
            yield "garde"
            person.send(vers=page)
        person.send(**answers.get(page, {}))
    yield "recu"


def _own_page(town: Town, person: Visitor) -> Iterator[str]:
    own, code = f"/{person.lang}/suivi", person.code
    person.come_back(person.receipt)
    yield "dossier"
    person.get(f"{own}/effacer")
    yield "effacer"
    person.get(f"{own}/fichiers")
    yield "fichiers"
    person.do("add_file")
    yield "fichiers, refused"
    full(town, code)
    person.get(f"{own}/fichiers")
    yield "fichiers, full"
    answered(town, code)
    person.get(f"{own}/dossier")
    yield "dossier, answered"
    person.do("settle")
    yield "dossier, refused"
    person.get(f"{own}/effacer")
    yield "effacer, too late"
    person.get(f"{own}/dossier").do("withdraw")
    yield "retirer"
    closed(town, person.get(f"{own}/dossier"), datetime.now(UTC))
    person.get(f"{own}/dossier")
    yield "dossier, closed"
    person.do("appeal", organe="nobody")
    yield "dossier, closed, refused"
    person.get(f"{own}/dossier").do("sign_out")


def _without_a_story(person: Visitor) -> Iterator[str]:
    person.begin().send().send().send().send(faits="sexual_violence")
    yield "recit, as they like"


def _in_a_flood(town: Town, person: Visitor, story: str) -> Iterator[str]:
    busy_reports(town)
    person.answer_all(recit=story)
    yield "verifier, a question"
    person.send()
    yield "verifier, the question again"
    person.send()
    yield "attente"
    person.come_back(person.receipt)
    yield "apart"
    presses(person)
    yield "apart_effacer"
    presses(person, "effacer-oui")
    yield "efface"
    knocked(town, Knock.RECEIPT, LIMITS[Knock.RECEIPT].ask_soon + 1)
    person.come_back(UNKNOWN)
    yield "suivi, a question"


def _answers(town: Town, story: str) -> dict[str, dict[str, object]]:
    return {
        "lieu": {"lieu_province": "Lualaba", "lieu_site": str(town.world.site.id), "lieu_pres": "Le pont"},
        "date": {"date_quand": "yesterday"},
        "qui": {"qui": "private", "indices": ["uniform", "dog"], "indices_texte": "Un écusson jaune"},
        "faits": {"faits": ["assault", "dog_attack", "detention"], "danger": "non"},
        "recit": {"recit": story, "souhait": "Les soins de ma jambe et que le chien parte."},
        "lecture": {"lecture": "both"},
        "contact": {"contact": "web", "qui_parle": "self", "personnes": "1"},
    }
