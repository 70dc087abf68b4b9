"""The committed shapes, and the tables beside them."""

import csv
import gzip
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
import shapely

from geo.errors import DataError
from geo.map import atlas
from geo.paths import DATA, ROOT, STATIC
from geo.records import CountryCode
from geo.tools.outlines import LABEL_DEGREES, measure_area

GZIP_BUDGET = 200_000


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table under data/."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def features() -> Mapping[str, Any]:
    """Return the features of the committed geometry by their id."""
    world = json.loads((STATIC / atlas.geometry_name()).read_text(encoding="utf-8"))
    assert len({feature["id"] for feature in world["features"]}) == len(world["features"])
    return {feature["id"]: feature for feature in world["features"]}


def test_geometry_name_holds_the_hash_of_the_content() -> None:
    name = atlas.geometry_name()
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    assert name == f"world.{digest[:12]}.json"


@pytest.mark.parametrize("count", [0, 2])
def test_geometry_name_refuses_none_and_two(tmp_path: Path, count: int) -> None:
    for number in range(count):
        (tmp_path / f"world.{number}.json").touch()
    with pytest.raises(DataError, match="one world"):
        atlas.geometry_name(tmp_path)


def test_geometry_fits_the_budget() -> None:
    assert len(gzip.compress((STATIC / atlas.geometry_name()).read_bytes(), 9)) <= GZIP_BUDGET


def test_every_drawn_code_is_a_country(features: Mapping[str, Any]) -> None:
    countries = {row["code"] for row in read_table("mentions/countries.csv")}
    neutral = {code for code, item in features.items() if item["properties"].get("neutral")}
    assert neutral == {"ZZS"}
    pieces = {code for code, item in features.items() if item["properties"].get("piece")}
    assert pieces == {dispute.id for dispute in atlas.load_disputes() if dispute.cut_from}
    assert set(features) - neutral - pieces <= countries
    assert not [code for code in set(features) - pieces if not re.fullmatch("[A-Z]{3}", code)]
    owners = {code for dispute in atlas.load_disputes() for code in dispute.owners.values()}
    assert owners <= countries


def test_every_country_of_today_has_a_shape_a_point_or_a_reason() -> None:
    reasons = {row["code"]: row["reason"] for row in read_table("map/crosswalk.csv")}
    places = atlas.load_places()
    for row in read_table("mentions/countries.csv"):
        if row["kind"] == "historic":
            assert row["code"] not in places
        elif row["kind"] in ("state", "observer"):
            assert places[CountryCode(row["code"])].drawn_as == "polygon", row["code"]
        elif places[CountryCode(row["code"])].drawn_as != "polygon":
            assert reasons[row["code"]], row["code"]


@pytest.mark.parametrize(
    "code",
    ["FRA", "NOR", "XKX", "TWN", "PSE", "SSD", "ESH", "ALA", "XSL", "XNC", "VAT", "MCO", "NRU"],
)
def test_shape_is_present_and_named(features: Mapping[str, Any], code: str) -> None:
    names = {row["code"]: row["name"] for row in read_table("mentions/countries.csv")}
    assert features[code]["geometry"]["coordinates"]
    assert features[code]["properties"]["name"] == names[code]


@pytest.mark.parametrize("code", ["GUF", "REU", "GLP", "MTQ", "MYT", "SJM", "GIB", "XAB", "XTR"])
def test_country_inside_anothers_outline_is_a_marker(
    features: Mapping[str, Any], code: str
) -> None:
    place = atlas.load_places()[CountryCode(code)]
    assert (place.drawn_as, place.marker) == ("marker", True)
    assert features[code]["geometry"] is None
    assert features[code]["properties"]["marker"] is True


def test_all_shapes_of_the_source_are_drawn_but_antarctica(features: Mapping[str, Any]) -> None:
    # 242 shapes at 1:50m: Antarctica is left out and two external territories join Australia.
    whole = [feature for feature in features.values() if not feature["properties"].get("piece")]
    assert sum(shape["geometry"] is not None for shape in whole) == 242 - 1 - 2
    assert "ATA" not in features


@pytest.mark.parametrize("view", atlas.VIEWS)
def test_outlines_are_valid_and_leave_no_gap_in_any_view(view: str) -> None:
    shapes = atlas.load_shapes(view=view)
    assert shapes.geometry.is_valid.all()
    assert shapely.coverage_is_valid(shapes.geometry.to_numpy())
    assert not shapes.geometry.is_empty.any()


def test_no_view_adds_land_or_loses_it() -> None:
    areas = [sum(map(measure_area, atlas.load_shapes(view=view).geometry)) for view in atlas.VIEWS]
    assert areas[0] == pytest.approx(areas[1], rel=1e-6)


@pytest.mark.parametrize(
    ("place", "lon", "lat", "on_the_ground", "members"),
    [
        ("Simferopol", 34.1, 44.95, "RUS", "UKR"),
        ("Sukhumi", 41.1, 43.05, "XAB", "GEO"),
        ("Tskhinvali", 43.97, 42.3, "XSO", "GEO"),
        ("Majdal Shams", 35.77, 33.2, "ISR", "SYR"),
        ("Laayoune", -13.0, 27.1, "MAR", "ESH"),
        ("Tifariti", -10.6, 26.2, "ESH", "ESH"),
        ("Kyrenia", 33.3, 35.28, "XNC", "CYP"),
        ("Hargeisa", 44.06, 9.56, "XSL", "SOM"),
        ("Pristina", 21.17, 42.66, "XKX", "XKX"),
        ("Srinagar", 74.8, 34.09, "IND", "IND"),
        ("Gilgit", 74.3, 35.92, "PAK", "PAK"),
        ("Itanagar", 93.6, 27.1, "IND", "IND"),
        ("Lethem", -59.8, 3.38, "GUY", "GUY"),
        ("Taipei", 121.5, 25.0, "TWN", "TWN"),
        ("Kyiv", 30.5, 50.4, "UKR", "UKR"),
    ],
)
def test_each_place_lies_in_the_country_that_the_view_says(
    place: str, lon: float, lat: float, on_the_ground: str, members: str
) -> None:
    for view, expected in zip(atlas.VIEWS, (on_the_ground, members), strict=True):
        shapes = atlas.load_shapes(view=view)
        assert list(shapes.index[shapes.contains(shapely.Point(lon, lat))]) == [expected], place


def test_a_country_that_a_view_leaves_no_land_is_kept_without_an_outline() -> None:
    world = json.loads(atlas.export_geojson({}, view="un_members"))
    by_code = {feature["id"]: feature for feature in world["features"]}
    assert world["borders"] == "un_members"
    assert by_code["XNC"]["geometry"] is None
    assert not [feature for feature in world["features"] if "piece" in feature["properties"]]


def test_each_dispute_says_who_claims_it_and_each_view_what_it_follows() -> None:
    assert all(dispute.note and dispute.basis for dispute in atlas.load_disputes())
    assert all(view.description and view.source for view in atlas.load_views().values())


@pytest.mark.parametrize(
    ("table", "old", "new", "place"),
    [
        ("disputes.csv", "Crimea,", ",", r"disputes\.csv line 2, column name"),
        ("views.csv", "un_members,2", "mine,2", r"views\.csv: the views are"),
    ],
)
def test_a_broken_table_of_borders_is_refused(
    tmp_path: Path, table: str, old: str, new: str, place: str
) -> None:
    text = (DATA / "map" / table).read_text(encoding="utf-8")
    (tmp_path / table).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=place):
        (atlas.load_disputes if table == "disputes.csv" else atlas.load_views)(tmp_path)


def test_small_states_keep_their_area() -> None:
    # Square kilometers as Natural Earth draws them at 1:50m; the real areas are near.
    shapes = atlas.load_shapes()
    for code, least, most in [("MCO", 1, 30), ("LIE", 120, 200), ("SMR", 40, 80), ("NRU", 10, 40)]:
        assert least < measure_area(shapes.geometry[code]) < most, code


def test_label_points_lie_by_their_shapes() -> None:
    shapes = atlas.load_shapes()
    labels = shapely.points(shapes["lon"].to_numpy(), shapes["lat"].to_numpy())
    far = shapely.distance(labels, shapes.geometry.to_numpy()) > LABEL_DEGREES
    assert not list(shapes.index[far])


def test_bounds_never_cross_the_antimeridian() -> None:
    drawn = [place for place in atlas.load_places().values() if place.drawn_as != "none"]
    for place in drawn:
        assert place.bounds is not None
        west, south, east, north = place.bounds
        assert -180 <= west < east <= 180, place.code
        assert -85.05 <= south < north <= 85, place.code
        assert east - west < 180, place.code


def test_markers_are_the_states_too_small_to_hit() -> None:
    places = atlas.load_places()
    small = {place.code for place in places.values() if place.marker}
    polygons = {code for code in small if places[code].drawn_as == "polygon"}
    assert len(polygons) == 65
    assert {"BHR", "SGP", "MLT", "VAT", "LIE", "MDV"} <= polygons
    assert not {"LUX", "QAT", "ISR", "LBN", "USA"} & small


def test_geometry_and_places_agree(features: Mapping[str, Any]) -> None:
    for code, place in atlas.load_places().items():
        if place.drawn_as == "none":
            assert code not in features
            continue
        expected: dict[str, Any] = {
            "name": place.name,
            "lon": place.label_lon,
            "lat": place.label_lat,
        }
        if place.marker:
            expected["marker"] = True
        found = features[code]["properties"]
        assert {key: found[key] for key in found if key not in ("note", "views")} == expected


@pytest.mark.parametrize("code", ["FRA", "NAM", "NOR"])
def test_codes_survive_a_round_trip(code: str) -> None:
    iso2 = {row["code"]: row["iso2"] for row in read_table("mentions/countries.csv")}
    assert iso2[code] == {"FRA": "FR", "NAM": "NA", "NOR": "NO"}[code]
    place = atlas.load_places()[CountryCode(code)]
    assert (place.code, place.drawn_as) == (code, "polygon")


def test_join_reports_codes_without_a_shape() -> None:
    shapes = atlas.load_shapes()
    values = {CountryCode(code): "ties" for code in ("FRA", "GUF", "XSU", "BVT")}
    joined, unmatched = atlas.join_states(shapes, values)
    assert unmatched == ["BVT", "GUF", "XSU"]
    assert len(joined) == len(shapes)
    assert joined["state"]["FRA"] == "ties"
    assert joined["state"].notna().sum() == 1


def test_join_refuses_a_code_that_stands_twice() -> None:
    import pandas as pd

    shapes = atlas.load_shapes()
    with pytest.raises(DataError, match="twice: FRA"):
        atlas.join_states(pd.concat([shapes, shapes.loc[["FRA"]]]), {})


@pytest.mark.parametrize("kind", ["gpkg", "parquet"])
@pytest.mark.parametrize("view", atlas.VIEWS)
def test_a_gis_opens_what_the_map_shows(
    kind: Literal["gpkg", "parquet"], view: str, tmp_path: Path
) -> None:
    import geopandas as gpd

    values = {
        CountryCode("FRA"): {
            "state": "ties",
            "quote": "=1+1 <b>",
            "code": "FRA",
            "confidence": 0.5,
        },
        CountryCode("XSU"): {"state": "war", "quote": None, "code": "XSU", "confidence": None},
    }
    path = tmp_path / f"map.{kind}"
    path.write_bytes(atlas.export_frame(values, kind, view=view, days={"as_of": "2024-05-17"}))
    opened = gpd.read_parquet(path) if kind == "parquet" else gpd.read_file(path, layer="states")
    assert opened.crs == "EPSG:4326"
    held = opened.set_index("code")
    assert held.index.is_unique
    assert {*held["borders"]} == {view}
    assert {*held["as_of"].astype(str)} == {"2024-05-17"}
    assert held["state"].dropna().to_dict() == {"FRA": "ties", "XSU": "war"}
    assert (held["quote"]["FRA"], held["confidence"]["FRA"]) == ("=1+1 <b>", 0.5)
    assert held.geometry["XSU"] is None
    shapes = atlas.load_shapes(view=view)
    assert {*held.index} == {*shapes.index, "XSU"}
    drawn = held.geometry.loc[shapes.index]
    assert shapely.equals(drawn.array, shapes.geometry.array).all()


def test_export_carries_values_and_drops_no_country() -> None:
    values = {CountryCode("FRA"): {"state": "ties"}, CountryCode("XSU"): {"state": "war"}}
    exported = {
        feature["id"]: feature for feature in json.loads(atlas.export_geojson(values))["features"]
    }
    assert exported["FRA"]["properties"]["state"] == "ties"
    assert exported["XSU"] == {
        "type": "Feature",
        "id": "XSU",
        "properties": {"state": "war"},
        "geometry": None,
    }
    assert "state" not in exported["DEU"]["properties"]


def test_places_load_without_geopandas() -> None:
    code = (
        "import sys; from geo.map.atlas import load_places, geometry_name; load_places();"
        "geometry_name(); print([m for m in ('geopandas', 'shapely') if m in sys.modules])"
    )
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("true", "perhaps", "column marker: .*'perhaps'"),
        ("2.552", "east", "column label_lon: .*'east'"),
        ("12.423", "", "west, south, east and north"),
        ("FRA,France", "DEU,France", "column code: 'DEU' is given twice"),
    ],
)
def test_places_refuse_a_broken_table(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = (DATA / "map" / "shapes.csv").read_text(encoding="utf-8")
    (tmp_path / "shapes.csv").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=rf"shapes\.csv line \d+.*{fault}"):
        atlas.load_places(tmp_path)
