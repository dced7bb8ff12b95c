"""Which help cannot wait, in sentences? Those of the pages for people."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from grievance.rules.triage import Urgent

HELP: dict[Urgent, tuple[LazyString, LazyString]] = {
    Urgent.DANGER: (_l("Get to a safe place first."), _l("We send neither police nor an ambulance.")),
    Urgent.DOG_BITE: (
        _l("Dog bite: wash the wound for 15 minutes with water and soap."),
        _l(
            "Go to a hospital TODAY for the rabies vaccine, even if the bite is small."
            " Do not go near the dog."
        ),
    ),
    Urgent.SEXUAL_VIOLENCE: (
        _l("Go to a hospital as soon as possible, within 72 hours if you can."),
        _l(
            "Later helps too: there are medicines that protect."
            " You do not need the police. You decide."
        ),
    ),
    Urgent.HELD: (
        _l("Guards must hand a person over to the police at once."),
        _l(
            "The police may hold somebody for 48 hours at most, then a prosecutor decides."
            " Tell us where the person is, since what hour, and who holds them."
        ),
    ),
}


def help_for(urgent: Urgent) -> str:
    """What to do, in the language of now."""
    return " ".join(str(sentence) for sentence in HELP[urgent])
