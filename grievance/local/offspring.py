"""How is a server started so that nothing outlives us, and how are leftovers of a killed start found?"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from grievance.local.folders import ServerUser

PR_SET_PDEATHSIG = 1
# Loaded before any fork: between fork and exec nothing may be imported.
_libc = ctypes.CDLL(None, use_errno=True)


def dies_with_parent(how: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends `how` when the process that starts us ends, even by kill -9.

    It follows the *thread* that started the child, so children are started by the main thread only.
    """
    parent = os.getpid()

    def set_it() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)

    return set_it


def follow_parent(how: signal.Signals) -> None:
    """From now on we are sent `how` when the process that started us ends, even by kill -9."""
    _libc.prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0)


def start(
    arguments: Sequence[str | Path],
    *,
    user: ServerUser | None = None,
    on_death: signal.Signals = signal.SIGTERM,
    env: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    keep: Sequence[int] = (),
    stdin: int = subprocess.DEVNULL,
    output: IO[bytes] | int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Starts a program tied to our life, in a session of its own: a Ctrl-C is ours to pass on."""
    dropped = {"user": user.uid, "group": user.gid, "extra_groups": []} if user and user.dropped else {}
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]  # noqa: S603 - our own programs
        [os.fspath(argument) for argument in arguments],
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT if output is not subprocess.DEVNULL else subprocess.DEVNULL,
        env=dict(env or {}),
        cwd=cwd,
        pass_fds=tuple(keep),
        start_new_session=True,
        umask=0o077,
        preexec_fn=dies_with_parent(on_death),
        **dropped,
    )


def stop(process: subprocess.Popen[bytes], how: signal.Signals, patience: float) -> None:
    """Asks a process to end and waits; after `patience` seconds it is killed."""
    with suppress(ProcessLookupError):
        process.send_signal(how)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def clear_leftovers(data: Path, program: str, how: signal.Signals, patience: float = 30.0) -> None:
    """Ends every `program` whose working folder is `data`: what a killed supervisor left for a moment.

    Called with the lock of VAR held, so that nothing which should live is found.
    """
    give_up = time.monotonic() + patience
    for pid in leftovers(data, program):
        _signal(pid, how)
    while found := list(leftovers(data, program)):
        if time.monotonic() > give_up:
            for pid in found:
                _signal(pid, signal.SIGKILL)
        time.sleep(0.05)


def leftovers(data: Path, program: str) -> Iterator[int]:
    """The live processes named `program` that work in the folder `data`."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            # Other users' processes cannot be looked into, nor one that has ended; a zombie has no folder.
            with suppress(OSError):
                if (entry / "comm").read_text().strip() == program and (entry / "cwd").samefile(data):
                    yield int(entry.name)


def _signal(pid: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, how)
