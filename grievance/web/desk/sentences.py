"""How does the desk call what has no label of its own: views, answers, lines of a timeline, what was done?"""

from __future__ import annotations

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from grievance.actions.alarms import Alarm
from grievance.rules.reveals import RevealStanding
from grievance.rules.triage import Urgent, Why
from grievance.schemas.receipts import ReceiptWay
from grievance.schemas.report import Incident, Share
from grievance.terms import CaseAction, ReferralAction
from grievance.vocabulary import EntryKind, MessageKind, NotAdmitted
from grievance.web.desk.filters import Show

TABLES: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    Alarm: {
        Alarm.SMS_BUDGET: _l(
            "Your SMS of today are used up: only urgent help and receipts still go out."
            " What you write waits until tomorrow: call whoever cannot wait."
        ),
        Alarm.SMS_PUMPING: _l(
            "Your SMS go out to very many numbers today: somebody may be earning from them."
            " Tell the host of this service."
        ),
    },
    Show: {
        Show.OPEN: _l("All open"),
        Show.OURS: _l("Our turn"),
        Show.THEIRS: _l("Waiting for others"),
        Show.LATE: _l("Late"),
        Show.FRESH: _l("Something new"),
        Show.CLOSED: _l("Closed ones"),
    },
    ReceiptWay: {
        ReceiptWay.IN_PERSON: _l("The person is here, and I know them"),
        ReceiptWay.SECRET_WORD: _l("They said the word that they chose"),
        ReceiptWay.BY_TEXT: _l("Send it to their phone, in answer to SUIVI and their code"),
    },
    NotAdmitted: {
        NotAdmitted.NOT_ABOUT_SECURITY: _l("It is not about guards or security"),
        NotAdmitted.OUTSIDE_THE_PROVINCES: _l("It happened outside the two provinces"),
        NotAdmitted.NO_COMPLAINT: _l("It is no complaint (a test, a wrong number)"),
    },
    Incident: {
        Incident.TODAY: _l("Today"),
        Incident.YESTERDAY: _l("Yesterday"),
        Incident.DAY: _l("Another day"),
        Incident.UNKNOWN: _l("Not known"),
    },
    Share: {
        Share.BOTH: _l("The guard company and the mine"),
        Share.PROVIDER: _l("The guard company only"),
        Share.MINE: _l("The mine only"),
        Share.NOBODY: _l("Nobody"),
        Share.LATER: _l("Ask again later"),
    },
    Why: {
        Why.DANGER: _l("somebody is in danger now"),
        Why.HELD: _l("somebody is held"),
        Why.SHOOTING: _l("shots were fired"),
        Why.CHILD_RECENT: _l("a child was harmed within three days"),
        Why.SEXUAL_VIOLENCE_RECENT: _l("sexual violence within three days"),
        Why.DATE_UNKNOWN: _l("the day is not known"),
        Why.WORDS: _l("words in the text"),
        Why.AGE: _l("an age in the text"),
        Why.HARM: _l("the kind of harm"),
        Why.SAID: _l("the complainant said so"),
    },
    Urgent: {
        Urgent.DOG_BITE: _l(
            "Dog bite: wash the wound for 15 minutes with water and soap. Rabies vaccine today."
        ),
        Urgent.SEXUAL_VIOLENCE: _l(
            "Care as soon as possible, within 72 hours if they can; no police is needed; the person decides."
        ),
        Urgent.HELD: _l(
            "Guards must hand a person over to the police at once; a prosecutor decides within 48 hours."
        ),
        Urgent.DANGER: _l("Get to a safe place first. We send neither police nor an ambulance."),
    },
}
# Kinds of lines whose general label would say too little beside a timeline.
LINES: dict[type[StrEnum], dict[StrEnum, LazyString]] = {
    EntryKind: {
        EntryKind.TRIAGE: _l("Triage decided"),
        EntryKind.CONTACT_TRY: _l("Try to reach the person"),
        EntryKind.AUTHORITY: _l("Goes to an authority"),
    },
    MessageKind: {
        MessageKind.DESK: _l("From the desk"),
        MessageKind.IDENTITY: _l("Name and contact, by consent"),
        MessageKind.SUMMARY: _l("Summary sent"),
    },
}
DONE: dict[str, LazyString] = {
    "add_file": _l("The file is locked away. Its fingerprint stands in the journal."),
    CaseAction.TAKE.value: _l("You have taken this case."),
    CaseAction.TRIAGE.value: _l("Triage is decided. The deadlines follow it."),
    CaseAction.NOTE.value: _l("The note is kept. Only the desk reads it."),
    CaseAction.WRITE.value: _l("The message waits for the complainant."),
    CaseAction.CONSENT.value: _l("What the complainant said is recorded."),
    CaseAction.FIND.value: _l("What was found is recorded."),
    CaseAction.CLOSE.value: _l("The case is closed. The complainant is told, and may disagree."),
    CaseAction.REOPEN.value: _l("The case is open again."),
    CaseAction.HAND_OVER.value: _l("The other organisation sees the case now."),
    CaseAction.TAKE_OVER.value: _l("This case is now with your organisation."),
    CaseAction.DECLARE_CONFLICT.value: _l("Your answer is recorded."),
    CaseAction.HOLD.value: _l("The case is kept until a lead lets it go."),
    CaseAction.LIFT_HOLD.value: _l("The case is no longer kept beyond its time."),
    CaseAction.DECIDE_APPEAL.value: _l("The appeal is decided. The complainant is told."),
    CaseAction.WITHDRAW.value: _l("Sharing is stopped."),
    CaseAction.GO_TO_AUTHORITY.value: _l("The step is recorded. You are asked after 30, 60 and 90 days."),
    ReferralAction.REFER.value: _l("The summary is on its way."),
    ReferralAction.RELAY.value: _l("The answer is told. It is the complainant's turn now."),
    ReferralAction.INCOMPLETE.value: _l("The company is told that its answer is incomplete."),
    ReferralAction.WITHDRAW.value: _l("The referral is withdrawn."),
    **dict.fromkeys(
        (
            CaseAction.ADD.value, CaseAction.DISPUTE.value, CaseAction.APPEAL.value,
            CaseAction.CHECK_IN.value,
            ReferralAction.SETTLE.value, ReferralAction.CONFIRM_REMEDY.value,
            ReferralAction.DISPUTE_REMEDY.value,
        ),
        _l("What the complainant said is recorded."),
    ),
    ReferralAction.ASK.value: _l("The company can read it now."),
    ReferralAction.ACKNOWLEDGE.value: _l("The delivery of the letter is recorded."),
    ReferralAction.ANSWER.value: _l("What the letter says is recorded."),
    ReferralAction.NOT_OURS.value: _l("What the letter says is recorded."),
    "identity": _l("Your colleagues are asked. When one of them agrees, you find the name here."),
    "agree_reveal": _l("Your answer is recorded."),
    "give_receipt": _l(
        "The new receipt waits: the person gets it in answer to SUIVI and the code, from their phone."
    ),
    "open_way": _l("The receipt opens the messages now."),
    "refuse_reveal": _l("Your answer is recorded."),
    "called": _l("The try is recorded."),
    "released": _l("The clock of the person held has stopped."),
    "task": _l("The task is done."),
    "assisted": _l("The complaint is in. Give the person the code on paper."),
}
STANDINGS: dict[RevealStanding, LazyString] = {
    RevealStanding.WAITING: _l("waits for a colleague"),
    RevealStanding.AGREED: _l("a colleague agreed, not opened yet"),
    RevealStanding.REFUSED: _l("a colleague did not agree"),
    RevealStanding.OPEN: _l("opened"),
    RevealStanding.TO_CONFIRM: _l("opened alone, waits for a colleague"),
    RevealStanding.DONE: _l("opened and closed again"),
    RevealStanding.LAPSED: _l("agreed, and not opened in time"),
}
# Said to whoever picks up: nothing of what it is about before they have named place and day themselves.
SCRIPT = (
    _l("Good day. You asked to be called back. Is this a good moment, and are you alone?"),
    _l("If not: when may I call again? Goodbye."),
    _l("Before we speak of anything: which place and which day is it about?"),
    _l("Are you safe now? Is anybody hurt or held?"),
    _l("May I call this number again, or is another way safer?"),
)
