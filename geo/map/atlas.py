"""The shapes and places of the countries, by country code.

The outlines come from Natural Earth 5.1 at 1:50m (public domain, de facto boundaries), joined on
``ADM0_A3`` through ``data/map/crosswalk.csv``: ``ISO_A3`` is ``-99`` for France and Norway. The build
writes ``static/world.<hash>.json`` for the browser and ``data/map/shapes.csv`` for Python; reading the
latter needs the standard library alone. Coordinates are degrees of WGS84, longitude first.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from geo.errors import DataError
from geo.paths import DATA, STATIC
from geo.records import CountryCode
from geo.tables import name_place, read_table

if TYPE_CHECKING:
    import geopandas as gpd

# The views of the borders, columns of ``disputes.csv``; the first is the default.
VIEWS = ("de_facto", "un_members")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapePlace:
    """Where a country is labeled and framed, and how it is drawn.

    ``west`` to ``north`` are the bounds of the main part: the largest polygon and those at least a
    quarter as large, never across the antimeridian. ``drawn_as`` is ``polygon``, ``marker`` (a point for
    a country inside another's outline) or ``none``, whose label and bounds may be missing. ``marker`` is
    true where a point has to stand for a country that is too small to hit.
    """

    code: CountryCode
    name: str
    label_lon: float | None = None
    label_lat: float | None = None
    west: float | None = None
    south: float | None = None
    east: float | None = None
    north: float | None = None
    marker: bool
    drawn_as: Literal["polygon", "marker", "none"]
    parts: int

    def __post_init__(self) -> None:
        """Refuse bounds of which some are missing."""
        if len({edge is None for edge in (self.west, self.south, self.east, self.north)}) > 1:
            msg = "west, south, east and north are all there or all missing"
            raise ValueError(msg)

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east and north, where there is anything to frame."""
        if self.west is None or self.south is None or self.east is None or self.north is None:
            return None
        return self.west, self.south, self.east, self.north


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """One row of ``disputes.csv``: an area whose owner depends on the view of the borders.

    It is cut from the shape of the country ``cut_from``, by the outline of Natural Earth's disputed areas
    that has its id, or is the whole shape of the country that its id names. ``note`` says who holds and
    who claims it, ``basis`` what the second view rests on.
    """

    id: str
    name: str
    cut_from: CountryCode | None = None
    de_facto: CountryCode
    un_members: CountryCode
    note: str
    basis: str

    @property
    def owners(self) -> Mapping[str, CountryCode]:
        """The country to which the area goes in each view."""
        return {"de_facto": self.de_facto, "un_members": self.un_members}


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderView:
    """One row of ``views.csv``: a reviewed view of the borders, and what it follows."""

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
    places = read_table(folder / "shapes.csv", ShapePlace, key=["code"])
    return {place.code: place for place in places}


@lru_cache(maxsize=4)
def load_disputes(folder: Path = DATA / "map") -> tuple[Dispute, ...]:
    """Read ``disputes.csv``; raises :class:`DataError` where a row is broken."""
    return tuple(read_table(folder / "disputes.csv", Dispute, key=["id"]))


@lru_cache(maxsize=4)
def load_views(folder: Path = DATA / "map") -> Mapping[str, BorderView]:
    """Read ``views.csv``, the default view first; raises :class:`DataError` for one not known."""
    path = folder / "views.csv"
    views = {view.view: view for view in read_table(path, BorderView, key=["view"])}
    if tuple(views) != VIEWS:
        msg = f"{name_place(path)}: the views are {', '.join(VIEWS)}, in this order"
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
    drawn = [feature for feature in features if feature["geometry"]]
    return gpd.GeoDataFrame(
        {
            "name": [feature["properties"]["name"] for feature in drawn],
            "lon": [feature["properties"]["lon"] for feature in drawn],
            "lat": [feature["properties"]["lat"] for feature in drawn],
            "marker": [bool(feature["properties"].get("marker")) for feature in drawn],
        },
        index=[feature["id"] for feature in drawn],
        geometry=[shape(feature["geometry"]) for feature in drawn],
        crs="EPSG:4326",
    ).rename_axis("code")


def merge_features(features: Sequence[Mapping[str, Any]], view: str) -> list[dict[str, Any]]:
    """Return one feature a country, its areas joined as a view of the borders has them.

    A country that a view leaves no area is a feature without a geometry.
    """
    import shapely
    from shapely.geometry import shape

    own = {feature["id"]: feature for feature in features if "piece" not in feature["properties"]}
    areas: dict[str, list[Any]] = {}
    for feature in features:
        owner = feature["properties"].get("views", {}).get(view, feature["id"])
        if feature["geometry"]:
            areas.setdefault(owner, []).append(feature["geometry"])
    merged = []
    for code, feature in own.items():
        held = areas.get(code, [])
        geometry = held[0] if held else None
        if len(held) > 1:
            whole = shapely.coverage_union_all([shape(area) for area in held])
            geometry = json.loads(shapely.to_geojson(shapely.orient_polygons(whole)))
        kept = {key: value for key, value in feature["properties"].items() if key != "views"}
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


def find_neighbors(shapes: "gpd.GeoDataFrame") -> dict[CountryCode, tuple[CountryCode, ...]]:
    """Return the countries with which each shares a line of its outline, by code; an island has none.

    Neighbors share their vertices, which the build checks, so that a border is found exactly. Where
    corners meet in a point is no border, and a shape that is no country's is no neighbor.
    """
    import shapely

    countries = shapes.loc[shapes.index.intersection([*load_places()]), ["geometry"]]
    met = countries.sjoin(countries, predicate="touches")
    others = countries.geometry.loc[met["code_right"]]
    shared = shapely.get_dimensions(shapely.intersection(met.geometry.array, others.array)) > 0
    found: dict[CountryCode, list[CountryCode]] = {}
    for code, other in zip(met.index[shared], met["code_right"][shared], strict=True):
        found.setdefault(CountryCode(code), []).append(CountryCode(other))
    return {code: tuple(sorted(found[code])) for code in sorted(found)}


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
    known = {feature["id"] for feature in features}
    for feature in features:
        feature["properties"] |= values.get(feature["id"], {})
    features += [
        {"type": "Feature", "id": code, "properties": dict(values[code]), "geometry": None}
        for code in sorted(set(values) - known)
    ]
    return write_json({"type": "FeatureCollection", "borders": view, **days, "features": features})


def export_frame(
    values: Mapping[CountryCode, Mapping[str, object]],
    kind: Literal["gpkg", "parquet"],
    folder: Path = STATIC,
    *,
    view: str = VIEWS[0],
    days: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Return a GeoPackage (OGC 1.3, layer ``states``) or GeoParquet (1.0) of what GeoJSON holds.

    One row a country, in EPSG:4326: code, name, label point, its values as columns, and in each row the
    view of the borders and the ``days``. A country without an outline has no geometry and is not dropped.
    """
    import geopandas as gpd

    shapes = load_shapes(folder, view=view).drop(columns=["marker"])
    told = gpd.GeoDataFrame.from_dict(values, orient="index").drop(columns="code", errors="ignore")
    joined = shapes.join(told.rename_axis("code"), how="outer", validate="one_to_one")
    joined = joined.assign(borders=view, **days).reset_index()
    file = BytesIO()
    if kind == "parquet":
        joined.to_parquet(file, index=False)
    else:
        joined.to_file(file, driver="GPKG", layer="states", promote_to_multi=True)
    return file.getvalue()


def _read_features(folder: Path) -> list[dict[str, Any]]:
    """Return the features of the committed geometry."""
    text = (folder / geometry_name(folder)).read_text(encoding="utf-8")
    features: list[dict[str, Any]] = json.loads(text)["features"]
    return features


def write_json(value: object) -> str:
    """Return compact JSON; the order of keys is that of the value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
