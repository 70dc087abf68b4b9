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

GROUND = {"records", "revisions", "errors", "paths", "tables", "languages", "terminal", "settings"}
# Which rooms a room may know; a room is a folder of geo or a module beside the folders.
ARROWS = {
    **dict.fromkeys(GROUND, GROUND),
    "store": GROUND | {"states"},
    "reading": GROUND,
    "mentions": GROUND,
    "relations": GROUND,
    "sources": GROUND | {"reading"},
    "states": GROUND,
    "edition": GROUND | {"reading", "mentions", "relations"},
    "map": GROUND | {"states"},
}
ARROWS["workers"] = GROUND | {"reading", "edition"}
ARROWS["ingest"] = GROUND | {"reading", "sources", "store", "workers"}
ARROWS["spark"] = GROUND | {"reading", "store", "workers", "ingest"}
ARROWS["publish"] = GROUND | {"mentions", "sources", "states", "store"}
ARROWS["refresh"] = GROUND | {"sources", "store", "workers", "ingest"}
ARROWS["web"] = GROUND | {*ARROWS} - {"ingest", "publish", "refresh", "spark"}
ARROWS["tools"] = GROUND | {*ARROWS}
ARROWS["__main__"] = GROUND | {*ARROWS, "tools"}
PAGES = {"app", "add", "article", "compare", "matrix", "method", "pair"}
# The modules that show something, or keep something between runs.
SHOWING = {
    f"web.{name}"
    for name in (
        "address",
        "article_search",
        "controls",
        "downloads",
        "frame",
        "known",
        "news",
        "own_text",
        "share",
        "visit",
    )
}
# Each library is known to one module, or to the few that are one thing.
OWNERS = {
    "branca": {"map.drawing"},
    "certifi": {"sources.fetching"},
    "charset_normalizer": {"reading.encodings"},
    "courlan": {"sources.feeds"},
    "duckdb": {"store.cache", "store.filling", "store.joining", "store.queries"},
    "feedparser": {"sources.syndication"},
    "folium": {"map.drawing"},
    "geopandas": {"map.atlas", "tools.shapes"},
    "idna": {"sources.addresses", "web.links"},
    "jinja2": {"web.rendering"},
    "lxml": {"reading.documents", "sources.syndication"},
    "markupsafe": {"web.downloads", "web.exports", "web.rendering", "web.share"},
    "mwparserfromhell": {"sources.wikitext"},
    "numpy": {"relations.encoder", "tools.outlines", "tools.training"},
    "onnxruntime": {"relations.encoder", "tools.training"},
    "protego": {"sources.robots"},
    "pyarrow": {"spark", "store.cache", "store.filling", "store.layout", "store.segments"},
    "py3langid": {"reading.language"},
    "pyspark": {"spark"},
    "pypdf": {"reading.documents"},
    "pydantic": {
        "tables",
        "map.palette",
        "mentions.gazetteer",
        "relations.pacts",
        "relations.places",
    }
    | {"tools.history"},
    "shapely": {"map.atlas", "tools.outlines", "tools.shapes"},
    "streamlit": SHOWING | PAGES,
    "streamlit_folium": {"web.controls"},
    "tokenizers": {"relations.encoder", "tools.training"},
    "torch": {"tools.training"},
    "trafilatura": {"reading.webpage"},
    "transformers": {"tools.training"},
    "warcio": {"reading.archives"},
}
HEAVY = {
    "courlan",
    "duckdb",
    "folium",
    "geopandas",
    "pyarrow",
    "onnxruntime",
    "shapely",
    "streamlit",
    "trafilatura",
}
# What a module may load when it is imported, for it is nothing without it. Folium and streamlit load
# pandas, which loads pyarrow.
LOADS = {"map.drawing": {"folium", "pyarrow"}} | {
    name: {"folium", "pyarrow", "streamlit"} for name in SHOWING | {"web.shown"}
}


@lru_cache(maxsize=1)
def find_sources() -> dict[str, Path]:
    """Return the modules of geo by dotted name; the packages themselves are no modules."""
    return {
        ".".join(path.relative_to(ROOT / "geo").with_suffix("").parts): path
        for path in (ROOT / "geo").rglob("*.py")
        if path.stem != "__init__"
    }


def find_pages() -> dict[str, Path]:
    return {path.stem: path for path in [ROOT / "app.py", *(ROOT / "pages").glob("*.py")]}


def find_imports(source: str) -> Iterator[str]:
    """Yield the dotted name of each module that a module of geo imports, wherever it does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            start = node.module or ""
            if start == "geo":
                # The version is the package's own.
                names = (alias.name for alias in node.names)
                yield from (f"geo.{name}" for name in names if name != "__version__")
            else:
                yield start


def find_own(source: str) -> set[str]:
    """Return the rooms that a module imports from."""
    return {name.split(".")[1] for name in find_imports(source) if name.startswith("geo.")}


def find_libraries(source: str) -> set[str]:
    return {name.partition(".")[0] for name in find_imports(source)} - {"geo"}


def test_imports_are_found_however_they_are_written() -> None:
    source = """
import json, geo.store as kept
from geo import paths, web as shown
from geo.records import Article
from geo.map.lenses import Lens
def late():
    from folium.elements import Element
    import shapely.geometry
"""
    assert find_own(source) == {"store", "paths", "web", "records", "map"}
    assert find_libraries(source) == {"json", "folium", "shapely"}


def test_every_room_has_its_arrows() -> None:
    assert {source.partition(".")[0] for source in find_sources()} == {*ARROWS}


def test_a_module_imports_along_the_arrows_alone() -> None:
    wrong = {
        f"{name} imports {other}"
        for name, path in find_sources().items()
        for room in [name.partition(".")[0]]
        for other in find_own(path.read_text(encoding="utf-8"))
        if other != room and other not in ARROWS[room]
    }
    assert wrong == set()


def test_the_packages_themselves_import_nothing() -> None:
    for path in (ROOT / "geo").rglob("__init__.py"):
        assert list(find_imports(path.read_text(encoding="utf-8"))) == [], path


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
    assert used - sys.stdlib_module_names == {library for library in OWNERS if library in used}


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
    loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
    found[name] = [sorted(loaded & set(heavy)), list(opened)]
print(json.dumps(found))
"""


@lru_cache(maxsize=1)
def watch_imports() -> dict[str, tuple[list[str], list[str]]]:
    """Return the heavy libraries that each module loads and the data it opens, by its name."""
    # The trainer needs torch, which only a fit installs.
    names = sorted({*find_sources()} - {"tools.training"}, key=lambda name: (name in LOADS, name))
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
    assert set(found) == set(names)
    return found


def test_an_import_loads_no_heavy_library_but_that_of_its_job() -> None:
    loaded = {name: set(heavy) for name, (heavy, _) in watch_imports().items()}
    assert {name: item for name, item in loaded.items() if not item <= LOADS.get(name, set())} == {}
    assert "folium" in loaded["map.drawing"]
    assert any("streamlit" in loaded[name] for name in SHOWING)


def test_an_import_does_no_work() -> None:
    opened = {name: files for name, (_, files) in watch_imports().items() if files}
    assert opened == {}
