"""What may the process do that opens a stranger's file? Compute; nothing else, and not for long."""

from __future__ import annotations

import ctypes
import os
import resource

# More than a photograph of 50 million points needs, and well under the gibibyte that is promised.
MEMORY = 704 * 1024 * 1024
SECONDS = 60  # of one processor's time
_NEW_USERS, _NEW_NETWORK = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES, _DUMPABLE = 38, 4


def enclose() -> None:
    """Before anything is read: an address space and a time of its own, and a network without a wire.

    Where the kernel lets nobody make a network of their own, the other walls must do.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.prctl(_DUMPABLE, 0, 0, 0, 0)
    if libc.unshare(_NEW_NETWORK) != 0:
        libc.unshare(_NEW_USERS | _NEW_NETWORK)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def shut() -> None:
    """Once all programs are loaded: nothing can be opened any more, no file and no connection."""
    highest = max(int(name) for name in os.listdir("/proc/self/fd") if int(name) < 3)
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1, highest + 1))
