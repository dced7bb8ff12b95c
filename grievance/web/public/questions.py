"""What do we ask in a report, on which page, with which answers? All but the story may stay empty."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from grievance.schemas.report import Incident, Share
from grievance.vocabulary import TERRITORIES as TERRITORIES
from grievance.vocabulary import ActorKind, Clue, Harm, SafeContact, SpeaksAs


class Page(StrEnum):
    """The pages of a report, in order; each is also the last part of its address."""

    PLACE = "lieu"
    DAY = "date"
    WHO = "qui"
    HARM = "faits"
    STORY = "recit"
    READERS = "lecture"
    CONTACT = "contact"
    CHECK = "verifier"


class YesNo(StrEnum):
    """An answer to a plain question."""

    YES = "oui"
    NO = "non"


class OnlyHelp(StrEnum):
    """What somebody may ask for instead of telling what happened."""

    HELP = "aide"
    CALL = "appel"


@dataclass(frozen=True)
class Choice:
    """One answer offered: its value in the form, its words, and a line under them."""

    value: str
    label: LazyString
    hint: LazyString | None = None


@dataclass(frozen=True)
class Group:
    """Answers that stand together under one heading."""

    label: LazyString | None
    choices: tuple[Choice, ...]


# The fields of each page, by the names they have in the form.
FIELDS: dict[Page, tuple[str, ...]] = {
    Page.PLACE: ("lieu_province", "lieu_territoire", "lieu_site", "lieu_pres"),
    Page.DAY: ("date_quand", "date_jour"),
    Page.WHO: ("qui", "indices", "indices_texte"),
    Page.HARM: ("faits", "danger"),
    Page.STORY: ("recit", "demande", "souhait"),
    Page.READERS: ("lecture",),
    Page.CONTACT: (
        "qui_parle", "personnes", "femmes", "hommes", "enfants", "accord", "contact", "telephone", "nom",
    ),
    Page.CHECK: (),
}  # fmt: skip
SEVERAL = frozenset({"indices", "faits", "demande"})
# The most characters a typed answer may have, as the report's schema has it.
LONGEST: dict[str, int] = {
    "lieu_pres": 400, "date_jour": 40, "indices_texte": 2_000, "recit": 16_000, "souhait": 4_000,
    "personnes": 10, "femmes": 10, "hommes": 10, "enfants": 10, "telephone": 40, "nom": 200,
}  # fmt: skip
COUNTS = ("personnes", "femmes", "hommes", "enfants")

UNKNOWN = "inconnu"
WHEN = (
    Choice(Incident.TODAY, _l("Today")),
    Choice(Incident.YESTERDAY, _l("Yesterday")),
    Choice(Incident.DAY, _l("Another day")),
    Choice(Incident.UNKNOWN, _l("I do not know the day")),
)
WHO = (
    Choice(ActorKind.PRIVATE, _l("Guards of a guard company")),
    Choice(ActorKind.IN_HOUSE, _l("The mine's own guards")),
    Choice(ActorKind.PUBLIC, _l("Police, mine police or soldiers")),
    Choice(ActorKind.MIXED, _l("Guards together with police or soldiers")),
    Choice(ActorKind.UNKNOWN, _l("I do not know"), _l("That is a good answer. We will find out.")),
)
CLUES = (
    Choice(Clue.UNIFORM, _l("A uniform")),
    Choice(Clue.BADGE, _l("A badge or a name")),
    Choice(Clue.PLATE, _l("A vehicle or its plate")),
    Choice(Clue.WEAPON, _l("A weapon")),
    Choice(Clue.DOG, _l("A dog")),
    Choice(Clue.PLACE, _l("The place they guard")),
    Choice(Clue.PAID_BY, _l("Who pays them")),
)
HARMS = (
    Group(_l("To the body"), (
        Choice(Harm.ASSAULT, _l("Somebody was beaten or hurt")),
        Choice(Harm.DOG_ATTACK, _l("A dog bit or attacked")),
        Choice(Harm.SHOOTING, _l("Shots were fired, or tear gas")),
        Choice(Harm.SEXUAL_VIOLENCE, _l("Sexual violence"), _l("You will not have to tell what happened.")),
        Choice(Harm.TORTURE, _l("Torture")),
        Choice(Harm.CHILD_HARMED, _l("A child was hurt")),
        Choice(Harm.DEATH, _l("Somebody died")),
    )),
    Group(_l("Freedom and safety"), (
        Choice(Harm.DETENTION, _l("Somebody was held or locked up")),
        Choice(Harm.THREATS, _l("Threats or insults")),
        Choice(Harm.RETALIATION, _l("Revenge after a complaint")),
        Choice(Harm.DISCRIMINATION, _l("Treated worse because of who they are")),
    )),
    Group(_l("Money, house, field, way"), (
        Choice(Harm.EXTORTION, _l("Money was demanded")),
        Choice(Harm.THEFT, _l("Something was stolen")),
        Choice(Harm.EVICTION, _l("A house or field was destroyed, people were driven out")),
        Choice(Harm.BLOCKED_WAY, _l("A path or water was closed")),
    )),
    Group(_l("About guards, and about us"), (
        Choice(Harm.UNIDENTIFIED_GUARD, _l("Guards who cannot be recognised, without name or number")),
        Choice(Harm.PUBLIC_EMPLOYED, _l("A soldier or policeman works as a guard")),
        Choice(Harm.WORKING_CONDITIONS, _l("I am a guard: pay or work is not right")),
        Choice(Harm.ABOUT_US, _l("This service or an NGO did something wrong")),
        Choice(Harm.OTHER, _l("Something else")),
    )),
)  # fmt: skip
DANGER = (Choice(YesNo.YES, _l("Yes, now")), Choice(YesNo.NO, _l("No, not now")))
ONLY_HELP = (
    Choice(OnlyHelp.HELP, _l("I only want help")),
    Choice(OnlyHelp.CALL, _l("I prefer to be called")),
)
READERS = (
    Choice(Share.BOTH, _l("Yes, both")),
    Choice(Share.PROVIDER, _l("The guard company only")),
    Choice(Share.MINE, _l("The mine only")),
    Choice(Share.NOBODY, _l("No, nobody")),
    Choice(Share.LATER, _l("Ask me later")),
)
SPEAKS = (
    Choice(SpeaksAs.SELF, _l("For myself")),
    Choice(SpeaksAs.RELATIVE, _l("For somebody of my family")),
    Choice(SpeaksAs.WITNESS, _l("I saw it")),
    Choice(SpeaksAs.REPRESENTATIVE, _l("For somebody who asked me to")),
    Choice(
        SpeaksAs.GROUP, _l("For a group"), _l("Two people speak for a group; we suggest that one is a woman.")
    ),
)
AGREED = (Choice(YesNo.YES, _l("Yes, they know and agree")), Choice(YesNo.NO, _l("No, or not all of them")))
REACH = (
    Choice(SafeContact.CALL, _l("Call me")),
    Choice(SafeContact.SMS, _l("Send me an SMS"), _l("It will say nothing about this complaint.")),
    Choice(SafeContact.WEB, _l("Only here, with my receipt")),
    Choice(SafeContact.NOTHING, _l("Send me nothing"), _l("The surest way when others use this phone.")),
)
# The choices of each field whose answers are fixed; what is not among them is taken as no answer.
OFFERED: dict[str, tuple[Choice, ...]] = {
    "date_quand": WHEN, "qui": WHO, "indices": CLUES,
    "faits": tuple(choice for group in HARMS for choice in group.choices),
    "danger": DANGER, "demande": ONLY_HELP, "lecture": READERS, "qui_parle": SPEAKS, "accord": AGREED,
    "contact": REACH,
}  # fmt: skip


def after(page: Page) -> Page:
    """The page that follows; the last one follows itself."""
    pages = list(Page)
    return pages[min(pages.index(page) + 1, len(pages) - 1)]


def before(page: Page) -> Page | None:
    """The page before, if there is one."""
    pages = list(Page)
    at = pages.index(page)
    return pages[at - 1] if at else None
