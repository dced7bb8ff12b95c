"""What is known about a text and its number, before anybody answers?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grievance.actions import clocks, texts_memory
from grievance.actions.sms_keys import SmsKeys
from grievance.actions.standing import open_question, standing
from grievance.actions.texts_answers import waiting
from grievance.actions.texts_memory import Memory
from grievance.rules import clocks as clock_rule
from grievance.rules import promises, triage
from grievance.rules.clocks import Holder
from grievance.rules.dialogue import CodeHeard, Duty, Heard, Receipt
from grievance.rules.keywords import code_in, parse
from grievance.rules.promises import OnDuty
from grievance.store import queries
from grievance.store.models import Case, ChannelRow, NumberIndex
from grievance.terms import ClockKind, Lane, Role
from grievance.vocabulary import Language, Severity


@dataclass(frozen=True)
class Known:
    """What the rule is told, and which case the text is about: the one it names, or this dialogue's own."""

    heard: Heard
    about: Case | None


def known(
    session: Session, keys: SmsKeys, channel: ChannelRow, memory: Memory, text: str, *, now: datetime
) -> Known:
    """All that `reply` needs about one text."""
    named, code = _named(session, keys, channel, memory.number, text)
    own = session.get(Case, memory.row.case_id) if memory.row.case_id else None
    about = named or own
    proposal = triage.propose(triage.Report(text=text), now)
    tongue = keys.tongue(text)
    stored = None if memory.state.language else _language_of(session, keys, channel, memory.number)
    released = about if about and not about.held else None
    turns = clocks.roster(session, about.desk_id if about else channel.desk_id, now)
    heard = Heard(
        receipt=Receipt(own.code if own else memory.code, _answer_by(session, own, proposal, turns, now)),
        urgent=proposal.urgent if parse(text).story else (),
        stored=stored,
        language=tongue.language,
        other_language=tongue.other,
        code=code,
        standing=standing(session, released, now) if released else None,
        open=open_question(session, released) if released else None,
        waiting=bool(released and waiting(session, released.id)),
        desks=_other_desks(session, about, channel),
        duty=duty(keys, turns, about.province if about else None, now),
        call_back_by=_promise(
            ClockKind.CALL_BACK, about.severity if about else proposal.severity, turns, now
        ),
    )
    return Known(heard, about)


def cases_of(session: Session, keys: SmsKeys, desk_id: UUID, number: str) -> list[NumberIndex]:
    """The rows of a number at a desk; those that the desk locked are not answered with anything."""
    query = select(NumberIndex).where(
        NumberIndex.mac.in_(texts_memory.macs(keys, desk_id, number)), NumberIndex.locked_at.is_(None)
    )
    return list(session.scalars(query))


def _language_of(session: Session, keys: SmsKeys, channel: ChannelRow, number: str) -> Language | None:
    """The language of this number's last case at this desk, so that nobody is asked for it twice."""
    mine = [row.case_id for row in cases_of(session, keys, channel.desk_id, number)]
    query = select(Case.language).where(Case.id.in_(mine)).order_by(Case.received_at.desc())
    return session.scalar(query.limit(1))


def duty(keys: SmsKeys, turns: tuple[OnDuty, ...], province: str | None, now: datetime) -> Duty:
    """Whether a call can be promised: somebody is on the roster of the case's desk now, or will be."""
    help_number = keys.help_number(province, now.date())
    if promises.somebody_at(turns, now):
        return Duty(_promise(ClockKind.FIRST_CALL, Severity.NOW, turns, now), None, help_number)
    return Duty(None, promises.next_turn(turns, now), help_number)


def _named(
    session: Session, keys: SmsKeys, channel: ChannelRow, number: str, text: str
) -> tuple[Case | None, CodeHeard]:
    """The case that a text names, if it belongs to this number; nobody learns that another one exists."""
    code = code_in(text)
    if code is None:
        return None, CodeHeard.NONE
    mine = {row.case_id for row in cases_of(session, keys, channel.desk_id, number)}
    case = session.scalar(select(Case).where(Case.code == code, Case.id.in_(mine)))
    return (case, CodeHeard.KNOWN) if case else (None, CodeHeard.UNKNOWN)


def _answer_by(
    session: Session, own: Case | None, proposal: triage.Proposal, turns: tuple[OnDuty, ...], now: datetime
) -> datetime:
    if own is not None:
        return clocks.first_promise(session, own.id)
    column = clock_rule.column(proposal.severity, proposal.lane is not Lane.GENERAL, False)
    return _promise(clock_rule.attention_kind(column), column, turns, now)


def _promise(kind: ClockKind, severity: Severity, turns: tuple[OnDuty, ...], now: datetime) -> datetime:
    clock = clock_rule.start(kind, severity, Holder(Role.CASE_WORKER, None), now)
    return promises.promise(clock, turns, clocks.policy(), clocks.calendar())


def _other_desks(session: Session, case: Case | None, channel: ChannelRow) -> tuple[str, ...]:
    """Who else could take it: of a case, its back-up, which alone has keys to it already."""
    if case is not None:
        return tuple(queries.names(session, [case.backup_id]).values())
    backups = [fact.backup_id for fact in queries.coverage_facts(session) if fact.desk_id == channel.desk_id]
    return tuple(queries.names(session, backups[:1]).values())
