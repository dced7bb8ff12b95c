"""What does the person at the keyboard read when a start fails? One line that says what is missing."""

from __future__ import annotations


class CannotStart(Exception):
    """A step of the start failed; the message is one line for a person, without secrets."""
