"""Languages: the interface and the names of countries in the language that a reader has chosen.

English stands in the code. ``data/languages/LANGUAGE.csv`` holds what it is in another language, a row
for each text, so that a translation is one file; ``data/map/country_names.csv`` holds the names of countries
in all languages of Natural Earth, with English words around them where no file translates those. Quotes,
titles and the names of rules and cues are shown as they were read.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from geo.errors import DataError
from geo.paths import DATA
from geo.tables import name_place, read_cells

ENGLISH = "en"
_CHOSEN: ContextVar[str] = ContextVar("language", default=ENGLISH)


def choose_language(code: str) -> None:
    """Take a language for all that the current run shows; raises :class:`DataError` for an unknown one."""
    if code not in load_languages():
        msg = f"no language: {code!r}"
        raise DataError(msg)
    _CHOSEN.set(code)


def find_language() -> str:
    """Return the code (ISO 639-1) of the language of the current run, English unless chosen."""
    return _CHOSEN.get()


def say(text: str, /, **values: object) -> str:
    """Return a text of the interface in the chosen language, its ``{fields}`` filled with values."""
    said = load_strings(find_language()).get(text, text)
    return said.format(**values) if values else said


@lru_cache(maxsize=4)
def load_languages(folder: Path = DATA / "languages") -> Mapping[str, str]:
    """Return the name of each language in itself, by its code, English first."""
    return _read_pairs(folder / "languages.csv", "code", "name")


@lru_cache(maxsize=64)
def load_strings(code: str, folder: Path = DATA / "languages") -> Mapping[str, str]:
    """Return what each English text of the interface is in a language; none where no file holds it."""
    path = folder / f"{code}.csv"
    if not path.is_file():
        return MappingProxyType({})
    return _read_pairs(path, "english", "translation")


@lru_cache(maxsize=64)
def load_country_names(code: str, folder: Path = DATA / "map") -> Mapping[str, str]:
    """Return the names of countries in a language by their codes; empty for English.

    The names are Natural Earth's, but for those that ``data/map/name_fixes.csv`` puts before them.
    """
    if code == ENGLISH:
        return MappingProxyType({})
    return _read_pairs(folder / "country_names.csv", "code", code)


def _read_pairs(path: Path, key: str, value: str) -> Mapping[str, str]:
    """Return one column of a table by another; raises :class:`DataError` for a key given twice."""
    pairs: dict[str, str] = {}
    for line, cells in read_cells(path, (key, value)):
        if not cells[key] or not cells[value]:
            msg = f"{name_place(path, line, value if cells[key] else key)}: must be filled"
            raise DataError(msg)
        if cells[key] in pairs:
            msg = f"{name_place(path, line, key)}: {cells[key]!r} is given twice"
            raise DataError(msg)
        pairs[cells[key]] = cells[value]
    return MappingProxyType(pairs)
