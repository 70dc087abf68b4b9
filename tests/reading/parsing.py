"""Parsers that behave badly: what the tests of the child run in it."""

import os
import signal
import sys

from geo.errors import ArticleError


def count_bytes(source: bytes, *, unit: str = "bytes") -> dict[str, object]:
    print("a parser may print")
    return {"process": os.getpid(), "found": f"{len(source)} {unit}"}


def refuse(source: bytes) -> None:
    raise ArticleError(source.decode())


def fail(source: bytes) -> None:
    raise KeyError(source)


def loop(source: bytes) -> None:
    while source:
        pass


def sleep(_: bytes) -> None:
    signal.pause()


def die(_: bytes) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def fill(source: bytes) -> int:
    return sum(map(len, [source * 1000 for _ in range(10_000)]))


def swell(_: bytes) -> str:
    return "x" * 41_000_000


def exit_early(_: bytes) -> None:
    sys.exit(0)
