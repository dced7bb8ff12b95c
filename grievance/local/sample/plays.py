"""Which cases are there? How many of each course, and how long ago each may have begun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from grievance.local.sample.arriving import DESK_OF, Arrived
from grievance.local.sample.lives import Course, live
from grievance.local.sample.registry import SITE_A, SITE_B, SITE_C, Registry
from grievance.local.sample.scene import Life, Scene, history_is_told, play
from grievance.local.sample.setting import Stage
from grievance.local.sample.stories import ABOUT_US, CHILD, PLOTS, SEXUAL_VIOLENCE, Plot, tell
from grievance.local.sample.town import KOLWEZI, People
from grievance.terms import Lane
from grievance.vocabulary import Channel, Harm, Language

SEED = 20260930  # the same town every time; only keys, codes and passwords differ
YEAR = 360  # days
LANGUAGES = (Language.FRENCH, Language.FRENCH, Language.SWAHILI, Language.SWAHILI, Language.SWAHILI)


@dataclass(frozen=True)
class Cast:
    """So many cases of one course, begun between so many days ago."""

    course: Course
    number: int
    most: float
    least: float


# Once over, these take about ten seconds of an idle machine; every state is there, and most outcomes.
CASTS = (
    Cast(Course.UNREAD, 4, 2, 0.1),
    Cast(Course.UNREAD, 1, 14, 9),
    Cast(Course.TAKEN, 3, 5, 1),
    Cast(Course.TRIAGED, 3, 9, 3),
    Cast(Course.TALKED, 2, 30, 5),
    Cast(Course.SENT, 2, 6, 4),
    Cast(Course.SILENT, 3, 150, 45),
    Cast(Course.ACKNOWLEDGED, 2, 10, 5),
    Cast(Course.ASKED, 1, 9, 6),
    Cast(Course.EXTENDED, 1, 9, 6),
    Cast(Course.ANSWERED, 2, 14, 10),
    Cast(Course.INCOMPLETE, 1, 60, 15),
    Cast(Course.NOT_OURS, 1, 80, 10),
    Cast(Course.RELAYED, 2, 25, 12),
    Cast(Course.PROMISED, 2, 30, 16),
    Cast(Course.REMEDY_DISPUTED, 1, 120, 40),
    Cast(Course.ACCEPTED, 4, YEAR, 25),
    Cast(Course.REMEDIED, 4, YEAR, 40),
    Cast(Course.REFUSED_BY_PERSON, 2, YEAR, 35),
    Cast(Course.NOT_ESTABLISHED, 1, YEAR, 50),
    Cast(Course.NO_CONTACT, 1, YEAR, 45),
    Cast(Course.NOT_ADMITTED, 1, YEAR, 10),
    Cast(Course.ELSEWHERE, 1, YEAR, 40),
    Cast(Course.HANDED_OVER, 1, 60, 8),
)


def fill_cases(stage: Stage, people: People, registry: Registry, *, times: int, now: datetime) -> None:
    """Plays every case in the order of time, with the clock between them, until today.

    `times` multiplies their number: 4 gives about two hundred.
    """
    chance = Random(SEED)  # noqa: S311 - it chooses fictional stories; every key is made elsewhere
    began = now - timedelta(days=YEAR + 1)
    scene = Scene(stage, people, registry, now, chance, began)
    play(scene, [*_general(scene, times, now), *_narrow(scene, times, now)])
    history_is_told(now)


def _general(scene: Scene, times: int, now: datetime) -> Iterator[tuple[datetime, Life]]:
    for cast in CASTS:
        for _ in range(cast.number * times):
            case = _case(scene.chance, scene.chance.choice(PLOTS))
            if cast.course is Course.HANDED_OVER:
                # To the back-up that this place has; nobody pays it there.
                case.site, case.desk, case.channel = SITE_A, KOLWEZI, Channel.WEB
            yield _days_ago(scene, now, cast.most, cast.least), live(scene, case, cast.course)


def _narrow(scene: Scene, times: int, now: datetime) -> Iterator[tuple[datetime, Life]]:
    """What few may read: the two lanes, and complaints about a desk itself."""
    told = (
        (Lane.SEXUAL_VIOLENCE, Harm.SEXUAL_VIOLENCE, SEXUAL_VIOLENCE, Course.TALKED, 2),
        (Lane.CHILD, Harm.CHILD_HARMED, CHILD, Course.TALKED, 2),
        (Lane.GENERAL, Harm.ABOUT_US, ABOUT_US, Course.UNREAD, 1),
    )
    for lane, harm, words, course, number in told:
        for _ in range(number * times):
            case = _case(scene.chance, Plot(harm, words, "", ""))
            case.channel = Channel.WEB
            story = tell(words, case.language, scene.chance)
            life = live(scene, case, course, lane, story=story, share="nobody")
            yield _days_ago(scene, now, 40 if lane is Lane.GENERAL else YEAR, 3), life


def _case(chance: Random, plot: Plot) -> Arrived:
    """Texts come in at Kolwezi's number; the other channels everywhere."""
    channel = chance.choices((Channel.WEB, Channel.ASSISTED, Channel.SMS), (60, 25, 15))[0]
    site = chance.choice((SITE_A, SITE_B) if channel is Channel.SMS else (SITE_A, SITE_B, SITE_C))
    return Arrived(site, DESK_OF.get(site, KOLWEZI), chance.choice(LANGUAGES), plot, channel)


def _days_ago(scene: Scene, now: datetime, most: float, least: float) -> datetime:
    return now - timedelta(days=scene.chance.uniform(least, most))
