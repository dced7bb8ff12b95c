"""Is it known of every column what a thief of the database would read in it?"""

from __future__ import annotations

import re

from sqlalchemy import Enum, LargeBinary, String, Text
from sqlalchemy.dialects.postgresql import JSONB

from grievance.store.models import Base
from grievance.store.models.cases import RESTRICTED_IS_BLANK
from tests.columns import SEALED, inventory, of_class, sealed

CLASSES = {
    "M", "incident", "keyed", "key", "staff", "register", "journal", "opening",
    *(SEALED + key for key in (
        "class", "summary", "wrap", "member", "session", "reader", "intake", "notifier", "config", "pepper",
    )),
}  # fmt: skip
# Bytes are ciphertext, keyed, public halves, or hashes of the journal: never words.
BYTES = {"keyed", "key", "journal", "opening"}
# Text in clear of a case. Each is a code, a name of ours or a template's value: nobody types into it.
TYPED_BY_NOBODY = {
    ("clock", "policy"), ("conflict", "reason"), ("consent", "how"), ("dialogue_step", "step"),
    ("entry", "author"), ("evidence", "author"),
    ("fact", "clock"), ("fact", "harm"), ("fact", "kind"), ("fact", "outcome"), ("fact", "province"),
    ("fact", "severity"), ("fact", "step"), ("fact", "territory"), ("allegation", "harm"),
    ("grievance_case", "code"), ("grievance_case", "policy"), ("grievance_case", "province"),
    ("grievance_case", "share"), ("grievance_case", "territory"), ("outbox", "audience"),
    ("outbox", "error"), ("outbox", "once"), ("outbox", "provider_id"), ("outbox", "template"),
    ("outbox", "values"), ("referral", "code"), ("referral", "letter_proof"), ("referral_message", "author"),
    ("visitor_session", "csrf"),
}  # fmt: skip


def _columns() -> dict[tuple[str, str], object]:
    return {
        (table.name, column.name): column.type
        for table in Base.metadata.tables.values()
        for column in table.columns
    }


def test_every_column_has_a_class_and_every_class_a_column() -> None:
    there, listed = set(_columns()), set(inventory())
    assert there - listed == set(), "a new column needs a line in tests/guards/columns.yaml"
    assert listed - there == set(), "a column that is gone still has a line"


def test_there_is_no_class_that_nobody_explained() -> None:
    assert set(inventory().values()) == CLASSES


def test_bytes_are_never_words_in_clear() -> None:
    wrong = [
        place
        for place, kind in _columns().items()
        if isinstance(kind, LargeBinary)
        and not (inventory()[place] in BYTES or inventory()[place].startswith(SEALED))
    ]
    assert wrong == []


def test_what_is_sealed_is_kept_as_bytes() -> None:
    kinds = _columns()
    assert [place for place in sealed() if not isinstance(kinds[place], LargeBinary)] == []


def test_nobody_types_into_a_clear_column_of_a_case() -> None:
    text = {
        place
        for place, kind in _columns().items()
        if isinstance(kind, (Text, String, JSONB)) and not isinstance(kind, Enum)
        if inventory()[place] in ("M", "incident")
    }
    assert text == TYPED_BY_NOBODY


def test_the_database_itself_blanks_what_the_list_calls_an_incident() -> None:
    checked = set(re.findall(r"(\w+) (?:= '|is null)", RESTRICTED_IS_BLANK))
    listed = {column for table, column in of_class("incident") if table == "grievance_case"}
    assert listed == checked
