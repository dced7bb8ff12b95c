"""Is the page for slips whole, does the worker keep all of it, and what if the server has no libsodium?"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from grievance.web import headers
from grievance.web.desk import offline
from tests.figures import Tell
from tests.fixtures import Town
from tests.slips import TOLD, codes
from tests.web.desk_pages import Desk, sit

STATIC = Path(headers.__file__).parent / "static"


@pytest.fixture
def desk(town: Town) -> Desk:
    """A case worker who holds the triage key, signed in."""
    return sit(town, town.world.desk.members[0])


def test_a_server_without_libsodium_says_so_and_takes_complaints_as_before(
    town: Town, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    static = Path(town.app.static_folder)
    shutil.copytree(static, tmp_path / "static", ignore=shutil.ignore_patterns("sodium"))
    monkeypatch.setattr(town.app, "static_folder", str(tmp_path / "static"))

    page = desk.get("/desk/offline")

    assert page.status == 200
    assert "ne sont pas installées sur ce serveur" in page.text
    assert "wasm" not in page.page.headers["Content-Security-Policy"]
    assert "<script" not in page.text
    assert 'data-action="keep"' not in page.text
    desk.get("/desk/new").do("assisted", **TOLD)
    assert len(codes(town)) == 1


def test_the_worker_keeps_what_the_page_is_made_of_and_may_serve_that_page_alone(
    town: Town, desk: Desk
) -> None:
    page, worker = desk.get("/desk/offline").text, desk.client.get("/desk/offline/worker.js")
    shell = json.loads(worker.text.split("const SHELL = ")[1].split(";\n")[0])

    assert worker.headers["Service-Worker-Allowed"] == shell["page"] == "/desk/offline"
    assert worker.mimetype == "text/javascript"
    named = set(re.findall(r'(?:href|src|data-sodium)="(/(?:static|bootstrap)[^"]+)"', page))
    assert named <= set(shell["files"])
    for file in shell["files"]:
        with desk.client.get(file) as answer:
            assert answer.status_code == 200, file
    for pictured in re.findall(r'url\("(\w+\.svg)"\)', (STATIC / "staff.css").read_text()):
        assert f"/static/{pictured}" in shell["files"]


def test_what_a_telephone_fetches_once_and_then_each_time_is_counted(
    town: Town, desk: Desk, figure: Tell
) -> None:
    worker = "/desk/offline/worker.js"
    shell = json.loads(desk.client.get(worker).text.split("const SHELL = ")[1].split(";\n")[0])

    def weighed(address: str) -> int:
        with desk.client.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
            return len(answer.get_data())

    each_time = weighed("/desk/offline") + weighed(worker) + weighed("/desk/offline/state")
    once = sum(map(weighed, shell["files"]))

    figure(f"without network: {once / 1024:.0f} KB fetched once, {each_time / 1024:.1f} KB each time")
    assert once < 200 * 1024
    assert each_time < 14 * 1024


def test_libsodium_is_the_one_that_the_lock_file_names(town: Town, desk: Desk) -> None:
    """The wrappers ask for the module beside them by its hash: never for an older copy."""
    shell = desk.client.get("/desk/offline/worker.js").text
    wanted = re.search(r'from"\./(libsodium\.mjs\?v=\w+)"', (STATIC / offline.SODIUM[0]).read_text())

    assert wanted is not None
    assert f"/static/sodium/{wanted[1]}" in shell
