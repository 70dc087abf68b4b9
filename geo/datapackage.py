"""The data package: what each file of data is, where it comes from, and under which license.

``data/datapackage.json`` follows the Frictionless Data Package standard, version 2
(https://datapackage.org), with one resource for each file under ``data/``, ``seeds/`` and
``static/``. Paths count from the project's root. Titles, sources, licenses, descriptions and the
types of columns are written by hand; bytes, hashes, media types and names of columns are computed.
"""

import argparse
import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from geo.errors import DataError
from geo.paths import ROOT

DESCRIPTOR = Path("data/datapackage.json")
FOLDERS = ("data", "seeds", "static")
# Stands in a stub for what a hand has to fill in; a check fails while one is left.
BLANK = "FILL IN"
DELIMITERS = {".csv": ",", ".tsv": "\t"}
MEDIA_TYPES = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".npz": "application/zip",
    ".parquet": "application/vnd.apache.parquet",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
}
# The name of the geometry and of a segment holds a hash that changes with the content.
_HASHED = re.compile(r"[.-][0-9a-f]{12,64}(?=\.)")


def load_package(root: Path = ROOT) -> dict[str, Any]:
    """Read the descriptor; raises :class:`DataError` where it is missing or no data package."""
    try:
        package = json.loads((root / DESCRIPTOR).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{DESCRIPTOR} cannot be read: {error}"
        raise DataError(msg) from error
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        msg = f"{DESCRIPTOR} is no data package: it has no list of resources"
        raise DataError(msg)
    return package


def list_files(root: Path = ROOT) -> tuple[str, ...]:
    """Return the paths of the files that need an entry, from the root, sorted."""
    paths = (path for folder in FOLDERS for path in (root / folder).rglob("*") if path.is_file())
    names = (path.relative_to(root) for path in paths)
    return tuple(
        sorted(
            name.as_posix()
            for name in names
            if name != DESCRIPTOR and not any(part.startswith((".", "__")) for part in name.parts)
        )
    )


def read_header(path: Path) -> list[str]:
    """Return the column names of a table."""
    with path.open(encoding="utf-8", newline="") as lines:
        return next(csv.reader(lines, delimiter=DELIMITERS[path.suffix]), [])


def find_faults(root: Path = ROOT) -> Iterator[str]:
    """Yield a sentence for each way in which the descriptor and the files differ."""
    package = load_package(root)
    entries = {entry["path"]: entry for entry in package["resources"]}
    files = list_files(root)
    if len(entries) != len(package["resources"]):
        yield f"{DESCRIPTOR} has two entries for one path"
    if len({entry["name"] for entry in entries.values()}) != len(entries):
        yield f"{DESCRIPTOR} has two entries of one name"
    for path in sorted(set(entries) - set(files)):
        yield f"{path} has an entry and is no file"
    for path in files:
        if path in entries:
            yield from _find_entry_faults(entries[path], root / path)
        else:
            yield f"{path} has no entry"


def _find_entry_faults(entry: Mapping[str, Any], path: Path) -> Iterator[str]:
    """Yield a sentence for each way in which one entry and its file differ."""
    for key, value in describe_file(path).items():
        if entry.get(key) != value:
            yield f"{entry['path']}: {key} is {entry.get(key)!r} and should be {value!r}"
    for key in ("title", "sources", "licenses"):
        if not entry.get(key):
            yield f"{entry['path']} has no {key}"
    if BLANK in json.dumps(entry):
        yield f"{entry['path']} has an entry that is not filled in"
    if path.suffix in DELIMITERS and _list_fields(entry) != read_header(path):
        yield f"{entry['path']}: the schema's fields are not the columns of the table"


def _list_fields(entry: Mapping[str, Any]) -> list[str]:
    """Return the names of the fields of an entry's schema."""
    return [field["name"] for field in entry.get("schema", {}).get("fields", [])]


def describe_file(path: Path) -> dict[str, Any]:
    """Return what is computed of a file: bytes, hash, and format and media type by its suffix."""
    content = path.read_bytes()
    facts: dict[str, Any] = {
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if path.suffix in MEDIA_TYPES:
        facts["format"] = path.suffix[1:]
        facts["mediatype"] = MEDIA_TYPES[path.suffix]
    return facts


def refresh_package(root: Path = ROOT) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the descriptor with computed values renewed, and a stub for each file without entry.

    An entry whose file is gone is dropped, unless a file differs from it in the name's hash alone:
    then it keeps what is written by hand and takes the new path.
    """
    package = load_package(root)
    files = list_files(root)
    entries = {entry["path"]: entry for entry in package["resources"]}
    moved = {_HASHED.sub("", path): entries[path] for path in set(entries) - set(files)}
    resources: list[dict[str, Any]] = []
    stubs: list[dict[str, Any]] = []
    for path in files:
        entry = entries.get(path) or moved.get(_HASHED.sub("", path))
        if entry is None:
            stubs.append(_make_stub(path, root))
            continue
        renewed = {**entry, "path": path, **describe_file(root / path)}
        if Path(path).suffix in DELIMITERS:
            renewed |= _describe_table(root / path, entry)
        resources.append(renewed)
    return {**package, "resources": resources}, stubs


def _describe_table(path: Path, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return dialect and schema of a table; a column that the entry knows keeps its description."""
    known = {field["name"]: field for field in entry.get("schema", {}).get("fields", [])}
    fields = [known.get(name, {"name": name, "type": "string"}) for name in read_header(path)]
    dialect = {"delimiter": DELIMITERS[path.suffix]}
    return {"dialect": dialect, "schema": {**entry.get("schema", {}), "fields": fields}}


def _make_stub(path: str, root: Path) -> dict[str, Any]:
    """Return an entry for a new file, with blanks where a hand has to fill in."""
    stub: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9]+", "-", _HASHED.sub("", path).lower()).strip("-"),
        "path": path,
        "title": BLANK,
        "sources": [{"title": BLANK, "path": BLANK}],
        "licenses": [{"name": BLANK}],
        **describe_file(root / path),
    }
    if Path(path).suffix in DELIMITERS:
        stub |= _describe_table(root / path, stub)
    return stub


def write_package(package: Mapping[str, Any], root: Path = ROOT) -> None:
    """Write the descriptor."""
    text = json.dumps(package, ensure_ascii=False, indent=2)
    (root / DESCRIPTOR).write_text(text + "\n", encoding="utf-8")


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run ``python -m geo.datapackage refresh|check``; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m geo.datapackage", description=__doc__)
    parser.add_argument("command", choices=("refresh", "check"))
    arguments = parser.parse_args(argv)
    try:
        if arguments.command == "refresh":
            package, stubs = refresh_package(root)
            write_package(package, root)
            if stubs:
                print(json.dumps(stubs, ensure_ascii=False, indent=2))
                names = ", ".join(stub["path"] for stub in stubs)
                print(f"{DESCRIPTOR} needs an entry for: {names}", file=sys.stderr)
                return 1
        faults = list(find_faults(root))
    except DataError as error:
        faults = [str(error)]
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
