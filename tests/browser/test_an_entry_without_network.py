"""Does a complaint that was written where there is no network wait, unreadable, and arrive once?"""

from __future__ import annotations

import base64
import time
from pathlib import Path

from tests.browser.away import FIRST, NAME, SECOND, STORED, WRITTEN, Phone, codes, told


def test_two_complaints_written_without_network_are_two_cases_when_it_is_back(away: Phone) -> None:
    away.learn()
    away.context.set_offline(True)
    away.open()
    away.write(FIRST, name=NAME)
    away.waits(1)
    assert away.page.locator("[name=story]").input_value() == ""
    away.page.reload()
    away.waits(1)
    away.write(SECOND)
    away.waits(2)
    assert codes(away.street.town) == []

    away.context.set_offline(False)
    away.waits(0)
    away.page.locator("#told .told-done >> nth=1").wait_for()

    assert len(codes(away.street.town)) == 2
    assert {FIRST, SECOND} <= told(away.street.town)
    shown = away.page.locator("#told").inner_text()
    assert [code for code in codes(away.street.town) if code not in shown] == []
    away.page.reload()
    away.waits(0)


def test_nothing_that_was_written_can_be_read_on_the_telephone(away: Phone) -> None:
    away.learn()
    away.context.set_offline(True)
    away.open()
    away.write(FIRST, name=NAME)
    away.waits(1)
    away.write(SECOND + " Bis." * 40, wished="Des soins.")
    away.waits(2)
    away.page.reload()
    away.waits(2)

    found = away.page.evaluate(STORED)
    away.context.close()
    on_disk = [file.read_bytes() for file in away.folder.rglob("*") if file.is_file()]

    assert {len(one["sealed"]) for one in found["slips"]} == {1024 + 48}, "one length whatever was told"
    assert {name for one in found["slips"] for name in one} == {"id", "key", "sealed"}
    assert [word for word in WRITTEN if word in found["all"]] == []
    assert len(on_disk) > 20
    for word in WRITTEN:
        for coded in (word.encode(), word.encode("utf-16-le"), base64.b64encode(word.encode())[:-4]):
            assert not any(coded in data for data in on_disk), "written words lie on the telephone"


def test_the_telephone_keeps_the_page_and_its_files_and_nothing_of_anybody(away: Phone) -> None:
    away.page.goto(away.street.url + "/desk/")
    away.learn()
    away.page.goto(away.street.url + "/desk/new")
    away.open()

    kept = away.page.evaluate(STORED)["cached"]

    assert sorted(Path(one).name for one in kept) == sorted([
        "offline", "bootstrap.min.css", "staff.css", "desk.css", "libsodium-wrappers.mjs", "libsodium.mjs",
        "offline.js", "icon.svg", "down.svg", "tick.svg", "dot.svg",
    ])  # fmt: skip
    page = kept["/desk/offline"]
    someone = away.street.town.world.desk
    for word in ("csrf_token", someone.row.name, someone.members[0].row.email, str(someone.row.id)):
        assert word not in page


def test_a_complaint_kept_twice_at_once_is_one(still: Phone) -> None:
    still.context.set_offline(True)
    still.fill(FIRST)
    still.page.evaluate(
        "const keep = document.querySelector('form[data-action=keep] .btn-primary');"
        "for (let n = 0; n < 5; n++) keep.click()"
    )
    still.waits(1)
    still.page.get_by_text("Pas de réseau maintenant").wait_for()
    assert len(still.page.evaluate(STORED)["slips"]) == 1


def test_sending_twice_at_once_sends_each_slip_once(still: Phone) -> None:
    sent: list[str] = []
    still.context.set_offline(True)
    for story in (FIRST, SECOND):
        still.write(story)
    still.waits(2)
    still.page.on("request", lambda one: sent.append(one.url) if one.url.endswith("/entries") else None)
    still.page.route("**/offline/state", lambda route: (time.sleep(0.5), route.continue_()))

    still.context.set_offline(False)
    still.page.evaluate("for (let n = 0; n < 5; n++) document.getElementById('send').click()")
    still.waits(0)
    still.page.evaluate("window.dispatchEvent(new Event('online'))")
    still.page.wait_for_load_state("networkidle")

    assert len(sent) == 2
    assert len(codes(still.street.town)) == 2


def test_a_slip_whose_answer_was_lost_on_the_way_is_still_one_case(still: Phone) -> None:
    still.page.route("**/offline/entries", lambda route: (route.fetch(), route.abort("connectionreset")))
    still.write(FIRST)
    still.page.get_by_text("Pas de réseau maintenant").wait_for()
    still.waits(1)
    (code,) = codes(still.street.town)

    still.page.unroute("**/offline/entries")
    still.page.click("#send")
    still.waits(0)

    assert codes(still.street.town) == [code]
    assert code in still.page.locator("#told").inner_text()


def test_signing_out_keeps_what_waits_and_whoever_signs_in_sends_it(away: Phone) -> None:
    away.learn()
    away.context.set_offline(True)
    away.write(FIRST)
    away.waits(1)
    away.page.route("**/offline/**", lambda route: route.abort())
    away.context.set_offline(False)
    away.page.goto(away.street.url + "/desk/new")
    away.page.click("form[data-action=sign_out] button")
    away.page.wait_for_url("**/sign-in")
    away.page.unroute("**/offline/**")
    assert away.context.cookies() == []

    away.open()
    away.page.get_by_text("Personne n'est connecté").wait_for()
    away.waits(1)
    assert away.page.locator("#door a").get_attribute("href") == "/sign-in"
    away.write(SECOND)
    away.waits(2)

    away.come_in(member=1)
    away.page.reload()
    away.waits(0)
    assert {FIRST, SECOND} <= told(away.street.town)
