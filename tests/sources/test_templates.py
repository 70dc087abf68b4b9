"""Templates: each shows the words that a reader sees in its place."""

import pytest

from geo.records import Citation
from geo.sources.templates import load_templates, show_template


@pytest.mark.parametrize(
    ("name", "values", "shown"),
    [
        ("Nowrap", {"1": "5 million"}, "5 million"),
        ("spaced_ndash", {}, " – "),
        ("lang", {"1": "fr", "2": "Tchad"}, "Tchad"),
        ("frac", {"1": "1", "2": "2"}, "1/2"),
        ("dead link", {"date": "May 2024"}, ""),
        ("unheard of", {"1": "Chad"}, "Chad"),
        ("unheard of", {}, ""),
        ("convert", {"1": "10", "2": "-", "3": "20", "4": "km", "5": "mi"}, "10–20 km"),
        ("cvt", {"1": "-5", "2": "C"}, "-5 C"),
        ("convert", {}, ""),
    ],
)
def test_a_template_shows_its_words(name: str, values: dict[str, str], shown: str) -> None:
    assert show_template(name, values) == shown


def test_a_citation_names_who_published_it() -> None:
    told = {"title": "Chad votes", "work": "Post", "url": "https://a.example/1"}
    assert show_template("Cite news", told) == Citation(name="Post", url="https://a.example/1")
    assert show_template("citation", {"url": "https://a.example/1"}) == Citation(
        name="a.example", url="https://a.example/1"
    )
    assert show_template("cite web", {"url": "javascript:alert(1)"}) == Citation(name="link")


def test_names_in_the_table_are_as_they_are_looked_up() -> None:
    assert all(name == " ".join(name.lower().split()) for name in load_templates())
