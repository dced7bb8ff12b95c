"""What is done with what a text told us? Each thing learned, once, in the transaction that took the text."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import update

from grievance.actions import (
    held,
    held_desks,
    new_cases,
    spoken,
    texts_answers,
    texts_deeds,
    texts_memory,
    texts_reach,
    texts_story,
    web_access,
)
from grievance.actions.arrivals import add_task
from grievance.actions.texts_memory import ONE_STORY
from grievance.actions.texts_story import STORY, WHERE
from grievance.actions.texts_taking import Taking
from grievance.rules import learned as told
from grievance.rules.dialogue import Template, Turn
from grievance.schemas.text import clean
from grievance.store import journal, vault
from grievance.store.actors import BY_SMS_ACTOR
from grievance.store.models import Case, NumberIndex
from grievance.store.numbers import number_index
from grievance.terms import CaseAction
from grievance.vocabulary import DataClass, EntryKind, TaskKind

RECEIPTS = frozenset({Template.RECEIPT, Template.RECEIPT_QUIET})
RELEASES = (told.Agreed, told.Danger, told.CallBack)
# A story in a language that we do not speak is one that only a person who speaks it can take further.
WANT_A_CALL = (told.CallBack, told.OtherLanguage)


def apply(taking: Taking, turn: Turn) -> None:
    """Everything that one turn learned, in the order that loses nothing: the case, the words, the rest."""
    things = turn.learned
    if any(isinstance(thing, told.Refused) for thing in things):
        _refused(taking)
        return
    if any(isinstance(thing, told.NewStory) for thing in things):
        _seal_what_is_held(taking)
        texts_memory.begin_again(taking.memory)
        taking.own = None
    taking.memory.call_wanted |= any(isinstance(thing, WANT_A_CALL) for thing in things)
    _find_or_begin(taking, turn)
    for thing in things:
        _words(taking, thing)
    released = _release_if_agreed(taking, turn)
    for thing in things:
        _other(taking, thing, released)


def seal(taking: Taking) -> None:
    """Releases what is held: the words go to both desks, and are wiped here."""
    case = taking.own
    if case is None or not case.held:
        return
    whole = texts_story.told(taking.session, taking.memory, taking.keys)
    held.release(
        taking.session, case, whole.report, new_cases.propose(whole.report, taking.now), now=taking.now
    )
    for piece in whole.rest:
        held.add_text(taking.session, case, piece, now=taking.now)
    texts_reach.reachable(taking, case)
    texts_story.let_all_go(taking.session, taking.memory, taking.channel, taking.keys)


def _refused(taking: Taking) -> None:
    """No: nothing of this conversation stays."""
    texts_story.let_all_go(taking.session, taking.memory, taking.channel, taking.keys)
    taking.memory.row.case_id = None
    taking.session.flush()
    if taking.own is not None:
        held.shred(taking.session, taking.own, now=taking.now)
        taking.own = None
    texts_memory.forget(taking.memory, taking.now)


def _seal_what_is_held(taking: Taking) -> None:
    if taking.own is not None and taking.own.held:
        seal(taking)


def _find_or_begin(taking: Taking, turn: Turn) -> None:
    """The first words are the case already; so are a cry for help, and a receipt that was promised."""
    if taking.own is not None or not _needs_case(turn) or (taking.named and not turn.state.stored):
        return
    report = texts_story.first(taking.memory, taking.text)
    memory, desk_id = taking.memory, taking.channel.desk_id
    taking.own = held.begin(
        taking.session, taking.channel, report, new_cases.propose(report, taking.now), code=memory.code,
        number_mac=number_index(taking.keys.number_index, desk_id, memory.number), arrived_at=taking.now,
    )  # fmt: skip
    memory.row.case_id = taking.own.id


def _needs_case(turn: Turn) -> bool:
    asked = any(isinstance(thing, told.Story | told.Danger | told.CallBack) for thing in turn.learned)
    return asked or turn.state.stored or any(line.template in RECEIPTS for line in turn.say)


def _words(taking: Taking, thing: told.Learned) -> None:
    match thing:
        case told.Story(text, code):
            case = taking.named if code and taking.named else taking.own
            _keep(taking, case, text, STORY)
        case told.Flagged(_, text):
            _keep(taking, taking.own or taking.named, text, STORY)
        case told.Where(text):
            _keep(taking, taking.own, text, WHERE)


def _keep(taking: Taking, case: Case | None, text: str, kind: str) -> None:
    """Words go to the case's desks if those have it, else they are held; one text is kept once."""
    text = clean(text)
    if case is None or not text:
        return
    if case.held:
        if not taking.kept:
            texts_story.hold(taking.row, taking.memory, kind)
            taking.memory.row.seal_at = taking.now + ONE_STORY
    elif kind == WHERE:
        vault.write_entry(
            taking.session, case, DataClass.THREAD, EntryKind.PLACE, text, actor=BY_SMS_ACTOR, now=taking.now
        )
        spoken.tell_desk(taking.session, case, uuid4(), now=taking.now)
    else:
        held.add_text(taking.session, case, text, now=taking.now)
    taking.kept = True


def _release_if_agreed(taking: Taking, turn: Turn) -> bool:
    case = taking.own
    if case is None or not case.held:
        return False
    # A case that no held word belongs to has nothing that could be refused: it is shown at once.
    nothing_held = not taking.memory.parts
    if nothing_held or any(isinstance(thing, RELEASES) for thing in turn.learned):
        taking.session.flush()
        seal(taking)
        return True
    return False


def _other(taking: Taking, thing: told.Learned, released: bool) -> None:
    case = taking.about
    if isinstance(thing, told.Stop | told.Start):
        _stop(taking, isinstance(thing, told.Stop))
    elif isinstance(thing, told.CallBack) and released and case is not None:
        _call_if_nobody_will(taking, case)
    elif case is not None:
        _about_case(taking, case, thing, released)


def _about_case(taking: Taking, case: Case, thing: told.Learned, released: bool) -> None:
    match thing:
        case told.Agreed():
            _line(taking, case, CaseAction.CONSENT)
        case told.Danger() | told.CallBack() if not released:
            _cry_for_help(taking, case, thing)
        case told.Contact(how):
            texts_reach.contact(taking, case, how, released)
        case told.OtherLanguage():
            add_task(taking.session, case, TaskKind.OTHER_LANGUAGE, taking.now)
        case told.LanguageChosen(language):
            case.language = language
        case told.HandOver():
            _hand_over(taking, case)
        case told.GoOnByWeb() if not case.held:
            web_access.text_receipt(
                taking.session, taking.keys, case, taking.channel.id, taking.memory.number, taking.now
            )
        case _:
            _decided(taking, case, thing)


def _decided(taking: Taking, case: Case, thing: told.Learned) -> None:
    if isinstance(thing, told.AnotherDesk):
        held_desks.another_desk(taking.session, case, now=taking.now)
    elif isinstance(thing, told.Withdraw | told.SettledAnswer | told.Consent | told.CheckIn):
        taking.deeds.extend(texts_deeds.deeds(taking.session, case, thing, taking.now))


def _call_if_nobody_will(taking: Taking, case: Case) -> None:
    """A release makes a call due where the contact says so, or danger; a bare cry for help says neither."""
    if not held.call_is_due(taking.session, case.id):
        taking.deeds.extend(texts_deeds.deeds(taking.session, case, told.CallBack(), taking.now))


def _cry_for_help(taking: Taking, case: Case, thing: told.Danger | told.CallBack) -> None:
    """About a case that its desk already has; a release tells of both by itself."""
    texts_reach.reachable(taking, case)
    if isinstance(thing, told.Danger):
        held.danger(taking.session, case, now=taking.now)
    else:
        taking.deeds.extend(texts_deeds.deeds(taking.session, case, thing, taking.now))


def _hand_over(taking: Taking, case: Case) -> None:
    texts_answers.hand_over(
        taking.session, taking.keys, case.id, channel_id=taking.channel.id, number=taking.memory.number,
        now=taking.now,
    )  # fmt: skip


def _stop(taking: Taking, stopped: bool) -> None:
    """For every case of this number at this desk; it withdraws nothing."""
    mine = texts_memory.macs(taking.keys, taking.channel.desk_id, taking.memory.number)
    taking.session.execute(
        update(NumberIndex)
        .where(NumberIndex.mac.in_(mine))
        .values(stopped_at=taking.now if stopped else None)
    )


def _line(taking: Taking, case: Case, move: CaseAction) -> None:
    journal.append(
        taking.session, chain=case.id, subject=case.id, actor=BY_SMS_ACTOR, move=move, now=taking.now
    )
