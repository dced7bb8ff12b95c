"""Which keys and passwords does this VAR have, and which kind of process is given which? VAR/secret.json."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nacl.public import PrivateKey

from config.keys import write_key
from config.running import SECRETS_FILE
from config.settings import ProcessKind
from grievance.local import roles
from grievance.local.problems import CannotStart

SYMMETRIC = ("PEPPER", "TOKEN_KEY", "CONFIG_KEY", "BUCKET_KEY", "NUMBER_INDEX_KEY", "ANCHOR_KEY")
PAIRS = ("INTAKE", "NOTIFIER")

COMMON = ("PUBLIC_URL", "SAMPLE", "RECORDED", "REDIS_URL")
# What each kind may know, and nothing else: who seizes one process holds no more than this.
GIVEN: dict[ProcessKind, tuple[str, ...]] = {
    ProcessKind.WEB: (
        *COMMON, "PORT", "DATABASE_URL_WEB", "PEPPER", "TOKEN_KEY", "CONFIG_KEY", "BUCKET_KEY",
        "INTAKE_PUBLIC", "NOTIFIER_PUBLIC",
    ),
    ProcessKind.SMS: (
        *COMMON, "DATABASE_URL_SMS", "INTAKE_PRIVATE", "NOTIFIER_PRIVATE", "NUMBER_INDEX_KEY", "CONFIG_KEY",
        "PEPPER",
    ),
    ProcessKind.SWEEP: (
        *COMMON, "DATABASE_URL_SWEEP", "ANCHOR_KEY", "SMTP_URL", "MAIL_FROM", "NOTIFIER_PUBLIC",
    ),
    ProcessKind.OWNER: ("SAMPLE", "DATABASE_URL"),
    ProcessKind.BACKUP: ("SAMPLE", "DATABASE_URL_BACKUP"),
}  # fmt: skip


@dataclass(frozen=True)
class Secrets:
    """What was made once for this VAR. `keys` are variables as an environment holds them."""

    postgres: str = field(repr=False)
    valkey: str = field(repr=False)
    logins: dict[str, str] = field(repr=False)
    keys: dict[str, str] = field(repr=False)


def load_or_make(var: Path) -> Secrets:
    """This VAR's secrets, made at the first start. Raises CannotStart when the file cannot be read."""
    path = var / SECRETS_FILE
    if not path.exists():
        _write(path, {"schema_version": 1, "made": _new(), "environments": {}})
    try:
        return Secrets(**_read(path)["made"])
    except (KeyError, TypeError, ValueError):
        raise CannotStart(f"{path} cannot be read; it holds this VAR's keys: restore it") from None


def hand_out(var: Path, environments: Mapping[ProcessKind, Mapping[str, str]]) -> None:
    """Notes beside the secrets what each kind of process was given, for commands at the same VAR."""
    with _changing(var) as kept:
        kept["environments"] = {kind.value: dict(given) for kind, given in environments.items()}


def keys_of(var: Path) -> dict[str, str]:
    """The keys as they are to be: variables as an environment holds them."""
    return dict(_read(var / SECRETS_FILE)["made"]["keys"])


def given_to(var: Path, kind: ProcessKind) -> dict[str, str]:
    """What a kind of process was given."""
    return dict(_read(var / SECRETS_FILE)["environments"][kind.value])


def change_keys(var: Path, changed: Mapping[str, str]) -> None:
    """Writes other versions of keys; the supervisor of this VAR sees it and tells every program."""
    with _changing(var) as kept:
        kept["made"]["keys"] |= changed


def note_in_use(var: Path, keys: Mapping[str, str]) -> None:
    """Every program now works with these."""
    with _changing(var) as kept:
        kept["in_use"] = _digest(keys)


def are_in_use(var: Path) -> bool:
    """Whether every program works with the keys as they are to be."""
    kept = _read(var / SECRETS_FILE)
    return bool(kept.get("in_use") == _digest(kept["made"]["keys"]))


def share(everything: Mapping[str, str]) -> dict[ProcessKind, dict[str, str]]:
    """Of all variables, those that each kind of process is given."""
    return {
        kind: {name: everything[name] for name in names if name in everything}
        for kind, names in GIVEN.items()
    }


def _new() -> dict[str, Any]:
    keys = {name: write_key([(1, secrets.token_bytes(32))]) for name in SYMMETRIC}
    for name in PAIRS:
        private = PrivateKey.generate()
        keys[f"{name}_PRIVATE"] = write_key([(1, bytes(private))])
        keys[f"{name}_PUBLIC"] = write_key([(1, bytes(private.public_key))])
    return {
        "postgres": secrets.token_urlsafe(24),
        "valkey": urlsafe_b64encode(secrets.token_bytes(24)).decode(),
        "logins": roles.new_passwords(),
        "keys": keys,
    }


@contextmanager
def _changing(var: Path) -> Iterator[dict[str, Any]]:
    """Reads, lets change, and writes again; the supervisor and a command wait for each other."""
    path = var / SECRETS_FILE
    with (var / "secret.lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        kept = _read(path)
        yield kept
        _write(path, kept)


def _digest(keys: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(keys), sort_keys=True).encode()).hexdigest()


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _write(path: Path, kept: dict[str, Any]) -> None:
    """Whole or not at all: these keys are the only copy."""
    unfinished = path.with_suffix(".unfinished")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
