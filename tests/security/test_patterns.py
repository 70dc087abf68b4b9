"""Patterns: no text makes a regular expression of the project go back again and again."""

import csv
import json
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

from geo.paths import DATA

# One worker searches for all tests of this file.
pytestmark = pytest.mark.xdist_group("patterns")
# A pattern that never ends is stopped from inside; this is for what that does not reach.
SECONDS = 900


@lru_cache(maxsize=1)
def search_all() -> dict[str, list[str]]:
    """Return what the search of hostile texts tells of all patterns."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("searching.py"))],
        capture_output=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr.decode()
    told: dict[str, list[str]] = json.loads(done.stdout)
    return told


def test_no_pattern_is_slow() -> None:
    assert search_all()["slow"] == []


def test_no_line_is_cut_slowly() -> None:
    assert search_all()["lines"] == []


def test_every_pattern_is_searched_with() -> None:
    told = search_all()
    assert told["missed"] == []
    with (DATA / "reading" / "boilerplate.csv").open(encoding="utf-8", newline="") as table:
        assert {row["pattern"] for row in csv.DictReader(table)} <= set(told["patterns"])
    assert any("Abraham Accords" in pattern for pattern in told["patterns"])
