"""Why was it refused? The sentence behind each code that an error of ours carries."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

UNKNOWN = _l("A condition for this step is not met.")

SENTENCES: dict[str, LazyString] = {
    "field_email": _l("The e-mail address"),
    "field_password": _l("The password: at least 12 characters"),
    "field_code": _l("The six digits of your phone's code"),
    "field_role": _l("The role"),
    "field_organisation": _l("The organisation"),
    "field_kinds": _l("The keys"),
    "field_language": _l("The language"),
    "not_opened_yet": _l("The NGO must first make sure that it is you. Ask for a call, or write to it here."),
    "wrong_word": _l("This is not the word that the person chose, or they chose none."),
    "too_many_words": _l("Five wrong words in a day: try again tomorrow, or meet the person."),
    "no_way_waits": _l("No receipt waits to be opened."),
    "not_by_text": _l("This person did not come by SMS and did not choose SMS."),
    "not_anchored_yet": _l("The proof is not ready yet. It is made once a day: come back tomorrow."),
    "opened_already": _l("It cannot be erased any more: it was opened. You can still stop everything."),
    "wrong_code": _l("The six digits of your phone's code"),
    "email_taken": _l("Somebody already has this e-mail address."),
    "role_not_of_organisation": _l("This role does not exist in this kind of organisation."),
    "already_joined": _l("This invitation was already used."),
    "invitation_over": _l("This invitation is over. Ask for a new one."),
    "link_of_theirs": _l(
        "Who asks made the link for your account less than a week ago. Another colleague must be the second."
    ),
    "one_overseer": _l("There is an overseer already. Invite its people there."),
    "not_let_in": _l("Nobody of your organisation has given you a key yet. Until then you decide nothing."),
    "no_key_of_yours": _l("You do not hold this key yourself, so you cannot give it."),
    "lane_is_the_leads": _l("Only a lead gives the key of a restricted lane to a colleague."),
    "no_own_key_yet": _l("This member has not joined yet, so there is no key to give to."),
    "own_fingerprint_first": _l("Two overseers must confirm the fingerprint of their own keys first."),
    "already_confirmed": _l("You already confirmed this key."),
    "not_for_your_role": _l("Your role may not do this."),
    "last_holder": _l("This member is the last who holds one of these keys. Give it to somebody else first."),
    "key_change_waits": _l("A new version of this key already waits for a second person."),
    "not_our_key": _l("This is no key of your organisation."),
    "wrong_paper_key": _l("A key from paper was not typed right."),
    "not_yourself": _l("Somebody else must do this."),
    "passkey_not_made": _l("The passkey was not made. Try again on this page."),
    "enough_passkeys": _l("You have ten passkeys. Remove one that you no longer use first."),
    "last_passkey": _l("An administrator needs a passkey. Add another one before you remove this one."),
    "no_identity": _l("No name and no number were given."),
    "already_asked": _l("You already asked. Look on the page of the case."),
    "not_agreed": _l("A colleague must agree first."),
    "already_answered": _l("A colleague has already answered."),
    "second_person_answers": _l("Only the answer of a second person ends this task."),
    "frozen": _l("The complainant stopped sharing."),
    "never_an_addressee": _l("The police and the army never receive a complaint from here."),
    "public_line": _l(
        "What concerns police or army stays out of the summary, unless complainant and lead agree."
    ),
    "for_one_person": _l(
        "This referral was made to one person at your organisation alone. It does not open to you, and only"
        " that person answers it."
    ),
    "overseer_without_person": _l(
        "The overseeing body has not named a person with an account who may receive this. It never goes to"
        " everybody there."
    ),
    "consent": _l("The complainant has not agreed to this addressee."),
    "identity_consent": _l("The complainant has not agreed to give the name."),
    "summary_not_read": _l("The summary was not read to the complainant yet."),
    "how_few_not_asked": _l("First answer: how few people could this be?"),
    "safety_not_asked": _l("First ask the complainant: are you safe if they guess?"),
    "not_safe": _l("The complainant is not safe if they guess."),
    "affected_disagree": _l("An affected person does not agree."),
    "affected_not_asked": _l("The affected persons were not asked, and the lead gave no reason."),
    "survivor_did_not_ask": _l("Only at the survivor's own request."),
    "not_the_accepted_person": _l("The survivor accepted another person."),
    "clock_may_not_move_it": _l("A deadline alone never moves this case."),
    "child_consent": _l("The child has not agreed."),
    "guardian_consent": _l("The guardian has not agreed."),
    "guardian_accused": _l("The guardian is the person accused."),
    "best_interest_note": _l("The note on the child's interest is missing."),
    "never_pauses": _l("This clock never pauses."),
    "already_stopped": _l("This clock has already stopped."),
    "already_paused": _l("This clock is already paused."),
    "not_paused": _l("This clock is not paused."),
    "not_stopped": _l("This clock is still running."),
    "still_running": _l("This clock is still running."),
    "deadline_passed": _l("The deadline has passed."),
    "not_extendable": _l("This deadline cannot be extended."),
    "reason_missing": _l("Write the reason."),
    "step_already_taken": _l("This step was already taken."),
    "not_told_yet": _l("The complainant has not been told yet."),
    "too_late_to_dispute": _l("The time to disagree is over. Something can still be added."),
    "no_desk": _l("No organisation can take this at the moment. Keep your text and try again later."),
    "no_second_desk": _l("There is no other organisation for this place."),
    "desk_without_key": _l("This organisation cannot receive anything yet: its keys are missing."),
    "not_empty": _l("There is already an organisation here."),
    "conflict_not_asked": _l("First say whether you know anyone in this case."),
    "kept_away": _l("You said that you know somebody in this case, so you do not work on it."),
    "contact_is_accused": _l("This contact is accused, or above somebody who is."),
    "not_of_this_organisation": _l("Account and superior must be of the organisation that was chosen."),
    "contact_not_theirs": _l("This contact is not of this company."),
    "nobody_left": _l(
        "Nobody is left at this company who could receive it. Choose the client's head office or ICoCA."
    ),
    "no_such_party": _l("There is nobody at this level."),
    "no_such_body": _l("There is no other body that could look at it. Ask to be called."),
    "not_waiting_for_complainant": _l("A clock pauses only while we wait for the complainant."),
    "question_not_accepted": _l("The desk has not accepted this question as needed, so the clock goes on."),
    "not_a_company_clock": _l("This deadline is not the company's."),
    "question_already_accepted": _l("One question was already accepted here."),
    "already_extended": _l("This deadline was already extended once."),
    "too_late_to_hand_back": _l(
        "The time for telling the answer has passed: it can no longer be handed back as incomplete."
    ),
    "coverage_confirmed_before": _l("Somebody has confirmed this coverage already."),
    "coverage_not_confirmed": _l("Nobody has confirmed this coverage yet: take the proposal back instead."),
    "ends_by_two": _l("This coverage counts already: ask for its end, and a second person ends it."),
    "end_asked_before": _l("Its end was asked for already."),
    "last_fallback": _l(
        "These are the last desks for everything else. First let others be confirmed for it."
    ),
    "file_missing": _l("Choose a file first."),
    "file_empty": _l("This file is empty. Choose another one."),
    "file_too_big": _l("This file is larger than 10 MB. Send a smaller one, or a part of it."),
    "file_too_many": _l("You have sent five files already. Describe what else there is in a message."),
    "file_unknown_kind": _l(
        "We cannot take this kind of file. Send a photograph (JPEG, PNG, WebP), a recording, a film or a PDF."
    ),
    "file_other_name": _l("The name of this file says something else than what is in it. Send the original."),
    "file_broken": _l("This file is damaged or not complete: we cannot open it. Send it again."),
    "file_too_heavy": _l("This file unpacks to more than we can check. Send a smaller photograph or paper."),
    "file_hides_another": _l(
        "Something else is hidden in this file, such as a program or an archive. Send a new photograph of it."
    ),
    "file_busy": _l("We are checking other files just now. Nothing is lost: try again in a minute."),
}


def sentence_of(code: str) -> LazyString:
    """What to say for a code; a general sentence when there is none."""
    return SENTENCES.get(code, UNKNOWN)
