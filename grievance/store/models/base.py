"""On what do all tables stand? The metadata, and the column types they share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ARRAY, Date, DateTime, Enum, LargeBinary, MetaData, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _values(kind: type[StrEnum]) -> Sequence[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    """Every table. Identifiers are made in Python, so that a row can be sealed before it is stored."""

    metadata = MetaData(naming_convention=NAMES)
    # Insert-only roles may not read back what the server made up, so nothing is fetched after an insert.
    __mapper_args__ = {"eager_defaults": False}
    type_annotation_map = {
        StrEnum: Enum(StrEnum, native_enum=False, length=40, values_callable=_values),
        str: Text,
        bytes: LargeBinary,
        datetime: DateTime(timezone=True),
        date: Date,
        UUID: Uuid,
        list[str]: ARRAY(Text),
    }


class Identified:
    """A row with an identifier made in Python."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)


# Gives engines (one for each database login) and the metadata; its own session is never used.
db = SQLAlchemy(metadata=Base.metadata)
