"""The build of the shapes on a small world made here."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import pytest
import shapely

from geo.errors import DataError
from geo.map import atlas
from geo.records import CountryCode
from geo.tools import shapes

# The small world: two large neighbors with a jagged border, an islet, and a shape of no country.
JAGGED = [[10, 0], [10.02, 2], [9.98, 4], [10.03, 6], [9.97, 8], [10, 10]]
OUTLINES = {
    "FRA": [[0, 0], *JAGGED, [0, 10], [0, 0]],
    "DEX": [[20, 0], [20, 10], *JAGGED[::-1], [20, 0]],
    "NRU": [[40, 0], [40.03, 0.01], [40.05, 0.05], [40.01, 0.04], [40, 0]],
    "KAS": [[60, 0], [62, 0], [62, 2], [60, 2], [60, 0]],
    "ATA": [[-50, -90], [50, -90], [50, -70], [-50, -70], [-50, -90]],
}
CROSSINGS = [
    ["DEX", "DEU", "countries", "polygon", "other code"],
    ["KAS", "ZZS", "countries", "neutral", "no country"],
    ["ATA", "ATA", "countries", "none", "no government"],
]


def list_columns(row: type) -> list[str]:
    return [field.name for field in fields(row)]


def make_world(folder: Path, crossings: Sequence[Sequence[str]], codes: Sequence[str]) -> None:
    """Write a source layer, a crosswalk and a table of countries to a folder."""
    layer = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "ADM0_A3": key,
                    "ISO_A3": "-99",
                    "NAME_EN": key.title(),
                    "LABEL_X": None if key == "NRU" else ring[0][0],
                    "LABEL_Y": None if key == "NRU" else ring[0][1],
                },
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
            for key, ring in OUTLINES.items()
        ],
    }
    (folder / shapes.LAYERS["countries"][0]).write_text(json.dumps(layer), encoding="utf-8")
    for name, rows in (
        ("map/crosswalk.csv", [list_columns(shapes.Crossing), *crossings]),
        ("map/disputes.csv", [list_columns(atlas.Dispute)]),
        ("map/name_fixes.csv", [("code", "language", "name", "reason")]),
        (
            "mentions/countries.csv",
            [("code", "name"), *((code, f"Name of {code}") for code in codes)],
        ),
    ):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text.getvalue(), encoding="utf-8")


CODES = ["FRA", "DEU", "NRU", "ATA"]


def test_build_gives_the_same_bytes_and_one_file(tmp_path: Path) -> None:
    make_world(tmp_path, CROSSINGS, CODES)
    static = tmp_path / "static"
    static.mkdir()
    (static / "world.000000000000.json").touch()
    first = shapes.build_atlas(tmp_path, data=tmp_path, static=static).path
    content, table = first.read_bytes(), (tmp_path / "map" / "shapes.csv").read_bytes()
    second = shapes.build_atlas(tmp_path, data=tmp_path, static=static).path
    assert (second.name, second.read_bytes()) == (first.name, content)
    assert (tmp_path / "map" / "shapes.csv").read_bytes() == table
    assert atlas.geometry_name(static) == first.name


def test_build_keeps_small_outlines_and_shared_borders(tmp_path: Path) -> None:
    make_world(tmp_path, CROSSINGS, CODES)
    report = shapes.build_atlas(tmp_path, data=tmp_path, static=tmp_path, tolerance=0.5)
    drawn = atlas.load_shapes(tmp_path)
    assert sorted(drawn.index) == ["DEU", "FRA", "NRU", "ZZS"]
    assert drawn["name"].to_dict() == {
        "DEU": "Name of DEU",
        "FRA": "Name of FRA",
        "NRU": "Name of NRU",
        "ZZS": "Kas",
    }
    assert shapely.coverage_is_valid(drawn.geometry.to_numpy())
    assert shapely.get_num_coordinates(drawn.geometry["FRA"]) < len(OUTLINES["FRA"])
    assert drawn.geometry["NRU"].equals(shapely.Polygon(OUTLINES["NRU"]))
    assert (report.features, report.markers) == (4, 1)


def test_build_finds_a_label_where_the_layer_has_none(tmp_path: Path) -> None:
    make_world(tmp_path, CROSSINGS, CODES)
    shapes.build_atlas(tmp_path, data=tmp_path, static=tmp_path)
    place = atlas.load_places(tmp_path / "map")[CountryCode("NRU")]
    assert place.label_lon == pytest.approx(40.02, abs=0.03)
    assert place.marker


@pytest.mark.parametrize(
    ("crossings", "codes", "message"),
    [
        (CROSSINGS[1:], CODES, "DEX has the code DEX"),
        (CROSSINGS, ["DEU", "NRU", "ATA"], "FRA has the code FRA"),
        ([*CROSSINGS, ["XXX", "FRA", "countries", "polygon", "gone"]], CODES, "no shape XXX"),
        ([*CROSSINGS, ["NRU", "NRU", "countries", "polygon", ""]], CODES, "reason"),
        ([*CROSSINGS, CROSSINGS[0]], CODES, "given twice"),
        (CROSSINGS, [*CODES, "ZZS"], "drawn as no country"),
        ([*CROSSINGS, ["GIB", "GIB", "tiny_countries", "marker", "point"]], CODES, "tiny"),
    ],
    ids=["unmapped", "unknown", "unused", "reason", "twice", "neutral", "layer"],
)
def test_build_refuses_a_crosswalk_that_does_not_fit(
    tmp_path: Path, crossings: list[list[str]], codes: list[str], message: str
) -> None:
    make_world(tmp_path, crossings, codes)
    with pytest.raises(DataError, match=message):
        shapes.build_atlas(tmp_path, data=tmp_path, static=tmp_path)
    assert not list(tmp_path.glob("world.*"))


def test_build_command_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shapes.main(["build", "--source", str(tmp_path)]) == 1
    assert "naturalearthdata.com" in capsys.readouterr().err
