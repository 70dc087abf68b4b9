"""Provenance: topics, outlets and revisions are read, and a wrong one is named."""

import json
from datetime import date
from typing import Any

import pytest

from geo.errors import ArticleError
from geo.reading.lines import read_lines
from geo.reading.provenance import LONGEST, MOST, read_provenance
from geo.records import Article, Citation, DateBasis, Skipped
from geo.store.layout import write_record

ITEM = Article(
    id="wikipedia:2024-03-04:1f",
    text="Norway recalls its ambassador from Sweden.",
    url="https://encyclopedia.example/2024_March_4",
    publisher="The Harbor",
    date_published=date(2024, 3, 4),
    date_basis=DateBasis.STATED,
    license="CC BY-SA 4.0",
    credit="Wikipedia contributors",
    topics=("Nordic relations", "Fishing dispute"),
    cited=(Citation(name="The Harbor", url="https://harbor.example/1"), Citation(name="Gazette")),
    source="wikipedia:2024-03-04",
    revision=1_213_141_516,
)


def test_an_article_with_all_fields_is_read_as_it_was_written() -> None:
    line = json.dumps(write_record(ITEM)).encode()
    assert list(read_lines([line])) == [ITEM]


def test_outlets_may_be_names_and_the_first_is_the_publisher() -> None:
    told = read_provenance({"cited": ["Gazette", {"name": "The Harbor", "url": None}]})
    assert told == {
        "cited": (Citation(name="Gazette"), Citation(name="The Harbor")),
        "publisher": "Gazette",
    }
    assert read_provenance({"cited": ["Gazette"], "publisher": "Us"})["publisher"] == "Us"


def test_a_revision_may_be_a_text_of_digits() -> None:
    assert read_provenance({"revision": "42"}) == {"revision": 42}


@pytest.mark.parametrize("name", ["topics", "cited", "revision"])
def test_what_is_not_told_changes_nothing(name: str) -> None:
    assert read_provenance({}) == {}
    assert read_provenance({name: None}) == {}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"topics": "Nordic relations"}, "The field topics must be a list"),
        ({"topics": ["a"] * (MOST + 1)}, "The field topics must be a list"),
        ({"topics": [""]}, "The field topics must hold texts"),
        ({"topics": ["a" * (LONGEST + 1)]}, "The field topics must hold texts"),
        ({"topics": ["\ud83d"]}, "The field topics holds half of a surrogate pair"),
        ({"cited": {"name": "Gazette"}}, "The field cited must be a list"),
        ({"cited": [{"url": "https://harbor.example"}]}, "The field cited must hold texts"),
        ({"cited": [{"name": "Gazette", "url": 1}]}, "The field cited must hold texts"),
        ({"cited": [7]}, "The field cited must hold texts"),
        ({"revision": True}, "The field revision must be a whole number"),
        ({"revision": -1}, "The field revision must be a whole number"),
        ({"revision": 1.5}, "The field revision must be a whole number"),
        ({"revision": "9" * 19}, "The field revision must be a whole number"),
        ({"revision": []}, "The field revision must be a whole number"),
    ],
)
def test_a_wrong_field_is_named(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read_provenance(fields)
    line = json.dumps({"id": "a", "text": "Mali."} | fields).encode()
    (skipped,) = read_lines([line])
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith(reason)
