"""Which keys and passwords does this VAR have, and which kind of process is given which? VAR/secret.json."""

from __future__ import annotations

import json
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
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
    path = var / SECRETS_FILE
    kept = _read(path)
    kept["environments"] = {kind.value: dict(given) for kind, given in environments.items()}
    _write(path, kept)


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
