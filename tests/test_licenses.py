"""Licenses: all that is installed with the app may be passed on under the app's own license.

What counts is the closure of requirements.txt on the machine at hand, as the packages' metadata tell it.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.metadata import Distribution, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from geo.paths import ROOT

# Licenses by their SPDX names that ask for no more than notices, or for the source of changed files.
FREE = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "CNRI-Python",
        "ISC",
        "MIT",
        "MIT-CMU",
        "MPL-1.1",
        "MPL-2.0",
        "PSF-2.0",
        "Zlib",
    }
)
# How older metadata and the classifiers name them. Which BSD license is meant makes no difference here.
OLD_NAMES = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The BSD 2-Clause License": "BSD-2-Clause",
}
# Packages whose metadata name no license, and what they are under.
UNSTATED = {
    "streamlit-folium": (
        "MIT",
        "the file LICENSE of its repository, and its recipe on conda-forge",
    ),
}
# Packages that carry a text of the GNU licenses or of the Open Database License, and why that is fine.
REVIEWED = {
    "lxml": "its test runner, GPL, is in no wheel; libiconv, LGPL 2.1, is linked as a library",
    "numpy": "the runtime of GCC is linked, under the exception that frees what is linked with it",
    "pandas": "the license of Python, which it carries, says that it is compatible with the GPL",
    "pillow": "FreeType may be had under its own license, and of XZ the public domain part is linked",
    "pyarrow": "the exception of LLVM to the Apache License names the GPL",
    "shapely": "GEOS is LGPL 2.1 and a shared library of its own, which anybody may replace",
    "tld": "the GPL and LGPL are offered beside the MPL 1.1, which is taken",
    "typing-extensions": "as pandas",
}
_COPYLEFT = re.compile(
    r"GNU (?:Affero |Lesser |Library )?General Public License|\b[AL]?GPL(?:v|[ -])?\d"
    r"|Open Database License|\bODbL\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def find_closure() -> Mapping[str, Distribution]:
    """Return what requirements.txt needs here, and what that needs, by name."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    todo = [Requirement(each) for line in lines if (each := line.partition("#")[0].strip())]
    assert todo
    seen: set[tuple[str, frozenset[str]]] = set()
    found: dict[str, Distribution] = {}
    while todo:
        wanted = todo.pop()
        name = canonicalize_name(wanted.name)
        if (key := (name, frozenset(wanted.extras))) in seen:
            continue
        seen.add(key)
        found[name] = distribution(name)
        todo += (
            each
            for each in map(Requirement, found[name].requires or ())
            if each.marker is None
            or any(each.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras))
        )
    return found


def list_licenses(package: Distribution) -> Iterator[str]:
    """Yield each license that the metadata state; a field with a whole text of one is left to them."""
    metadata = package.metadata
    for field in ("License-Expression", "License"):
        for stated in metadata.get_all(field) or ():
            if stated.strip() and "\n" not in stated.strip():
                yield stated.strip()
    for classifier in metadata.get_all("Classifier") or ():
        kind, _, name = classifier.rpartition(" :: ")
        if kind.startswith("License") and name != "OSI Approved":
            yield name


def is_free(stated: str) -> bool:
    """Tell whether an SPDX expression can be met by free licenses alone."""
    stated = OLD_NAMES.get(stated, stated)
    tokens = re.findall(r"[()]|[^\s()]+", stated)

    def read_choice() -> bool:
        free = read_all()
        while tokens and tokens[0].upper() == "OR":
            tokens.pop(0)
            # Both sides are read whatever the first one says.
            free = read_all() or free
        return free

    def read_all() -> bool:
        free = read_one()
        while tokens and tokens[0].upper() == "AND":
            tokens.pop(0)
            free = read_one() and free
        return free

    def read_one() -> bool:
        if not tokens:
            return False
        token = tokens.pop(0)
        if token == "(":
            free = read_choice()
            return bool(tokens) and tokens.pop(0) == ")" and free
        return token in FREE

    return read_choice() and not tokens


@pytest.mark.parametrize(
    ("stated", "free"),
    [
        ("MIT", True),
        ("BSD License", True),
        ("BSD-3-Clause AND 0BSD AND MIT", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("GPL-2.0-only OR (MIT AND (ISC OR AGPL-3.0-only))", True),
        ("MIT AND GPL-3.0-or-later", False),
        ("GPL-3.0-only OR MIT AND LGPL-3.0-only", False),
        ("GPL-3.0-or-later", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("AGPL-3.0-only", False),
        ("LGPL-2.1-or-later", False),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", False),
        ("ODbL-1.0", False),
        ("MIT GPL-3.0-only", False),
        ("(MIT", False),
        ("UNKNOWN", False),
        ("", False),
    ],
)
def test_an_expression_is_read_as_written(stated: str, *, free: bool) -> None:
    assert is_free(stated) is free


def test_the_closure_holds_what_is_needed_by_what_is_needed() -> None:
    closure = find_closure()
    assert {"streamlit", "trafilatura", "htmldate", "justext", "lxml", "numpy"} <= set(closure)
    assert not {"pytest", "mypy", "ruff", "playwright"} & set(closure)


def test_every_package_states_a_license_or_was_looked_up() -> None:
    unstated = {name for name, each in find_closure().items() if not list(list_licenses(each))}
    assert unstated == set(UNSTATED)
    assert all(is_free(license) and source for license, source in UNSTATED.values())


def test_every_license_is_free() -> None:
    refused = {
        name: stated
        for name, each in find_closure().items()
        for stated in list_licenses(each)
        if not is_free(stated)
    }
    assert refused == {}


def test_what_carries_a_copyleft_text_was_looked_at() -> None:
    carrying: dict[str, list[str]] = {}
    for name, package in find_closure().items():
        for file in package.files or ():
            at_home = re.search(r"\.dist-info/", str(file))
            if not at_home or not re.search("licen[cs]e|copying|notice", file.name, re.IGNORECASE):
                continue
            if hit := _COPYLEFT.search(file.locate().read_text(encoding="utf-8", errors="replace")):
                carrying.setdefault(name, []).append(f"{file.name}: {hit[0]}")
    unknown = {name: hits for name, hits in carrying.items() if name not in REVIEWED}
    assert unknown == {}


def test_what_was_looked_at_is_still_needed() -> None:
    assert set(REVIEWED) | set(UNSTATED) <= set(find_closure())
