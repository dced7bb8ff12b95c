"""What does a desk see and do? Its queue, its cases, complaints given on paper, its duty roster."""

from grievance.web.desk import (
    answers,
    board,
    deeds,
    duty,
    evidence,
    intake,
    keeping,
    names,
    quarantine,
    refusals,
    said,
    ways,
)
from grievance.web.desk.room import blueprint

__all__ = [
    "answers", "blueprint", "board", "deeds", "duty", "evidence", "intake", "keeping", "names", "quarantine",
    "refusals", "said", "ways",
]  # fmt: skip
