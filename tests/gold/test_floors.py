"""The articles that were written for testing: no figure of a set is below its floor."""

import pytest

from geo.tools.evaluation import find_falls, read_floors
from geo.tools.gold import GOLD, SETS, read_set
from geo.tools.scores import score_articles

FLOORS = read_floors(GOLD / "floors.csv")


# Each set is a group of its own, so that the processes of a run share them.
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.xdist_group(f"gold {name}")) for name in SETS]
)
def test_a_set_meets_its_floors(name: str) -> None:
    assert name in {one for one, _ in FLOORS}
    assert list(find_falls({name: score_articles(read_set(GOLD, name))}, FLOORS)) == []
