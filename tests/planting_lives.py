"""What is written of some cases only? Of a child, of somebody held, in a letter, when one is handed over."""

from __future__ import annotations

from uuid import uuid4

from grievance.store.models import Contact
from grievance.vocabulary import OrganisationKind
from tests import planting_company as company_of
from tests.make import Builder
from tests.planted import Garden, done
from tests.planting_desk import LEAD, closes, refers, takes
from tests.services import Services
from tests.web.desk_pages import Desk, reported, sit


def all_lives(garden: Garden, services: Services) -> None:
    """One case of each kind."""
    told_of_a_child(garden)
    nobody_could_ask(garden)
    somebody_is_held(garden)
    goes_by_letter(garden, services)
    is_of_another_company(garden)
    is_kept_and_handed_over(garden)


def told_of_a_child(garden: Garden) -> None:
    """Restricted: the facts are sealed too; why it is best for the child is written down."""
    desk = _desk(garden)
    code = _told(garden, harms=["child_harmed"], territory="Mutshatsha")
    takes(garden, desk, code, harms=["child_harmed"], lane="child")
    note = garden.planted.word("best for the child")
    refers(garden, desk, child_agrees="true", guardian_agrees="true", best_interest_note=note)


def nobody_could_ask(garden: Garden) -> None:
    """A witness speaks: the lead writes why it goes to the company all the same."""
    lead = sit(garden.town, garden.town.world.desk.members[LEAD])
    code = _told(garden, speaks_as="witness")
    takes(garden, lead, code, affected_agree="")
    why = garden.planted.word("why the lead agrees")
    refers(garden, lead, held_or_cannot_be_asked="true", lead_wrote_why=why)


def somebody_is_held(garden: Garden) -> None:
    """Released: how that is known stays at the desk."""
    desk = _desk(garden)
    code = _told(garden, harms=["detention"], danger=True)
    takes(garden, desk, code, harms=["detention"], severity="now")
    done(desk, "released", text=garden.planted.word("how free"))


def goes_by_letter(garden: Garden, services: Services) -> None:
    """The company has no account: the desk prints, delivers, and types what its letters say."""
    plant, build = garden.planted, Builder()
    company = build.tenant("Gardiennage Papier SARL", OrganisationKind.PROVIDER, members=0)
    site = garden.town.world.site.id
    build.add(Contact(id=uuid4(), organisation_id=company.id, site_id=site, label="Direction"))
    build.store(services.url("postgres", garden.town.database.name))
    for answer in ("answer", "not_ours"):
        desk, code = _desk(garden), _told(garden)
        takes(garden, desk, code)
        refers(garden, desk, to=company.id)
        done(desk.case(code), "letter_proof", proof=plant.word("proof of a letter"))
        done(desk.case(code), answer, text=plant.word(f"{answer} by letter"))


def is_of_another_company(garden: Garden) -> None:
    """The company says whose matter it is."""
    desk, code = _desk(garden), _told(garden)
    takes(garden, desk, code)
    company_of.is_not_theirs(garden, refers(garden, desk))


def is_kept_and_handed_over(garden: Garden) -> None:
    """The lead keeps one beyond its time and lets it go; another goes to the back-up, which takes it over."""
    plant, desk = garden.planted, _desk(garden)
    lead = sit(garden.town, garden.town.world.desk.members[LEAD])
    code = _told(garden)
    takes(garden, desk, code)
    closes(garden, desk)
    done(lead.knowing_nobody(code), "hold", text=plant.word("why it is kept"))
    done(lead.case(code), "lift_hold", text=plant.word("why it may go"))
    code = _told(garden)
    takes(garden, desk, code)
    done(desk, "hand_over", text=plant.word("handed over"))
    backup = sit(garden.town, garden.town.world.backup.members[0])
    done(backup.knowing_nobody(code), "take_over")


def _desk(garden: Garden) -> Desk:
    return sit(garden.town, garden.town.world.desk.members[0])


def _told(garden: Garden, **more: object) -> str:
    plant = garden.planted
    return reported(
        garden.town, story=plant.word("story of a life"), near=plant.word("place of a life"), **more
    )
