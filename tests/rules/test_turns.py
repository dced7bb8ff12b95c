"""What exactly comes of one text, at each point of a conversation: lines and values, learned, state?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from grievance.rules import learned as told
from grievance.rules.conversation import reply
from grievance.rules.dialogue import CodeHeard, Dialogue, Duty, Heard, Line, Question, Template
from grievance.rules.lines import danger_line, time
from grievance.rules.triage import Urgent
from grievance.vocabulary import Language, SafeContact, Settled
from tests.rules.dialogues import HEARD, MINE, NOW, STANDING, STORY

FR, SW = Language.FRENCH, Language.SWAHILI
CODE = "7F3Q-82"
LATER = NOW + timedelta(hours=20)
NEW = Dialogue(language=FR)
ASKED = frozenset({Question.SAFETY, Question.DANGER})
# In the middle of the intake: the place is asked for.
MIDDLE = Dialogue(language=FR, stored=True, agreed=True, answered=ASKED, asked=Question.WHERE)
# The receipt went out; nothing is open.
DONE = Dialogue(
    language=FR, stored=True, agreed=True, received=True, contact=SafeContact.CALL,
    answered=ASKED | {Question.WHERE, Question.CONTACT},
)  # fmt: skip
UNKNOWN = replace(HEARD, code=CodeHeard.UNKNOWN)
DESKS = replace(HEARD, desks=("Une ONG", "Autre ONG"))
STATUS = Line(
    Template.STATUS,
    {"stage": STANDING.stage.value, "turn": "case_worker", "day": NOW.isoformat()},
)
RECEIPT = Line(Template.RECEIPT, {"code": CODE, "day": NOW.isoformat()})
QUIET = Line(Template.RECEIPT_QUIET, {"code": CODE, "day": NOW.isoformat()})
SOON = Line(Template.CALL_BACK_SOON)
ADDED = Line(Template.ADDED)
AGAIN = Line(Template.NOT_UNDERSTOOD)


def asks(question: Template) -> Line:
    return Line(question)


def open_(question: Question, **more: Any) -> Dialogue:
    return replace(DONE, asked=question, **more)


ROWS: dict[str, tuple[Dialogue, str, Heard, tuple[Line, ...], tuple[told.Learned, ...], dict[str, Any]]] = {
    # A late No.
    "a no from nobody asks for the code to withdraw": (
        NEW, "non", HEARD, (asks(Template.ASK_CODE),), (), {"asked": Question.CODE_TO_WITHDRAW},
    ),
    "a no before any yes erases": (
        replace(MIDDLE, agreed=False), "non", HEARD, (Line(Template.AFTER_NO),), (told.Refused(),),
        {"stored": False, "answered": frozenset(), "asked": None},
    ),
    "a no after the receipt asks whether to stop": (
        DONE, "non", HEARD, (asks(Template.WITHDRAW),), (), {"asked": Question.WITHDRAW},
    ),
    "a no where the place is asked is an answer, and stops nothing": (
        MIDDLE, "non", HEARD, (asks(Template.CONTACT),), (told.Where("non"),),
        {"asked": Question.CONTACT, "answered": ASKED | {Question.WHERE}},
    ),
    # Which organisation.
    "the first organisation": (
        open_(Question.WHICH_DESK), "1", DESKS, (ADDED,), (told.AnotherDesk(0),), {"asked": None},
    ),
    "the second organisation": (
        open_(Question.WHICH_DESK), "2", DESKS, (ADDED,), (told.AnotherDesk(1),), {"asked": None},
    ),
    "one more than there are organisations is a call": (
        open_(Question.WHICH_DESK), "3", DESKS, (SOON,), (told.CallBack(),), {"asked": None},
    ),
    "of three organisations two are offered": (
        open_(Question.WHICH_DESK), "3", replace(HEARD, desks=("A", "B", "C")), (SOON,),
        (told.CallBack(),), {"asked": None},
    ),
    "a number beyond is not understood": (
        open_(Question.WHICH_DESK), "5", DESKS,
        (AGAIN, Line(Template.WHICH_DESK, {"first": "Une ONG", "second": "Autre ONG"})),
        (told.Flagged(Question.WHICH_DESK, "5"),), {"misunderstood": 1},
    ),
    "no number is not understood": (
        open_(Question.WHICH_DESK), "peut-être", DESKS,
        (AGAIN, Line(Template.WHICH_DESK, {"first": "Une ONG", "second": "Autre ONG"})),
        (told.Flagged(Question.WHICH_DESK, "peut-être"),), {"misunderstood": 1},
    ),
    "with no organisation left their words are kept and a person rings": (
        open_(Question.WHICH_DESK), "2", HEARD, (SOON,),
        (told.Flagged(Question.WHICH_DESK, "2"), told.CallBack()), {"asked": None},
    ),
    "another organisation by name": (
        DONE, "AUTRE", replace(HEARD, desks=("Une ONG",)),
        (Line(Template.WHICH_DESK_ONE, {"first": "Une ONG"}),), (), {"asked": Question.WHICH_DESK},
    ),
    # Going on by web.
    "web without a case asks for the code": (
        NEW, "WEB", HEARD, (asks(Template.ASK_CODE),), (), {"asked": Question.CODE_FOR_WEB},
    ),
    "web with a code that is not this number's": (
        open_(Question.CODE), f"WEB {CODE}", UNKNOWN, (Line(Template.UNKNOWN_CODE),), (), {"asked": None},
    ),
    "web with its own code": (
        open_(Question.CODE), f"WEB {CODE}", MINE, (), (told.GoOnByWeb(),), {"asked": None, "about": CODE},
    ),
    "the code that was asked for the web": (
        open_(Question.CODE_FOR_WEB), CODE, MINE, (), (told.GoOnByWeb(),), {"asked": None, "about": CODE},
    ),
    # Following and withdrawing.
    "follow without a case asks for the code": (
        NEW, "SUIVI", HEARD, (asks(Template.ASK_CODE),), (), {"asked": Question.CODE},
    ),
    "follow with its own code": (
        NEW, f"SUIVI {CODE}", MINE, (STATUS,), (told.Follow(CODE),), {"about": CODE},
    ),
    "follow with texts that wait and no question": (
        NEW, f"SUIVI {CODE}", replace(MINE, waiting=True), (STATUS,), (told.Follow(CODE), told.HandOver()),
        {"about": CODE},
    ),
    "follow with a question and nothing that waits": (
        NEW, f"SUIVI {CODE}", replace(MINE, open=Question.SETTLED), (STATUS, asks(Template.SETTLED)),
        (told.Follow(CODE),), {"about": CODE, "asked": Question.SETTLED},
    ),
    "withdraw without a case asks for the code": (
        NEW, "RETIRER", HEARD, (asks(Template.ASK_CODE),), (), {"asked": Question.CODE_TO_WITHDRAW},
    ),
    "withdraw with a stranger's code": (
        open_(Question.CODE), f"RETIRER {CODE}", UNKNOWN, (Line(Template.UNKNOWN_CODE),), (), {"asked": None},
    ),
    "withdraw with its own code": (
        NEW, f"RETIRER {CODE}", MINE, (asks(Template.WITHDRAW),), (),
        {"asked": Question.WITHDRAW, "about": CODE},
    ),
    "yes, stop everything": (
        open_(Question.WITHDRAW, received=False), "oui", HEARD, (Line(Template.WITHDRAWN),),
        (told.Withdraw(),), {"asked": None, "received": True},
    ),
    "no, do not stop": (open_(Question.WITHDRAW), "non", HEARD, (ADDED,), (), {"asked": None}),
    # Words that change something and go on.
    "start after the receipt": (DONE, "START", HEARD, (ADDED,), (told.Start(),), {}),
    "start from nothing": (
        NEW, "START", HEARD, (asks(Template.SAFETY),), (told.Start(),), {"asked": Question.SAFETY},
    ),
    "swahili after the receipt": (
        DONE, "SW", HEARD, (Line(Template.HELP),), (told.LanguageChosen(SW),), {"language": SW},
    ),
    "swahili in the middle asks on": (
        MIDDLE, "SW", HEARD, (asks(Template.WHERE),), (told.LanguageChosen(SW),), {"language": SW},
    ),
    "help": (MIDDLE, "AIDE", HEARD, (Line(Template.HELP),), (told.CallBack(),), {}),
    "stop": (MIDDLE, "STOP", HEARD, (Line(Template.STOPPED),), (told.Stop(),), {"asked": None}),
    "call me after the receipt": (
        open_(Question.SETTLED, contact=None), "RAPPEL", replace(HEARD, call_back_by=LATER),
        (Line(Template.CALL_BACK, {"day_hour": LATER.isoformat()}),), (told.CallBack(),),
        {"asked": None, "contact": SafeContact.CALL},
    ),
    "call me in the middle goes on": (
        MIDDLE, "RAPPEL", HEARD, (SOON, asks(Template.WHERE)), (told.CallBack(),),
        {"contact": SafeContact.CALL},
    ),
    "danger after the receipt": (
        open_(Question.SETTLED), "DANGER", replace(HEARD, duty=Duty(call_by=LATER)),
        (Line(Template.DANGER_CALL, {"hour": LATER.isoformat()}),), (told.Danger(),),
        {"asked": None, "danger": True, "told": frozenset({Urgent.DANGER})},
    ),
    "danger in the middle goes on": (
        MIDDLE, "DANGER", HEARD, (Line(Template.DANGER_ALONE), asks(Template.WHERE)), (told.Danger(),),
        {"danger": True, "told": frozenset({Urgent.DANGER})},
    ),
    # The company's answer, how they are.
    "partly settled": (
        open_(Question.SETTLED, misunderstood=1), "2", HEARD, (ADDED,),
        (told.SettledAnswer(Settled.PARTLY),), {"asked": None, "misunderstood": 0},
    ),
    "neither yes nor a number about the answer": (
        open_(Question.SETTLED), "peut-être", HEARD, (AGAIN, asks(Template.SETTLED)),
        (told.Flagged(Question.SETTLED, "peut-être"),), {"misunderstood": 1},
    ),
    "a second time it is taken as it is": (
        open_(Question.SETTLED, misunderstood=1), "peut-être", HEARD, (ADDED,),
        (told.Flagged(Question.SETTLED, "peut-être"),),
        {"asked": None, "misunderstood": 0, "answered": DONE.answered | {Question.SETTLED}},
    ),
    "they are well": (
        open_(Question.CHECK_IN), "1", HEARD, (ADDED,), (told.CheckIn(told.CheckInAnswer.GOOD),),
        {"asked": None},
    ),
    # The place, the contact, the receipt.
    "the place leads to the contact": (
        MIDDLE, "Kawama", HEARD, (asks(Template.CONTACT),), (told.Where("Kawama"),),
        {"asked": Question.CONTACT, "answered": ASKED | {Question.WHERE}},
    ),
    "who may be rung is promised a day": (
        replace(MIDDLE, asked=Question.CONTACT, answered=ASKED | {Question.WHERE}), "1", HEARD, (RECEIPT,),
        (told.Contact(SafeContact.CALL),),
        {"asked": None, "received": True, "contact": SafeContact.CALL},
    ),
    "who wants nothing is promised nothing": (
        replace(MIDDLE, asked=Question.CONTACT, answered=ASKED | {Question.WHERE}), "3", HEARD, (QUIET,),
        (told.Contact(SafeContact.NOTHING),),
        {"asked": None, "received": True, "contact": SafeContact.NOTHING},
    ),
    "a story after the receipt is added": (DONE, STORY, HEARD, (ADDED,), (told.Story(STORY),), {}),
    "a story instead of a code begins a case": (
        replace(NEW, asked=Question.CODE), STORY, HEARD, (asks(Template.SAFETY),), (told.Story(STORY),),
        {"stored": True, "asked": Question.SAFETY},
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_one_text_has_exactly_these_consequences(row: Any) -> None:
    state, text, heard, said, learned, changed = row
    turn = reply(state, text, heard)

    assert turn.say == said
    assert turn.learned == learned
    assert replace(turn.state, turns=0) == replace(state, **changed)


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize(
    ("duty", "template", "values"),
    [
        (Duty(call_by=NOW, next_at=LATER, help_number="5050"), Template.DANGER_CALL, {"hour": time(NOW)}),
        (Duty(next_at=LATER), Template.DANGER_LATER, {"day_hour": time(LATER)}),
        (
            Duty(next_at=LATER, help_number="5050"), Template.DANGER_LATER_NUMBER,
            {"number": "5050", "day_hour": time(LATER)},
        ),
        (Duty(help_number="5050"), Template.DANGER_ALONE_NUMBER, {"number": "5050"}),
        (Duty(), Template.DANGER_ALONE, {}),
    ],
)  # fmt: skip
def test_in_danger_only_what_the_roster_holds_is_promised(
    duty: Duty, template: Template, values: dict[str, str], both: bool
) -> None:
    line = danger_line(duty, both=both)
    assert line.template == (f"{template}_both" if both else template)
    assert line.values == values
