"""What does a desk write in the life of one case, from triage to an appeal, with company and person?"""

from __future__ import annotations

import io
from html import unescape

from tests import planting_company as company_of
from tests import planting_person as person_of
from tests.cleaning import strange_files as made
from tests.planted import Garden, done, offered
from tests.web.desk_pages import Desk, sit
from tests.web.public_pages import Visitor

LEAD = 2  # of the members of a desk
# Nothing of these needs an answer, or a talk, first.
ENDS = {"outcome": "not_admitted", "not_admitted": "not_about_security"}


def works(garden: Garden, code: str, receipt: str) -> None:
    """The desk writes everywhere and refers; the company answers; the person disputes and appeals."""
    plant, desk = garden.planted, sit(garden.town, garden.town.world.desk.members[0])
    takes(garden, desk, code)
    _writes(garden, desk)
    _sees_a_name(garden, desk, code)
    referral = refers(garden, desk, with_name=True)
    company = company_of.reads(garden, referral)
    company_of.asks(garden, company)
    company_of.answers(garden, company)
    desk.case(code)
    done(desk, "ask", text=plant.word("reply to a company"))
    done(desk, "incomplete", text=plant.word("what is missing"))
    company_of.answers(garden, company)
    company_of.puts_right(garden, company, referral)
    done(desk.case(code), "relay", text=plant.word("relayed"))
    person = person_of.on_own_page(garden, receipt)
    word = person_of.answers(garden, person)
    company_of.answers(garden, company_of.opened(company, referral))
    done(desk.case(code), "relay", text=plant.word("relayed"))
    done(desk.case(code), "settle", word="partly", text=plant.word("verdict told to the desk"))
    _ends(garden, desk, code, person)
    done(desk, "give_receipt", way="secret_word", secret=word)
    plant.receipts.append(unescape(desk.text).split('data-receipt="')[1][:16])
    person_of.on_own_page(garden, plant.receipts[-1])


def takes(garden: Garden, desk: Desk, code: str, **more: object) -> None:
    """Opens a case and decides what it is; its page is open then."""
    done(desk.knowing_nobody(code), "take")
    decided: dict[str, object] = {
        "severity": "serious", "harms": ["assault"], "actor": "private", "lane": "general",
        "site_id": str(garden.town.world.site.id), "affected_agree": "true",
        "reason": garden.planted.word("reason of a triage"),
    }  # fmt: skip
    done(desk, "triage", **decided | more)
    desk.case(code)


def refers(garden: Garden, desk: Desk, *, with_name: bool = False, to: object = None, **more: object) -> str:
    """Agreed to and read out, a summary goes to the guards' company; gives the referral's code."""
    plant, to = garden.planted, str(to or garden.town.world.provider.id)
    consent = {"organisation_id": to, "allowed": "true", "how": "call"}
    if with_name:
        consent["identity_allowed"] = "true"
        more["identity"] = f"{plant.word('name for a company')} {plant.number('number for a company')}"
    done(desk, "consent", **consent)
    sent = done(
        desk, "refer", organisation_id=to, kind="ordinary", summary=plant.word("summary"),
        summary_read="true", people_it_could_be="40", safe_if_guessed="true", **more,
    )  # fmt: skip
    return sent.headers["Location"].rpartition("#r-")[2]


def closes(garden: Garden, desk: Desk) -> None:
    """Ends the case whose page is open, with a word for the person."""
    done(desk, "close", text=garden.planted.word("closing"), **ENDS)


def _writes(garden: Garden, desk: Desk) -> None:
    """Whatever stays at the desk, and a message, looked at before it is sent."""
    plant = garden.planted
    done(desk, "note", text=plant.word("note"))
    done(desk, "write", text=plant.word("message looked at"), look="1")
    done(desk, "write", text=plant.word("message"))
    done(desk, "call", way="call", reached="false", text=plant.word("try to call"))
    done(
        desk, "go_to_authority", authority="labour_inspection", agreed="true", how="call",
        text=plant.word("authority"),
    )  # fmt: skip
    (allegation, *_) = offered(desk, "find", "allegation_id")
    done(desk, "find", allegation_id=allegation, finding="likely", reason=plant.word("finding"))
    done(desk, "add", text=plant.word("added at the desk"))
    photo = made.photo((320, 240), owner=plant.word("inside a file at the desk"))
    name = f"{plant.word('name of a file at the desk')}.jpg"
    done(desk, "add_file", fichier=(io.BytesIO(photo), name))


def _sees_a_name(garden: Garden, desk: Desk, code: str) -> None:
    """Asks with a reason; the lead agrees; it is opened."""
    lead = sit(garden.town, garden.town.world.desk.members[LEAD])
    done(desk, "identity", reason="other", text=garden.planted.word("reason to see a name"))
    done(lead.knowing_nobody(code), "agree_reveal")
    done(desk.case(code), "look")


def _ends(garden: Garden, desk: Desk, code: str, person: Visitor) -> None:
    """It is closed and opened again by everybody who may; ICoCA and the back-up decide once each."""
    plant, world = garden.planted, garden.town.world
    still_open = sit(garden.town, world.desk.members[0]).case(code)
    closes(garden, still_open)
    person_of.disputes(garden, person)
    closes(garden, still_open)
    done(desk.case(code), "dispute", text=plant.word("dispute told to the desk"))
    closes(garden, still_open)
    done(desk, "reopen", text=plant.word("reopened"))
    closes(garden, still_open)
    person_of.appeals(garden, person, "overseer")
    overseer = sit(garden.town, world.overseer.members[0]).get(f"/oversight/cases?code={code}")
    done(overseer, "decide_appeal", stands="false", text=plant.word("decided by ICoCA"))
    closes(garden, still_open)
    done(desk, "appeal", to="backup", text=plant.word("appeal told to the desk"))
    backup = sit(garden.town, world.backup.members[LEAD]).knowing_nobody(code)
    decided = plant.word("decided by the back-up")
    done(backup, "decide_appeal", stands="true", outcome="no_agreement", text=decided)
