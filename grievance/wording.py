"""What exactly do we say by SMS? One sentence for each template, in French and in Swahili."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from string import Formatter
from types import ModuleType
from zoneinfo import ZoneInfo

from grievance import gsm7, wording_fr, wording_sw
from grievance.rules.dialogue import Template
from grievance.terms import Role, Stage
from grievance.vocabulary import Language

ZONE = ZoneInfo("Africa/Lubumbashi")
LONGEST_NAME = 50  # letters of an organisation's name; two of them and the question are one SMS
# While the language is unknown: both, and the question which one.
BOTH: dict[Template, str] = {
    Template.LANGUAGE: "1 Francais 2 Kiswahili. Repondez 1 ou 2 / Tuma 1 ao 2",
    Template.DOG_BITE_BOTH: (
        "Chien: laver 15 min eau+savon, vaccin rage AUJOURD'HUI à l'hopital. "
        "Mbwa: osha dakika 15 maji+sabuni, chanjo LEO hospitali. 1 Francais 2 Kiswahili"
    ),
    Template.SEXUAL_VIOLENCE_BOTH: (
        "Hopital vite: avant 72 h, apres aussi. Pas besoin de police. "
        "Hospitali haraka: kabla ya siku 3, hata baadaye. Polisi si lazima. 1 Francais 2 Kiswahili"
    ),
    Template.HELD_BOTH: (
        "Police: 48 h au plus. Ecrivez: où, depuis quand, par qui. "
        "Polisi: masaa 48 tu. Andika: wapi, tangu lini, na nani. 1 Francais 2 Kiswahili"
    ),
    Template.DANGER_CALL_BOTH: (
        "Mettez-vous à l'abri. Appel avant {hour}. Pas d'appel: 3. "
        "Jiweke salama. Tutakupigia kabla ya {hour}. Tusipige: 3. 1 Francais 2 Kiswahili"
    ),
    Template.DANGER_LATER_BOTH: (
        "Mettez-vous à l'abri. Ici personne avant {day_hour}. "
        "Jiweke salama. Hapa hakuna mtu kabla ya {day_hour}. 1 Francais 2 Kiswahili"
    ),
    Template.DANGER_LATER_NUMBER_BOTH: (
        "Mettez-vous à l'abri. Ici personne avant {day_hour}. "
        "Jiweke salama. Hapa hakuna mtu. Aide/Msaada: {number}. 1 Francais 2 Kiswahili"
    ),
    Template.DANGER_ALONE_BOTH: (
        "Mettez-vous à l'abri. Nous n'envoyons pas de secours. "
        "Jiweke mahali salama. Hatutumi polisi wala ambulance. 1 Francais 2 Kiswahili"
    ),
    Template.DANGER_ALONE_NUMBER_BOTH: (
        "Mettez-vous à l'abri. Nous n'envoyons pas de secours. "
        "Jiweke salama. Hatutumi polisi. Aide/Msaada: {number}. 1 Francais 2 Kiswahili"
    ),
}
# What goes out unasked says nothing that another reader of the telephone could understand.
UNASKED = frozenset({Template.NEWS, Template.REMINDER, Template.CHECK_IN})
_TONGUES: dict[Language, ModuleType] = {Language.FRENCH: wording_fr, Language.SWAHILI: wording_sw}


def say(template: Template, language: Language, **values: str | datetime) -> str:
    """The sentence with its values, in the SMS alphabet and one part long.

    `code`, `receipt`, `number` and the desks' names `first`, `second` are text; `day`, `hour`, `day_hour` an
    aware time or its ISO 8601 form, shown as people there write it; `stage` a Stage and `turn` a Role, or
    their values. English is not spoken here: it is said in French. Raises ValueError for a value that is
    missing, unknown, or of another kind.
    """
    tongue = _TONGUES.get(language, wording_fr)
    sentence = BOTH.get(template) or tongue.SENTENCES[template]
    if set(values) != needs(template):
        raise ValueError(f"{template.value} needs {sorted(needs(template))}")
    shown = {name: _SHOWN.get(name, _text)(value, tongue) for name, value in values.items()}
    return gsm7.plain(sentence.format(**shown))


def needs(template: Template) -> frozenset[str]:
    """The names of the values that this sentence holds."""
    sentence = BOTH.get(template) or wording_fr.SENTENCES[template]
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


def day(moment: datetime) -> str:
    """26/11, on the calendar of Lubumbashi."""
    return f"{_local(moment):%d/%m}"


def hour(moment: datetime) -> str:
    """18h30, on the clocks of Lubumbashi."""
    return f"{_local(moment):%Hh%M}"


def day_hour(moment: datetime) -> str:
    """26/11 18h30."""
    return f"{day(moment)} {hour(moment)}"


def stage_name(stage: Stage, language: Language) -> str:
    """What a stage is called to the complainant."""
    names: dict[Stage, str] = _TONGUES.get(language, wording_fr).STAGES
    return names[stage]


def turn_name(turn: Role, language: Language) -> str:
    """Whose turn it is, as a sentence begins. Everybody at a desk, and our clock, is "we"."""
    return _turn(turn.value, _TONGUES.get(language, wording_fr))


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.astimezone(ZONE)


def _moment(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _text(value: str | datetime, tongue: ModuleType) -> str:
    if isinstance(value, datetime):
        raise ValueError("a time where text belongs")
    return value


def _name(value: str | datetime, tongue: ModuleType) -> str:
    letters = gsm7.plain(" ".join(_text(value, tongue).split()))
    return "".join(letter for letter in letters if letter in gsm7.ALPHABET)[:LONGEST_NAME].rstrip()


def _turn(value: str | datetime, tongue: ModuleType) -> str:
    turns: dict[Role, str] = tongue.TURNS
    ours: str = tongue.OUR_TURN
    return turns.get(Role(_text(value, tongue)), ours)


def _stage(value: str | datetime, tongue: ModuleType) -> str:
    names: dict[Stage, str] = tongue.STAGES
    return names[Stage(_text(value, tongue))]


_SHOWN: dict[str, Callable[[str | datetime, ModuleType], str]] = {
    "day": lambda value, _: day(_moment(value)),
    "hour": lambda value, _: hour(_moment(value)),
    "day_hour": lambda value, _: day_hour(_moment(value)),
    "first": _name,
    "second": _name,
    "stage": _stage,
    "turn": _turn,
}
