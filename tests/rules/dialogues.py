"""How are dialogues played in these tests?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from grievance.rules import learned as told
from grievance.rules.conversation import reply
from grievance.rules.dialogue import CodeHeard, Dialogue, Heard, Receipt, Standing, Template, Turn
from grievance.terms import Role, Stage
from grievance.vocabulary import Language

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HEARD = Heard(Receipt("7F3Q-82", NOW))
FRENCH = replace(HEARD, language=Language.FRENCH)
STORY = "les gardes ont battu mon frère"
STANDING = Standing(Stage.EXAMINED, Role.CASE_WORKER, NOW)
MINE = replace(HEARD, code=CodeHeard.KNOWN, standing=STANDING)


@dataclass(frozen=True)
class Played:
    """All turns of one dialogue."""

    turns: tuple[Turn, ...]

    @property
    def last(self) -> Turn:
        return self.turns[-1]

    @property
    def said(self) -> list[list[Template]]:
        return [[line.template for line in turn.say] for turn in self.turns]

    @property
    def learned(self) -> list[told.Learned]:
        return [thing for turn in self.turns for thing in turn.learned]


def play(*texts: str, heard: Heard = HEARD, state: Dialogue | None = None) -> Played:
    """What is known beside the text holds for the first text; the later ones bring nothing new."""
    state, turns = state or Dialogue(), []
    for number, text in enumerate(texts):
        turn = reply(state, text, heard if number == 0 else replace(heard, urgent=(), language=None))
        state = turn.state
        turns.append(turn)
    return Played(tuple(turns))
