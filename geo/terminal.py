"""Terminal: what is given on a command line and what is shown beside it."""

import argparse
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO

from geo.errors import BadDate


def make_plain(text: str) -> str:
    """Return a text from outside as one line that a terminal shows and does not obey."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def read_day(text: str) -> date:
    """Return the day that a text names; raises :class:`BadDate`."""
    msg = f"“{text[:40]}” is no date; write it as YYYY-MM-DD."
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise BadDate(msg)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadDate(msg) from error


def read_folder(text: str) -> Path:
    """Return the folder that an option names; an empty one is refused and not taken for this folder."""
    if not text.strip():
        msg = "name a folder"
        raise argparse.ArgumentTypeError(msg)
    return Path(text)


def read_number(text: str) -> int:
    """Return a whole number from 1 on."""
    if not re.fullmatch(r"[1-9]\d{0,3}", text):
        msg = f"{text[:40]!r} is no whole number from 1 to 9999"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def open_input() -> BinaryIO:
    """Standard input, to be read by a thread; Python's own would be locked by it at the end."""
    return os.fdopen(os.dup(sys.stdin.fileno()), "rb")


@contextmanager
def hear_signals() -> Iterator[Callable[[], bool]]:
    """Yield what tells whether the program was asked to end, by Ctrl-C, SIGTERM or SIGHUP.

    The second time the signal has its usual effect. Raises ``KeyboardInterrupt`` with the number of
    the signal when the block ends, so that what was begun is brought to its end first.
    """
    heard: list[int] = []
    former: dict[int, object] = {}

    def hear(number: int, _frame: object) -> None:
        heard.append(number)
        signal.signal(number, former[number])  # type: ignore[arg-type]

    if threading.current_thread() is threading.main_thread():
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if number := getattr(signal, name, None):
                former[number] = signal.signal(number, hear)
    try:
        yield lambda: bool(heard)
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
    if heard:
        raise KeyboardInterrupt(heard[0])
