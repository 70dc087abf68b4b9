"""The build of the shapes, places and names of the countries from Natural Earth."""

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from geo.errors import DataError
from geo.languages import ENGLISH, load_languages, load_strings
from geo.map.atlas import Dispute, ShapePlace, load_disputes, write_json
from geo.paths import DATA, ROOT, STATIC
from geo.records import CountryCode
from geo.tables import read_cells, read_table
from geo.tools.outlines import (
    cut_area,
    find_bounds,
    find_label,
    measure_area,
    measure_pixels,
    round_to_grid,
    simplify_outlines,
)

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
# A state whose largest part is smaller than this many pixels is hard to hit.
MARKER_PIXELS = 6
# In degrees, how near to each other two vertices are one, and the widest gap that a cut leaves.
SNAP, GAP = 2e-6, 0.02


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
    """What a build wrote: the file, its bytes, vertices, and the worst change of an area."""

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
        row["small"] = shaped and measure_pixels(row["geometry"]) < MARKER_PIXELS
        row["marker"] = row["drawn_as"] == "marker" or (
            row["drawn_as"] == "polygon" and row["small"]
        )
    final = simplify_outlines(raw, [row["small"] for row in drawn], tolerance)
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
        row["code"]: abs(measure_area(row["outline"]) / measure_area(row["geometry"]) - 1)
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
    for layer in [
        "countries",
        *sorted({crossing.source for crossing in crosswalk} - {"", "countries"}),
    ]:
        name, key = LAYERS[layer]
        if not (source / name).is_file():
            msg = f"{source} has no {name}: get it from naturalearthdata.com or give --source"
            raise DataError(msg)
        records = gpd.read_file(source / name).to_dict("records")
        layers[layer] = {record[key]: record for record in records}
        if layer == "countries" and len(layers[layer]) != len(records):
            msg = f"{name}: {key} is not unique"
            raise DataError(msg)
    crossed = {(crossing.source, crossing.shape_id): crossing for crossing in crosswalk}
    for shape_id in sorted(
        set(layers["countries"]) - {crossing.shape_id for crossing in crosswalk}
    ):
        code = CountryCode(shape_id)
        crossed["countries", shape_id] = Crossing(
            shape_id=shape_id, code=code, source="countries", drawn_as="polygon", reason="itself"
        )
    rows: dict[str, dict[str, Any]] = {}
    for crossing in sorted(
        crossed.values(),
        key=lambda crossing: (crossing.shape_id != crossing.code, crossing.shape_id),
    ):
        if crossing.shape_id and crossing.shape_id not in layers[crossing.source]:
            msg = f"crosswalk.csv: {crossing.source} has no shape {crossing.shape_id}"
            raise DataError(msg)
        if crossing.drawn_as == "neutral" and crossing.code in names:
            msg = f"crosswalk.csv: {crossing.shape_id} is drawn as no country, and {crossing.code} is one"
            raise DataError(msg)
        if crossing.drawn_as != "neutral" and crossing.code not in names:
            msg = f"shape {crossing.shape_id} has the code {crossing.code}, which countries.csv does not hold"
            raise DataError(msg)
        record = layers[crossing.source][crossing.shape_id] if crossing.shape_id else None
        if crossing.code in rows:
            # A further shape of a country that has one: the first row, its own, keeps the label.
            parts = [*shapely.get_parts(rows[crossing.code]["geometry"])]
            parts += [*shapely.get_parts(record["geometry"])] if record else []
            rows[crossing.code]["geometry"] = shapely.MultiPolygon(parts)
            continue
        geometry = record["geometry"] if record else None
        rows[crossing.code] = {
            "code": crossing.code,
            "name": names.get(crossing.code) or (record["NAME_EN"] if record else crossing.code),
            "spoken": _find_spoken(record),
            "drawn_as": crossing.drawn_as,
            "geometry": geometry,
            "label": find_label(record) if record else None,
        }
    return [rows[code] for code in sorted(rows)]


def _cut_disputes(
    source: Path,
    rows: list[dict[str, Any]],
    disputes: Sequence[Dispute],
    names: Mapping[CountryCode, str],
) -> list[dict[str, Any]]:
    """Cut the disputed areas out of the shapes that hold them; return a row for crossing.

    Both scales draw the same lines with other vertices, so what is left over between them, thin strips
    along the line, goes with the area. Neighbors get the new vertices too, so that no gap opens.
    """
    import geopandas as gpd
    import shapely

    if not disputes:
        return []
    by_code = {row["code"]: row for row in rows}
    for row in rows:
        row["geometry"] = round_to_grid(row["geometry"])
    file, key = LAYERS["disputed_areas"]
    records = {record[key]: record for record in gpd.read_file(source / file).to_dict("records")}
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
        area, rest = cut_area(holder["geometry"], records[dispute.id]["geometry"])
        holder["geometry"] = rest
        pieces.append(
            {
                "code": dispute.id,
                "name": dispute.name,
                "drawn_as": "piece",
                "geometry": area,
                "label": find_label(records[dispute.id]),
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
                    *(find_bounds(row) or ("",) * 4),
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
            fixes.get((row["code"], language)) or row["spoken"].get(language) or row["name"]
            for language in languages
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
        names: dict[str, str] = {code: spoken[number] for code, spoken in sorted(table.items())}
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
