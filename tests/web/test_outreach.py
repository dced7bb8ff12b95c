"""Does the administrator print a site's sheets, and does their address open the form at that site?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader

from grievance.actions.outreach import PublicNumber, for_site, printed
from grievance.actions.registry import make_channel
from grievance.actions.sign_in import begin_staff
from grievance.posters import Outreach
from grievance.rules.hotlines import Hotline, Hotlines
from grievance.schemas.registry import ChannelFacts
from grievance.vocabulary import GatewayKind, Language
from grievance.web.admin import sheets
from grievance.web.clock import utcnow
from grievance.web.sessions import PLAIN_NAME
from tests.apps import PUBLIC_URL
from tests.fixtures import Town
from tests.make import Someone
from tests.web.public_pages import STORY, visitor

KINDS = ("poster", "cards", "neutral")
NOBODYS_SITE = "35523b66-b6d1-4cf6-9260-fdf381becee7"


def _browser(town: Town, who: Someone):
    client = town.app.test_client()
    client.set_cookie(PLAIN_NAME, begin_staff(who.row, who.pair, now=datetime.now(UTC)))
    return client


def _drawn(town: Town) -> Outreach:
    """What stands on a sheet of the site, as the code on it is drawn from it."""
    found = for_site(
        town.world.site.id, town.app.config["HOTLINES"], actor=town.world.host.actor, now=utcnow()
    )
    with town.app.test_request_context():
        return sheets._said(found, sheets.TONGUES)


def _text(answer) -> str:
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    (page,) = PdfReader(BytesIO(answer.data)).pages
    return " ".join(page.extract_text().split())


def test_the_administrator_prints_a_poster_with_the_number_of_the_site_s_desk(town: Town) -> None:
    client = _browser(town, town.world.host.members[0])
    sites = client.get("/admin/sites").get_data(as_text=True)
    address = f"/admin/sites/{town.world.site.id}/poster"
    assert address in sites
    text = _text(client.get(address))
    for part in ("+243 880 000 001", "ONG Exemple Kolwezi", "Site Exemple A", "24 heures", "siku 5"):
        assert part in text, part
    assert "DONNÉES FICTIVES" in text
    assert "malalamiko" not in _text(client.get(f"{address}?lang=fr"))


def test_cards_and_neutral_cards_are_printed_too(town: Town) -> None:
    client = _browser(town, town.world.host.members[0])
    cards, neutral = (client.get(f"/admin/sites/{town.world.site.id}/{kind}") for kind in KINDS[1:])
    assert "porter plainte" in _text(cards)
    assert "On vous écoute" in _text(neutral)
    for answer in (cards, neutral):
        name = answer.headers["Content-Disposition"]
        assert not any(word in name.lower() for word in ("plainte", "mine", "card", "site", "neutral"))


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_but_the_administrator_prints_and_an_unknown_site_is_not_found(town: Town, kind: str) -> None:
    address = f"/admin/sites/{town.world.site.id}/{kind}"
    assert _browser(town, town.world.desk.members[0]).get(address).status_code == 404
    host = _browser(town, town.world.host.members[0])
    assert host.get(f"/admin/sites/{uuid4()}/{kind}").status_code == 404


def test_a_desk_s_quiet_number_stands_on_none_of_its_sheets(town: Town) -> None:
    host, desk = town.world.host, town.world.desk.id
    for number, quiet in (("+243990000001", False), ("+243810000002", True)):
        facts = ChannelFacts(desk, GatewayKind.GENERIC, number, None, None, {}, quiet)
        make_channel(facts, config_key=town.keys.config, actor=host.actor, now=utcnow())
    client = _browser(town, host.members[0])
    for kind in KINDS:
        text = _text(client.get(f"/admin/sites/{town.world.site.id}/{kind}"))
        assert "Airtel +243 990 000 001" in text
        assert "810 000 002" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_ring_and_hang_up_is_printed_once_a_number_of_the_desk_tells_of_calls(town: Town, kind: str) -> None:
    host, desk = town.world.host, town.world.desk.id
    client, address = _browser(town, host.members[0]), f"/admin/sites/{town.world.site.id}/{kind}"
    for number, quiet in (("+243810000002", True), ("+243990000001", False)):
        assert "raccrochez" not in _text(client.get(address))
        facts = ChannelFacts(desk, GatewayKind.GENERIC, number, None, None, {}, quiet)
        make_channel(facts, config_key=town.keys.config, actor=host.actor, now=utcnow())
    assert "onnez au +243 990 000 001 et raccrochez" in _text(client.get(address))


def test_the_host_sees_which_numbers_tell_of_missed_calls(town: Town) -> None:
    facts = ChannelFacts(town.world.desk.id, GatewayKind.GENERIC, "+243990000001", None, None, {}, False)
    made = make_channel(facts, config_key=town.keys.config, actor=town.world.host.actor, now=utcnow())
    client = _browser(town, town.world.host.members[0])
    told, tells = "signale aucun appel manqué", "peut nous signaler les appels manqués"
    for channel_id, said, unsaid in ((made.id, tells, told), (town.world.channel.id, told, tells)):
        page = client.get(f"/admin/channels/{channel_id}").get_data(as_text=True)
        assert said in page
        assert unsaid not in page
    assert client.get("/admin/channels").get_data(as_text=True).count("signale les appels manqués") == 1


def test_quiet_wins_over_a_second_channel_with_the_same_number() -> None:
    numbers = (PublicNumber("+243990000002", False), PublicNumber("+243990000001", False))
    assert printed(numbers) == ("+243990000001", "+243990000002")
    assert printed((*numbers, PublicNumber("+243990000003", True))) == printed(numbers)
    assert printed((*numbers, PublicNumber("+243990000001", True))) == ("+243990000002",)


def test_a_help_line_that_nobody_verified_lately_is_not_printed(town: Town) -> None:
    client = _browser(town, town.world.host.members[0])
    address = f"/admin/sites/{town.world.site.id}/poster"
    today = utcnow().date()
    fresh, stale = Hotline("+243 000 000 000", today), Hotline("+243 000 000 001", date(2024, 1, 1))
    town.app.config["HOTLINES"] = Hotlines(90, (stale,))
    assert "+243 000" not in _text(client.get(address))
    town.app.config["HOTLINES"] = Hotlines(90, (stale, fresh))
    text = _text(client.get(address))
    assert f"+243 000 000 000 (vérifié le {today:%d/%m/%Y})" in text
    assert "+243 000 000 001" not in text


@pytest.mark.parametrize("lang", ["fr", "sw"])
def test_the_address_on_the_poster_opens_the_form_with_the_site_chosen(town: Town, lang: str) -> None:
    site = str(town.world.site.id)
    address = _drawn(town).addresses[Language(lang)]
    assert address == f"{PUBLIC_URL}/{lang}/plainte/lieu?site={site}"
    page = town.app.test_client().get(address.removeprefix(PUBLIC_URL))
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    chosen = re.findall(r'value="([^"]+)"(?: id="\w+")? checked', text)
    assert chosen == ["Lualaba", "Mutshatsha", site]
    assert text.index(town.world.site.name) < text.index("lieu_province")
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"


def test_the_site_travels_on_to_the_end_and_no_later_page_has_it_in_its_address(town: Town) -> None:
    person = visitor(town.app)
    person.get(f"/fr/plainte/lieu?site={town.world.site.id}")
    chosen = re.findall(r'name="(lieu_\w+)" value="([^"]+)"(?: id="\w+")? checked', person.text)
    assert person.forms()[0]["action"] == "/fr/plainte/lieu"
    person.send(**dict(chosen))
    for answers in ({}, {}, {}, {"recit": STORY}, {}, {}):
        assert "?site" not in person.text
        person.send(**answers)
    assert town.world.site.name in person.text


@pytest.mark.parametrize("wrong", ["", "x", "../..", "0" * 5_000, NOBODYS_SITE, "%00", "<b>"])
@pytest.mark.parametrize("page", ["plainte/lieu", ""])
def test_a_cut_or_old_address_opens_the_empty_form(town: Town, wrong: str, page: str) -> None:
    answer = town.app.test_client().get(f"/fr/{page}", query_string={"site": wrong})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert " checked" not in text
    assert "<b>" not in text


def test_a_neutral_address_leads_to_the_form_at_the_site_in_either_language(town: Town) -> None:
    site = town.world.site.id
    address = _drawn(town).neutral_addresses[Language.FRENCH]
    assert "plainte" not in address
    text = town.app.test_client().get(address.removeprefix(PUBLIC_URL)).get_data(as_text=True)
    assert f"/fr/plainte/lieu?site={site}" in text
    assert f"/sw/?site={site}" in text
