"""The search: other names, and two names for a pair."""

import pytest

from geo.mentions.gazetteer import load_gazetteer
from geo.web.search import find_typed, load_other_names


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Burma", "MMR"),
        ("dprk", "PRK"),
        ("Türkiye", "TUR"),
        ("Turkey", "TUR"),
        ("Gaza", "PSE"),
        ("ivory coast", "CIV"),
        ("Holland", "NLD"),
        ("the Netherlands", "NLD"),
        ("South Korea", "KOR"),
    ],
)
def test_a_country_is_found_by_its_other_names(typed: str, code: str) -> None:
    assert find_typed(typed) == (code,)


@pytest.mark.parametrize(
    "typed",
    ["Russia Ukraine", "russia and ukraine", "Russia – Ukraine", "Russia, Ukraine", "RUS UKR"],
)
def test_two_names_are_a_pair(typed: str) -> None:
    assert find_typed(typed) == ("RUS", "UKR")


def test_names_of_several_words_stand_beside_each_other() -> None:
    assert find_typed("South Korea North Korea") == ("KOR", "PRK")


@pytest.mark.parametrize(
    "typed", ["", "  ", "Narnia", "Russia Narnia", "Russia Russia", "x" * 9999]
)
def test_what_is_no_country_finds_none(typed: str) -> None:
    assert find_typed(typed) == ()


def test_other_names_are_of_countries_and_lead_nowhere_else() -> None:
    for code, names in load_other_names().items():
        assert code in load_gazetteer().countries
        for name in names:
            assert find_typed(name) == (code,)
