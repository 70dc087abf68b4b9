"""Child: a parser of foreign bytes has its limits, and the reader is told what became of it."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import parsing
import pytest

from geo.errors import ArticleError
from geo.reading import child
from geo.reading.child import read_apart


@pytest.fixture(autouse=True)
def find_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the child import the parsers of the tests."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


def test_a_parser_runs_in_another_process_and_may_print() -> None:
    found = read_apart(parsing.count_bytes, b"\0\xff", unit="octets")
    assert found["found"] == "2 octets"
    assert found["process"] != os.getpid()


@pytest.mark.parametrize(
    ("parse", "reason"),
    [
        (parsing.refuse, "This is told."),
        (parsing.fail, child.DAMAGED),
        (parsing.die, child.DAMAGED),
        (parsing.exit_early, child.DAMAGED),
        (parsing.fill, child.TOO_LARGE),
        (parsing.swell, "It holds more than 40,000,000 characters."),
    ],
)
def test_what_becomes_of_a_parser_is_told(parse: object, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read_apart(parse, b"This is told." * (500 if parse is parsing.fill else 1))


def test_a_parser_that_computes_too_long_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "SECONDS", 1)
    with pytest.raises(ArticleError, match=child.TOO_LONG):
        read_apart(parsing.loop, b"x")


def test_a_parser_that_waits_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PATIENCE", 1)
    with pytest.raises(ArticleError, match=child.TOO_LONG):
        read_apart(parsing.sleep, b"x")


def test_one_child_runs_at_a_time_and_who_waits_too_long_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(child, "PATIENCE", 3)
    monkeypatch.setattr(child, "LONGEST_WAIT", 0.1)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(read_apart, parsing.sleep, b"x")
        while child._TURN._value:
            time.sleep(0.01)
        with pytest.raises(ArticleError, match="Try again in a minute"):
            read_apart(parsing.count_bytes, b"x")
        assert isinstance(first.exception(), ArticleError)
    assert read_apart(parsing.count_bytes, b"x")["found"] == "1 bytes"
