"""The docs: what they name is there."""

import re
from pathlib import Path

import pytest

from geo.paths import ROOT

DOCS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "tests/gold/README.md", "static/README.md")
# Made by running, or by a newcomer.
ABSENT = {"store/", ".venv/bin/python", "pages/NAME.py"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DOCS)
def test_linked_files_exist(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", read(name))
    assert [each for each in links if not (ROOT / Path(name).parent / each).is_file()] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_named_paths_exist(name: str) -> None:
    named = set(re.findall(r"`((?:[\w.]+/)+[\w.]*)`", read(name))) - ABSENT
    assert named
    assert [each for each in named if not (ROOT / each).exists()] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_named_commands_exist(name: str) -> None:
    targets = re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE)
    assert set(re.findall(r"\bmake (run|test|data|benchmark|screenshots)\b", read(name))) <= set(
        targets
    )
    commands = set(re.findall(r"python -m geo (\w+)", read(name)))
    source = read("geo/__main__.py")
    assert all(f'"{each}"' in source for each in commands)


def test_license_is_named_where_a_reader_looks() -> None:
    assert read("LICENSE").startswith("MIT License")
    assert "MIT License" in read("README.md")
