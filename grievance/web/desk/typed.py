"""What had somebody typed when a form of theirs was refused? It stands in the form again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import LazyString
from werkzeug.datastructures import MultiDict

# What people write at length; a choice or a date is quickly made again.
WORDS = ("text", "summary", "identity", "reason", "proof", "lead_wrote_why", "best_interest_note")


@dataclass(frozen=True)
class Typed:
    """One refused form: which move it wanted to make, what stood in it, and what was wrong with it.

    `about` is the code of the referral (or the id of whatever else) that the form belonged to.
    """

    action: str = ""
    about: str = ""
    form: MultiDict[str, str] = field(default_factory=MultiDict, repr=False)
    wrong: frozenset[str] = frozenset()
    told: tuple[LazyString | str, ...] = ()
    # The page does not offer this move any more, so that no form is there to hold what was typed.
    gone: bool = False

    def mine(self, action: str, about: str = "") -> bool:
        """Whether it is this form that was refused."""
        return bool(action) and self.action == action and self.about == about

    def value(self, action: str, name: str, otherwise: Any = "", about: str = "") -> Any:
        """What stood in a field; `otherwise` where another form was sent or none."""
        if not self.mine(action, about):
            return "" if otherwise is None else otherwise
        return self.form.get(name, "")

    def values(self, action: str, name: str, otherwise: Iterable[Any] = (), about: str = "") -> list[Any]:
        """The same of a field with several answers."""
        return self.form.getlist(name) if self.mine(action, about) else list(otherwise)

    @property
    def words(self) -> tuple[str, ...]:
        """The texts of a form that is not there any more."""
        return tuple(self.form[name] for name in WORDS if self.gone and self.form.get(name))

    def is_wrong(self, action: str, name: str, about: str = "") -> bool:
        """Whether this field must be put right."""
        return self.mine(action, about) and name in self.wrong


NOTHING = Typed()
