"""Patterns: no text makes a regular expression of the project go back again and again."""

import csv
import json
import subprocess
import sys
from pathlib import Path

from geo.paths import DATA

# A pattern that never ends is stopped from inside; this is for what that does not reach.
SECONDS = 900


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


def test_no_text_holds_up_any_pattern_of_the_project() -> None:
    # One test, because all of it comes of one search that takes more than a minute.
    told = search_all()
    assert told["slow"] == []
    assert told["lines"] == []
    assert told["missed"] == []
    with (DATA / "reading" / "boilerplate.csv").open(encoding="utf-8", newline="") as table:
        assert {row["pattern"] for row in csv.DictReader(table)} <= set(told["patterns"])
    assert any("Abraham Accords" in pattern for pattern in told["patterns"])
