"""The shapes and places of the countries, by country code.

The outlines come from Natural Earth 5.1 at 1:50m (public domain, de facto boundaries), joined on
``ADM0_A3`` through ``data/map/crosswalk.csv``: ``ISO_A3`` is ``-99`` for France and Norway. The build
writes ``static/world.<hash>.json`` for the browser and ``data/map/shapes.csv`` for Python; reading the
latter needs the standard library alone. Coordinates are degrees of WGS84, longitude first.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from geo.errors import DataError
from geo.paths import DATA, STATIC
from geo.records import CountryCode

if TYPE_CHECKING:
    import geopandas as gpd

# The views of the borders, columns of ``disputes.csv``; the first is the default.
VIEWS = ("de_facto", "un_members")
DISPUTE_COLUMNS = ("id", "name", "cut_from", *VIEWS, "note", "basis")
VIEW_COLUMNS = ("view", "order", "label", "description", "source")
SHAPE_COLUMNS = (
    "code", "name", "label_lon", "label_lat", "west", "south", "east", "north",
    "marker", "drawn_as", "parts",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapePlace:
    """Hold where a country is labeled and framed, and how it is drawn.

    ``bounds`` are west, south, east and north of the main part: the largest polygon and those at
    least a quarter as large, never across the antimeridian. ``drawn_as`` is ``polygon``, ``marker``
    (a point for a country inside another's outline) or ``none``, whose label and bounds may be
    missing.
    ``marker`` is true where a point has to stand for a country that is too small to hit.
    """

    code: CountryCode
    name: str
    label_lon: float | None
    label_lat: float | None
    bounds: tuple[float, float, float, float] | None
    marker: bool
    drawn_as: str
    parts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Hold one row of ``disputes.csv``: an area whose owner depends on the view of the borders.

    It is cut from the shape of the country ``cut_from``, by the outline of Natural Earth's disputed areas
    that has its id, or is the whole shape of the country that its id names. ``owners`` holds a country
    for each view, ``note`` who holds and who claims it, ``basis`` what the second view rests on.
    """

    id: str
    name: str
    cut_from: CountryCode | None
    owners: Mapping[str, CountryCode]
    note: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderView:
    """Hold one row of ``views.csv``: a reviewed view of the borders, and what it follows."""

    view: str
    label: str
    description: str
    source: str

    @property
    def in_sentence(self) -> str:
        """Return the label as it stands in a sentence."""
        return self.label[:1].lower() + self.label[1:]


@lru_cache(maxsize=4)
def load_places(folder: Path = DATA / "map") -> Mapping[CountryCode, ShapePlace]:
    """Read ``shapes.csv``: every country that has a shape, a point, or a reason to have neither.

    Raises :class:`DataError` where the table is missing or broken.
    """
    places: dict[CountryCode, ShapePlace] = {}
    for number, row in read_rows(folder / "shapes.csv", SHAPE_COLUMNS):
        code = CountryCode(row["code"])
        if code in places:
            msg = f"shapes.csv line {number}: {code} is given twice"
            raise DataError(msg)
        try:
            edges = [float(row[side]) for side in ("west", "south", "east", "north") if row[side]]
            places[code] = ShapePlace(
                code=code,
                name=row["name"],
                label_lon=float(row["label_lon"]) if row["label_lon"] else None,
                label_lat=float(row["label_lat"]) if row["label_lat"] else None,
                bounds=(edges[0], edges[1], edges[2], edges[3]) if edges else None,
                marker={"true": True, "false": False}[row["marker"]],
                drawn_as=row["drawn_as"],
                parts=int(row["parts"]),
            )
        except (KeyError, ValueError, IndexError) as error:
            msg = f"shapes.csv line {number}: {code} has a malformed value ({error})"
            raise DataError(msg) from error
    return places


@lru_cache(maxsize=4)
def load_disputes(folder: Path = DATA / "map") -> tuple[Dispute, ...]:
    """Read ``disputes.csv``; raises :class:`DataError` where a row is broken."""
    disputes = []
    for number, row in read_rows(folder / "disputes.csv", DISPUTE_COLUMNS):
        if not all(row[column] for column in DISPUTE_COLUMNS if column != "cut_from"):
            msg = f"disputes.csv line {number}: {row['id']} lacks a value"
            raise DataError(msg)
        disputes.append(
            Dispute(
                id=row["id"],
                name=row["name"],
                cut_from=CountryCode(row["cut_from"]) if row["cut_from"] else None,
                owners={view: CountryCode(row[view]) for view in VIEWS},
                note=row["note"],
                basis=row["basis"],
            )
        )
    return tuple(disputes)


@lru_cache(maxsize=4)
def load_views(folder: Path = DATA / "map") -> Mapping[str, BorderView]:
    """Read ``views.csv``, the default view first; raises :class:`DataError` for one not known."""
    views = {
        row["view"]: BorderView(
            view=row["view"],
            label=row["label"],
            description=row["description"],
            source=row["source"],
        )
        for _, row in read_rows(folder / "views.csv", VIEW_COLUMNS)
    }
    if tuple(views) != VIEWS:
        msg = f"views.csv: the views are {', '.join(VIEWS)}, in this order"
        raise DataError(msg)
    return views


def geometry_name(folder: Path = STATIC) -> str:
    """Return the name of the one world geometry file; raises :class:`DataError` for none or two."""
    names = sorted(path.name for path in folder.glob("world.*.json"))
    if len(names) != 1:
        found = " and ".join(names) or "none"
        msg = f"{folder.name}/ holds {found} where one world.*.json belongs: run `make data`"
        raise DataError(msg)
    return names[0]


def load_shapes(folder: Path = STATIC, *, view: str = VIEWS[0]) -> "gpd.GeoDataFrame":
    """Return the outlines in a view of the borders, indexed by country code, in EPSG:4326.

    Columns: name, lon, lat (the label point), marker, geometry. Countries that are only a point are
    not in it; :func:`load_places` has them.
    """
    import geopandas as gpd
    from shapely.geometry import shape

    features = merge_features(_read_features(folder), view)
    drawn = [each for each in features if each["geometry"]]
    return gpd.GeoDataFrame(
        {
            "name": [each["properties"]["name"] for each in drawn],
            "lon": [each["properties"]["lon"] for each in drawn],
            "lat": [each["properties"]["lat"] for each in drawn],
            "marker": [bool(each["properties"].get("marker")) for each in drawn],
        },
        index=[each["id"] for each in drawn],
        geometry=[shape(each["geometry"]) for each in drawn],
        crs="EPSG:4326",
    ).rename_axis("code")


def merge_features(features: Sequence[Mapping[str, Any]], view: str) -> list[dict[str, Any]]:
    """Return one feature a country, its areas joined as a view of the borders has them.

    A country that a view leaves no area is a feature without a geometry.
    """
    import shapely
    from shapely.geometry import shape

    own = {each["id"]: each for each in features if "piece" not in each["properties"]}
    areas: dict[str, list[Any]] = {}
    for each in features:
        owner = each["properties"].get("views", {}).get(view, each["id"])
        if each["geometry"]:
            areas.setdefault(owner, []).append(each["geometry"])
    merged = []
    for code, feature in own.items():
        held = areas.get(code, [])
        geometry = held[0] if held else None
        if len(held) > 1:
            whole = shapely.coverage_union_all([shape(each) for each in held])
            geometry = json.loads(shapely.to_geojson(shapely.orient_polygons(whole)))
        kept = {key: each for key, each in feature["properties"].items() if key != "views"}
        merged.append({**feature, "properties": kept, "geometry": geometry})
    return merged


def join_states(
    shapes: "gpd.GeoDataFrame", values: Mapping[CountryCode, str]
) -> tuple["gpd.GeoDataFrame", list[CountryCode]]:
    """Join one value a country to the shapes, as the column ``state``.

    Returns the frame, in which a country without a value has a missing one, and the codes that have
    a value and no shape, sorted. Raises :class:`DataError` where a code stands twice in the index.
    """
    if not shapes.index.is_unique:
        twice = sorted(set(shapes.index[shapes.index.duplicated()]))
        msg = f"shapes name a country twice: {', '.join(twice)}"
        raise DataError(msg)
    joined = shapes.assign(state=[values.get(code) for code in shapes.index])
    return joined, sorted(set(values) - set(shapes.index))


def export_geojson(
    values: Mapping[CountryCode, Mapping[str, object]],
    folder: Path = STATIC,
    *,
    view: str = VIEWS[0],
    days: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return a GeoJSON feature collection in which each country carries its values as properties.

    The areas are those of a view of the borders, which the collection names in the member ``borders``;
    ``days`` are members of it too.

    A country without an outline is a feature whose geometry is null (RFC 7946, section 3.2), so
    that none is dropped.
    """
    features = merge_features(_read_features(folder), view)
    known = {each["id"] for each in features}
    for feature in features:
        feature["properties"] |= values.get(feature["id"], {})
    features += [
        {"type": "Feature", "id": code, "properties": dict(values[code]), "geometry": None}
        for code in sorted(set(values) - known)
    ]
    return write_json({"type": "FeatureCollection", "borders": view, **days, "features": features})


def read_rows(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a table with their line numbers, once it has the columns."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, csv.Error) as error:
        msg = f"{path.name} cannot be read: {error}"
        raise DataError(msg) from error
    missing = set(columns) - set(reader.fieldnames or ())
    if missing or any(None in row or None in row.values() for _, row in rows):
        msg = f"{path.name}: columns {', '.join(sorted(missing)) or 'of some row'} do not fit"
        raise DataError(msg)
    return rows


def _read_features(folder: Path) -> list[dict[str, Any]]:
    """Return the features of the committed geometry."""
    text = (folder / geometry_name(folder)).read_text(encoding="utf-8")
    features: list[dict[str, Any]] = json.loads(text)["features"]
    return features


def write_json(value: object) -> str:
    """Return compact JSON; the order of keys is that of the value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
