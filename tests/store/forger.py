"""What might somebody with the superuser's password do to the journal, with the triggers off?"""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from grievance.rules.merkle import Tree, packed
from grievance.store import heads, journal
from grievance.store.journal import NOTHING
from grievance.store.models import (
    JournalAnchor,
    JournalHead,
    JournalHour,
    JournalLeaf,
    JournalLine,
    JournalOpening,
)


@dataclass
class Forger:
    """Edits lines under an anchor, at random, as cleverly as the kind of edit allows."""

    session: Session
    chance: random.Random
    covered: dict[UUID, int]

    def some_line(self, *, at_least: int = 1) -> JournalLine:
        """A line that the anchor covers, of a chain that has so many of them."""
        chains = sorted(chain for chain, last in self.covered.items() if last >= at_least)
        chain = self.chance.choice(chains)
        seq = self.chance.randint(1, self.covered[chain])
        return self.session.scalars(
            select(JournalLine).where(JournalLine.chain == chain, JournalLine.seq == seq)
        ).one()

    def update(self) -> None:
        """One column of one line."""
        line = self.some_line()
        fresh = {
            "actor": "m-somebody", "move": "opened-not", "subject": uuid4(), "from_state": "x",
            "to_state": "y", "commitment": os.urandom(32), "previous": os.urandom(32),
            "hash": os.urandom(32), "at": line.at.replace(year=line.at.year - 1),
        }  # fmt: skip
        column = self.chance.choice(sorted(fresh))
        self._set(line, **{column: fresh[column]})

    def delete(self) -> None:
        """One line, or a whole chain with its head."""
        line = self.some_line()
        if self.chance.random() < 0.3:
            self.session.execute(delete(JournalLine).where(JournalLine.chain == line.chain))
            self.session.execute(delete(JournalHead).where(JournalHead.chain == line.chain))
        else:
            self.session.execute(
                delete(JournalLine).where(JournalLine.chain == line.chain, JournalLine.seq == line.seq)
            )

    def insert(self) -> None:
        """A line more in the middle, the later ones moved up, every hash made to fit again."""
        line = self.some_line()
        lines = self._lines(line.chain)
        place = line.seq - 1
        more = {**_columns(line), "actor": "m-somebody", "commitment": os.urandom(32)}
        self._write(line.chain, [*lines[:place], more, *lines[place:]])

    def reorder(self) -> None:
        """Two lines change places; sometimes the hashes are made to fit again."""
        line = self.some_line(at_least=2)
        lines = self._lines(line.chain)
        first = self.chance.randint(0, self.covered[line.chain] - 2)
        lines[first], lines[first + 1] = lines[first + 1], lines[first]
        if lines[first] == {**lines[first + 1], "seq": lines[first]["seq"]}:
            lines[first]["actor"] = "m-somebody"
        self._write(line.chain, lines, fitting=self.chance.random() < 0.5)

    def rewrite_tail(self) -> None:
        """From one line on everything is told anew, or the end is cut off; chain and head fit perfectly."""
        line = self.some_line()
        lines = self._lines(line.chain)
        if self.chance.random() < 0.5:
            self._write(line.chain, lines[: line.seq - 1])
            return
        for told in lines[line.seq - 1 :]:
            told["commitment"] = os.urandom(32)
        self._write(line.chain, lines)

    def rewrite_everything(self) -> None:
        """A line is changed, and its chain, the leaves, every head and the stored anchors all made to fit."""
        line = self.some_line()
        lines = self._lines(line.chain)
        lines[line.seq - 1]["actor"] = "m-somebody"
        self._write(line.chain, lines)
        self._heads_anew(line.chain)

    def opening(self) -> None:
        """What a line committed to is said to have been something else."""
        rows = self.session.scalars(select(JournalOpening).order_by(JournalOpening.id)).all()
        row = self.chance.choice(rows)
        self.session.execute(
            update(JournalOpening).where(JournalOpening.id == row.id).values(value=row.value + "!")
        )

    def head(self) -> None:
        """A head, a leaf or an anchor is altered or taken out."""
        kind = self.chance.choice(["hour", "leaf", "salt", "path", "anchor", "no hour", "no leaf"])
        doings: dict[str, Callable[[], object]] = {
            "hour": lambda: self.session.execute(update(JournalHour).values(root=os.urandom(32))),
            "leaf": lambda: self.session.execute(update(JournalLeaf).values(hashes=os.urandom(32))),
            "salt": lambda: self.session.execute(update(JournalLeaf).values(salt=os.urandom(16))),
            "path": lambda: self.session.execute(update(JournalLeaf).values(path=b"L" + os.urandom(32))),
            "anchor": lambda: self.session.execute(update(JournalAnchor).values(hash=os.urandom(32))),
            "no hour": lambda: self.session.execute(delete(JournalHour).where(JournalHour.number == 1)),
            "no leaf": lambda: self.session.execute(delete(JournalLeaf).where(JournalLeaf.number == 1)),
        }
        doings[kind]()

    def _lines(self, chain: UUID) -> list[dict[str, object]]:
        query = select(JournalLine).where(JournalLine.chain == chain).order_by(JournalLine.seq)
        return [_columns(line) for line in self.session.scalars(query)]

    def _write(self, chain: UUID, lines: list[dict[str, object]], *, fitting: bool = True) -> None:
        """The chain as told, numbered anew, with its head; `fitting` makes the hashes right too."""
        self.session.execute(delete(JournalLine).where(JournalLine.chain == chain))
        previous = NOTHING
        for seq, told in enumerate(lines, start=1):
            row = JournalLine(**{**told, "seq": seq})
            if fitting:
                row.previous = previous
                row.hash = hashlib.sha256(previous + journal.canonical(row)).digest()
            previous = row.hash
            self.session.execute(insert(JournalLine).values(_columns(row)))
        self.session.execute(
            update(JournalHead).where(JournalHead.chain == chain).values(seq=len(lines), hash=previous)
        )

    def _heads_anew(self, chain: UUID) -> None:
        hashes = {
            line.seq: line.hash
            for line in self.session.execute(
                select(JournalLine.seq, JournalLine.hash).where(JournalLine.chain == chain)
            )
        }
        previous = NOTHING
        hours = self.session.scalars(select(JournalHour).order_by(JournalHour.number)).all()
        for hour in hours:
            leaves = self.session.scalars(
                select(JournalLeaf).where(JournalLeaf.number == hour.number).order_by(JournalLeaf.chain)
            ).all()
            for leaf in leaves:
                if leaf.chain == chain:
                    leaf.hashes = b"".join(hashes[seq] for seq in range(leaf.first_seq, leaf.last_seq + 1))
            tree = Tree(heads.leaf_value(leaf) for leaf in leaves)
            for place, leaf in enumerate(leaves):
                leaf.path = packed(tree.path(place))
            hour.root, hour.previous = tree.root, previous
            hour.hash = previous = heads.head_hash(previous, hour.number, hour.at, tree.root)
        self._anchors_anew({hour.number: hour for hour in hours})
        self.session.flush()

    def _anchors_anew(self, hours: dict[int, JournalHour]) -> None:
        """Signed again, with a key of the forger's own: ours never was in the database."""
        own = ((1, os.urandom(32)),)
        for row in self.session.scalars(select(JournalAnchor)).all():
            made = heads.signed(row.day, row.number, row.at, hours[row.number].hash, own)
            row.hash, row.public_key, row.signature = made.hash, made.public_key, made.signature

    def _set(self, line: JournalLine, **values: object) -> None:
        here = (JournalLine.chain == line.chain, JournalLine.seq == line.seq)
        self.session.execute(update(JournalLine).where(*here).values(values))


EDITS = ("update", "delete", "insert", "reorder", "rewrite_tail", "rewrite_everything", "opening", "head")


def triggers_off(session: Session) -> None:
    """No trigger and no foreign key speaks until the transaction ends; only a superuser may ask for this."""
    session.execute(text("set local session_replication_role = replica"))


def _columns(line: JournalLine) -> dict[str, object]:
    return {column.name: getattr(line, column.name) for column in JournalLine.__table__.columns}
