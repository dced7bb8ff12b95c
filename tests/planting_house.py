"""What is typed that belongs to no case? At the desk, at the doors, in the administration, on a slip."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import time_machine

from grievance.actions import people
from grievance.rules.floods import LIMITS, Knock
from grievance.schemas.people import Invite
from grievance.terms import Role
from grievance.vocabulary import Language
from tests import flood, slips
from tests.planted import Garden, done
from tests.planting_desk import LEAD
from tests.web.desk_pages import Desk, now, sit
from tests.web.doors import SECRET, Person, carried
from tests.web.public_pages import _Browser
from tests.web.test_floods import knocked


def types_in(garden: Garden) -> None:
    """What somebody told at the desk, with how they agreed."""
    desk = sit(garden.town, garden.town.world.desk.members[0]).get("/desk/new")
    done(desk, "assisted", **_told(garden, "oral"))


def sends_a_slip(garden: Garden) -> None:
    """The same, written down where there was no network, sealed on the telephone, sent later."""
    desk = sit(garden.town, garden.town.world.desk.members[0])
    answer = slips.sent(desk, slips.slip(slips.PageKey.of(desk), **_told(garden, "slip")))
    assert answer.status_code == 201, "the slip was not taken"


def _told(garden: Garden, way: str) -> dict[str, str]:
    plant = garden.planted
    return {
        "language": "fr", "story": plant.word(f"{way} story"), "wished": plant.word(f"{way} wish"),
        "near": plant.word(f"{way} place"), "clue_text": plant.word(f"{way} clue"),
        "name": plant.word(f"{way} name"), "phone": plant.number(f"{way} number"),
        "consent_given": plant.word(f"{way} consent"), "consent_by": plant.word(f"{way} who agreed"),
        "consent_how": "spoken", "consent_on": "2025-11-03", "province": "Lualaba",
    }  # fmt: skip


def is_flooded(garden: Garden, address: str, reports: int = 3) -> None:
    """Reports that answered no question lie apart; the desk keeps half of them and sets half aside."""
    plant, port = garden.planted, garden.real.port
    knocked(garden.town, Knock.REPORT, LIMITS[Knock.REPORT].ask_soon + 1, address)
    for _ in range(reports):
        contact = {"nom": plant.word("name apart"), "telephone": "0" + plant.number("number apart")[4:]}
        form = flood.up_to_contact(port, address, plant.word("story apart"))
        page = flood.ask(port, address, "/fr/plainte/contact", form | contact)
        for _ in range(2):
            page = flood.ask(port, address, "/fr/plainte/verifier", page.hidden())
        assert page.receipt, f"not kept apart: {page.status}"
        assert "data-code" not in page.text, "it was no flood"
        plant.receipts.append(page.receipt)
    desk = sit(garden.town, garden.town.world.desk.members[0]).get("/desk/quarantine")
    waiting = re.findall(r'name="ids" id="\w+" value="([^"]+)"', desk.text)
    (form,) = [one for one in desk.forms() if one["does"] == "keep_apart"]
    for address_of, ids in (("keep", waiting[::2]), ("set_aside", waiting[1::2])):
        told = {**form["hidden"], "ids": ids}
        desk.page = desk.client.post(f"/desk/quarantine/{address_of}", data=told, follow_redirects=True)
        assert desk.status == 200, f"{address_of} was not done"


def is_on_duty(garden: Garden) -> None:
    """The number that is rung at night."""
    lead = sit(garden.town, garden.town.world.desk.members[LEAD]).get("/desk/duty")
    begins = now() + timedelta(days=1)
    number = garden.planted.number("duty number")
    member = str(garden.town.world.desk.members[0].row.id)
    done(
        lead, "duty", member_id=member, number=number, starts_at=f"{begins:%Y-%m-%dT%H:00}",
        ends_at=f"{begins + timedelta(hours=8):%Y-%m-%dT%H:00}",
    )  # fmt: skip


def opens_a_channel(garden: Garden) -> None:
    """What the gateways want from us: secrets, and who we are there."""
    plant, number = garden.planted, f"+24394{int(uuid4()) % 10**7:07d}"
    host = sit(garden.town, garden.town.world.host.members[0]).get("/admin/channels")
    done(
        host, "make_channel", desk_id=str(garden.town.world.desk.id), kind="generic", number=number,
        secret=f"{plant.word('secret of a gateway')}-or-longer", username=plant.word("user at a gateway"),
        password=plant.word("password at a gateway"), service=plant.word("service at a gateway"),
        key_name=plant.word("header at a gateway"), names=f"sender={plant.word('field of a gateway')}",
        base_url=f"https://{plant.word('server of a gateway')}.example/send",
    )  # fmt: skip


def comes_to_work(garden: Garden) -> None:
    """A new colleague: a password, the telephone's secret, the printed key; then another password, twice."""
    plant, town = garden.planted, garden.town
    email = f"{uuid4().hex[:8]}@ong.example"
    wanted = Invite(town.world.desk.id, Role.CASE_WORKER, Language.FRENCH, email)
    invited = people.invite(wanted, actor=town.world.desk.lead, now=now())
    new = Person(town.app, email, invited.member_id, _Browser(town.app, town.app.response_class))
    link = f"/join/{plant.secret('link of an invitation', invited.token)}"
    opened = new.client.get(f"{link}?lang=fr")
    shown = SECRET.search(opened.get_data(as_text=True))
    assert shown, "no secret for the telephone"
    new.secret = plant.secret("secret of a telephone", shown[1])
    password = plant.word("password")
    typed = {"password": password, "code": new.code(), "carried": plant.secret("in a form", carried(opened))}
    page = new.client.post(link, data=typed).get_data(as_text=True)
    paper = _printed(garden, page)
    with time_machine.travel(now() + timedelta(minutes=2)):
        assert new.sign_in(password=password, code=new.code(now())).status_code == 303
        again = plant.word("password changed")
        assert new.post("/account/password", password=again).status_code == 303
    with time_machine.travel(now() + timedelta(minutes=4)):
        told = {
            "email": email, "recovery_key": paper, "password": plant.word("password after the paper"),
            "code": new.code(now()),
        }  # fmt: skip
        _printed(garden, new.client.post("/recover", data=told).get_data(as_text=True))
    with time_machine.travel(now() + timedelta(minutes=20)):
        _is_asked_again(garden, Desk(new.client))


def _is_asked_again(garden: Garden, new: Desk) -> None:
    """What weighs more wants a fresh proof: what was typed waits, and a wrong password is typed."""
    plant = garden.planted
    token = new.get("/members").forms()[0]["hidden"]["csrf_token"]
    typed = {"csrf_token": token, "reason": "other", "text": plant.word("reason held at the door")}
    new.page = new.client.post("/desk/cases/identity?code=7F3Q-82", data=typed)
    form = next(one for one in new.forms() if one["does"] == "prove")
    wrong = {"proof_password": plant.word("password proved again"), "proof_code": "000000"}
    new.page = new.client.post(str(form["action"]), data={**form["hidden"], **wrong})
    assert "proof_held" in new.text, "nobody was asked again"


def prints_the_keys(garden: Garden) -> None:
    """A lead prints the organisation's keys, and types them."""
    lead = sit(garden.town, garden.town.world.desk.members[LEAD]).get("/members")
    page = done(lead, "print_recovery").get_data(as_text=True)
    printed = re.findall(r"data-paper-key[^>]*>([^<]+)<", page)
    keys = [garden.planted.secret("recovery key of an organisation", one.strip()) for one in printed]
    done(lead.get("/members"), "restore", texts="\n".join(keys))


def _printed(garden: Garden, page: str) -> str:
    found = re.search(r"data-recovery-key>([^<]+)<", page)
    assert found, "no recovery key"
    return garden.planted.secret("recovery key", found[1].strip())


def plays_with_the_telephone(garden: Garden) -> None:
    """The newcomer's telephone of the sample data, at the running web."""
    plant, channel = garden.planted, garden.town.world.channel.id
    told = {
        "channel": str(channel), "number": plant.number("number of the played telephone"),
        "text": plant.word("text of the played telephone"),
    }  # fmt: skip
    answer = flood.ask(garden.real.port, "127.0.0.1", "/admin/phone", told)
    assert answer.status == 200, "the played telephone sent nothing"
