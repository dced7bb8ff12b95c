"""What may this process know? One frozen set of settings for each kind of process, from the environment.

Each kind is given only its own: the web holds no number, the SMS worker no case key, the sweep opens nothing.
A process with an incomplete environment does not start; the error names the variable, never its value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from config.keys import VersionedKey, parse_key

T = TypeVar("T")
Environment = Mapping[str, str]


class ProcessKind(StrEnum):
    """Who is asking for settings."""

    WEB = "web"
    SMS = "sms"
    SWEEP = "sweep"
    OWNER = "owner"
    BACKUP = "backup"


class SettingsIncomplete(Exception):
    """A variable is missing or cannot be read; the message is one line that names it."""


@dataclass(frozen=True)
class CommonSettings:
    """What every process knows. `recorded` is the folder that takes what sample mode would have sent."""

    public_url: str
    sample: bool
    recorded: Path | None
    redis_url: str = field(repr=False)
    database_url: str = field(repr=False)


@dataclass(frozen=True)
class WebSettings(CommonSettings):
    """The web: finds receipts, seals what comes in, opens drafts and sessions.

    `proxies`: how many proxies of ours stand in front; the address of whoever asks is what the outermost of
    them saw (`X-Forwarded-For`, counted from the end). None by default, and then nobody is believed.
    """

    pepper: VersionedKey = field(repr=False)
    token_key: VersionedKey = field(repr=False)
    config_key: VersionedKey = field(repr=False)
    bucket_key: VersionedKey = field(repr=False)
    intake_public: VersionedKey = field(repr=False)
    notifier_public: VersionedKey = field(repr=False)
    proxies: int = 0


@dataclass(frozen=True)
class SmsSettings(CommonSettings):
    """The SMS worker: opens texts and numbers in passing."""

    intake_private: VersionedKey = field(repr=False)
    notifier_private: VersionedKey = field(repr=False)
    number_index_key: VersionedKey = field(repr=False)
    config_key: VersionedKey = field(repr=False)
    pepper: VersionedKey = field(repr=False)


@dataclass(frozen=True)
class SweepSettings(CommonSettings):
    """The sweep and the mail: moves what is overdue, signs anchors, sends staff mail."""

    anchor_key: VersionedKey = field(repr=False)
    smtp_url: str = field(repr=False)
    mail_from: str
    notifier_public: VersionedKey = field(repr=False)


@dataclass(frozen=True)
class OwnerSettings:
    """The owner of the tables (migrations and roles), or the login that makes backups; nothing else."""

    sample: bool
    database_url: str = field(repr=False)


def web_settings(env: Environment) -> WebSettings:
    """The web's settings. Raises SettingsIncomplete."""
    return WebSettings(
        **_common(env, "DATABASE_URL_WEB"),
        **_keys(env, "PEPPER", "TOKEN_KEY", "CONFIG_KEY", "BUCKET_KEY", "INTAKE_PUBLIC", "NOTIFIER_PUBLIC"),
        proxies=_proxies(env),
    )


def sms_settings(env: Environment) -> SmsSettings:
    """The SMS worker's settings. Raises SettingsIncomplete."""
    names = ("INTAKE_PRIVATE", "NOTIFIER_PRIVATE", "NUMBER_INDEX_KEY", "CONFIG_KEY", "PEPPER")
    return SmsSettings(**_common(env, "DATABASE_URL_SMS"), **_keys(env, *names))


def sweep_settings(env: Environment) -> SweepSettings:
    """The sweep's and the mail's settings. Raises SettingsIncomplete."""
    return SweepSettings(
        **_common(env, "DATABASE_URL_SWEEP"),
        **_keys(env, "ANCHOR_KEY", "NOTIFIER_PUBLIC"),
        smtp_url=_required(env, "SMTP_URL"),
        mail_from=_required(env, "MAIL_FROM"),
    )


def owner_settings(env: Environment) -> OwnerSettings:
    """The owner's settings. Raises SettingsIncomplete."""
    return OwnerSettings(sample=_flag(env, "SAMPLE"), database_url=_database(env, "DATABASE_URL"))


def backup_settings(env: Environment) -> OwnerSettings:
    """The settings of whoever makes a backup: a login that reads everything and holds no key."""
    return OwnerSettings(sample=_flag(env, "SAMPLE"), database_url=_database(env, "DATABASE_URL_BACKUP"))


DATABASE_VARIABLE = {
    ProcessKind.WEB: "DATABASE_URL_WEB",
    ProcessKind.SMS: "DATABASE_URL_SMS",
    ProcessKind.SWEEP: "DATABASE_URL_SWEEP",
    ProcessKind.OWNER: "DATABASE_URL",
    ProcessKind.BACKUP: "DATABASE_URL_BACKUP",
}

LOADERS: dict[ProcessKind, Callable[[Environment], CommonSettings | OwnerSettings]] = {
    ProcessKind.WEB: web_settings,
    ProcessKind.SMS: sms_settings,
    ProcessKind.SWEEP: sweep_settings,
    ProcessKind.OWNER: owner_settings,
    ProcessKind.BACKUP: backup_settings,
}


def _common(env: Environment, database: str) -> dict[str, Any]:
    sample = _flag(env, "SAMPLE")
    return {
        "public_url": _parsed(env, "PUBLIC_URL", _public_url),
        "sample": sample,
        "recorded": Path(_required(env, "RECORDED")) if sample else None,
        "redis_url": _required(env, "REDIS_URL"),
        "database_url": _database(env, database),
    }


def _keys(env: Environment, *names: str) -> dict[str, Any]:
    return {name.lower(): _parsed(env, name, parse_key) for name in names}


def _required(env: Environment, name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise SettingsIncomplete(f"{name} is not set")
    return value


def _parsed(env: Environment, name: str, read: Callable[[str], T]) -> T:
    try:
        return read(_required(env, name))
    except ValueError as error:
        raise SettingsIncomplete(f"{name} cannot be used: {error}") from None


def _flag(env: Environment, name: str) -> bool:
    value = _required(env, name)
    if value not in ("0", "1"):
        raise SettingsIncomplete(f"{name} is 0 or 1")
    return value == "1"


def _proxies(env: Environment) -> int:
    value = env.get("PROXIES", "").strip() or "0"
    if value not in ("0", "1", "2", "3"):
        raise SettingsIncomplete("PROXIES is how many proxies stand in front: 0 to 3")
    return int(value)


def _database(env: Environment, name: str) -> str:
    """A PostgreSQL URL under the one driver that we use, however it was written."""
    scheme, separator, rest = _required(env, name).partition("://")
    if not separator or scheme.split("+")[0] not in ("postgresql", "postgres"):
        raise SettingsIncomplete(f"{name} is not a postgresql:// address")
    return f"postgresql+psycopg://{rest}"


def _public_url(text: str) -> str:
    """The address people type. Plain http only on this machine, where nobody listens in between."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it is not an http address")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("http is for this machine only, elsewhere https")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("it has more than host, port and path")
    return text.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
