"""Does every answer carry exactly our headers, name no address but ours, and refuse a form from elsewhere?"""

from __future__ import annotations

import base64
import hashlib
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
from grievance.web import headers, leaving
from grievance.web.csrf import UNSAFE
from tests import apps
from tests.fixtures import Town
from tests.web.desk_pages import now
from tests.web.public_pages import _Browser

EVIL = "evil.example"
STATIC = Path(leaving.__file__).parent / "static"
# The hashes are those of the two scripts which stand in a page; the picture `data:` is the empty icon.
LEAVE, EFFORT = (
    base64.b64encode(hashlib.sha256((STATIC / name).read_bytes()).digest()).decode()
    for name in ("leave.js", "effort.js")
)
CSP = (
    f"default-src 'none'; style-src 'self'; script-src 'self' 'sha256-{LEAVE}' 'sha256-{EFFORT}'; "
    "img-src 'self' data:; "
    "media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# The worker that keeps the page for slips fetches that page and its files, and nothing else.
WORKER = CSP + "; connect-src 'self'"
# The one page that seals in the browser: WebAssembly, its worker, its manifest, its own calls.
SEALS = CSP.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'") + (
    "; connect-src 'self'; worker-src 'self'; manifest-src 'self'"
)
# A picture of ours is a document of its own: its styles are inside it, and nothing else may be.
PICTURE = "default-src 'none'; style-src 'unsafe-inline'"
OURS = {
    "Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options", "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy", "Permissions-Policy", "Cache-Control",
}  # fmt: skip
UNTRIED = headers.STATIC_ENDPOINTS | {"health.metrics", "public.leave"}
LEAVING = {"public.leave", "public.leave_visit", "doors.sign_out"}
TELLING = {"Server", "X-Powered-By", "Access-Control-Allow-Origin", "Etag", "Last-Modified"}
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


def _as_it_must_be(rule: Rule, response: TestResponse) -> bool:
    told = dict(response.headers)
    kept = told.get("Cache-Control")
    policy = told.get("Content-Security-Policy")
    # A file that is not there is kept no more than a page.
    files = rule.endpoint in headers.STATIC_ENDPOINTS and response.status_code < 400
    return (
        set(told) >= OURS
        and policy == (WORKER if rule.endpoint == "offline.worker" else CSP)
        and (files or kept == "no-store")
        and (not files or kept.startswith("public"))
        and not (TELLING - ({"Etag", "Last-Modified"} if files else set())) & set(told)
        and ("Clear-Site-Data" in told) == (rule.endpoint in LEAVING)
    )


def test_every_answer_of_every_route_carries_exactly_our_headers(town: Town) -> None:
    stranger, overseer = _browser(town), _browser(town, "overseer")

    wrong = [
        f"{method} {address}: {response.status_code} {dict(response.headers)}"
        for rule, method, address in _addresses(town)
        for client in (stranger, overseer)
        if rule.endpoint != "doors.sign_out"
        and not _as_it_must_be(rule, response := _closed(client.open(address, method=method)))
    ]

    assert wrong == []


def test_a_page_that_is_not_there_and_a_method_that_is_not_meant_carry_them_too(town: Town) -> None:
    for method, address in (("GET", "/nothing"), ("DELETE", "/desk/"), ("PUT", "/fr/suivi"), ("TRACE", "/")):
        told = dict(_browser(town).open(address, method=method).headers)
        assert set(told) >= OURS, (method, address)
        assert (told["Content-Security-Policy"], told["Cache-Control"]) == (CSP, "no-store")


def test_a_picture_may_carry_its_own_styles_and_nothing_else(town: Town) -> None:
    told = _browser(town, "overseer").get("/oversight/charts/quarters.svg").headers
    assert told["Content-Security-Policy"] == PICTURE


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
    assert policies["offline.page"] == SEALS
    assert pages["offline.page"].headers["Cache-Control"] == "no-store"
    for told in ("csrf_token", town.world.desk.row.name, town.world.desk.members[0].row.email):
        assert told not in pages["offline.page"].text


def _token(client: FlaskClient) -> str:
    return client.get("/members").text.split('name="csrf_token" value="')[1].split('"')[0]


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


def test_every_form_that_acts_on_a_cookie_is_refused_without_its_token(town: Town) -> None:
    roles = {
        "desk": "desk", "company": "provider", "oversight": "overseer", "admin": "host", "members": "desk",
        "confirmations": "overseer", "doors": "desk", "account": "desk", "key_changes": "desk",
        "step_up": "desk", "offline": "desk",
    }  # fmt: skip
    clients = {who: _browser(town, who) for who in set(roles.values())}
    asked = 0
    for rule, method, address in _addresses(town):
        if method not in UNSAFE or not isinstance(access.entrance(rule.endpoint), frozenset):
            continue
        room = rule.endpoint.partition(".")[0]
        if room not in roles or rule.endpoint == "members.confirm_fingerprint":
            continue
        asked += 1
        for data in ({}, {"csrf_token": "forged"}):
            assert clients[roles[room]].open(address, method=method, data=data).status_code == 400, address
    assert asked > 50


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
