"""The palette: complete, in order, and told apart by people who see fewer colors."""

import re
import shutil
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from geo.errors import DataError
from geo.map.palette import (
    FOCUS,
    MENTIONED,
    NONE,
    PATTERNS,
    draw_tile,
    load_palette,
    measure_luminance,
    mix_ink,
)
from geo.paths import DATA, STATIC
from geo.records import Place, State
from geo.web.rendering import name_color

# How a person with each deficiency, at full severity, sees linear RGB. Machado, Oliveira and
# Fernandes, "A physiologically-based model for simulation of color vision deficiency", IEEE
# Transactions on Visualization and Computer Graphics 15 (2009), table 1, severity 1.0.
VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# Hundredths of Oklab's unit; about 2 is what one just sees side by side.
NEIGHBORS_APART, ALL_APART = 6.0, 2.2


def see(color: str, vision: str) -> tuple[float, float, float]:
    """Return a color as a vision sees it, in Oklab (Ottosson 2020), times 100."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    r, g, b = (
        min(1.0, max(0.0, sum(weight * c for weight, c in zip(row, linear, strict=True))))
        for row in VISIONS[vision]
    )
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        100 * (0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short),
        100 * (1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short),
        100 * (0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short),
    )


def measure_apart(one: str, other: str, vision: str) -> float:
    """Return how far two colors are apart for a vision."""
    pairs = zip(see(one, vision), see(other, vision), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def test_every_state_and_place_has_a_swatch_in_the_order_of_the_ontology() -> None:
    palette = load_palette()
    assert list(palette.states) == [*State, MENTIONED, NONE, FOCUS]
    assert list(palette.places) == [*sorted(Place, key=list(palette.places).index), MENTIONED, NONE]
    assert [state.order for state in palette.states.values()] == list(range(1, 14))


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", ["color", "color_dark"])
def test_neighboring_states_stay_apart_for_every_vision(theme: str, vision: str) -> None:
    colors = [getattr(load_palette().states[state], theme) for state in State]
    near = {pair: measure_apart(*pair, vision) for pair in pairwise(colors)}
    assert min(near.values()) >= NEIGHBORS_APART, near


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", ["color", "color_dark"])
def test_what_looks_alike_differs_in_pattern(theme: str, vision: str) -> None:
    for one, other in combinations(load_palette().states.values(), 2):
        apart = measure_apart(getattr(one, theme), getattr(other, theme), vision)
        assert apart >= ALL_APART, (one.code, other.code)
        if apart < NEIGHBORS_APART:
            assert one.pattern != other.pattern, (one.code, other.code)


def test_each_state_has_a_pattern_of_its_own() -> None:
    states = [load_palette().states[state] for state in State]
    assert len({state.pattern for state in states}) == len(states)
    assert load_palette().states[MENTIONED].pattern != load_palette().states[NONE].pattern


def test_ink_is_lighter_on_dark_ground_and_darker_on_light() -> None:
    assert measure_luminance(mix_ink("#701426")) > measure_luminance("#701426")
    assert measure_luminance(mix_ink("#f7df8c")) < measure_luminance("#f7df8c")


def test_no_pattern_has_slanted_lines_of_hatching() -> None:
    for name, path in PATTERNS.items():
        assert not re.search(r"[lL]-?[78],-?8", path), name


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_tile_asks_no_host_and_holds_no_quote_that_ends_an_attribute(pattern: str) -> None:
    tile = draw_tile(pattern)
    assert tile.startswith("data:image/svg+xml,")
    assert not set(tile) & set("\"'<>() ")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("war,1,", "war,2,", " line 2, column order: 2, and the row stands as number 1"),
        ("#701426", "red", " line 2, column color: .*not 'red'"),
        ("crosses", "plaid", " line 2, column pattern: no such pattern, not 'plaid'"),
        ("truce,5", "peace,5", ": missing or not known"),
        ("hostile,2,Hostile", "war,2,Hostile", " line 3, column code: 'war' is given twice"),
        ("Truce,in a truce", ",in a truce", " line 6, column label: must be filled"),
    ],
)
def test_a_broken_table_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    for name in ("states.csv", "places.csv", "changes.csv"):
        shutil.copy(DATA / "map" / name, tmp_path)
    table = (tmp_path / "states.csv").read_text(encoding="utf-8")
    assert old in table
    (tmp_path / "states.csv").write_text(table.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=rf"states\.csv{message}"):
        load_palette(tmp_path)


def test_the_style_of_the_pages_holds_each_color() -> None:
    style = (STATIC / "page.css").read_text(encoding="utf-8")
    palette = load_palette()
    tables = (palette.states, palette.places, palette.changes)
    for swatch in (swatch for table in tables for swatch in table.values()):
        rule = (
            f".{name_color(swatch)} {{ --fill: light-dark({swatch.color}, {swatch.color_dark}); "
            f"--ink: light-dark({swatch.ink}, {swatch.ink_dark}); }}"
        )
        assert rule in style, swatch.code


def test_the_style_of_the_pages_holds_each_pattern() -> None:
    style = (STATIC / "page.css").read_text(encoding="utf-8")
    rules = dict(re.findall(r"\.e-tile-(\w+) \{ mask-image: url\(\"([^\"]*)\"\); \}", style))
    assert rules == {name: draw_tile(name) for name, path in PATTERNS.items() if path}
