"""Does every answer carry exactly our headers, name no address but ours, and refuse a form from elsewhere?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import request
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from config.deadlines import load_calendar, load_policy
from config.retention import load_retention
from grievance.actions import sign_in
from grievance.application import create_app
from grievance.rules import access
from grievance.rules.access import Entrance
from grievance.terms import Role
from grievance.web import headers, leaving
from grievance.web.csrf import UNSAFE
from tests import apps
from tests.fixtures import Town
from tests.web import exact_headers
from tests.web.desk_pages import now
from tests.web.public_pages import _Browser, visitor

EVIL = "evil.example"
# They end the session that asks.
ENDING = {"doors.sign_out", "account.end_session", "account.end_others"}
UNTRIED = headers.STATIC_ENDPOINTS | {"health.metrics", "public.leave"}
# Who sits inside where a role comes in: the first of these whom an address lets in.
INSIDE = {
    Role.COMPLAINANT: "complainant", Role.CASE_WORKER: "desk", Role.COMPANY: "provider",
    Role.OVERSEER: "overseer", Role.ADMINISTRATOR: "host",
}  # fmt: skip
FORGERIES = {
    "X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Prefix": "/evil", "X-Forwarded-Port": "444", "Forwarded": f"host={EVIL};proto=https",
    "X-Original-URL": "/admin/", "X-Rewrite-URL": "/admin/", "X-HTTP-Method-Override": "DELETE",
}  # fmt: skip


def _browser(town: Town, who: str = "") -> FlaskClient:
    client = _Browser(town.app, town.app.response_class)
    if who:
        someone = getattr(town.world, who).members[0]
        client.set_cookie("grievance", sign_in.begin_staff(someone.row, someone.pair, now=now()))
    return client


def _addresses(town: Town) -> Iterator[tuple[Rule, str, str]]:
    """Every route and method, with an address that has something in each of its places."""
    filled = {
        "lang": "fr", "name": "lieu", "came": "oui", "filename": "public.css", "token": "x", "secret": "x",
        "own_id": "x", "what": "sent", "kind": "poster",
    }  # fmt: skip
    adapter = town.app.url_map.bind("127.0.0.1")
    for rule in town.app.url_map.iter_rules():
        values = {one: filled.get(one, "00000000-0000-4000-8000-000000000000") for one in rule.arguments}
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield rule, method, adapter.build(rule.endpoint, values, method=method)


def _closed(response: TestResponse) -> TestResponse:
    """The answer after its body was taken; a file is closed."""
    response.close()
    return response


def _insider(rule: Rule) -> str:
    """Who comes in at this address; nobody in particular where it is open."""
    roles = access.entrance(rule.endpoint)
    return next(who for role, who in INSIDE.items() if role in roles) if isinstance(roles, frozenset) else ""


@pytest.fixture
def insiders(town: Town) -> dict[str, FlaskClient]:
    """A browser for each who comes in somewhere: members, and a complainant who opened their receipt."""
    person = visitor(town.app).answer_all(lieu_province="Lualaba").send()
    assert person.come_back(person.receipt).page.status_code == 200
    members = {who: _browser(town, who) for who in INSIDE.values() if who != "complainant"}
    return members | {"": _browser(town), "complainant": person.client}


@pytest.mark.parametrize("method", ["as meant", "HEAD", "OPTIONS"])
def test_every_answer_of_every_route_carries_exactly_our_headers(
    method: str, town: Town, insiders: dict[str, FlaskClient]
) -> None:
    wrong = {}
    for rule, meant, address in _addresses(town):
        asked = meant if method == "as meant" else method
        if method == "HEAD" and meant != "GET":
            continue
        for who in {"", _insider(rule)}:
            response = _closed(insiders[who].open(address, method=asked))
            found = exact_headers.faults(rule.endpoint, asked, response)
            if asked == "OPTIONS" and response.status_code == 200 and meant not in response.allow:
                found["Allow"] = (meant, str(response.allow))
            wrong |= {f"{asked} {address} by {who}: {response.status_code}": found} if found else {}

    assert wrong == {}


@pytest.mark.parametrize(
    ("method", "address"), [("GET", "/nothing"), ("DELETE", "/desk/"), ("PUT", "/fr/suivi"), ("TRACE", "/")]
)
def test_a_page_that_is_not_there_and_a_method_that_is_not_meant_carry_them_too(
    method: str, address: str, town: Town
) -> None:
    answer = _browser(town).open(address, method=method)
    assert answer.status_code in (404, 405)
    assert exact_headers.faults(None, method, answer) == {}


def test_a_picture_may_carry_its_own_styles_and_nothing_else(town: Town) -> None:
    told = _browser(town, "overseer").get("/oversight/charts/quarters.svg").headers
    assert told["Content-Security-Policy"] == exact_headers.PICTURE


def test_who_leaves_or_signs_out_is_forgotten_by_the_browser(town: Town) -> None:
    member = _browser(town, "desk")
    left = _browser(town).get("/quitter").headers
    out = member.post("/sign-out", data={"csrf_token": _token(member)}).headers

    assert left["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    # What a member wrote without network waits in the browser's storage, sealed: none of it is lost.
    assert out["Clear-Site-Data"] == '"cache", "cookies"'


def test_one_page_alone_may_seal_and_it_names_nobody(town: Town) -> None:
    member = _browser(town, "desk")
    pages = {
        rule.endpoint: _closed(member.get(address))
        for rule, method, address in _addresses(town)
        if method == "GET" and rule.endpoint not in UNTRIED
    }

    policies = {one: page.headers["Content-Security-Policy"] for one, page in pages.items()}
    assert [one for one, policy in policies.items() if "wasm" in policy] == ["offline.page"]
    assert policies["offline.page"] == exact_headers.SEALS
    assert pages["offline.page"].headers["Cache-Control"] == "no-store"
    for told in ("csrf_token", town.world.desk.row.name, town.world.desk.members[0].row.email):
        assert told not in pages["offline.page"].text


def _token(client: FlaskClient, page: str = "/members") -> str:
    return client.get(page).text.split('name="csrf_token" value="')[1].split('"')[0]


def test_no_page_names_an_address_that_is_not_ours(town: Town) -> None:
    stranger, host = _browser(town), _browser(town, "host")

    for rule, method, address in _addresses(town):
        if method != "GET":
            continue
        for client in (stranger, host):
            page = client.get(address).text if rule.endpoint not in headers.STATIC_ENDPOINTS else ""
            linked = [part.split('"')[0] for part in page.split('src="')[1:] + page.split('href="')[1:]]
            foreign = [one for one in linked if "//" in one and not one.startswith(apps.PUBLIC_URL)]
            assert foreign == [], address
            assert " style=" not in page, address
            scripts = [part.split("</script>")[0] for part in page.split("<script>")[1:]]
            assert scripts in ([], [leaving.SCRIPT]), address


def test_what_a_request_claims_about_itself_changes_nothing(town: Town) -> None:
    """Host, scheme, address and path are what the server and `PUBLIC_URL` say, never the request."""
    for who in ("", "host", "desk"):
        client = _browser(town, who)
        for rule, method, address in _addresses(town):
            if method != "GET" or rule.endpoint in UNTRIED:
                continue
            # A browser sends its cookie to one host only, so a member's request names the real one.
            claims = FORGERIES if who else FORGERIES | {"Host": EVIL}
            plain, forged = client.get(address), client.get(address, headers=claims)
            assert forged.status_code == plain.status_code, address
            assert EVIL not in forged.text + str(forged.headers), address
            assert "/evil" not in forged.text + str(forged.headers), address


@pytest.mark.parametrize("address", ["/desk", "/company", "/fr", "//evil.example/desk", "/fr//suivi"])
def test_a_corrected_address_stays_on_this_site(address: str, town: Town) -> None:
    answer = _browser(town).get(address, headers={"Host": EVIL})

    assert answer.status_code in (303, 308, 404)
    place = answer.headers.get("Location", "/")
    assert place.startswith("/")
    assert not place.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "referrer",
    [
        "http://evil.example/x", "http://evil.example//evil.example/", "http://x/\\evil.example",
        "//evil.example", "http://x/\t/evil.example", "javascript:alert(1)", "http://x/%2F%2Fevil.example",
        "http://x/%5Cevil.example",
    ],
)  # fmt: skip
def test_the_way_back_never_leads_to_another_site(referrer: str, town: Town) -> None:
    member = _browser(town, "desk")
    answer = member.post(
        "/language", data={"language": "fr", "csrf_token": _token(member)}, headers={"Referer": referrer}
    )

    place = answer.headers["Location"]
    assert place.startswith("/")
    assert not place.startswith(("//", "/\\", "/\t"))


def test_an_invitation_carries_the_configured_address_whatever_the_host_is_said_to_be(town: Town) -> None:
    host = _browser(town, "host")
    form = {"role": "case_worker", "email": "n@x.example", "csrf_token": _token(host)}
    page = host.post(
        f"/admin/organisations/{town.world.desk.id}/invite", data=form, headers=FORGERIES
    )
    assert f"{apps.PUBLIC_URL}/join/" in page.text
    assert EVIL not in page.text


def test_every_form_that_acts_on_a_cookie_is_refused_without_its_token(
    town: Town, insiders: dict[str, FlaskClient]
) -> None:
    tokens = {
        who: _token(client, "/fr/suivi/dossier" if who == "complainant" else "/members")
        for who, client in insiders.items() if who
    }  # fmt: skip
    forms = [
        (rule, method, address) for rule, method, address in _addresses(town)
        if method in UNSAFE and isinstance(access.entrance(rule.endpoint), frozenset)
    ]  # fmt: skip
    for rule, method, address in forms:
        another = tokens["desk" if _insider(rule) != "desk" else "host"]
        for data in ({}, {"csrf_token": "forged"}, {"csrf_token": another}):
            answer = insiders[_insider(rule)].open(address, method=method, data=data)
            assert answer.status_code == 400, (rule.endpoint, data)
    # With it each of these forms is read: nothing but the token was missing.
    unread = [
        rule.endpoint for rule, method, address in sorted(forms, key=lambda form: form[0].endpoint in ENDING)
        if insiders[_insider(rule)].open(
            address, method=method, data={"csrf_token": tokens[_insider(rule)]}
        ).status_code == 400
    ]  # fmt: skip
    assert unread == []
    assert {_insider(rule) for rule, *_ in forms} == set(INSIDE.values())


def test_what_acts_on_no_cookie_is_open_or_proves_itself(town: Town) -> None:
    """The only unsafe routes that ask for no token, named one by one."""
    tokenless = {
        rule.endpoint
        for rule, method, _ in _addresses(town)
        if method in UNSAFE and not isinstance(access.entrance(rule.endpoint), frozenset)
    }
    hooks = {one for one in tokenless if access.entrance(one) is Entrance.PROOF}
    assert tokenless - hooks == {
        "doors.sign_in", "doors.join", "doors.recover", "public.answered", "public.come_back",
        "public.leave_visit", "phone.send", "api.report",
    }  # fmt: skip


@pytest.mark.parametrize("address", ["/sign-in", "/recover", "/join/x", "/sw/suivi", "/admin/phone"])
def test_a_door_refuses_a_form_of_another_site(address: str, town: Town) -> None:
    for told in ({"Origin": f"https://{EVIL}"}, {"Referer": f"https://{EVIL}/form"}, {"Origin": "null"}):
        assert _browser(town).post(address, headers=told).status_code == 400, told


@pytest.mark.parametrize(("proxies", "seen"), [(0, "198.51.100.7"), (1, "203.0.113.9"), (2, "192.0.2.1")])
def test_who_asks_is_what_our_own_proxies_saw_and_nothing_else_is_believed(
    proxies: int, seen: str, town: Town, tmp_path: Path
) -> None:
    settings = apps.web_settings(town.database, town.redis_url, town.keys, tmp_path)
    behind = type(settings)(**{**vars(settings), "proxies": proxies})
    app = create_app(behind, policy=load_policy(), calendar=load_calendar(), retention=load_retention())
    taken: list[tuple[str | None, str, str, str]] = []
    app.before_request_funcs[None].insert(
        0, lambda: taken.append((request.remote_addr, request.host, request.scheme, request.root_path))
    )

    claims = FORGERIES | {"X-Forwarded-For": "192.0.2.1, 203.0.113.9"}
    app.test_client().get("/", headers=claims, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    apps.close(app)

    assert taken == [(seen, "localhost", "http", "")]


def test_on_https_the_browser_is_told_to_stay_there(town: Town, tmp_path: Path) -> None:
    settings = apps.web_settings(town.database, town.redis_url, town.keys, tmp_path)
    secure = type(settings)(**{**vars(settings), "public_url": "https://grievance.example"})
    app = create_app(secure, policy=load_policy(), calendar=load_calendar(), retention=load_retention())

    told = app.test_client().get("/").headers
    apps.close(app)

    assert told["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in _browser(town).get("/").headers
