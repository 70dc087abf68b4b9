"""The table of neighbors, from the shapes that the build of the map wrote."""

import csv
from pathlib import Path

from geo.map.atlas import find_neighbors, load_shapes
from geo.paths import DATA, STATIC


def write_neighbors(path: Path = DATA / "map" / "neighbors.csv", static: Path = STATIC) -> int:
    """Write which countries share a border, one row a country; return how many there are."""
    neighbors = find_neighbors(load_shapes(static))
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["code", "neighbors"])
        writer.writerows([code, "|".join(others)] for code, others in neighbors.items())
    return len(neighbors)


if __name__ == "__main__":
    print(f"neighbors.csv: {write_neighbors()} countries")
