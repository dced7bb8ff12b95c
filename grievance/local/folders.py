"""Where does one running system keep its things? VAR for what lasts, a short run folder for sockets."""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from grievance.local import binaries
from grievance.local.problems import CannotStart

APP = "grievance"
LOCK_PATIENCE = 2.0  # seconds; a command that looks whether we run holds the lock for an instant


@dataclass(frozen=True)
class ServerUser:
    """Whom the servers run as: ourselves, or `nobody` when we are root, as PostgreSQL refuses root."""

    uid: int
    gid: int
    dropped: bool

    @classmethod
    def choose(cls) -> ServerUser:
        """The user for this process's servers. Raises CannotStart when root has nobody to hand them to."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), dropped=False)
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            raise CannotStart(
                "PostgreSQL does not run as root, and this system has no user `nobody`"
            ) from None
        return cls(nobody.pw_uid, nobody.pw_gid, dropped=True)


@dataclass(frozen=True)
class RunFolder:
    """Programs and sockets of one VAR, on a path short enough for a socket's name."""

    programs: binaries.Programs
    sockets: Path


@contextmanager
def locked(var: Path) -> Iterator[None]:
    """Holds VAR for this process alone. Raises CannotStart when another supervisor has it."""
    with (var / "lock").open("ab") as file:
        give_up = time.monotonic() + LOCK_PATIENCE
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise CannotStart(f"another `make run` is running in {var}") from None
                time.sleep(0.1)
        yield


def make_var(var: Path) -> Path:
    """VAR itself, readable by its owner only. Raises CannotStart when it cannot be made."""
    try:
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        var = var.resolve()
        (var / "logs").mkdir(mode=0o700, exist_ok=True)
        (var / "recorded" / "mail").mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (var, var / "logs", var / "recorded", var / "recorded" / "mail"):
            folder.chmod(0o700)
    except OSError as error:
        raise CannotStart(f"the folder {var} cannot be used: {error.strerror}") from None
    return var


def data_folder(path: Path, user: ServerUser) -> Path:
    """A server's data folder in VAR: mode 700, the server's own."""
    path.mkdir(mode=0o700, exist_ok=True)
    if user.dropped and path.stat().st_uid != user.uid:
        os.chown(path, user.uid, user.gid)
    path.chmod(0o700)
    return path


def run_folder(var: Path, user: ServerUser) -> RunFolder:
    """The run folder of this VAR: made, ours, with programs that the server's user can start."""
    name = run_folder_name(var)
    if not user.dropped:
        folder = _owned(_user_base() / name, 0o700)
        return RunFolder(binaries.installed(), _owned(folder / "s", 0o700))
    for base in _root_bases():
        with suppress(OSError, subprocess.SubprocessError):  # not writable, or nothing may be started there
            folder = _owned(base / name, 0o711)
            programs = binaries.copied(folder)
            programs.check(user.uid, user.gid)
            sockets = _owned(folder / "s", 0o700, owners=(0, user.uid))
            os.chown(sockets, user.uid, user.gid)
            return RunFolder(programs, sockets)
    raise CannotStart(
        "no folder found where user `nobody` may start PostgreSQL: /run, /var/lib, /var/tmp, /tmp"
    )


def run_folder_name(var: Path) -> str:
    """One name for each user and VAR."""
    return f"{APP}-{os.geteuid()}-{hashlib.sha256(os.fsencode(var.resolve())).hexdigest()[:10]}"


def remove_run_folder(var: Path) -> None:
    """Deletes the run folder of a VAR that does not last, as in tests."""
    for base in bases():
        shutil.rmtree(base / run_folder_name(var), ignore_errors=True)


def bases() -> tuple[Path, ...]:
    """Where run folders may be, of root and of others."""
    return (*_root_bases(), _user_base())


def _root_bases() -> tuple[Path, ...]:
    return Path("/run"), Path("/var/lib"), Path("/var/tmp"), Path(tempfile.gettempdir())  # noqa: S108 - checked


def _user_base() -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        with suppress(OSError):
            if os.stat(runtime).st_uid == os.geteuid():
                return Path(runtime)
    return Path(tempfile.gettempdir())


def _owned(folder: Path, mode: int, owners: tuple[int, ...] = ()) -> Path:
    """Makes a folder, or takes the one that is there if it is ours: the place above may be everybody's."""
    with suppress(FileExistsError):
        folder.mkdir(mode=mode)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        found = os.fstat(handle)
        if found.st_uid not in (owners or (os.geteuid(),)) or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise PermissionError(f"{folder} belongs to somebody else")
        os.fchmod(handle, mode)
    finally:
        os.close(handle)
    return folder
