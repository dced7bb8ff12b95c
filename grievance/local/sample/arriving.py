"""How does a fictional complaint come in? By the web, told to a case worker, or by texts on a telephone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grievance.actions import cases, intake, texts
from grievance.actions.inbound import Heard, Kept, Seals, keep
from grievance.actions.sms_keys import SmsKeys, Tongue
from grievance.local.sample.registry import CONTRACTS, SITE_A, SITE_B, SITE_C, SITES
from grievance.local.sample.scene import Life, Scene
from grievance.local.sample.stories import Plot, tell
from grievance.local.sample.town import KOLWEZI, LUBUMBASHI
from grievance.schemas.report import ReportIn
from grievance.store import receipts
from grievance.store.actors import SMS_ACTOR
from grievance.store.models import Case
from grievance.store.session import transaction
from grievance.vocabulary import Channel, GatewayKind, Language

DESK_OF = {SITE_A: KOLWEZI, SITE_B: KOLWEZI, SITE_C: LUBUMBASHI}
SAYS_YES, NOBODY_IN_DANGER, SMS_ONLY = "1", "2", "2"


@dataclass
class Arrived:
    """A case as its desk knows it: the companies follow from site and day."""

    site: str
    desk: str
    language: Language
    plot: Plot
    channel: Channel
    code: str = ""
    case_id: UUID | None = None
    incident_on: date | None = None
    story: str = field(default="", repr=False)

    @property
    def mine(self) -> str:
        """The client of the site."""
        return next(row[3] for row in SITES if row[0] == self.site)

    def provider(self, scene: Scene) -> str:
        """Who guarded the site that day."""
        days = (scene.until.date() - (self.incident_on or scene.now.date())).days
        at_site = [row for row in CONTRACTS if row[0] == self.site]
        return next(row[1] for row in at_site if days <= row[2] and (row[3] is None or days >= row[3]))


def arrive(scene: Scene, case: Arrived, **more: Any) -> Life:
    """Brings a complaint in; the texts of a telephone take a few minutes."""
    case.story = more.pop("story", None) or tell(case.plot.told, case.language, scene.chance)
    case.incident_on = (scene.now - timedelta(days=1)).date()
    if case.channel is Channel.SMS:
        yield from _by_texts(scene, case)
    else:
        _by_form(scene, case, more)


def _by_form(scene: Scene, case: Arrived, more: dict[str, Any]) -> None:
    place = next(row for row in SITES if row[0] == case.site)
    said = {
        "channel": case.channel.value, "language": case.language.value, "province": place[1],
        "territory": place[2], "site_id": str(scene.registry.sites[case.site]), "incident": "yesterday",
        "harms": [case.plot.harm.value], "story": case.story, "share": "both", "speaks_as": "self",
        "safe_contact": "web", "wished": case.plot.wished.get(case.language), "danger": False,
        "persons": scene.chance.choice((1, 1, 1, 2, 3)), "actor": "private",
    }  # fmt: skip
    if case.channel is Channel.ASSISTED:
        said |= {
            "consent_how": "spoken", "consent_by": "La personne elle-même", "safe_contact": "call",
            "consent_on": str(scene.now.date()), "consent_given": "De vive voix, au bureau.",
        }  # fmt: skip
    report = ReportIn().load(said | more)
    if case.channel is Channel.ASSISTED:
        received = cases.assisted(report, actor=scene.actor(case.desk), now=scene.now)
    else:
        received = intake.receive(report, opening=_receipt(scene), now=scene.now)
    case.code, case.case_id = received.code, received.case_id


def _receipt(scene: Scene) -> intake.ReceiptHalf | None:
    """A few people kept a receipt; each costs a second of a slow machine, so not all do here."""
    if scene.chance.random() > RECEIPTS_KEPT:
        return None
    opening = receipts.open_receipt(receipts.mint())
    return intake.ReceiptHalf(opening.lookup, opening.pair.public)


RECEIPTS_KEPT = 0.15


def _by_texts(scene: Scene, case: Arrived) -> Life:
    """A whole dialogue: the story, yes, nobody is in danger, where, by SMS please."""
    channel = next(one for one in scene.registry.channels if one.kind is GatewayKind.TWILIO)
    number = f"+24388{scene.chance.randrange(10**7):07d}"
    began = scene.now
    keys = _keys(scene, case.language)
    for text in (case.story, SAYS_YES, NOBODY_IN_DANGER, case.site, SMS_ONLY):
        fields = {
            "provider_id": None, "sender": number, "number": number, "text": text,
            "sent_at": scene.now.isoformat(),
        }  # fmt: skip
        heard = Heard(Kept.TEXT, (number, scene.now.isoformat(), text), fields)
        web = scene.stage.settings.web
        seals = Seals(web.intake_public[-1][1], web.config_key)
        kept = keep(channel.id, heard, seals=seals, now=scene.now)
        if kept is not None:
            texts.take(kept, keys=keys, now=scene.now)
        yield scene.now + timedelta(minutes=2)
    with transaction(SMS_ACTOR) as session:
        query = select(Case).where(Case.channel == Channel.SMS, Case.received_at == began)
        found = session.scalars(query).one()
    case.code, case.case_id, case.desk = found.code, found.id, KOLWEZI


def _keys(scene: Scene, language: Language) -> SmsKeys:
    sms = scene.stage.settings.sms
    return SmsKeys(
        intake=sms.intake_private, notifier=sms.notifier_private, number_index=sms.number_index_key,
        config=sms.config_key, pepper=sms.pepper, tongue=lambda text: Tongue(language),
        help_number=lambda province, day: None,
    )  # fmt: skip
