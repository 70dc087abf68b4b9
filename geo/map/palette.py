"""How each state, place and count is drawn and named: color, pattern, label, definition.

The values are data: ``data/map/states.csv`` (the ten states, ``mentioned``, ``none`` and ``focus``),
``data/map/places.csv`` (places in an accord, ``mentioned`` and ``none``) and ``data/map/changes.csv`` (what
became of a pair). A pattern stands beside each color, so that no meaning hangs on color alone
(WCAG 2.2, criterion 1.4.1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated
from urllib.parse import quote

from pydantic import AfterValidator, StringConstraints

from geo.errors import DataError
from geo.languages import find_language, load_strings
from geo.paths import DATA
from geo.records import Place, State, Turn
from geo.tables import name_place, read_table

MENTIONED, NONE, FOCUS = "mentioned", "none", "focus"
# Pixels of one square tile of a pattern.
TILE = 8
# The path of each pattern within its tile, in the syntax of SVG 2, section 9.3. None has slanted lines:
# hatching means disputed land, and nothing else.
PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        "solid": "",
        "crosses": "M1.5,4 h5 M4,1.5 v5",
        "zigzag": "M0,5 l2,-2 l2,2 l2,-2 l2,2",
        "bricks": "M0,2 h8 M0,6 h8 M2,2 v4 M6,-2 v4 M6,6 v4",
        "specks": "M3.5,4 h1",
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


def _check_pattern(pattern: str) -> str:
    if pattern not in PATTERNS:
        msg = "no such pattern"
        raise ValueError(msg)
    return pattern


Color = Annotated[str, StringConstraints(pattern="^#[0-9a-f]{6}$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swatch:
    """How one value is drawn and named.

    Colors are ``#rrggbb``; ``phrase`` goes on where a number of countries starts ("3 in talks").
    """

    code: str
    order: int
    label: str
    phrase: str
    color: Color
    color_dark: Color
    pattern: Annotated[str, AfterValidator(_check_pattern)]
    definition: str

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
    """The swatches by code, each table in its own order."""

    states: Mapping[str, Swatch]
    places: Mapping[str, Swatch]
    changes: Mapping[str, Swatch]


def load_palette(folder: Path = DATA / "map") -> Palette:
    """Return the three tables with their words in the chosen language.

    Raises :class:`DataError` for a row that is malformed, missing or not known.
    """
    return _load_palette(folder, find_language())


@lru_cache(maxsize=64)
def _load_palette(folder: Path, language: str) -> Palette:
    strings = load_strings(language)
    palette = _read_palette(folder)

    def translate(table: Mapping[str, Swatch]) -> Mapping[str, Swatch]:
        return MappingProxyType(
            {
                code: replace(
                    swatch,
                    label=strings.get(swatch.label, swatch.label),
                    phrase=strings.get(swatch.phrase, swatch.phrase),
                    definition=strings.get(swatch.definition, swatch.definition),
                )
                for code, swatch in table.items()
            }
        )

    return Palette(
        states=translate(palette.states),
        places=translate(palette.places),
        changes=translate(palette.changes),
    )


@lru_cache(maxsize=4)
def _read_palette(folder: Path) -> Palette:
    palette = Palette(
        states=_read_swatches(folder / "states.csv"),
        places=_read_swatches(folder / "places.csv"),
        changes=_read_swatches(folder / "changes.csv"),
    )
    for table, found, wanted in (
        ("states.csv", palette.states, [*State, MENTIONED, NONE, FOCUS]),
        ("places.csv", palette.places, [*Place, MENTIONED, NONE]),
        ("changes.csv", palette.changes, [*Turn, MENTIONED, NONE, FOCUS]),
    ):
        if set(found) != set(wanted):
            wrong = ", ".join(sorted(set(found) ^ set(wanted)))
            msg = f"{name_place(folder / table)}: missing or not known: {wrong}"
            raise DataError(msg)
    if [code for code in palette.states if code in set(State)] != list(State):
        place = name_place(folder / "states.csv")
        msg = f"{place}: the ten states stand in the order of the ontology, from worst to best"
        raise DataError(msg)
    return palette


def _read_swatches(path: Path) -> Mapping[str, Swatch]:
    swatches = read_table(path, Swatch, key=["code"])
    for number, swatch in enumerate(swatches, start=1):
        if swatch.order != number:
            place = name_place(path, number + 1, "order")
            msg = f"{place}: {swatch.order}, and the row stands as number {number}"
            raise DataError(msg)
    return {swatch.code: swatch for swatch in swatches}


def mix_ink(color: str) -> str:
    """Return the color of a pattern's lines: the ground's own, lighter on dark and darker on light."""
    channels = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    end = 255 if measure_luminance(color) < DARK_GROUND else 0
    mixed = [round(channel + (end - channel) * INK) for channel in channels]
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


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
