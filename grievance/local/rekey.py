"""`keys rotate`: where does a new key come from, who is told, and when may the old one go?

Under `make run` the command does all of it: VAR/secret.json is changed, and the supervisor gives every
program the new version, first as known and then as used, without a break in the pages. On a server whose
environment somebody else keeps, the command prints what to set, and does what only the database needs.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nacl.public import PrivateKey

from config.keys import KeyState, VersionedKey, newest_alone, parse_key, state_of, used, with_new, write_key
from config.running import var_folder
from config.settings import DATABASE_VARIABLE, ProcessKind, SettingsIncomplete
from grievance.actions.rotation import Changed, seal_anew
from grievance.actions.sealed_columns import EnvironmentKey
from grievance.local import secret

PATIENCE = 120.0  # seconds for every program to have a changed key
ONLY_ONE = "There is one version of this key; --new makes the next one."
UNDER_WAY = "This key is already being changed. Run the command without --new to go on."


class CannotChange(Exception):
    """One line that says why not."""


@dataclass(frozen=True)
class Variables:
    """The variables of one key, and who is given them. A pair's public half is a variable of its own."""

    held: str
    holders: str
    public: str | None = None
    public_holders: str = ""


VARIABLES = {
    EnvironmentKey.PEPPER: Variables("PEPPER", "web, SMS worker"),
    EnvironmentKey.CONFIG: Variables("CONFIG_KEY", "web, SMS worker"),
    EnvironmentKey.TOKEN: Variables("TOKEN_KEY", "web"),
    EnvironmentKey.INTAKE: Variables("INTAKE_PRIVATE", "SMS worker", "INTAKE_PUBLIC", "web"),
    EnvironmentKey.NOTIFIER: Variables(
        "NOTIFIER_PRIVATE", "SMS worker", "NOTIFIER_PUBLIC", "web, sweep and mail"
    ),
}


def rotate(name: EnvironmentKey, *, new: bool, now: Callable[[], datetime]) -> Iterator[str]:
    """Changes a key as far as it can be changed now, and says each step. Raises CannotChange."""
    if os.environ.get(DATABASE_VARIABLE[ProcessKind.SMS]):
        yield from _by_hand(name, new, now)
    else:
        yield from _here(var_folder(), name, new, now)


def _by_hand(name: EnvironmentKey, new: bool, now: Callable[[], datetime]) -> Iterator[str]:
    """On a server: the environment is somebody's to set, so each step is printed."""
    key = _from_environment(VARIABLES[name].held)
    state = _checked(key, new)
    if state is KeyState.ONE:
        key = with_new(key, secrets.token_bytes(32))
        yield "Give these to the processes named, and restart them. They know the new version, and still"
        yield "write under the old one:"
        yield from _lines(name, key)
    if state is not KeyState.USED:
        yield "When all of them know the new version, do the same with these:"
        yield from _lines(name, used(key))
        yield f"Then run `flask --app wsgi keys rotate {name.value}` with the same variables."
        return
    changed = seal_anew(name, key, now=now())
    yield _told(changed)
    if changed.may_remove_old(now()):
        yield "Nothing needs the older version. Set these, restart, and destroy every copy of the older ones:"
        yield from _lines(name, newest_alone(key))
    else:
        yield _not_yet(changed)


def _here(var: Path, name: EnvironmentKey, new: bool, now: Callable[[], datetime]) -> Iterator[str]:
    """Under `make run`: every step, one after the other."""
    held = VARIABLES[name].held
    if held not in secret.keys_of(var):
        raise CannotChange(f"{held} is not kept in {var.name}/")
    key = parse_key(secret.keys_of(var)[held])
    state = _checked(key, new)
    if state is KeyState.ONE:
        key = with_new(key, secrets.token_bytes(32))
        _give(var, name, key)
        yield "Every program knows the new version."
    if state is not KeyState.USED:
        key = used(key)
        _give(var, name, key)
        yield "Everything new is written under it."
    changed = seal_anew(name, key, now=now())
    yield _told(changed)
    if changed.may_remove_old(now()):
        _give(var, name, newest_alone(key))
        yield "Nothing needs the older version: it is removed."
    else:
        yield _not_yet(changed)


def _checked(key: VersionedKey, new: bool) -> KeyState:
    state = state_of(key)
    if new and state is not KeyState.ONE:
        raise CannotChange(UNDER_WAY)
    if not new and state is KeyState.ONE:
        raise CannotChange(ONLY_ONE)
    return state


def _give(var: Path, name: EnvironmentKey, key: VersionedKey) -> None:
    """Writes the variables, and waits until every program works with them."""
    changed = _variables(name, key)
    for kind in (ProcessKind.WEB, ProcessKind.SMS):
        told, kept = secret.given_to(var, kind), secret.keys_of(var)
        if any(told.get(one, kept[one]) != kept[one] for one in changed):
            raise CannotChange("This key was given to `make run` by its environment: change it there.")
    secret.change_keys(var, changed)
    give_up = time.monotonic() + PATIENCE
    while not secret.are_in_use(var):
        if time.monotonic() > give_up:
            raise CannotChange("The programs did not take the key in time. Nothing is lost: run this again.")
        time.sleep(0.1)


def _variables(name: EnvironmentKey, key: VersionedKey) -> dict[str, str]:
    of = VARIABLES[name]
    if of.public is None:
        return {of.held: write_key(key)}
    public = [(version, bytes(PrivateKey(private).public_key)) for version, private in key]
    return {of.held: write_key(key), of.public: write_key(public)}


def _lines(name: EnvironmentKey, key: VersionedKey) -> Iterator[str]:
    of, given = VARIABLES[name], _variables(name, key)
    yield f"   {of.holders}: {of.held}={given[of.held]}"
    if of.public:
        yield f"   {of.public_holders}: {of.public}={given[of.public]}"


def _from_environment(variable: str) -> VersionedKey:
    try:
        return parse_key(os.environ.get(variable, ""))
    except ValueError as wrong:
        raise SettingsIncomplete(f"{variable} cannot be used: {wrong}") from None


def _told(changed: Changed) -> str:
    said = f"{changed.moved} values sealed anew, {changed.left} left under an older version"
    return f"{said}, {changed.unreadable} open under none." if changed.unreadable else f"{said}."


def _not_yet(changed: Changed) -> str:
    if changed.left:
        return "Somebody is working on what is left. Run this again."
    day = f"{changed.removable_from:%Y-%m-%d %H:%M} UTC"
    return f"The older version is still needed: run this again from {day} to remove it."
