"""Groups: countries that are looked at together, by membership or because they share a border.

The values are data: ``data/map/groups.csv`` is written by people, each group as of a year, and
``data/map/neighbors.csv`` by ``make data`` from the shapes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from geo.errors import DataError
from geo.paths import DATA
from geo.records import CountryCode
from geo.tables import BARS, name_place, read_table

# Countries that one look takes in: a table of more is read by nobody.
MOST_COUNTRIES = 40

Members = Annotated[tuple[CountryCode, ...], BARS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One row of ``groups.csv``: a group with its members as of a year."""

    code: str
    label: str
    as_of: int
    members: Members

    def __post_init__(self) -> None:
        """Refuse a group of one, one that is too large, and a member that is named twice."""
        if not 2 <= len(self.members) <= MOST_COUNTRIES:
            msg = f"a group has from 2 to {MOST_COUNTRIES} members"
            raise ValueError(msg)
        if len({*self.members}) < len(self.members):
            msg = "a member is named twice"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighborhood:
    """One row of ``neighbors.csv``: a country and those with which it shares a border."""

    code: CountryCode
    neighbors: Members


@lru_cache(maxsize=4)
def load_groups(folder: Path = DATA / "map") -> Mapping[str, Group]:
    """Read ``groups.csv`` in its order; raises :class:`DataError` where a row is broken."""
    return {group.code: group for group in read_table(folder / "groups.csv", Group, key=["code"])}


@lru_cache(maxsize=4)
def load_neighbors(folder: Path = DATA / "map") -> Mapping[CountryCode, tuple[CountryCode, ...]]:
    """Read ``neighbors.csv``; raises :class:`DataError` for a border that one side alone has."""
    path = folder / "neighbors.csv"
    rows = read_table(path, Neighborhood, key=["code"])
    found = {row.code: row.neighbors for row in rows}
    for code, neighbors in found.items():
        for other in neighbors:
            if code not in found.get(other, ()):
                msg = f"{name_place(path)}: {code} is a neighbor of {other}, and not the other way round"
                raise DataError(msg)
    return found
