"""The build of the shapes, places and names of the countries from Natural Earth."""

import argparse
import csv
import hashlib
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from geo.errors import DataError
from geo.languages import ENGLISH, load_languages, load_strings
from geo.map.atlas import Dispute, ShapePlace, load_disputes, write_json
from geo.paths import DATA, ROOT, STATIC
from geo.records import CountryCode
from geo.tables import read_cells, read_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

SOURCE = ROOT.parent / "shared" / "natural_earth"
# Each layer of Natural Earth that the crosswalk may name: its file and the column of its ids.
LAYERS = {
    "countries": ("ne_50m_admin_0_countries.geojson", "ADM0_A3"),
    "map_units": ("ne_50m_admin_0_map_units.geojson", "GU_A3"),
    "tiny_countries": ("ne_50m_admin_0_tiny_countries.geojson", "ADM0_A3"),
    "countries_10m": ("ne_10m_admin_0_countries.zip", "ADM0_A3"),
    "disputed_areas": ("ne_10m_admin_0_disputed_areas.zip", "BRK_A3"),
}

# In degrees; keeps the file under 200 KB gzipped and a border within a pixel up to zoom 3.
TOLERANCE = 0.11
# Decimals: 0.001 degrees is a twentieth of a pixel at zoom 6; small states have one more.
DIGITS, SMALL_DIGITS = 3, 4
# A state whose largest part is smaller than this many pixels at this zoom is hard to hit.
MARKER_PIXELS, MARKER_ZOOM = 6, 3
# The main part of a country: its largest polygon and those at least this share of its area.
MAIN_SHARE = 0.25
LABEL_DEGREES = 5
# Decimals of a degree to which shapes are cut; in degrees, how near to each other two vertices are one,
# and the widest gap that a cut leaves.
GRID_DIGITS, SNAP, GAP = 6, 2e-6, 0.02
# What two scales leave of a line between them is smaller than this share of the area beside it; crumbs
# of fewer square degrees are filled by whoever lies around them.
SLIVER_SHARE, CRUMB = 0.05, 2e-4
POINT_DEGREES = 0.1
MERCATOR_LATITUDE = 85.05
EARTH_KM = 6371.0072
HALF_GLOBE = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """One row of the crosswalk: which country a shape of a layer stands for, and why."""

    shape_id: str = ""
    code: CountryCode
    source: str = ""
    drawn_as: Literal["polygon", "marker", "none", "neutral"]
    reason: str

    def __post_init__(self) -> None:
        """Refuse a shape without a layer, and a layer without a shape."""
        if bool(self.shape_id) != bool(self.source) or self.source not in {"", *LAYERS}:
            msg = f"{self.shape_id!r} needs a source layer"
            raise ValueError(msg)

    @property
    def shape(self) -> str:
        """The shape that is told of, or the country where it has none."""
        return self.shape_id or self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """Hold what a build wrote: the file, its bytes, vertices, and the worst change of an area."""

    path: Path
    size: int
    vertices: int
    features: int
    markers: int
    worst_area_error: float
    worst_area_code: str


def build_atlas(
    source: Path, *, data: Path = DATA, static: Path = STATIC, tolerance: float = TOLERANCE
) -> BuildReport:
    """Build the world geometry and ``shapes.csv`` from a folder of Natural Earth layers.

    ``tolerance`` is in degrees. The same input gives the same bytes; geometry files of earlier
    builds are removed. Raises :class:`DataError` for a layer that is missing, a shape that no
    country claims, a row of the crosswalk that is not used, and an outline that the build breaks.
    """
    import shapely

    crosswalk = read_crosswalk(data / "map" / "crosswalk.csv")
    names = {
        CountryCode(row["code"]): row["name"]
        for _, row in read_cells(data / "mentions" / "countries.csv", ("code", "name"))
    }
    rows = _collect_rows(source, crosswalk, names)
    rows += _cut_disputes(source, rows, load_disputes(data / "map"), names)
    drawn = [row for row in rows if row["drawn_as"] in ("polygon", "neutral", "piece")]
    raw = [row["geometry"] for row in drawn]
    if not shapely.coverage_is_valid(raw):
        msg = f"{LAYERS['countries'][0]}: shapes overlap or do not share their vertices"
        raise DataError(msg)
    for row in rows:
        shaped = row["drawn_as"] in ("polygon", "neutral")
        row["small"] = shaped and _measure_pixels(row["geometry"]) < MARKER_PIXELS
        row["marker"] = row["drawn_as"] == "marker" or (
            row["drawn_as"] == "polygon" and row["small"]
        )
    final = _simplify_shapes(raw, [row["small"] for row in drawn], tolerance)
    for row, outline in zip(drawn, final, strict=True):
        row["outline"] = outline
    if not shapely.is_valid(final).all() or not shapely.coverage_is_valid(final):
        bad = [row["code"] for row in drawn if not row["outline"].is_valid]
        msg = f"simplified shapes overlap or cross themselves: {', '.join(bad) or 'coverage'}"
        raise DataError(msg)
    text = write_json({"type": "FeatureCollection", "features": _make_features(rows)})
    path = _write_geometry(text.encode(), static)
    _write_shapes(rows, data / "map" / "shapes.csv")
    _write_names(rows, data, static)
    errors = {
        row["code"]: abs(_measure_area(row["outline"]) / _measure_area(row["geometry"]) - 1)
        for row in drawn
    }
    worst = max(errors, key=lambda code: errors[code])
    return BuildReport(
        path=path,
        size=path.stat().st_size,
        vertices=int(shapely.get_num_coordinates(final).sum()),
        features=len(drawn),
        markers=sum(row["marker"] for row in rows),
        worst_area_error=errors[worst],
        worst_area_code=worst,
    )


def read_crosswalk(path: Path) -> tuple[Crossing, ...]:
    """Read the crosswalk; raises :class:`DataError` for a row without a reason or given twice."""
    return tuple(read_table(path, Crossing, key=("source", "shape")))


def _collect_rows(
    source: Path, crosswalk: Sequence[Crossing], names: Mapping[CountryCode, str]
) -> list[dict[str, Any]]:
    """Return one row a code, by code: its geometry, label point, name and how it is drawn."""
    import geopandas as gpd
    import shapely

    layers: dict[str, dict[str, Any]] = {}
    for layer in ["countries", *sorted({each.source for each in crosswalk} - {"", "countries"})]:
        name, key = LAYERS[layer]
        if not (source / name).is_file():
            msg = f"{source} has no {name}: get it from naturalearthdata.com or give --source"
            raise DataError(msg)
        records = gpd.read_file(source / name).to_dict("records")
        layers[layer] = {record[key]: record for record in records}
        if layer == "countries" and len(layers[layer]) != len(records):
            msg = f"{name}: {key} is not unique"
            raise DataError(msg)
    crossed = {(each.source, each.shape_id): each for each in crosswalk}
    for shape_id in sorted(set(layers["countries"]) - {each.shape_id for each in crosswalk}):
        code = CountryCode(shape_id)
        crossed["countries", shape_id] = Crossing(
            shape_id=shape_id, code=code, source="countries", drawn_as="polygon", reason="itself"
        )
    rows: dict[str, dict[str, Any]] = {}
    for each in sorted(
        crossed.values(), key=lambda each: (each.shape_id != each.code, each.shape_id)
    ):
        if each.shape_id and each.shape_id not in layers[each.source]:
            msg = f"crosswalk.csv: {each.source} has no shape {each.shape_id} (row of {each.code})"
            raise DataError(msg)
        if each.drawn_as == "neutral" and each.code in names:
            msg = f"crosswalk.csv: {each.shape_id} is drawn as no country, and {each.code} is one"
            raise DataError(msg)
        if each.drawn_as != "neutral" and each.code not in names:
            msg = (
                f"shape {each.shape_id} has the code {each.code}, which countries.csv does not hold"
            )
            raise DataError(msg)
        record = layers[each.source][each.shape_id] if each.shape_id else None
        if each.code in rows:
            # A further shape of a country that has one: the first row, its own, keeps the label.
            parts = [*shapely.get_parts(rows[each.code]["geometry"])]
            parts += [*shapely.get_parts(record["geometry"])] if record else []
            rows[each.code]["geometry"] = shapely.MultiPolygon(parts)
            continue
        geometry = record["geometry"] if record else None
        rows[each.code] = {
            "code": each.code,
            "name": names.get(each.code) or (record["NAME_EN"] if record else each.code),
            "spoken": _find_spoken(record),
            "drawn_as": each.drawn_as,
            "geometry": geometry,
            "label": _find_label(record) if record else None,
        }
    return [rows[code] for code in sorted(rows)]


def _cut_disputes(
    source: Path,
    rows: list[dict[str, Any]],
    disputes: Sequence[Dispute],
    names: Mapping[CountryCode, str],
) -> list[dict[str, Any]]:
    """Cut the disputed areas out of the shapes that hold them; return a row for each.

    Both scales draw the same lines with other vertices, so what is left over between them, thin strips
    along the line, goes with the area. Neighbors get the new vertices too, so that no gap opens.
    """
    import geopandas as gpd
    import shapely

    if not disputes:
        return []
    by_code = {row["code"]: row for row in rows}
    for row in rows:
        if row["geometry"] is not None:
            row["geometry"] = shapely.transform(row["geometry"], lambda at: at.round(GRID_DIGITS))
    file, key = LAYERS["disputed_areas"]
    records = {each[key]: each for each in gpd.read_file(source / file).to_dict("records")}
    pieces = []
    for dispute in disputes:
        for view, owner in dispute.owners.items():
            if owner not in names:
                msg = f"disputes.csv: {dispute.id} goes to {owner} in {view}, which is no country"
                raise DataError(msg)
        if dispute.cut_from is None:
            by_code[dispute.id]["dispute"] = dispute
            continue
        holder = by_code[dispute.cut_from]
        if dispute.id not in records:
            msg = f"disputes.csv: {file} has no area {dispute.id}"
            raise DataError(msg)
        area, rest = _cut_area(holder["geometry"], records[dispute.id]["geometry"])
        holder["geometry"] = rest
        pieces.append(
            {
                "code": dispute.id,
                "name": dispute.name,
                "drawn_as": "piece",
                "geometry": area,
                "label": _find_label(records[dispute.id]),
                "dispute": dispute,
            }
        )
    shaped = [row for row in [*rows, *pieces] if row["drawn_as"] in ("polygon", "neutral", "piece")]
    cleaned = shapely.coverage_clean(
        [row["geometry"] for row in shaped], gap_width=GAP, snapping_distance=SNAP
    )
    for row, geometry in zip(shaped, cleaned, strict=True):
        row["geometry"] = geometry
    return pieces


def _cut_area(
    whole: "BaseGeometry", outline: "BaseGeometry"
) -> tuple["BaseGeometry", "BaseGeometry"]:
    """Return the part of a shape inside an outline, with the strips that it leaves, and the rest."""
    import shapely

    grid = 10.0**-GRID_DIGITS
    outline = shapely.transform(outline, lambda at: at.round(GRID_DIGITS))
    inside = shapely.intersection(whole, shapely.make_valid(outline), grid_size=grid)
    parts = [each for each in shapely.get_parts(inside) if each.geom_type == "Polygon"]
    least = SLIVER_SHARE * max(each.area for each in parts)
    area = shapely.union_all([each for each in parts if each.area >= least], grid_size=grid)
    rest = shapely.difference(whole, area, grid_size=grid)
    strips = [
        each
        for each in shapely.get_parts(rest)
        if each.geom_type == "Polygon"
        and each.area < SLIVER_SHARE * area.area
        and shapely.intersection(each, area).length > 0
    ]
    area = shapely.union_all([area, *strips], grid_size=grid)
    rest = shapely.difference(whole, area, grid_size=grid)
    islands = {each.centroid.wkb for each in shapely.get_parts(whole)}
    kept = [
        each
        for each in shapely.get_parts(rest)
        if each.area >= CRUMB or each.centroid.wkb in islands or each.distance(area) > 0
    ]
    return _keep_polygons(area), _keep_polygons(shapely.union_all(kept))


def _keep_polygons(geometry: "BaseGeometry") -> "BaseGeometry":
    """Return the polygons of a geometry, without the lines and points of an overlay."""
    import shapely

    parts = [each for each in shapely.get_parts(geometry) if each.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _find_label(record: Mapping[str, Any]) -> tuple[float, float]:
    """Return the label point of a shape, or a point inside its largest part where there is none."""
    import shapely

    geometry = record["geometry"]
    # A missing number is None or NaN, by the layer's format.
    lon, lat = (float(record.get(key) or math.nan) for key in ("LABEL_X", "LABEL_Y"))
    label = shapely.Point(lon, lat) if math.isfinite(lon + lat) else shapely.Point()
    if shapely.distance(label, geometry) <= LABEL_DEGREES:
        return round(lon, 3), round(lat, 3)
    inside = shapely.point_on_surface(_list_parts(geometry)[0])
    return round(inside.x, 3), round(inside.y, 3)


def _list_parts(geometry: "BaseGeometry") -> list["BaseGeometry"]:
    """Return the parts of a geometry, the largest by true area first."""
    import shapely

    return sorted(shapely.get_parts(geometry), key=lambda part: -_measure_area(part))


def _measure_area(geometry: "BaseGeometry") -> float:
    """Return an area in square kilometers, by Lambert's cylindrical equal-area projection."""
    import numpy as np
    import shapely

    def project(points: "NDArray[np.float64]") -> "NDArray[np.float64]":
        east = np.radians(points[:, 0]) * EARTH_KM
        return np.column_stack([east, np.sin(np.radians(points[:, 1])) * EARTH_KM])

    return float(shapely.area(shapely.transform(geometry, project)))


def _measure_pixels(geometry: "BaseGeometry") -> float:
    """Return the longer side of the largest part, in pixels of Web Mercator at the marker zoom."""
    west, south, east, north = (float(edge) for edge in _list_parts(geometry)[0].bounds)
    world: int = 256 << MARKER_ZOOM

    def rise(lat: float) -> float:
        clipped = max(-MERCATOR_LATITUDE, min(MERCATOR_LATITUDE, lat))
        return float(math.asinh(math.tan(math.radians(clipped))) / math.tau * world)

    return max((east - west) / 360 * world, rise(north) - rise(south))


def _simplify_shapes(
    shapes: Sequence["BaseGeometry"], small: Sequence[bool], tolerance: float
) -> "NDArray[np.object_]":
    """Return the shapes simplified without gaps, rounded, wound as RFC 7946 asks.

    Small ones keep every vertex. To that end each is cut into triangles that meet at all its
    vertices: where three polygons meet, a coverage is not simplified.
    """
    import numpy as np
    import shapely

    pieces: list[BaseGeometry] = []
    owners: list[int] = []
    pinned: set[tuple[float, float]] = set()
    for index, outline in enumerate(shapes):
        for part in shapely.get_parts(outline):
            cut = _cut_part(part) if small[index] else [part]
            pieces += cut
            owners += [index] * len(cut)
        if small[index]:
            pinned.update(map(tuple, shapely.get_coordinates(outline).tolist()))
    simple = shapely.coverage_simplify(np.array(pieces, dtype=object), tolerance)

    def round_points(points: "NDArray[np.float64]") -> "NDArray[np.float64]":
        fine = np.array([tuple(point) in pinned for point in points.tolist()], dtype=bool)
        return np.where(
            fine[:, None], np.round(points, SMALL_DIGITS), np.round(points, DIGITS)
        )  # fmt: skip

    results = []
    grouped: dict[int, list[BaseGeometry]] = {}
    for index, piece in zip(owners, simple, strict=True):
        grouped.setdefault(index, []).append(piece)
    for index in range(len(shapes)):
        whole = shapely.coverage_union_all(grouped[index])
        rounded = shapely.remove_repeated_points(shapely.transform(whole, round_points))
        results.append(shapely.orient_polygons(shapely.normalize(rounded)))
    return np.array(results, dtype=object)


def _cut_part(part: "BaseGeometry") -> list["BaseGeometry"]:
    """Return triangles that fill a polygon, at least two of them at each of its vertices."""
    import shapely

    cut: list[BaseGeometry] = []
    for triangle in shapely.get_parts(shapely.constrained_delaunay_triangles(part)):
        middle = triangle.centroid.coords[0]
        corners = list(triangle.exterior.coords)
        cut += [shapely.Polygon([one, other, middle]) for one, other in pairwise(corners)]
    return cut


def _find_bounds(row: Mapping[str, Any]) -> tuple[float, float, float, float] | None:
    """Return the bounds of the main part, or of the largest polygon where it spans half a globe."""
    import shapely

    if row["geometry"] is None:
        return None
    parts = _list_parts(row["geometry"])
    least = _measure_area(parts[0]) * MAIN_SHARE
    main = shapely.box(
        *shapely.total_bounds([part for part in parts if _measure_area(part) >= least])
    )
    if main.bounds[2] - main.bounds[0] > HALF_GLOBE:
        main = shapely.box(*parts[0].bounds)
    label = shapely.Point(row["label"])
    if row["drawn_as"] == "marker" and not shapely.covers(main, label):
        # Only the point is drawn, so the frame has to hold it.
        main = label.buffer(POINT_DEGREES)
    west, south, east, north = (float(edge) for edge in main.bounds)
    return round(west, 3), round(max(south, -MERCATOR_LATITUDE), 3), round(east, 3), round(north, 3)


def _make_features(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a feature for each row that is drawn; one that is only a point has a null geometry."""
    import shapely

    features = []
    for row in rows:
        if row["drawn_as"] == "none":
            continue
        lon, lat = row["label"]
        properties: dict[str, Any] = {"name": row["name"], "lon": lon, "lat": lat}
        if row["marker"]:
            properties["marker"] = True
        if row["drawn_as"] == "neutral":
            properties["neutral"] = True
        if dispute := row.get("dispute"):
            properties["note"] = dispute.note
            if len({*dispute.owners.values(), row["code"]}) > 1:
                properties["views"] = dict(dispute.owners)
        if row["drawn_as"] == "piece":
            properties["piece"] = True
        outline = row.get("outline")
        geometry = json.loads(shapely.to_geojson(outline)) if outline is not None else None
        features.append(
            {
                "type": "Feature",
                "id": row["code"],
                "properties": properties,
                "geometry": geometry,
            }
        )
    return features


def _write_geometry(content: bytes, folder: Path) -> Path:
    """Write the geometry under a name that holds its hash, and remove those of earlier builds."""
    path = folder / f"world.{hashlib.sha256(content).hexdigest()[:12]}.json"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    for other in folder.glob("world.*.json"):
        if other != path:
            other.unlink()
    return path


def _write_shapes(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write the table of places; a shape of no country has no row."""
    import shapely

    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow([field.name for field in fields(ShapePlace)])
        for row in rows:
            if row["drawn_as"] in ("neutral", "piece"):
                continue
            parts = shapely.get_num_geometries(row["geometry"]) if row["geometry"] else 0
            writer.writerow(
                [
                    row["code"],
                    row["name"],
                    *(row["label"] or ("", "")),
                    *(_find_bounds(row) or ("",) * 4),
                    str(row["marker"]).lower(),
                    row["drawn_as"],
                    int(parts) if row["drawn_as"] == "polygon" else 0,
                ]
            )


def _find_spoken(record: Mapping[str, Any] | None) -> Mapping[str, str]:
    """Return the names of a country by language, where its layer has them."""
    return {
        code: name.strip()
        for code in load_languages()
        if code != ENGLISH and record
        for name in [record.get(f"NAME_{code.upper()}")]
        if isinstance(name, str) and name.strip()
    }


def _write_names(rows: Sequence[Mapping[str, Any]], data: Path, static: Path) -> None:
    """Write the names of countries in other languages, as a table and as a file for each language.

    ``name_fixes.csv`` names what goes before Natural Earth's name, and why; a country that a layer does
    not name in a language keeps its English name. A file holds the disputed areas too, and the captions
    of all disputes under their ids with ``.note``, where the interface has the language.
    """
    languages = [code for code in load_languages() if code != ENGLISH]
    fixes = {
        (CountryCode(row["code"]), row["language"]): row["name"]
        for _, row in read_cells(
            data / "map" / "name_fixes.csv", ("code", "language", "name", "reason")
        )
    }
    table = {
        row["code"]: [
            fixes.get((row["code"], each)) or row["spoken"].get(each) or row["name"]
            for each in languages
        ]
        for row in rows
        if row["drawn_as"] not in ("neutral", "piece")
    }
    with (data / "map" / "country_names.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["code", *languages])
        writer.writerows([code, *names] for code, names in sorted(table.items()))
    folder = static / "names"
    folder.mkdir(parents=True, exist_ok=True)
    for number, language in enumerate(languages):
        strings = load_strings(language)
        names: dict[str, str] = {code: each[number] for code, each in sorted(table.items())}
        for dispute in load_disputes(data / "map") if strings else ():
            names.setdefault(dispute.id, strings.get(dispute.name, dispute.name))
            names[f"{dispute.id}.note"] = strings.get(dispute.note, dispute.note)
        (folder / f"{language}.json").write_text(write_json(names), encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``python -m geo.tools.shapes build [--source FOLDER]``; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m geo.tools.shapes", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="build the world geometry from Natural Earth")
    build.add_argument("--source", type=Path, default=SOURCE, help="folder of Natural Earth layers")
    arguments = parser.parse_args(argv)
    try:
        report = build_atlas(arguments.source)
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(
        f"{report.path.name}: {report.features} shapes, {report.markers} markers, "
        f"{report.vertices:,} vertices, {report.size:,} bytes; worst change of an area "
        f"{report.worst_area_error:.1%} ({report.worst_area_code})"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
