"""The search: countries by the names that readers type, and two of them for a pair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from geo.errors import UnknownCountry
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import DATA
from geo.records import CountryCode
from geo.tables import read_table

# What stands between two names, and is no part of either.
BETWEEN = frozenset({"and", "vs", "v", "versus", "with", "–", "-", "/", "&"})
LONGEST_SEARCH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherName:
    """A row of ``other_names.csv``: a name by which readers search a country, in any language."""

    code: CountryCode
    name: str


@lru_cache(maxsize=1)
def load_other_names() -> Mapping[CountryCode, Sequence[str]]:
    """Return the other names of countries; raises :class:`geo.errors.DataError` where a row is broken."""
    names: dict[CountryCode, list[str]] = {}
    for row in read_table(DATA / "map" / "other_names.csv", OtherName, key=["name"]):
        names.setdefault(row.code, []).append(row.name)
    return names


def find_typed(text: str) -> tuple[CountryCode, ...]:
    """Return the country that a text names, both where it names two, and none where it does neither."""
    words = text[:LONGEST_SEARCH].replace(",", " ").split()
    if whole := _find_country(words):
        return (whole,)
    for at in range(1, len(words)):
        rest = words[at + 1 :] if words[at].casefold() in BETWEEN else words[at:]
        one, other = _find_country(words[:at]), _find_country(rest)
        if one and other and one != other:
            return one, other
    return ()


def _find_country(words: Sequence[str]) -> CountryCode | None:
    typed = " ".join(words)
    for code, names in load_other_names().items():
        if typed.casefold() in {name.casefold() for name in names}:
            return code
    try:
        return load_gazetteer().find_country(typed)
    except UnknownCountry:
        return None
