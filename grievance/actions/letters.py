"""How does a company without an account hear of a matter? By letter: a summary, dates, where to answer."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

import typst

from grievance.actions import moves
from grievance.actions.case_seen import check_opened
from grievance.actions.case_values import ReferralSeen
from grievance.actions.referral_seen import seen
from grievance.store import queries
from grievance.store.models import Organisation
from grievance.store.session import transaction
from grievance.terms import Actor, ClockKind, Refused
from grievance.vocabulary import Language, MessageKind

ZONE = ZoneInfo("Africa/Lubumbashi")
# What people wrote is handed in as values, never as part of this text, so that no sign in it is a command.
PAGE = """
#set page(paper: "a4", margin: (x: 25mm, y: 25mm), footer: align(center, text(8pt, sys.inputs.footer)))
#set text(11pt, lang: sys.inputs.lang)
#set par(justify: false, leading: 0.75em)
#let lines(value) = for line in value.split("\\n") { [#line \\ ] }
#text(9pt, fill: rgb("#0B5D5E"), weight: "bold")[#sys.inputs.desk]
#v(12mm)
#strong(sys.inputs.company) \\
#lines(sys.inputs.address)
#v(6mm)
#align(right)[#sys.inputs.date]
#v(4mm)
#strong(sys.inputs.subject)
#v(3mm)
#sys.inputs.opening
#v(2mm)
#block(inset: 10pt, stroke: (left: 2pt + rgb("#0B5D5E")), width: 100%)[#lines(sys.inputs.summary)]
#v(2mm)
#lines(sys.inputs.asked)
#v(2mm)
#lines(sys.inputs.closing)
#v(10mm)
#sys.inputs.desk
"""
WORDS: dict[Language, dict[str, str]] = {
    Language.FRENCH: {
        "subject": "Dossier {code}",
        "opening": "Une personne nous a parlé d'un fait qui concerne vos services. Elle accepte que vous "
        "lisiez ce résumé:",
        "asked": "Dites-nous avant le {acknowledge} que vous avez reçu cette lettre.\n"
        "Répondez sur le fond avant le {answer}.",
        "interim": "Gardez les images, le registre radio et le tour de garde. Répondez avant le {interim}.",
        "closing": "Répondez par écrit à notre organisation, avec le numéro du dossier. Ne cherchez pas à "
        "savoir qui a parlé.\nToutes représailles seront signalées.",
        "footer": "Ce service est gratuit. Il ne remplace aucun tribunal.",
    },
    Language.SWAHILI: {
        "subject": "Shauri {code}",
        "opening": "Mtu mmoja ametuambia tukio linalohusu kampuni yenu. Anakubali msome maelezo haya mafupi:",
        "asked": "Tuambieni kabla ya {acknowledge} kwamba mmepokea barua hii.\nJibuni kabla ya {answer}.",
        "interim": "Chungeni picha za kamera, kitabu cha radio na orodha ya walinzi. Jibuni kabla ya {interim}.",
        "closing": "Jibuni kwa maandishi kwa ONG yetu, na namba ya shauri. Msitafute kujua nani alisema.\n"
        "Kulipiza kisasi kwote kutatangazwa.",
        "footer": "Huduma hii ni ya bure. Haichukui nafasi ya mahakama.",
    },
}


def letter(code: str, *, actor: Actor, now: datetime) -> bytes:
    """The letter of a referral, as a PDF, in the company's language. It shows the referral's code alone.

    Raises NotFound, CannotOpen, Refused("not_by_letter").
    """
    with transaction(actor) as session:
        referral = queries.referral_by_code(session, code)
        case = moves.desk_case(session, referral, actor)
        check_opened(session, case, actor)
        if not referral.by_letter:
            raise Refused("not_by_letter")
        shown = seen(session, referral, actor, now)
        company = queries.organisation(session, referral.organisation_id)
        values = _values(shown, company, now)
    # The first bytes of a PDF say when it was made: the caller's time, not this machine's.
    made = typst.compile(
        PAGE.encode(), sys_inputs=values, ignore_system_fonts=True, timestamp=int(now.timestamp())
    )
    return bytes(made) if isinstance(made, bytes) else b""


def _values(shown: ReferralSeen, company: Organisation, now: datetime) -> dict[str, str]:
    language = Language.SWAHILI if company.language is Language.SWAHILI else Language.FRENCH
    words = WORDS[language]
    due = {clock.kind: _day(clock.due_at) for clock in shown.clocks}
    asked = words["interim"] if ClockKind.INTERIM in due else words["asked"]
    summary = "\n\n".join(
        words.text for words in shown.messages if words.kind in (MessageKind.SUMMARY, MessageKind.IDENTITY)
    )
    plain = {
        "desk": shown.desk_name, "company": company.name, "address": company.letter_address or "",
        "date": _day(now), "summary": summary, "lang": language.value, "footer": words["footer"],
        "subject": words["subject"].format(code=shown.code), "opening": words["opening"],
        "asked": asked.format(
            acknowledge=due.get(ClockKind.ACKNOWLEDGE, _day(now)), answer=due.get(ClockKind.ANSWER, _day(now)),
            interim=due.get(ClockKind.INTERIM, _day(now)),
        ),
        "closing": words["closing"],
    }  # fmt: skip
    return {name: unicodedata.normalize("NFC", value) for name, value in plain.items()}


def _day(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%d/%m/%Y")
