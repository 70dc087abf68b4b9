"""Groups: each names countries that the map draws, and a border has two sides."""

from pathlib import Path

import pytest

from geo.errors import DataError
from geo.map.atlas import load_places
from geo.map.groups import MOST_COUNTRIES, load_groups, load_neighbors
from geo.records import CountryCode


def test_every_member_of_a_group_is_on_the_map() -> None:
    for group in load_groups().values():
        assert {*group.members} <= {*load_places()}, group.code
        assert group.members == tuple(sorted(group.members)), group.code
        assert 2015 <= group.as_of <= 2100


def test_what_a_reader_asks_for_first_is_there() -> None:
    groups = load_groups()
    assert len(groups["g20"].members) == 19
    assert len(groups["eu"].members) == 27
    assert len(groups["nato"].members) == 32
    assert groups["gcc"].members == ("ARE", "BHR", "KWT", "OMN", "QAT", "SAU")


def test_neighbors_share_a_border_on_land() -> None:
    neighbors = {code: {*others} for code, others in load_neighbors().items()}
    assert neighbors[CountryCode("ISR")] == {"EGY", "JOR", "LBN", "PSE", "SYR"}
    assert neighbors[CountryCode("LSO")] == {"ZAF"}
    assert {"FRA", "SUR"} <= neighbors[CountryCode("BRA")]
    assert "CUB" not in neighbors
    assert max(map(len, neighbors.values())) < MOST_COUNTRIES


def test_a_border_of_one_side_is_refused(tmp_path: Path) -> None:
    (tmp_path / "neighbors.csv").write_text("code,neighbors\nNOR,SWE\n", encoding="utf-8")
    with pytest.raises(DataError, match="NOR is a neighbor of SWE"):
        load_neighbors(tmp_path)


@pytest.mark.parametrize(
    ("members", "fault"), [("NOR", "2 to 40"), ("NOR|NOR", "named twice"), ("", "filled")]
)
def test_a_group_that_is_none_is_refused(tmp_path: Path, members: str, fault: str) -> None:
    row = f"code,label,as_of,members\nx,X,2025,{members}\n"
    (tmp_path / "groups.csv").write_text(row, encoding="utf-8")
    with pytest.raises(DataError, match=fault):
        load_groups(tmp_path)
