"""Locks: one holder or several who share it, and none is left behind by a process that ends."""

import subprocess
import sys
from pathlib import Path

from geo.paths import ROOT
from geo.store.locks import READING, REFRESHING, hold_lock, is_taken

HOLD = (
    "import sys; from pathlib import Path; from geo.store.locks import REFRESHING, hold_lock\n"
    "with hold_lock(Path(sys.argv[1]), REFRESHING) as held:\n"
    "    print(held, flush=True); sys.stdin.read()"
)


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    assert not is_taken(tmp_path, REFRESHING)
    with hold_lock(tmp_path, REFRESHING) as first, hold_lock(tmp_path, REFRESHING) as second:
        assert (first, second) == (True, False)
        assert is_taken(tmp_path, REFRESHING)
    assert not is_taken(tmp_path, REFRESHING)


def test_who_shares_a_lock_excludes_who_does_not(tmp_path: Path) -> None:
    with hold_lock(tmp_path, READING, shared=True) as one:
        with hold_lock(tmp_path, READING, shared=True) as other:
            assert one
            assert other
        assert is_taken(tmp_path, READING)
    assert not is_taken(tmp_path, READING)


def test_a_folder_that_is_not_there_has_no_locks(tmp_path: Path) -> None:
    with hold_lock(tmp_path / "none", READING, shared=True) as is_held:
        assert not is_held
    assert not is_taken(tmp_path / "none", READING)
    assert not (tmp_path / "none").exists()


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "True\n"
        assert is_taken(tmp_path, REFRESHING)
        process.kill()
    assert not is_taken(tmp_path, REFRESHING)
