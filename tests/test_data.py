"""The data package describes every file of data, truly, with an open license."""

import json
from pathlib import Path

import pytest

from geo import datapackage
from geo.paths import STATIC

# Identifiers of the Open Definition and SPDX; "other-pd" is the public domain without a license.
OPEN = {"other-pd", "PDDL-1.0", "CC0-1.0", "CC-BY-4.0", "MIT", "BSD-2-Clause", "Apache-2.0"}
# Articles that the project was given to read belong to their publishers.
CLOSED = "other-closed"
PACKAGE = datapackage.load_package()


def test_data_package_fits_the_files() -> None:
    assert list(datapackage.find_faults()) == []


@pytest.mark.parametrize("entry", PACKAGE["resources"], ids=lambda entry: entry["path"])
def test_entry_has_sources_and_an_open_license(entry: dict[str, object]) -> None:
    names = {each["name"] for each in entry["licenses"]}  # type: ignore[attr-defined]
    article = str(entry["path"]).startswith("seeds/") and not str(entry["path"]).endswith(".json")
    assert names
    assert names <= (OPEN | {CLOSED} if article else OPEN)
    assert all(each["title"] for each in entry["sources"])  # type: ignore[attr-defined]


def test_leaflet_asks_for_no_file_that_is_not_shipped() -> None:
    assert "sourceMappingURL" not in (STATIC / "leaflet.js").read_text(encoding="utf-8")
    style = (STATIC / "leaflet.css").read_text(encoding="utf-8")
    assert style.count("url(") == style.count("url(#default#VML)")
    assert "Redistribution" in (STATIC / "LEAFLET_LICENSE").read_text(encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder with a table that has an entry and a descriptor that fits."""
    for folder in datapackage.FOLDERS:
        (tmp_path / folder).mkdir()
    (tmp_path / "data/names.csv").write_text("code,name\nNAM,NA\n", encoding="utf-8")
    entry = {
        "name": "names",
        "path": "data/names.csv",
        "title": "Names",
        "sources": [{"title": "Hand"}],
        "licenses": [{"name": "MIT"}],
        "schema": {"fields": [{"name": "code", "type": "string", "description": "kept"}]},
    }
    datapackage.write_package({"name": "test", "resources": [entry]}, tmp_path)
    assert datapackage.main(["refresh"], tmp_path) == 0
    return tmp_path


def test_refresh_keeps_what_is_written_by_hand(root: Path) -> None:
    (entry,) = datapackage.load_package(root)["resources"]
    assert entry["title"] == "Names"
    assert entry["bytes"] == len("code,name\nNAM,NA\n")
    assert [field["name"] for field in entry["schema"]["fields"]] == ["code", "name"]
    assert entry["schema"]["fields"][0]["description"] == "kept"


def test_refresh_prints_a_stub_for_a_new_file(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "data/new.tsv").write_text("one\ttwo\n", encoding="utf-8")
    assert datapackage.main(["refresh"], root) == 1
    printed = capsys.readouterr()
    assert "data/new.tsv" in printed.err
    (stub,) = json.loads(printed.out)
    assert [field["name"] for field in stub["schema"]["fields"]] == ["one", "two"]
    package = datapackage.load_package(root)
    datapackage.write_package({**package, "resources": [*package["resources"], stub]}, root)
    assert datapackage.main(["check"], root) == 1
    assert "not filled in" in capsys.readouterr().err


def test_refresh_follows_a_file_whose_hash_changes(root: Path) -> None:
    (root / "static/world.000000000000.json").write_text("{}", encoding="utf-8")
    package, (stub,) = datapackage.refresh_package(root)
    filled = {**stub, "title": "World", "sources": [{"title": "S"}], "licenses": [{"name": "MIT"}]}
    datapackage.write_package({**package, "resources": [*package["resources"], filled]}, root)
    (root / "static/world.000000000000.json").rename(root / "static/world.111111111111.json")
    assert datapackage.main(["refresh"], root) == 0
    entries = {each["path"]: each for each in datapackage.load_package(root)["resources"]}
    assert entries["static/world.111111111111.json"]["title"] == "World"
    assert "static/world.000000000000.json" not in entries


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda root: (root / "data/names.csv").write_text("code,name\n"), "bytes is"),
        (lambda root: (root / "data/names.csv").write_text("a,name\nNAM,NA\n"), "schema's fields"),
        (lambda root: (root / "data/names.csv").unlink(), "is no file"),
        (lambda root: (root / "seeds/a.txt").touch(), "seeds/a.txt has no entry"),
        (lambda root: (root / "data/datapackage.json").write_text("{"), "cannot be read"),
        (lambda root: (root / "data/datapackage.json").write_text("{}"), "no data package"),
    ],
    ids=["bytes", "columns", "gone", "new", "broken", "empty"],
)
def test_check_names_what_differs(
    root: Path, change: object, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert datapackage.main(["check"], root) == 0
    change(root)  # type: ignore[operator]
    assert datapackage.main(["check"], root) == 1
    assert message in capsys.readouterr().err
