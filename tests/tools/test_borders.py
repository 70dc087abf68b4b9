"""Borders: the committed table of neighbors is what the committed shapes give."""

from pathlib import Path

from geo.paths import DATA
from geo.tools.borders import write_neighbors


def test_the_committed_neighbors_are_those_of_the_shapes(tmp_path: Path) -> None:
    path = tmp_path / "neighbors.csv"
    assert write_neighbors(path) > 160
    assert path.read_text(encoding="utf-8") == (DATA / "map" / "neighbors.csv").read_text(
        encoding="utf-8"
    )
