"""Can anybody put a trap where our sockets and programs will be?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grievance.local.folders import (
    ServerUser,
    bases,
    make_var,
    remove_run_folder,
    run_folder,
    run_folder_name,
)
from grievance.local.problems import CannotStart


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return make_var(tmp_path / "var")


def test_the_path_of_a_socket_is_short_however_deep_the_folder_lies(tmp_path: Path) -> None:
    deep = make_var(tmp_path.joinpath(*["a-long-name-of-a-folder"] * 8, "var"))
    run = run_folder(deep, ServerUser.choose())
    # The system cuts a socket's path at 107 bytes.
    assert len(os.fsencode(run.sockets / ".s.PGSQL.5432.lock")) < 100
    remove_run_folder(deep)
    assert not run.sockets.exists()


def test_a_link_in_the_place_of_the_run_folder_is_not_followed(
    var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    trap = tmp_path / "trap"
    trap.mkdir()
    links = [base / run_folder_name(var) for base in bases() if os.access(base, os.W_OK)]
    for link in links:
        link.symlink_to(trap)
    try:
        with pytest.raises((CannotStart, OSError)):
            run_folder(var, ServerUser.choose())
        assert list(trap.iterdir()) == []
    finally:
        for link in links:
            link.unlink()


def test_a_run_folder_that_others_may_write_to_is_not_used(
    var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folders = [base / run_folder_name(var) for base in bases() if os.access(base, os.W_OK)]
    for folder in folders:
        folder.mkdir()
        folder.chmod(0o777)
    try:
        with pytest.raises((CannotStart, OSError)):
            run_folder(var, ServerUser.choose())
    finally:
        for folder in folders:
            folder.rmdir()


def test_two_folders_never_share_their_sockets(tmp_path: Path) -> None:
    assert run_folder_name(tmp_path / "one") != run_folder_name(tmp_path / "two")
