"""How do we tell complainants where things stand? Stages and promises as sentences, and their choices."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from grievance.actions.follow import CaseSeen
from grievance.terms import ClockKind, Stage
from grievance.vocabulary import EntryKind, FileKind, Outcome, RemedyKind, RevealReason, Settled
from grievance.web.public.questions import Choice

STAGES: dict[Stage, LazyString] = {
    Stage.RECEIVED: _l("We have your complaint. A person will read it."),
    Stage.EXAMINED: _l("We are looking into it."),
    Stage.WITH_COMPANY: _l("A company must answer."),
    Stage.ANSWERED: _l("A company answered. We will explain the answer to you."),
    Stage.REMEDY: _l("A company promised to put something right."),
    Stage.WITH_YOU: _l("It is your turn: does the answer settle it?"),
    Stage.ESCALATED: _l("An answer is late, so the matter went higher."),
    Stage.APPEALED: _l("Another body is looking at it again."),
    Stage.CLOSED: _l("The case is closed."),
}
ACCEPTED = _l("You accepted the answer. The NGO closes the case.")
# What is owed by whom until a date; %(who)s is an organisation.
PROMISES: dict[ClockKind, LazyString] = {
    ClockKind.FIRST_CALL: _l("A first word to you"),
    ClockKind.FIRST_ANSWER: _l("A first word to you"),
    ClockKind.TRIAGE: _l("Decide how the case goes on"),
    ClockKind.INTERIM: _l("Keep evidence and people safe"),
    ClockKind.ACKNOWLEDGE: _l("Say that the summary arrived"),
    ClockKind.ANSWER: _l("Give an answer"),
    ClockKind.RELAY: _l("Explain the answer to you"),
    ClockKind.OUTCOME: _l("The end of the case, at the latest"),
    ClockKind.CALL_BACK: _l("Call you"),
    ClockKind.APPEAL_HANDED: _l("Hand the case over to be looked at again"),
}
# What a line of the first report says, where that is not plain from the line itself.
LINES: dict[EntryKind, LazyString] = {
    EntryKind.PLACE: _l("Where"), EntryKind.CLUES: _l("What you noticed"),
    EntryKind.REMEDY_WISHED: _l("What you ask for"),
}  # fmt: skip
OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.REMEDIED: _l("What was promised was done."),
    Outcome.ANSWER_ACCEPTED: _l("You accepted the answer."),
    Outcome.NO_AGREEMENT: _l("No agreement was found."),
    Outcome.NOT_ESTABLISHED: _l("What happened could not be shown."),
    Outcome.NO_CONTACT: _l("We tried to reach you and could not."),
    Outcome.CHOSE_NO_CONTACT: _l("You did not want to be reached."),
    Outcome.WITHDRAWN: _l("You stopped the complaint."),
    Outcome.SENT_ELSEWHERE: _l("Another body has taken it over."),
    Outcome.NOT_ADMITTED: _l("This service cannot treat it; we told you why."),
    Outcome.MERGED: _l("It goes on together with another complaint about the same thing."),
}
REMEDIES: dict[RemedyKind, LazyString] = {
    RemedyKind.APOLOGY: _l("Apologies"),
    RemedyKind.MEDICAL_COSTS: _l("Costs of care"),
    RemedyKind.COMPENSATION: _l("Money for what was lost"),
    RemedyKind.RESTITUTION: _l("Give back what was taken"),
    RemedyKind.WAY_REOPENED: _l("The path or water is open again"),
    RemedyKind.DISCIPLINE: _l("Measures against those who did it"),
    RemedyKind.TRAINING: _l("Training of the guards"),
    RemedyKind.DOG_WITHDRAWN: _l("The dog is taken away"),
    RemedyKind.MEETING: _l("A meeting"),
    RemedyKind.OTHER: _l("Something else that was agreed"),
}
SETTLED = (
    Choice(Settled.YES, _l("Yes, it settles it")),
    Choice(Settled.PARTLY, _l("In part")),
    Choice(Settled.NO, _l("No")),
    Choice(Settled.NOTHING_RECEIVED, _l("I received nothing")),
    Choice(Settled.ANOTHER_BODY, _l("Another organisation must look at it")),
)
# Why the desk opened a name and a number, as the person it concerns reads it.
OPENED_FOR: dict[RevealReason, LazyString] = {
    RevealReason.CALL: _l("to call you"),
    RevealReason.IN_DANGER: _l("because you may be in danger"),
    RevealReason.CARE: _l("to go with you to care"),
    RevealReason.MEETING: _l("to arrange a meeting with you"),
    RevealReason.SHARE_AGREED: _l("to pass your name on, as you agreed"),
    RevealReason.OTHER: _l("another reason"),
}
FILES: dict[FileKind, LazyString] = {
    FileKind.PHOTO: _l("Photograph"),
    FileKind.AUDIO: _l("Sound recording"),
    FileKind.VIDEO: _l("Film"),
    FileKind.DOCUMENT: _l("Paper (PDF)"),
}
DONE: dict[str, LazyString] = {
    "fichier": _l("It is with us, locked: only the organisation opens it."),
    "ajouter": _l("Your message is with us."),
    "accord": _l("Your choice is noted."),
    "mot": _l("Your word is kept. Tell it to nobody but the NGO, when you have lost the receipt."),
    "reponse": _l("Your answer is noted."),
    "reparation": _l("Your answer is noted."),
    "appel": _l("We will call you."),
    "bien": _l("Thank you. We ask again later."),
    "pasbien": _l("We have heard you: a person calls you, and this is now a matter of its own."),
    "retirer": _l("We have stopped: nothing is sent any more. A person speaks with you before we close."),
    "reprendre": _l("We go on."),
    "contester": _l("The case is open again."),
    "recours": _l("Another body will look at it again."),
}


def heading(case: CaseSeen) -> LazyString:
    """Where things stand, in one sentence. Whoever accepted every answer is not told that we look into it."""
    accepted = case.answers and all(answer.settled is Settled.YES for answer in case.answers)
    return ACCEPTED if accepted and case.stage is Stage.EXAMINED else STAGES[case.stage]
