"""What do our e-mails to staff say? That something waits, under which code, and where: never what it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grievance.vocabulary import Language


class MailTemplate(StrEnum):
    """Every e-mail to staff of a CSO, a company or ICoCA."""

    REFERRAL_SENT = "referral_sent"
    INTERIM_SENT = "interim_sent"
    NEW_CASE = "new_case"
    NEW_WORDS = "new_words"
    REMINDER = "reminder"
    DEADLINE_PASSED = "deadline_passed"
    ESCALATED_TO_YOU = "escalated_to_you"
    CALL_BACK_DUE = "call_back_due"
    DUTY_CALL = "duty_call"
    ERASURE_NEAR = "erasure_near"
    ANCHOR = "anchor"
    QUARANTINE = "quarantine"


@dataclass(frozen=True)
class Mail:
    """A subject and a body in plain text."""

    subject: str
    body: str


# The sentence of each, in French, Swahili and English. It is the subject, and the first line of the body.
_SENTENCES: dict[MailTemplate, dict[Language, str]] = {
    MailTemplate.REFERRAL_SENT: {
        Language.FRENCH: "Un dossier vous est transmis: {code}",
        Language.SWAHILI: "Kuna shauri limetumwa kwenu: {code}",
        Language.ENGLISH: "A matter has been referred to you: {code}",
    },
    MailTemplate.INTERIM_SENT: {
        Language.FRENCH: "Une demande urgente vous attend, réponse sous 24 h: {code}",
        Language.SWAHILI: "Kuna ombi la haraka, mujibu kwa masaa 24: {code}",
        Language.ENGLISH: "An urgent request is waiting, answer within 24 h: {code}",
    },
    MailTemplate.NEW_CASE: {
        Language.FRENCH: "Un nouveau dossier est arrivé: {code}",
        Language.SWAHILI: "Shauri mupya limefika: {code}",
        Language.ENGLISH: "A new case has arrived: {code}",
    },
    MailTemplate.NEW_WORDS: {
        Language.FRENCH: "Un nouveau message dans le dossier {code}",
        Language.SWAHILI: "Kuna ujumbe mupya katika shauri {code}",
        Language.ENGLISH: "A new message in {code}",
    },
    MailTemplate.REMINDER: {
        Language.FRENCH: "Rappel: une réponse est bientôt attendue, {code}",
        Language.SWAHILI: "Ukumbusho: jibu linangojewa karibuni, {code}",
        Language.ENGLISH: "Reminder: an answer is due soon, {code}",
    },
    MailTemplate.DEADLINE_PASSED: {
        Language.FRENCH: "Le délai est dépassé: {code}",
        Language.SWAHILI: "Tarehe ya mwisho imepita: {code}",
        Language.ENGLISH: "The deadline has passed: {code}",
    },
    MailTemplate.ESCALATED_TO_YOU: {
        Language.FRENCH: "Un dossier sans réponse vous est transmis: {code}",
        Language.SWAHILI: "Shauri bila jibu limepelekwa kwenu: {code}",
        Language.ENGLISH: "A matter left unanswered has been passed up to you: {code}",
    },
    MailTemplate.CALL_BACK_DUE: {
        Language.FRENCH: "Une personne attend votre appel: {code}",
        Language.SWAHILI: "Kuna mtu anangojea simu yenu: {code}",
        Language.ENGLISH: "Somebody is waiting for your call: {code}",
    },
    MailTemplate.DUTY_CALL: {
        Language.FRENCH: "Appel à faire maintenant: {code}",
        Language.SWAHILI: "Kuna simu ya kupiga sasa: {code}",
        Language.ENGLISH: "A call to make now: {code}",
    },
    MailTemplate.ERASURE_NEAR: {
        Language.FRENCH: "Un dossier clos sera bientôt effacé: {code}",
        Language.SWAHILI: "Shauri lililofungwa litafutwa karibuni: {code}",
        Language.ENGLISH: "A closed case will soon be erased: {code}",
    },
    MailTemplate.ANCHOR: {
        Language.FRENCH: "L'empreinte du journal, {day}",
        Language.SWAHILI: "Alama ya daftari, {day}",
        Language.ENGLISH: "The seal of the journal, {day}",
    },
    # Sent without a code: what lies there is no case yet.
    MailTemplate.QUARANTINE: {
        Language.FRENCH: "Beaucoup de messages à la fois: regardez ceux qui sont mis à part. {code}",
        Language.SWAHILI: "Ujumbe mwingi umefika kwa mara moja: muangalie ule uliowekwa pembeni. {code}",
        Language.ENGLISH: "Many messages came at once: look at those that were kept apart. {code}",
    },
}
# The anchor is worth what others keep of it: so its mail says what to do with it.
_ANCHOR: dict[Language, str] = {
    Language.FRENCH: (
        "Gardez ce courriel et le fichier joint. Avec lui, chacun peut vérifier que rien de ce qui était "
        "écrit ce jour-là n'a été changé depuis. Il ne contient que des empreintes et des heures.\n\n"
        "{hash}\n\nClé: {key}"
    ),
    Language.SWAHILI: (
        "Chunga barua pepe hii na faili yake. Kwa faili hii kila mtu anaweza kuhakikisha kwamba "
        "hakuna kitu cha siku hiyo kilichobadilishwa. Ina alama na saa tu.\n\n"
        "{hash}\n\nUfunguo: {key}"
    ),
    Language.ENGLISH: (
        "Keep this e-mail and the file with it. With it anybody can check that nothing which was written "
        "by that day has been changed since. It holds only hashes and times.\n\n"
        "{hash}\n\nKey: {key}"
    ),
}
_CLOSINGS: dict[Language, str] = {
    Language.FRENCH: (
        "Connectez-vous pour lire et répondre:\n{link}\n\n"
        "Ce courriel ne contient rien du dossier. Ne répondez pas à ce courriel."
    ),
    Language.SWAHILI: (
        "Ingia ili kusoma na kujibu:\n{link}\n\n"
        "Barua pepe hii haina habari za shauri. Usijibu barua pepe hii."
    ),
    Language.ENGLISH: (
        "Sign in to read and answer:\n{link}\n\n"
        "This e-mail holds nothing of the matter. Please do not reply to it."
    ),
}


def mail(template: MailTemplate, language: Language, *, code: str, link: str) -> Mail:
    """The e-mail that says this. `code` is that of the referral for a company, of the case for a desk."""
    subject = _SENTENCES[template][language].format(code=code).rstrip()
    return Mail(subject, f"{subject}\n\n{_CLOSINGS[language].format(link=link)}\n")


def anchor_mail(language: Language, *, day: str, digest: str, key: str) -> Mail:
    """The e-mail that carries the journal's anchor of a day; `digest` and `key` in hexadecimal."""
    subject = _SENTENCES[MailTemplate.ANCHOR][language].format(day=day)
    return Mail(subject, f"{subject}\n\n{_ANCHOR[language].format(hash=digest, key=key)}\n")
