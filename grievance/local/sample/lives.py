"""How does a fictional case go on? Step by step as people would, until it ends or today comes."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum, auto
from uuid import UUID

from grievance.actions import answering, cases, closing, consents, findings, handing, referrals, remedies
from grievance.local.sample.arriving import Arrived, arrive
from grievance.local.sample.scene import Life, Scene
from grievance.local.sample.stories import CLOSED, FIRST_WORDS, TOLD
from grievance.local.sample.town import LUBUMBASHI, OVERSEER, PAPER
from grievance.schemas.company import Extension, RemedyDelivery, RemedyPromise
from grievance.schemas.desk import Call, Closing, ConsentSaid, Found, Triage
from grievance.schemas.referring import ReferralDraft
from grievance.terms import Actor, Lane, ReferralState
from grievance.vocabulary import (
    ActorKind,
    Finding,
    Harm,
    NotAdmitted,
    Outcome,
    SafeContact,
    SaidBy,
    Settled,
    Severity,
)

SEVERITY = {
    Harm.ASSAULT: Severity.SERIOUS, Harm.DOG_ATTACK: Severity.CRITICAL, Harm.DETENTION: Severity.CRITICAL,
    Harm.THREATS: Severity.SERIOUS,
}  # fmt: skip


class Course(StrEnum):
    """How far a case goes, and which way."""

    UNREAD = auto()
    TAKEN = auto()
    TRIAGED = auto()
    TALKED = auto()
    SENT = auto()
    ACKNOWLEDGED = auto()
    ASKED = auto()
    EXTENDED = auto()
    SILENT = auto()
    ANSWERED = auto()
    INCOMPLETE = auto()
    NOT_OURS = auto()
    RELAYED = auto()
    ACCEPTED = auto()
    REMEDIED = auto()
    PROMISED = auto()
    REMEDY_DISPUTED = auto()
    REFUSED_BY_PERSON = auto()
    NOT_ESTABLISHED = auto()
    NO_CONTACT = auto()
    NOT_ADMITTED = auto()
    ELSEWHERE = auto()
    HANDED_OVER = auto()


BEFORE_REFERRAL = {
    Course.TALKED, Course.NOT_ESTABLISHED, Course.NO_CONTACT, Course.NOT_ADMITTED, Course.ELSEWHERE,
    Course.HANDED_OVER,
}  # fmt: skip
AFTER_AN_ANSWER = {Outcome.REMEDIED, Outcome.ANSWER_ACCEPTED, Outcome.NO_AGREEMENT}


def live(scene: Scene, case: Arrived, course: Course, lane: Lane = Lane.GENERAL, **more: object) -> Life:
    """One case from its arrival on."""
    yield from arrive(scene, case, **more)
    if course is Course.UNREAD:
        return
    yield scene.later(8)
    worker = _worker(scene, case, lane)
    cases.know_nobody(case.code, actor=worker, now=scene.now)
    cases.take(case.code, actor=worker, now=scene.now)
    if course is Course.TAKEN:
        return
    yield scene.later(6)
    cases.write(case.code, FIRST_WORDS[case.language], actor=worker, now=scene.now)
    yield scene.later(12)
    cases.triage(case.code, _decided(scene, case, course, lane), actor=worker, now=scene.now)
    if course is Course.TRIAGED:
        return
    yield scene.later(24)
    _called(scene, case, worker, reached=course is not Course.NO_CONTACT)
    if course in BEFORE_REFERRAL or lane is not Lane.GENERAL:
        yield from _without_company(scene, case, course, worker)
        return
    yield scene.later(12)
    yield from _with_company(scene, case, course, worker)


def _worker(scene: Scene, case: Arrived, lane: Lane) -> Actor:
    """In a lane only its members read; elsewhere whoever is at the desk."""
    members = len(scene.people.of(case.desk))
    return scene.actor(case.desk, 0 if lane is not Lane.GENERAL else scene.chance.randrange(members))


def _decided(scene: Scene, case: Arrived, course: Course, lane: Lane) -> Triage:
    public = course is Course.ELSEWHERE
    return Triage(
        severity=SEVERITY.get(case.plot.harm, Severity.OTHER), harms=frozenset({case.plot.harm}), lane=lane,
        actor=ActorKind.PUBLIC if public else ActorKind.PRIVATE, site_id=scene.registry.sites[case.site],
        incident_on=case.incident_on, reason="Parlé avec la personne: elle est en sécurité.",
    )  # fmt: skip


def _called(scene: Scene, case: Arrived, worker: Actor, *, reached: bool) -> None:
    text = "La personne va bien et veut continuer." if reached else "Personne ne décroche."
    cases.call(case.code, Call(SafeContact.CALL, reached, text), actor=worker, now=scene.now)


def _without_company(scene: Scene, case: Arrived, course: Course, worker: Actor) -> Life:
    if course is Course.HANDED_OVER:
        yield from _hand_over(scene, case, worker)
    elif course is Course.NO_CONTACT:
        for way in (SafeContact.WEB, SafeContact.CALL):
            yield scene.now + timedelta(days=12)
            tried = Call(way, False, "Toujours sans réponse.")
            cases.call(case.code, tried, actor=worker, now=scene.now)
        _close(scene, case, worker, Outcome.NO_CONTACT)
    elif course is Course.NOT_ADMITTED:
        _close(scene, case, worker, Outcome.NOT_ADMITTED, reason=NotAdmitted.NOT_ABOUT_SECURITY)
    elif course is Course.ELSEWHERE:
        yield scene.later(24 * 20)
        _close(scene, case, worker, Outcome.SENT_ELSEWHERE, confirmed=True)
    elif course is Course.NOT_ESTABLISHED:
        yield scene.later(24 * 25)
        for allegation in cases.seen(case.code, worker, scene.now).allegations:
            found = Found(allegation.id, Finding.NOT_ESTABLISHED, "Personne d'autre n'a vu les faits.")
            findings.find(case.code, found, actor=worker, now=scene.now)
        _close(scene, case, worker, Outcome.NOT_ESTABLISHED)


def _hand_over(scene: Scene, case: Arrived, worker: Actor) -> Life:
    handing.hand_over(case.code, "Trop de dossiers ouverts ici ce mois-ci.", actor=worker, now=scene.now)
    yield scene.later(20)
    backup = scene.actor(LUBUMBASHI)
    cases.know_nobody(case.code, actor=backup, now=scene.now)
    handing.take_over(case.code, actor=backup, now=scene.now)


def _with_company(scene: Scene, case: Arrived, course: Course, worker: Actor) -> Life:
    """Refers to the guard company, and plays its side until the answer was told."""
    provider = case.provider(scene)
    code = _refer(scene, case, provider, worker)
    if course in (Course.SENT, Course.SILENT):
        return
    if provider == PAPER:
        # Its answer comes on paper, and the desk types it in.
        yield scene.later(30)
        referrals.letter_delivered(code, "Bordereau signé à la réception.", actor=worker, now=scene.now)
        speaker = worker
    else:
        yield scene.later(10)
        speaker = scene.actor(provider)
        answering.acknowledge(code, actor=speaker, now=scene.now)
    yield from _heard(scene, case, code, course, speaker, worker)


def _refer(scene: Scene, case: Arrived, provider: str, worker: Actor) -> str:
    """The person agreed to all three in a call; the clock may then climb to each of them."""
    for organisation in (provider, case.mine, OVERSEER):
        said = ConsentSaid(scene.people.organisations[organisation], True, SaidBy.CALL)
        consents.record_consent(case.code, said, actor=worker, now=scene.now)
    draft = ReferralDraft(
        scene.people.organisations[provider], case.plot.summary, summary_read=True, people_it_could_be=15,
        safe_if_guessed=True, contact_id=scene.registry.contacts[provider, case.site],
    )  # fmt: skip
    return referrals.refer(case.code, draft, actor=worker, now=scene.now)


def _heard(scene: Scene, case: Arrived, code: str, course: Course, speaker: Actor, worker: Actor) -> Life:
    """The company has it: what it does next."""
    if course is Course.ACKNOWLEDGED:
        return
    yield scene.later(30)
    if course is Course.NOT_OURS:
        answering.not_ours(code, "Ce poste est tenu par une autre société.", actor=speaker, now=scene.now)
        return
    if course is Course.EXTENDED:
        asked = Extension(3, "Deux agents sont en congé cette semaine.")
        answering.extend(code, asked, actor=speaker, now=scene.now)
        return
    if course in (Course.ASKED, Course.INCOMPLETE):
        yield from _questions(scene, code, course, speaker, worker)
        if course is Course.ASKED:
            return
    yield from _answered(scene, case, code, course, speaker, worker)


def _questions(scene: Scene, code: str, course: Course, speaker: Actor, worker: Actor) -> Life:
    if course is Course.ASKED:
        answering.ask(code, "De quel poste s'agit-il?", actor=speaker, now=scene.now)
        return
    answering.answer(code, "Nous avons bien reçu votre lettre.", actor=speaker, now=scene.now)
    yield scene.later(20)
    referrals.incomplete(code, "Qui était de service, et qu'ont-ils dit?", actor=worker, now=scene.now)
    yield scene.later(40)


def _answered(
    scene: Scene, case: Arrived, code: str, course: Course, speaker: Actor, worker: Actor
) -> Life:
    yield scene.later(24 * 5)
    answering.answer(code, case.plot.answer, actor=speaker, now=scene.now)
    if course is Course.ANSWERED:
        return
    yield scene.later(20)
    told = TOLD[case.language].format(answer=case.plot.answer)
    referrals.relay(code, told, actor=worker, now=scene.now)
    if course in (Course.RELAYED, Course.INCOMPLETE):
        return
    yield scene.later(24 * 3)
    yield from _settled(scene, case, code, course, speaker, worker)


def _settled(scene: Scene, case: Arrived, code: str, course: Course, speaker: Actor, worker: Actor) -> Life:
    if course is Course.REFUSED_BY_PERSON:
        referrals.settle(code, Settled.NO, text="Ce n'est pas vrai.", actor=worker, now=scene.now)
        yield scene.later(24 * 10)
        _close(scene, case, worker, Outcome.NO_AGREEMENT)
        return
    if course is Course.ACCEPTED:
        referrals.settle(code, Settled.YES, actor=worker, now=scene.now)
        yield scene.later(24 * 2)
        _close(scene, case, worker, Outcome.ANSWER_ACCEPTED)
        return
    promised = RemedyPromise(case.plot.remedy, "Comme convenu.", (scene.now + timedelta(days=20)).date())
    remedy = remedies.promise_remedy(code, promised, actor=speaker, now=scene.now)
    if course is Course.PROMISED:
        return
    yield scene.later(24 * 12)
    yield from _delivered(scene, case, code, course, remedy, (speaker, worker))


def _delivered(
    scene: Scene, case: Arrived, code: str, course: Course, remedy: UUID, both: tuple[Actor, Actor]
) -> Life:
    speaker, worker = both
    remedies.deliver_remedy(code, RemedyDelivery(remedy, "Reçu signé."), actor=speaker, now=scene.now)
    yield scene.later(24 * 4)
    came = course is Course.REMEDIED
    referrals.judge_remedy(code, remedy, came=came, actor=worker, now=scene.now)
    if came:
        yield scene.later(24)
        referrals.settle(code, Settled.YES, actor=worker, now=scene.now)
        _close(scene, case, worker, Outcome.REMEDIED)


def _close(
    scene: Scene, case: Arrived, worker: Actor, outcome: Outcome, *, reason: NotAdmitted | None = None,
    confirmed: bool = False,
) -> None:  # fmt: skip
    _end_what_climbed(scene, case, worker, outcome)
    ending = Closing(outcome, CLOSED[case.language], not_admitted=reason, confirmed=confirmed)
    closing.close(case.code, ending, actor=worker, now=scene.now)


def _end_what_climbed(scene: Scene, case: Arrived, worker: Actor, outcome: Outcome) -> None:
    """Whom the clock addressed meanwhile need not answer what is settled."""
    if outcome not in AFTER_AN_ANSWER:
        return
    for one in cases.seen(case.code, worker, scene.now).referrals:
        if one.state in (ReferralState.SENT, ReferralState.ACKNOWLEDGED):
            referrals.withdraw_referral(one.code, actor=worker, now=scene.now)
