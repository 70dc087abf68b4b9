"""A collection: added to, removed from, taken along in a file and loaded again, whatever the file holds."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ArticleError
from geo.mentions.gazetteer import load_gazetteer
from geo.records import Extraction
from geo.web import collection as room
from geo.web.collection import (
    Collection,
    is_collection,
    load_collection,
    name_article,
    name_finding,
)
from tests.samples import TEXT, make_extraction

TODAY = date(2026, 1, 1)
COUNTRIES = load_gazetteer().countries.keys()


def read(more: str = "", **changes: object) -> Extraction:
    """Return the sample as a collection holds it, with words after its text."""
    extraction = make_extraction(text=TEXT + more, **changes)
    article = name_article(extraction.article)
    return replace(
        extraction,
        article=article,
        relations=tuple(replace(one, article_id=article.id) for one in extraction.relations),
        accords=tuple(replace(one, article_id=article.id) for one in extraction.accords),
    )


def load(content: str, held: Collection = Collection()) -> tuple[Collection, list[str]]:  # noqa: B008 - it is frozen
    found, skipped = load_collection(content.encode(), held, COUNTRIES, TODAY)
    return found, [one.reason for one in skipped]


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)


@given(st.lists(words, max_size=4, unique=True), st.data())
def test_what_is_taken_along_loads_as_it_was(ends: list[str], data: st.DataObject) -> None:
    held = Collection()
    for end in ends:
        held = held.add(read(f"\n{end}"))
    for extraction in held.extractions:
        names = [name_finding(one) for one in (*extraction.relations, *extraction.accords)]
        held = held.dismiss(extraction.article.id, data.draw(st.sets(st.sampled_from(names))))
    loaded, problems = load(held.dump())
    assert not problems
    assert loaded.extractions == held.list_kept()


def test_a_finding_that_is_dismissed_is_left_out_and_can_come_back() -> None:
    extraction = read()
    held = Collection().add(extraction)
    identity, name = extraction.article.id, name_finding(extraction.relations[0])
    without = held.dismiss(identity, [name])
    (kept,) = without.list_kept()
    assert kept.relations == extraction.relations[1:]
    assert without.find(identity) == extraction
    assert without.dismiss(identity, []).list_kept() == held.list_kept()
    assert not without.remove(identity).dismissed


def test_the_same_text_is_one_article_and_a_full_collection_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = Collection().add(read()).add(read(title="Another"))
    (only,) = held.extractions
    assert only.article.title == "Another"
    monkeypatch.setattr(room, "MOST_ARTICLES", 1)
    with pytest.raises(ArticleError, match="remove some"):
        held.add(read("more"))


def break_line(path: str, value: object) -> str:
    fields = json.loads(Collection().add(read()).dump())
    *outer, last = path.split(".")
    place = fields
    for part in outer:
        place = place[int(part) if part.isdigit() else part]
    place[last] = value
    return json.dumps(fields)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("article.text", "Other words."),
        ("article.id", "wikipedia:1"),
        ("article.date_published", "3024-01-01"),
        ("article.date_published", None),
        ("article.title", "x" * 600),
        ("article.url", ["a"]),
        ("article", []),
        ("sentences.0.end_char", 10**9),
        ("sentences.0.start_char", -1),
        ("mentions.0.country", "XXX"),
        ("mentions.0.text", "Narnia"),
        ("relations.0.actor", "XXX"),
        ("relations.0.recipient", "ZZZ"),
        ("relations.0.state", "love"),
        ("relations.0.confidence", float("nan")),
        ("relations.0.confidence", 7),
        ("relations.0.article_id", "other"),
        ("relations.0.quote.exact", "They never said so."),
        ("relations.0.quote.prefix", "Not: "),
        ("relations.0.quote.suffix", "Not so."),
        ("relations.0.cue", "x" * 9999),
        ("relations.0.cue_spans", [[5, 10**12]]),
        ("relations.0.period", {"start": "0001-01-01", "end": "9999-12-31", "words": "ever"}),
        ("relations.1.id", "\ud800"),
        ("accords.0.country", "XXX"),
        ("accords.0.quote.start_char", 3),
        ("relations", {"0": 1}),
        ("mentions", [[]] * 9999),
    ],
)
def test_a_line_that_was_changed_is_left_out_and_the_next_is_read(path: str, value: object) -> None:
    good = Collection().add(read("\nMore.")).dump()
    loaded, problems = load(f"{break_line(path, value)}\n{good}")
    assert len(problems) == 1
    assert [one.article.text for one in loaded.extractions] == [f"{TEXT}\nMore."]


@pytest.mark.parametrize(
    "line",
    ["{", "[" * 100_000, "null", "1", '{"article": {"id": "a"}}', '{"a": ' + "9" * 5000 + "}"],
)
def test_what_is_no_line_of_a_collection_is_told(line: str) -> None:
    held = Collection().add(read())
    assert load(line, held)[0] == held
    assert len(load(line, held)[1]) == 1


@given(st.binary(max_size=200))
def test_any_bytes_are_loaded_or_told(content: bytes) -> None:
    loaded, _skipped = load_collection(content, Collection(), COUNTRIES, TODAY)
    assert not loaded.extractions


def test_a_file_that_is_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LARGEST_FILE", 10)
    with pytest.raises(ArticleError, match="larger"):
        load("x" * 11)


def test_a_collection_is_told_from_lines_of_articles() -> None:
    assert is_collection(Collection().add(read()).dump().encode())
    assert not is_collection(b'{"id": "a", "text": "b"}\n')
    assert not is_collection(b"Norway.")
