"""Why could the desk not do this? Sentences for what only a desk is refused, and names of its fields."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from grievance.reasons import SENTENCES, sentence_of

REFUSALS: dict[str, LazyString] = {
    "conflict_not_asked": _l("First say whether you know anybody here."),
    "kept_away": _l("You said that you know somebody here. A colleague looks after this case."),
    "in_conflict": _l("This organisation is in conflict and is kept away from the case."),
    "contact_is_accused": _l("This person is named in the complaint, or is above somebody who is."),
    "contact_not_theirs": _l("This person does not receive referrals there."),
    "nobody_left": _l("Nobody there may receive it. Ask the complainant about another addressee."),
    "no_such_party": _l("There is no such organisation."),
    "no_such_body": _l("This body decided before, or is kept away from the case."),
    "stays_restricted": _l("Only a lead gives a restricted case back to the whole desk."),
    "lane_without_keys": _l("Neither organisation has two members with the key of this lane."),
    "appeal_is_open": _l("An appeal is open: decide that first."),
    "not_the_appeal_body": _l("The complainant asked another body to decide this."),
    "outcome_missing": _l("Choose how the case ends."),
    "nobody_held": _l("No clock of a person held is running."),
    "not_by_letter": _l("This referral did not go by letter."),
    "overseer_without_key": _l("The overseeing body cannot receive anything yet: its keys are missing."),
    "remedies_not_confirmed": _l("The complainant has not confirmed that every remedy came."),
    "answer_not_accepted": _l("The complainant has not said that an answer settles it."),
    "no_answer_told": _l("No answer was told to the complainant yet, or they accepted it."),
    "findings_missing": _l("Not every allegation has a finding, or one was established."),
    "not_tried_enough": _l("Record three tries by two ways over 21 days first."),
    "wants_contact": _l("The complainant did not ask to be left alone."),
    "withdrawal_talk_missing": _l("Speak safely with the complainant first, or wait for the 30 days to end."),
    "not_confirmed_elsewhere": _l("The other body has not confirmed that it has taken it over."),
    "merge_refused": _l("These two cases cannot be joined: another desk, another lane or other agreements."),
    "company_still_owes": _l("A company still owes an answer."),
    "already_held": _l("The case is kept already."),
    "not_held": _l("Nobody keeps this case beyond its time."),
    "authority_consent": _l("Going to an authority needs the complainant's own yes to this step."),
    "military_consent": _l("Ask the complainant about the military prosecutor by that name first."),
    "nobody_asked": _l("Nobody has asked yet how the complainant is: no company was told."),
    "triage_first": _l("Decide the triage first."),
    "slip_of_another_desk": _l("It was sealed for another organisation: a member of that one must send it."),
    "slip_needs_triage_key": _l(
        "You do not hold the key that opens it. A colleague who holds the triage key can sign in on this"
        " telephone and send it."
    ),
    "slip_key_gone": _l(
        "The key that it was sealed to is gone, so that nobody opens it any more. Take the complaint down"
        " again, from paper or with the person."
    ),
}
FIELDS: dict[str, LazyString] = {
    "ids": _l("Choose at least one line."),
    "text": _l("The text is missing, or too long."),
    "severity": _l("Choose how fast a person must act."),
    "harms": _l("Tick at least one thing that was done."),
    "organisation_id": _l("Choose an organisation."),
    "allowed": _l("Say yes or no."),
    "reached": _l("Say whether you spoke with the person."),
    "summary": _l("The summary is missing, or too long."),
    "people_it_could_be": _l("Write a number, for example 3, or leave it empty."),
    "outcome": _l("Choose how the case ends."),
    "knows": _l("Choose one of the answers."),
    "province": _l("Choose one of the answers."),
    "territory": _l("Choose one of the answers."),
    "proof": _l("Write what proves the delivery."),
    "finding": _l("Choose what was found."),
    "reason": _l("Write the reason."),
    "allegation_id": _l("Choose what it is about."),
    "word": _l("Choose what the person said."),
    "stands": _l("Say yes or no."),
    "consent_how": _l("Say how the person agreed that we keep this: aloud, by signature or by thumbprint."),
    "consent_by": _l("Write who agreed."),
    "consent_on": _l("Write the day on which they agreed. It can't be a day to come."),
    "consent_given": _l("The words about how they agreed are too long."),
    "language": _l("Choose the language of the person."),
    "incident_on": _l("Write the day like this: 26/11, or choose another answer."),
    "number": _l("This does not look like a phone number. Example: 0991234567"),
    "ends_at": _l("The end must be after the beginning."),
    "authority": _l("Choose to which authority."),
    "well": _l("Say yes or no."),
    "way": _l("Choose how you know that it is they."),
    "secret": _l("Write the word that the person said."),
    "to": _l("Choose who should look again."),
    "sealed": _l(
        "It is damaged and does not open. Take the complaint down again, from paper or with the person."
    ),
}
COUNT = _l("Write a number, for example 3, or leave it empty.")
COUNTS = frozenset({"persons", "women", "men", "children"})
OTHER = _l("Something in the form cannot be used. Look at the marked fields.")


def of_refusal(code: str) -> LazyString:
    """The sentence behind a refusal."""
    return REFUSALS[code] if code in REFUSALS and code not in SENTENCES else sentence_of(code)


def of_field(name: str) -> LazyString:
    """What to say about a field that is empty or wrong."""
    return COUNT if name in COUNTS else FIELDS.get(name, OTHER)
