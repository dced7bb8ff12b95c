"""Which questions did one text bring somebody to, and which did it answer?"""

from __future__ import annotations

from grievance.rules.dialogue import Dialogue, Question


def taken(before: Dialogue, after: Dialogue) -> tuple[frozenset[Question], frozenset[Question]]:
    """(reached, answered). A question asked again is reached once; a refusal answers the first one."""
    asked = {after.asked} if after.asked and after.asked is not before.asked else set()
    # Said without being asked: it was never a step for this person.
    open_one = before.asked
    if open_one is None or open_one in before.answered:
        return frozenset(asked), frozenset()
    answered = open_one in after.answered or _left(before, after)
    return frozenset(asked), frozenset({open_one} if answered else ())


def _left(before: Dialogue, after: Dialogue) -> bool:
    """Whether the open question found its answer outside of the list of answers."""
    if before.asked is Question.SAFETY:
        return before.stored and not after.stored
    known = {
        Question.LANGUAGE: before.language is None and after.language is not None,
        Question.DANGER: after.danger and not before.danger,
        Question.WHAT: after.stored and not before.stored,
        Question.CONTACT: after.contact is not None and before.contact is None,
    }
    return known.get(before.asked or Question.CODE, False)
