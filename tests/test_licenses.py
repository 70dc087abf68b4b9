"""Licenses: what is installed with the app may be passed on under the app's own license.

pip-licenses reads what each package states; what is allowed is decided here, by a person.
"""

import json
import subprocess
import sys
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from geo.paths import ROOT

# As packages state them. They ask for no more than notices, or for the source of changed files.
ALLOWED = frozenset(
    {
        "3-Clause BSD License",
        "Apache License 2.0",
        "Apache Software License",
        "Apache-2.0",
        "Apache-2.0 AND CNRI-Python",
        "Apache-2.0 OR BSD-2-Clause",
        "BSD License",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
        "ISC",
        "ISC License (ISCL)",
        "MIT",
        "MIT License",
        "MIT-CMU",
        "MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later",  # tld: the MPL is chosen
        "MPL-2.0",
        "MPL-2.0 AND MIT",
        "Mozilla Public License 2.0 (MPL 2.0)",
        "PSF-2.0",
    }
)
# Packages that state no license, and where it was looked up.
LOOKED_UP = {"streamlit-folium": "MIT: the file LICENSE of its repository"}


def find_closure() -> set[str]:
    """Return the packages of requirements.txt and all that those need on this machine."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    todo = [Requirement(text) for line in lines if (text := line.partition("#")[0].strip())]
    seen: set[str] = set()
    found: set[str] = set()
    while todo:
        wanted = todo.pop()
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        found.add(canonicalize_name(wanted.name))
        extras = ("", *wanted.extras)
        todo += [
            needed
            for needed in map(Requirement, requires(wanted.name) or ())
            if needed.marker is None
            or any(needed.marker.evaluate({"extra": extra}) for extra in extras)
        ]
    return found


@pytest.fixture(scope="module")
def licenses() -> dict[str, str]:
    """Return the license that each installed package states, by the package's name."""
    command = ["-m", "piplicenses", "--from=mixed", "--with-system", "--format=json", "--packages"]
    printed = subprocess.run(
        [sys.executable, *command, *sorted(find_closure())],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {canonicalize_name(row["Name"]): row["License"] for row in json.loads(printed)}


def test_all_that_is_needed_is_looked_at(licenses: dict[str, str]) -> None:
    assert set(licenses) == find_closure()
    # Needed by what is needed.
    assert {"lxml", "pandas"} <= set(licenses)
    assert not {"pytest", "mypy", "ruff", "playwright"} & set(licenses)


def test_every_license_is_allowed(licenses: dict[str, str]) -> None:
    refused = {
        name: license
        for name, license in licenses.items()
        if license not in ALLOWED and name not in LOOKED_UP
    }
    assert refused == {}


def test_only_what_states_nothing_was_looked_up(licenses: dict[str, str]) -> None:
    assert {name for name, license in licenses.items() if license == "UNKNOWN"} == set(LOOKED_UP)
