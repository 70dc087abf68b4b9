"""Data: each file is named with its source and an open license, and each column of a table is told."""

import csv
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from geo.paths import DATA, ROOT, SEEDS, STATIC
from geo.tables import read_cells

# Identifiers of SPDX; the public domain has none.
OPEN = {"public domain", "PDDL-1.0", "CC0-1.0", "CC-BY-4.0", "MIT", "BSD-2-Clause", "Apache-2.0"}
# Articles that the project was given to read belong to their publishers.
CLOSED = "of the publisher"
# Path or pattern, title, what a row is, source, license, and what generates it.
ENTRIES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (DATA / "README.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| `")
]
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in (DATA, SEEDS, STATIC)
    for path in folder.rglob("*")
    if path.is_file() and not path.name.startswith(".") and path != DATA / "README.md"
)
TABLES = [name for name in FILES if Path(name).suffix in {".csv", ".tsv"}]


def read_columns(name: str) -> set[str]:
    with (ROOT / name).open(encoding="utf-8", newline="") as lines:
        return set(next(csv.reader(lines, delimiter="\t" if name.endswith(".tsv") else ",")))


def read_described() -> dict[str, set[str]]:
    """Return the columns that ``docs/tables.md`` tells of each table."""
    described: dict[str, set[str]] = {}
    folder = ""
    text = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    for part in re.split(r"^(?=##)", text, flags=re.MULTILINE):
        title, _, body = part.partition("\n")
        if title.startswith("## "):
            folder = title.removeprefix("## ")
        cells = re.findall(r"^\| (`[^|]*) \|", body, re.MULTILINE)
        for name in title.removeprefix("### ").split(", ") if cells else ():
            described[f"data/{folder}{name}"] = set(re.findall(r"`(\w+)`", " ".join(cells)))
    return described


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_named_once(name: str) -> None:
    assert len([entry for entry in ENTRIES if fnmatch(f"`{name}`", entry[0])]) == 1


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry[0])
def test_an_entry_has_a_title_a_source_and_an_open_license(entry: list[str]) -> None:
    name, title, row, source, license_names, _ = entry
    assert list(ROOT.glob(name.strip("`"))), "there is no such file"
    assert title
    assert source
    assert row or Path(name.strip("`")).suffix not in {".csv", ".tsv", ".parquet"}
    allowed = OPEN | {CLOSED} if name.startswith("`seeds/") else OPEN
    assert set(license_names.split(", ")) <= allowed


def test_the_columns_of_each_table_are_told_and_no_others() -> None:
    described = read_described()
    assert sorted(described) == TABLES
    told: dict[frozenset[str], set[str]] = {}
    for name in TABLES:
        columns = read_columns(name)
        if name != "data/map/country_names.csv":
            assert columns <= described[name], name
        told.setdefault(frozenset(described[name]), set()).update(columns)
    assert [columns - found for columns, found in told.items() if columns - found] == []


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_as_many_cells_in_each_row_as_columns(name: str) -> None:
    assert list(read_cells(ROOT / name, ()))


def test_leaflet_asks_for_no_file_that_is_not_shipped() -> None:
    assert "sourceMappingURL" not in (STATIC / "leaflet.js").read_text(encoding="utf-8")
    style = (STATIC / "leaflet.css").read_text(encoding="utf-8")
    assert style.count("url(") == style.count("url(#default#VML)")
    assert "Redistribution" in (STATIC / "LEAFLET_LICENSE").read_text(encoding="utf-8")
