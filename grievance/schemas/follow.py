"""What does a complainant send who came back? One small schema for each form of their page."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema

from grievance.schemas.text import CleanText
from grievance.vocabulary import Settled

LONGEST_MESSAGE = 16_000


class AppealTo(StrEnum):
    """Whom the complainant asks to look again."""

    BACKUP = "backup"
    OVERSEER = "overseer"


class _Form(Schema):
    class Meta:
        unknown = EXCLUDE


class ReceiptIn(_Form):
    """The way back. Anything that is no receipt is simply a wrong one."""

    recu = fields.String(load_default="")


class FileIn(_Form):
    """A file that will come in pieces: its name and its size in bytes."""

    nom = fields.String(load_default="")
    taille = fields.Integer(required=True)


class WordsIn(_Form):
    """A message to the desk."""

    texte = CleanText(longest=LONGEST_MESSAGE, load_default=None)

    @validates_schema
    def some_words(self, data: dict[str, Any], **_: Any) -> None:
        """An empty message is none."""
        if not data.get("texte"):
            raise ValidationError("empty", "texte")


class ConsentIn(_Form):
    """Whether one company may read a summary."""

    societe = fields.UUID(required=True)
    accord = fields.Boolean(required=True)


class SettledIn(_Form):
    """The person's own word on an answer, and what they add to it."""

    transmission = fields.UUID(required=True)
    reponse = fields.Enum(Settled, by_value=True, required=True)
    texte = CleanText(longest=LONGEST_MESSAGE, load_default=None)


class RemedyIn(_Form):
    """Whether a remedy came."""

    reparation = fields.UUID(required=True)


class CallIn(_Form):
    """Please call, on this number or on the one given before."""

    telephone = CleanText(longest=40, load_default=None)
    texte = CleanText(longest=400, load_default=None)


class WellIn(_Form):
    """How somebody who complained is now."""

    bien = fields.Boolean(required=True)


class SureIn(_Form):
    """To stop everything is asked twice."""

    sur = fields.Boolean(load_default=False)


class DisputeIn(_Form):
    """Why the closing is not right; may be left empty."""

    texte = CleanText(longest=LONGEST_MESSAGE, load_default=None)


class AppealIn(DisputeIn):
    """Who shall look again, and whether photographs and papers go there too."""

    organe = fields.Enum(AppealTo, by_value=True, required=True)
    preuves = fields.Boolean(load_default=False)
