"""How each state, place and count is drawn and named: color, pattern, glyph, label, definition.

The values are data: ``data/map/states.csv`` (the ten states, ``mentioned``, ``none`` and ``focus``),
``data/map/places.csv`` (places in an accord, ``mentioned`` and ``none``) and ``data/map/counts.csv`` (how
often a country is named). A pattern stands beside each color, so that no meaning hangs on color alone
(WCAG 2.2, criterion 1.4.1).
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from geo.errors import DataError
from geo.languages import find_language, load_strings
from geo.paths import DATA
from geo.records import Place, State, Turn

MENTIONED, NONE, FOCUS = "mentioned", "none", "focus"
# Pixels of one square tile of a pattern.
TILE = 8
# The path of each pattern within its tile, in the syntax of SVG 2, section 9.3. Slanted lines run
# past the corners so that tiles join without a notch.
PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        "solid": "",
        "rising": "M-1,1 l2,-2 M0,8 l8,-8 M7,9 l2,-2",
        "falling": "M-1,7 l2,2 M0,0 l8,8 M7,-1 l2,2",
        "crosshatch": "M-1,1 l2,-2 M0,8 l8,-8 M7,9 l2,-2 M-1,7 l2,2 M0,0 l8,8 M7,-1 l2,2",
        "hatch": "M-1,1 l2,-2 M0,8 l8,-8 M7,9 l2,-2",
        "dots": "M1,2 h2 M5,6 h2",
        "bars": "M0,4 h8",
        "rings": "M2,4 a2,2 0 1,0 4,0 a2,2 0 1,0 -4,0",
        "dashes": "M1,2 h4 M5,6 h4 M-3,6 h4",
        "columns": "M4,0 v8",
        "grid": "M0,4 h8 M4,0 v8",
    }
)
STROKES: Mapping[str, float] = MappingProxyType({"dots": 2.0, "bars": 1.4, "columns": 1.4})
STROKE = 1.1
# How far the ink of a pattern goes from its color toward white or black.
INK = 0.38
# Relative luminance (WCAG 2.2) below which ink is lighter than its ground.
DARK_GROUND = 0.3

_COLUMNS = (
    "code",
    "order",
    "label",
    "phrase",
    "color",
    "color_dark",
    "pattern",
    "glyph",
    "definition",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swatch:
    """Hold how one value is drawn and named.

    Colors are ``#rrggbb``; ``phrase`` goes on where a number of countries starts ("3 in talks");
    ``least`` is the number from which a swatch of ``counts.csv`` or ``tension.csv`` holds, and ``None``
    for others.
    """

    code: str
    order: int
    label: str
    phrase: str
    color: str
    color_dark: str
    pattern: str
    glyph: str
    definition: str
    least: int | None = None

    @property
    def word(self) -> str:
        """Return the label as it stands within a sentence."""
        return self.phrase if load_strings(find_language()) else self.label.lower()

    @property
    def ink(self) -> str:
        """Return the color of the pattern on the light theme's ground."""
        return mix_ink(self.color)

    @property
    def ink_dark(self) -> str:
        """Return the color of the pattern on the dark theme's ground."""
        return mix_ink(self.color_dark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Hold the swatches by code, each table in its own order."""

    states: Mapping[str, Swatch]
    places: Mapping[str, Swatch]
    counts: Mapping[str, Swatch]
    changes: Mapping[str, Swatch]
    tension: Mapping[str, Swatch]

    def grade_count(self, count: int) -> str:
        """Return the code of the swatch for how often a country is named; 0 gives ``none``."""
        return _grade(self.counts, count)

    def grade_tension(self, percent: int) -> str:
        """Return the code of the swatch for how many in a hundred of a country's pairs are in conflict."""
        return _grade(self.tension, percent)


def load_palette(folder: Path = DATA / "map") -> Palette:
    """Return the five tables with their words in the chosen language.

    Raises :class:`DataError` for a row that is malformed, missing or not known.
    """
    return _load_palette(folder, find_language())


@lru_cache(maxsize=64)
def _load_palette(folder: Path, language: str) -> Palette:
    strings = load_strings(language)
    told = {
        name: MappingProxyType(
            {
                code: replace(
                    each,
                    label=strings.get(each.label, each.label),
                    phrase=strings.get(each.phrase, each.phrase),
                    definition=strings.get(each.definition, each.definition),
                )
                for code, each in table.items()
            }
        )
        for name, table in _read_tables(folder).items()
    }
    return Palette(**told)


@lru_cache(maxsize=4)
def _read_tables(folder: Path) -> Mapping[str, Mapping[str, Swatch]]:
    states = _read_swatches(folder / "states.csv")
    places = _read_swatches(folder / "places.csv")
    counts = _read_swatches(folder / "counts.csv")
    changes = _read_swatches(folder / "changes.csv")
    tension = _read_swatches(folder / "tension.csv")
    for table, found, wanted in (
        ("states.csv", states, [*State, MENTIONED, NONE, FOCUS]),
        ("places.csv", places, [*Place, MENTIONED, NONE]),
        ("changes.csv", changes, [*Turn, MENTIONED, NONE, FOCUS]),
    ):
        if set(found) != set(wanted):
            wrong = ", ".join(sorted(set(found) ^ set(wanted)))
            msg = f"{table}: missing or not known: {wrong}"
            raise DataError(msg)
    if [each for each in states if each in set(State)] != list(State):
        msg = "states.csv: the ten states stand in the order of the ontology, from worst to best"
        raise DataError(msg)
    for table, found, start in (("counts.csv", counts, 1), ("tension.csv", tension, 0)):
        steps = [each.least for each in found.values() if each.least is not None]
        if steps[:1] != [start] or steps != sorted(set(steps)):
            msg = f"{table}: least has to start at {start} and rise"
            raise DataError(msg)
    return {
        "states": states,
        "places": places,
        "counts": counts,
        "changes": changes,
        "tension": tension,
    }


def _grade(swatches: Mapping[str, Swatch], number: int) -> str:
    found = NONE
    for swatch in swatches.values():
        if swatch.least is not None and number >= swatch.least:
            found = swatch.code
    return found


def mix_ink(color: str) -> str:
    """Return the color of a pattern's lines: the ground's own, lighter on dark and darker on light."""
    channels = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    end = 255 if measure_luminance(color) < DARK_GROUND else 0
    mixed = [round(each + (end - each) * INK) for each in channels]
    return "#" + "".join(f"{each:02x}" for each in mixed)


def measure_luminance(color: str) -> float:
    """Return the relative luminance of ``#rrggbb``, 0 to 1 (WCAG 2.2, definition of the term)."""

    def linear(channel: int) -> float:
        share = channel / 255
        return float(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(int(color[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def draw_tile(pattern: str) -> str:
    """Return one tile of a pattern as a ``data:`` URI of an SVG image, for a CSS mask."""
    width = STROKES.get(pattern, STROKE)
    image = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{TILE}' height='{TILE}'>"
        f"<path d='{PATTERNS[pattern]}' fill='none' stroke='#000' stroke-width='{width}'/></svg>"
    )
    return "data:image/svg+xml," + quote(image, safe="")


def _read_swatches(path: Path) -> Mapping[str, Swatch]:
    found: dict[str, Swatch] = {}
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, strict=True))
    except (OSError, csv.Error) as error:
        msg = f"{path.name} cannot be read: {error}"
        raise DataError(msg) from error
    for number, row in enumerate(rows, start=2):
        where = f"{path.name} line {number}"
        if any(row.get(column) is None for column in _COLUMNS):
            msg = f"{where}: the columns are {', '.join(_COLUMNS)}"
            raise DataError(msg)
        for column in ("color", "color_dark"):
            if not re.fullmatch(r"#[0-9a-f]{6}", row[column]):
                msg = f"{where}: {column} is no color of the form #rrggbb: {row[column]!r}"
                raise DataError(msg)
        if row["pattern"] not in PATTERNS:
            msg = f"{where}: no pattern is called {row['pattern']!r}"
            raise DataError(msg)
        if not row["label"] or not row["definition"] or row["code"] in found:
            msg = f"{where}: {row['code']!r} is given twice or has no label or definition"
            raise DataError(msg)
        if row["order"] != str(len(found) + 1):
            msg = f"{where}: order is {row['order']}, and the row stands as number {len(found) + 1}"
            raise DataError(msg)
        least = row.get("least")
        if least and not least.isdecimal():
            msg = f"{where}: least is no count: {least!r}"
            raise DataError(msg)
        found[row["code"]] = Swatch(
            code=row["code"],
            order=int(row["order"]),
            label=row["label"],
            phrase=row["phrase"],
            color=row["color"],
            color_dark=row["color_dark"],
            pattern=row["pattern"],
            glyph=row["glyph"],
            definition=row["definition"],
            least=int(least) if least else None,
        )
    return MappingProxyType(found)
