"""Can the host set everything up, alone where it may, never where a second person must agree?"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from grievance.actions import registry_seen
from grievance.actions.coverage import make_coverage
from grievance.actions.registry import make_channel, make_organisation
from grievance.actions.sign_in import begin_staff
from grievance.schemas.registry import ChannelFacts, CoverageFacts, OrganisationFacts
from grievance.store.models import ChannelRow
from grievance.store.session import transaction
from grievance.terms import Refused
from grievance.vocabulary import GatewayKind, Language, OrganisationKind
from grievance.web.admin import providers
from grievance.web.sessions import PLAIN_NAME
from tests.fixtures import Town
from tests.make import Someone

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
PAGES = ("", "organisations", "sites", "coverage", "channels", "contacts", "deadlines")


@pytest.fixture
def office(town: Town) -> Town:
    """The town, with the administrator's room open."""
    return town


def _signed_in(town: Town, who: Someone):
    client = town.app.test_client()
    cookie = begin_staff(who.row, who.pair, now=datetime.now(UTC))
    client.set_cookie(PLAIN_NAME, cookie)
    return client


def _post(client, page: str, address: str, **fields: object):
    token = CSRF.search(client.get(page).get_data(as_text=True))
    return client.post(address, data={**fields, "csrf_token": token.group(1)})


def _unready_desk(town: Town) -> UUID:
    facts = OrganisationFacts("ONG sans clés", OrganisationKind.CSO, Language.FRENCH)
    return make_organisation(facts, actor=town.world.host.actor, now=NOW)


def _coverage(desk: UUID, backup: UUID) -> CoverageFacts:
    return CoverageFacts(desk, backup, "Lualaba", "Mutshatsha", None, False)


def test_the_administrator_reads_every_register_and_no_case(office: Town) -> None:
    client = _signed_in(office, office.world.host.members[0])
    for page in PAGES:
        assert client.get(f"/admin/{page}").status_code == 200, page
    assert client.get("/desk/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_comes_into_the_administration(office: Town, page: str) -> None:
    client = _signed_in(office, office.world.desk.members[0])
    assert client.get(f"/admin/{page}").status_code == 404


def test_a_desk_without_two_keyed_members_gets_neither_coverage_nor_a_number(office: Town) -> None:
    host, desk = office.world.host.actor, _unready_desk(office)
    with pytest.raises(Refused, match="desk_has_too_few_keys"):
        make_coverage(_coverage(desk, office.world.desk.id), actor=host, now=NOW)
    number = ChannelFacts(desk, GatewayKind.GENERIC, "+243940000009", None, None, {})
    with pytest.raises(Refused, match="desk_has_too_few_keys"):
        make_channel(number, config_key=office.keys.config, actor=host, now=NOW)


def test_a_new_channel_shows_its_address_and_keeps_its_secret_hidden_in_the_database(office: Town) -> None:
    client = _signed_in(office, office.world.host.members[0])
    done = _post(
        client, "/admin/channels", "/admin/channels", desk_id=str(office.world.desk.id), kind="twilio",
        number="+243 92 000 00 07", account="AC" + "7" * 32, secret="a-twilio-auth-token",
    )  # fmt: skip
    assert done.status_code == 303
    page = client.get(done.headers["Location"]).get_data(as_text=True)
    assert "http://127.0.0.1:8000/hooks/twilio/sms" in page
    with transaction(office.world.host.actor) as session:
        rows = session.scalars(select(ChannelRow).where(ChannelRow.number == "+243920000007")).all()
    assert len(rows) == 1
    assert b"a-twilio-auth-token" not in rows[0].secret_hidden


def test_a_number_that_says_nothing_stands_red_on_the_first_page(office: Town) -> None:
    client = _signed_in(office, office.world.host.members[0])
    page = client.get("/admin/").get_data(as_text=True)
    assert re.search(r'told-over">[^\n]*\+243880000001', page)


def test_the_host_invites_the_first_member_of_a_new_organisation(office: Town) -> None:
    client = _signed_in(office, office.world.host.members[0])
    desk = _unready_desk(office)
    page = f"/admin/organisations/{desk}"
    done = _post(client, page, f"{page}/invite", email="nouvelle@ong.example", role="case_lead")
    assert done.status_code == 200
    assert "/join/" in done.get_data(as_text=True)


def test_the_host_names_the_one_person_to_whom_what_is_restricted_opens(office: Town) -> None:
    client, world = _signed_in(office, office.world.host.members[0]), office.world
    hers, page = world.overseer.members[1].row, "/admin/contacts"
    assert client.get(page).get_data(as_text=True).count(f'value="{hers.id}"') == 1
    typed = {"organisation_id": world.overseer.id, "label": "Plaintes restreintes", "member_id": hers.id}
    wrong = _post(client, page, page, **typed | {"organisation_id": world.mine.id})
    assert (wrong.status_code, "organisation" in wrong.get_data(as_text=True)) == (409, True)
    assert _post(client, page, page, **typed).status_code == 303
    shown = client.get(page).get_data(as_text=True)
    assert re.search(rf"Plaintes restreintes.*{re.escape(hers.email)}", shown)


def test_a_text_from_the_telephone_is_taken_by_the_hook_as_its_provider_s(office: Town) -> None:
    (channel,) = registry_seen.channels(office.keys.config)
    call = providers.call_for(
        channel, "+243880000055", "Bonjour", public_url="http://127.0.0.1:8000", now=datetime.now(UTC)
    )
    client = office.app.test_client()
    assert client.post("/hooks/smsgate", data=call.body, headers=call.headers).status_code == 200
    assert client.post("/hooks/smsgate", data=call.body + b" ", headers=call.headers).status_code == 403


def test_a_text_signed_with_twilio_s_token_is_taken_as_twilio_s(office: Town) -> None:
    account = "AC" + "7" * 32
    facts = ChannelFacts(
        office.world.desk.id, GatewayKind.TWILIO, "+243920000008", account, "a-twilio-auth-token", {}
    )
    make_channel(facts, config_key=office.keys.config, actor=office.world.host.actor, now=NOW)
    channel = next(one for one in registry_seen.channels(office.keys.config) if one.account == account)
    call = providers.call_for(
        channel, "+243880000055", "Bonjour", public_url="http://127.0.0.1:8000", now=datetime.now(UTC)
    )
    answer = office.app.test_client().post("/hooks/twilio/sms", data=call.body, headers=call.headers)
    assert answer.status_code == 200


def test_the_telephone_shows_what_was_said_and_what_the_service_answered(office: Town) -> None:
    number, (channel,) = "+243880000055", registry_seen.channels(office.keys.config)
    told = {"at": "2026-11-20T08:00:05+00:00", "channel": channel.number, "to": number, "text": "Bien noté."}
    (office.recorded / "sms.jsonl").write_text(json.dumps(told) + "\n")
    said = "2026-11-20T08:00:00+00:00 Les gardes m'ont frappé"
    form = {"channel": str(channel.id), "number": number, "said": said, "look": "1"}
    page = office.app.test_client().post("/admin/phone", data=form).get_data(as_text=True)
    assert page.index("Les gardes") < page.index("Bien noté.")


def test_the_telephone_takes_no_number_that_somebody_could_have(office: Town) -> None:
    (channel,) = registry_seen.channels(office.keys.config)
    form = {"channel": str(channel.id), "number": "+243810000001", "text": "Bonjour"}
    assert office.app.test_client().post("/admin/phone", data=form).status_code == 422


def test_the_telephone_is_there_with_fictional_data_only(office: Town, tmp_path: Path) -> None:
    client = office.app.test_client()
    assert client.get("/admin/phone").status_code == 200
    settings = office.app.config["SETTINGS"]
    office.app.config["SETTINGS"] = type(settings)(**{**vars(settings), "sample": False})
    assert client.get("/admin/phone").status_code == 404
