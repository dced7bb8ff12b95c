"""Where does a command find settings when the environment has none? In the VAR of a running `make run`."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path

from config.settings import (
    DATABASE_VARIABLE,
    LOADERS,
    CommonSettings,
    OwnerSettings,
    ProcessKind,
    SettingsIncomplete,
)

SECRETS_FILE = "secret.json"
LOCK_FILE = "lock"


class NothingRuns(SettingsIncomplete):
    """There is neither an environment nor a running `make run` to take settings from."""


def settings_for(kind: ProcessKind, env: Mapping[str, str] = os.environ) -> CommonSettings | OwnerSettings:
    """The settings of a command: the environment's, or, when it names no database, those of `make run`.

    Raises SettingsIncomplete (one line naming the variable) and NothingRuns.
    """
    if env.get(DATABASE_VARIABLE[kind]):
        return LOADERS[kind](with_changed_keys(kind, env))
    return settings_from_var(kind)


def with_changed_keys(kind: ProcessKind, env: Mapping[str, str]) -> Mapping[str, str]:
    """Under `make run` a key may change after a program started; a web worker that starts later has it."""
    if not env.get("KEYS_FILE"):
        return env
    kept = json.loads(Path(env["KEYS_FILE"]).read_text(encoding="utf-8"))
    given = kept["environments"].get(kind.value, {})
    return {name: given.get(name, value) for name, value in env.items()}


def settings_from_var(kind: ProcessKind, var: Path | None = None) -> CommonSettings | OwnerSettings:
    """The settings that the running `make run` gives to a kind of process. Raises NothingRuns."""
    return LOADERS[kind](environment_from_var(kind, var))


def environment_from_var(kind: ProcessKind, var: Path | None = None) -> dict[str, str]:
    """The variables that the running `make run` gives to a kind of process. Raises NothingRuns."""
    folder = var or var_folder()
    if not is_held(folder / LOCK_FILE):
        raise NothingRuns(
            f"{DATABASE_VARIABLE[kind]} is not set, and no `make run` is running in {folder.name}/"
        )
    kept = json.loads((folder / SECRETS_FILE).read_text(encoding="utf-8"))
    if kind.value not in kept["environments"]:
        raise NothingRuns(f"the `make run` in {folder.name}/ is still starting: try again")
    return dict(kept["environments"][kind.value])


def var_folder() -> Path:
    """The folder of everything that one `make run` keeps: VAR, or `var` beside the program."""
    return Path(os.environ.get("VAR") or Path(__file__).parents[1] / "var")


def is_held(lock: Path) -> bool:
    """Whether a supervisor holds this lock at this moment."""
    try:
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
