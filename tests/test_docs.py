"""The docs: what they name is there."""

import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import pytest
from packaging.version import Version

from geo import __version__
from geo.map.palette import load_palette
from geo.paths import ROOT
from geo.records import State
from geo.tools.shapes import LAYERS

FOLDERS = (".", "benchmarks", "data", "docs", "static", "tests/gold")
DOCS = sorted(
    str(path.relative_to(ROOT)) for folder in FOLDERS for path in (ROOT / folder).glob("*.md")
)
# Written one sentence a line, so that a diff shows what changed.
PROSE = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
COMMANDS = ("extract", "ingest", "states", "publish", "evaluate")
# Made by running.
ABSENT = {"store/", "news/segments", "static/out/", ".venv/bin/python"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DOCS)
def test_linked_files_exist(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", read(name))
    assert [link for link in links if not (ROOT / Path(name).parent / link).is_file()] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_named_paths_exist(name: str) -> None:
    named = set(re.findall(r"`((?:[\w.]+/)+[\w.]*)`", read(name))) - ABSENT
    assert named
    # NAME stands for one of many.
    assert [name for name in named if not list(ROOT.glob(name.replace("NAME", "*")))] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_named_commands_exist(name: str) -> None:
    code = "\n".join(re.findall(r"`[^`]+`|^    .+$", read(name), re.MULTILINE))
    targets = re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE)
    named = set(re.findall(r"\bmake ([a-z]+)", code))
    assert {"run", "test"} & named
    assert named <= set(targets)
    assert set(re.findall(r"python -m geo (\w+)", code)) <= set(COMMANDS)
    modules = re.findall(r"python -m geo\.([\w.]*\w)", code)
    paths = [ROOT / "geo" / f"{module.replace('.', '/')}.py" for module in modules]
    assert [path for path in paths if not path.is_file()] == []


def test_every_command_and_target_is_told() -> None:
    listed = subprocess.run(
        ["make", "-C", ROOT, "help"], capture_output=True, text=True, check=True
    )
    for target in re.findall(r"^\.PHONY: (.+)$", read("Makefile"), re.MULTILINE)[0].split():
        assert target in {"help", "browser", "wiki"} or f"make {target} " in listed.stdout, target
    for command in COMMANDS:
        assert f"python -m geo {command} " in read("README.md")


def test_states_are_told_as_the_legend_tells_them() -> None:
    palette = load_palette()
    told = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", read("README.md"), re.MULTILINE)
    swatches = [palette.states[state.value] for state in State]
    assert told[-len(swatches) :] == [(swatch.label, swatch.definition) for swatch in swatches]


def test_the_changelog_has_the_form_of_keep_a_changelog() -> None:
    versions = re.findall(r"^## \[(.+?)\](?: - (.+))?$", read("CHANGELOG.md"), re.MULTILINE)
    assert versions
    assert all(name == "Unreleased" or date.fromisoformat(day) for name, day in versions)
    kinds = set(re.findall(r"^### (.+)$", read("CHANGELOG.md"), re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_version_is_the_newest_of_the_changelog_or_comes_after_it() -> None:
    names = re.findall(r"^## \[(.+?)\]", read("CHANGELOG.md"), re.MULTILINE)
    newest = Version(next(name for name in names if name != "Unreleased"))
    version = Version(__version__)
    assert version > newest if "Unreleased" in names else version == newest
    assert version.is_prerelease == ("Unreleased" in names)


@pytest.mark.parametrize("name", PROSE)
def test_a_line_has_one_sentence(name: str) -> None:
    # A table has a row a line.
    lines = re.findall(r"^(?!\|).*[a-z)]\. [A-Z].*$", read(name), re.MULTILINE)
    assert lines == []


def test_make_fetches_the_layers_that_the_build_reads() -> None:
    fetched = re.search(r"^LAYERS := ((?:.*\\\n)*.*)$", read("Makefile"), re.MULTILINE)
    assert fetched
    needed = {file for file, *_ in LAYERS.values()}
    assert set(fetched[1].replace("\\", " ").split()) == needed


def test_an_installed_copy_holds_every_folder_of_the_package() -> None:
    packages = tomllib.loads(read("pyproject.toml"))["tool"]["setuptools"]["packages"]
    folders = {path.parent for path in (ROOT / "geo").rglob("*.py")}
    named = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert set(packages) == named | {"geo.data", "geo.static"}


def test_license_is_named_where_a_reader_looks() -> None:
    assert read("LICENSE").startswith("MIT License")
    assert "MIT License" in read("README.md")
