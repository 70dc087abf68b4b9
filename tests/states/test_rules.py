"""Rules: the tables are whole, and a wrong row is told with its line."""

import csv
from pathlib import Path

import pytest

from geo.errors import DataError
from geo.paths import DATA
from geo.records import State
from geo.states.rules import load_endings, load_rules, load_standings

TABLES = {"standing.csv": load_standings, "endings.csv": load_endings}


@pytest.mark.parametrize(
    ("table", "old", "new", "line"),
    [
        ("standing.csv", "dispute,word,60,", "dispute,word,-1,", 4),
        ("standing.csv", "talks,word", "pact,word", 7),
        ("standing.csv", "ties,bond", "ties,band", 9),
        ("standing.csv", ",report,", ",rapport,", 3),
        ("endings.csv", "war|truce", "war|woe", 2),
        ("endings.csv", "pledged,,,refuses", "pledged,,,pledged", 7),
        ("endings.csv", "pledged,,,refuses", "pledged,may,,refuses", 7),
        ("endings.csv", "refuses,1,A pledge", "refuses,one,A pledge", 7),
    ],
)
def test_a_wrong_table_is_told_with_its_line(
    tmp_path: Path, table: str, old: str, new: str, line: int
) -> None:
    load = TABLES[table]
    text = (DATA / "states" / table).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / table).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=rf"{table} line {line}\b"):
        load(tmp_path)


def test_a_state_without_a_row_is_told(tmp_path: Path) -> None:
    text = (DATA / "states" / "standing.csv").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("allied")]
    (tmp_path / "standing.csv").write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(DataError, match="no row for allied"):
        load_standings(tmp_path)


@pytest.mark.parametrize("table", ["standing.csv", "endings.csv"])
def test_every_row_has_its_reason(table: str) -> None:
    with (DATA / "states" / table).open(encoding="utf-8", newline="") as lines:
        assert all(row["reason"].endswith(".") for row in csv.DictReader(lines))


def test_every_state_holds_and_every_rule_has_a_meaning() -> None:
    assert set(load_standings()) == set(State)
    assert all(meaning.endswith(".") for meaning in load_rules().values())
