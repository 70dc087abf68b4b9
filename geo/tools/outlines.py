"""Outlines: what the build does to one, which is to cut, measure, simplify and label it.

Coordinates are degrees of longitude and latitude.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

# Decimals: 0.001 degrees is a twentieth of a pixel at zoom 6; small states have one more.
DIGITS, SMALL_DIGITS = 3, 4
# The zoom at which a shape is measured in pixels.
MARKER_ZOOM = 3
# The main part of a country: its largest polygon and those at least this share of its area.
MAIN_SHARE = 0.25
LABEL_DEGREES = 5
# Decimals to which shapes are cut.
GRID_DIGITS = 6
# What two scales leave of a line between them is smaller than this share of the area beside it; crumbs
# of fewer square degrees are filled by whoever lies around them.
SLIVER_SHARE, CRUMB = 0.05, 2e-4
POINT_DEGREES = 0.1
MERCATOR_LATITUDE = 85.05
EARTH_KM = 6371.0072
HALF_GLOBE = 180


def round_to_grid(geometry: "BaseGeometry | None") -> "BaseGeometry | None":
    """Return a geometry on the grid on which shapes are cut."""
    import shapely

    if geometry is None:
        return None
    return shapely.transform(geometry, lambda at: at.round(GRID_DIGITS))


def cut_area(
    whole: "BaseGeometry", outline: "BaseGeometry"
) -> tuple["BaseGeometry", "BaseGeometry"]:
    """Return the part of a shape inside an outline, with the strips that it leaves, and the rest."""
    import shapely

    grid = 10.0**-GRID_DIGITS
    inside = shapely.intersection(whole, shapely.make_valid(round_to_grid(outline)), grid_size=grid)
    parts = [part for part in shapely.get_parts(inside) if part.geom_type == "Polygon"]
    least = SLIVER_SHARE * max(part.area for part in parts)
    area = shapely.union_all([part for part in parts if part.area >= least], grid_size=grid)
    rest = shapely.difference(whole, area, grid_size=grid)
    strips = [
        part
        for part in shapely.get_parts(rest)
        if part.geom_type == "Polygon"
        and part.area < SLIVER_SHARE * area.area
        and shapely.intersection(part, area).length > 0
    ]
    area = shapely.union_all([area, *strips], grid_size=grid)
    rest = shapely.difference(whole, area, grid_size=grid)
    islands = {part.centroid.wkb for part in shapely.get_parts(whole)}
    kept = [
        part
        for part in shapely.get_parts(rest)
        if part.area >= CRUMB or part.centroid.wkb in islands or part.distance(area) > 0
    ]
    return _keep_polygons(area), _keep_polygons(shapely.union_all(kept))


def _keep_polygons(geometry: "BaseGeometry") -> "BaseGeometry":
    """Return the polygons of a geometry, without the lines and points of an overlay."""
    import shapely

    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def find_label(record: Mapping[str, Any]) -> tuple[float, float]:
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

    return sorted(shapely.get_parts(geometry), key=lambda part: -measure_area(part))


def measure_area(geometry: "BaseGeometry") -> float:
    """Return an area in square kilometers, by Lambert's cylindrical equal-area projection."""
    import numpy as np
    import shapely

    def project(points: "NDArray[np.float64]") -> "NDArray[np.float64]":
        east = np.radians(points[:, 0]) * EARTH_KM
        return np.column_stack([east, np.sin(np.radians(points[:, 1])) * EARTH_KM])

    return float(shapely.area(shapely.transform(geometry, project)))


def measure_pixels(geometry: "BaseGeometry") -> float:
    """Return the longer side of the largest part, in pixels of Web Mercator at the marker zoom."""
    west, south, east, north = (float(edge) for edge in _list_parts(geometry)[0].bounds)
    world: int = 256 << MARKER_ZOOM

    def rise(lat: float) -> float:
        clipped = max(-MERCATOR_LATITUDE, min(MERCATOR_LATITUDE, lat))
        return float(math.asinh(math.tan(math.radians(clipped))) / math.tau * world)

    return max((east - west) / 360 * world, rise(north) - rise(south))


def simplify_outlines(
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


def find_bounds(row: Mapping[str, Any]) -> tuple[float, float, float, float] | None:
    """Return the bounds of the main part, or of the largest polygon where it spans half a globe."""
    import shapely

    if row["geometry"] is None:
        return None
    parts = _list_parts(row["geometry"])
    least = measure_area(parts[0]) * MAIN_SHARE
    main = shapely.box(
        *shapely.total_bounds([part for part in parts if measure_area(part) >= least])
    )
    if main.bounds[2] - main.bounds[0] > HALF_GLOBE:
        main = shapely.box(*parts[0].bounds)
    label = shapely.Point(row["label"])
    if row["drawn_as"] == "marker" and not shapely.covers(main, label):
        # Only the point is drawn, so the frame has to hold it.
        main = label.buffer(POINT_DEGREES)
    west, south, east, north = (float(edge) for edge in main.bounds)
    return round(west, 3), round(max(south, -MERCATOR_LATITUDE), 3), round(east, 3), round(north, 3)
