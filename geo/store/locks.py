"""Locks: files in the folder of a store by which processes tell each other what they do.

The system lets go of a lock when its process ends, however that happens; nothing has to be cleared away.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# Held by the one process that follows the news for a store.
REFRESHING = "refresh.lock"
# Held, by several at once, while a visitor's own text is read.
READING = "reading.lock"
# How often a lock is asked for, and the seconds between.
TRIES, MOMENT = 5, 0.01


@contextmanager
def hold_lock(folder: Path, name: str, *, shared: bool = False) -> Iterator[bool]:
    """Hold a lock where it is free, and yield whether it is held.

    Those who ``share`` it exclude only those who do not. A folder that is not there or cannot be written
    has no locks, and neither has a system without ``flock``: what asks is alone there, or cannot know.
    """
    handle = _open_lock(folder / name)
    if handle is None:
        yield False
        return
    import fcntl

    is_held = False
    try:
        # Who only looks whether a lock is taken holds it for a moment.
        for _ in range(TRIES):
            with suppress(OSError):
                fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
                is_held = True
                break
            time.sleep(MOMENT)
        yield is_held
    finally:
        os.close(handle)


def is_taken(folder: Path, name: str) -> bool:
    """Say whether another process, or another part of this one, holds a lock."""
    if not (folder / name).is_file():
        return False
    with hold_lock(folder, name) as is_held:
        return not is_held


def _open_lock(path: Path) -> int | None:
    try:
        import fcntl  # noqa: F401 - Windows has none
    except ImportError:
        return None
    with suppress(OSError):
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    return None
