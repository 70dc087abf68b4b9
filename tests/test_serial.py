"""Serial: every record comes back from plain values as it was, through JSON too."""

import json
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import make_article, make_extraction, make_state

from geo import records
from geo.records import Article, CountryCode, Extraction, Mention, Relation, RelationState
from geo.serial import (
    find_optional,
    list_fields,
    read_record,
    strip_name,
    write_extraction,
    write_record,
)

RECORDS = tuple(
    each
    for each in vars(records).values()
    if isinstance(each, type) and is_dataclass(each) and each.__module__ == records.__name__
)
# NaN is never equal to itself; it is no number of JSON either.
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


def through_json(plain: object) -> Any:
    return json.loads(json.dumps(plain, allow_nan=False))


def make_records(kind: type) -> st.SearchStrategy[Any]:
    """Return a strategy; a state with nothing to support it is refused, so it gets one at least."""
    if kind is RelationState:
        evidence = st.from_type(records.Evidence)
        return st.builds(kind, supporting=st.lists(evidence, min_size=1, max_size=2).map(tuple))
    return st.builds(kind, **{name: st.from_type(each) for name, each in list_fields(kind).items()})


def list_values(plain: object) -> list[object]:
    if isinstance(plain, Mapping):
        assert all(isinstance(key, str) for key in plain)
        return [value for each in plain.values() for value in list_values(each)]
    if isinstance(plain, list):
        return [value for each in plain for value in list_values(each)]
    return [plain]


def test_all_records_are_tried() -> None:
    assert {Article, Mention, Relation, Extraction, RelationState} <= set(RECORDS)


@pytest.mark.parametrize("kind", RECORDS, ids=lambda each: each.__name__)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_every_record_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    record = data.draw(make_records(kind))
    plain = write_record(record)
    assert read_record(kind, plain) == record
    read_again = read_record(kind, through_json(plain))
    assert read_again == record
    assert write_record(read_again) == plain


@given(st.from_type(Extraction))
@settings(max_examples=40, deadline=None)
def test_plain_values_are_those_of_json(extraction: Extraction) -> None:
    plain = write_record(extraction)
    for value in list_values(plain):
        assert type(value) in {str, int, float, bool, type(None)}
    assert list(plain) == list(list_fields(Extraction))


def test_what_is_read_has_the_types_of_the_records() -> None:
    extraction = make_extraction()
    found = read_record(Extraction, through_json(write_record(extraction)))
    assert found == extraction
    assert isinstance(found.relations, tuple)
    assert isinstance(found.relations[0].cue_spans[0], tuple)
    assert type(found.relations[0].state) is records.State
    assert type(found.article.date_published) is date


def test_a_date_may_be_one_already() -> None:
    plain = write_record(make_article()) | {"date_published": date(2024, 5, 17)}
    assert read_record(Article, plain) == make_article()


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"date_basis": "guessed"}, ValueError), ({"date_published": "17 May"}, ValueError)],
)
def test_a_wrong_value_is_an_error(changes: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        read_record(Article, write_record(make_article()) | changes)


def test_a_missing_field_is_an_error() -> None:
    plain = write_record(make_article())
    del plain["text"]
    with pytest.raises(KeyError, match="text"):
        read_record(Article, plain)


def test_a_state_without_support_is_refused_when_read() -> None:
    plain = write_record(make_state()) | {"supporting": []}
    with pytest.raises(ValueError, match="at least one supporting relation"):
        read_record(RelationState, plain)


def test_an_extraction_is_printed_with_its_articles_id_once() -> None:
    extraction = make_extraction()
    plain = through_json(write_extraction(extraction))
    assert list(plain) == ["id", "skipped", "mentions", "relations", "accords"]
    assert (plain["id"], plain["skipped"]) == ("harbor-1", None)
    assert [each["country"] for each in plain["mentions"]] == [
        each.country for each in extraction.mentions
    ]
    for name, kind in (("relations", Relation), ("accords", records.AccordPlace)):
        (first, *_) = plain[name]
        assert set(first) == set(list_fields(kind)) - {"article_id"}
        restored = tuple(
            read_record(kind, each | {"article_id": plain["id"]}) for each in plain[name]
        )
        assert restored == getattr(extraction, name)


def test_a_skipped_article_is_printed_with_the_reason() -> None:
    plain = write_extraction(Extraction(article=make_article(), skipped="It is no text."))
    assert plain == {
        "id": "harbor-1",
        "skipped": "It is no text.",
        "mentions": [],
        "relations": [],
        "accords": [],
    }


def test_types_are_found_below_what_wraps_them() -> None:
    assert find_optional(str | None) is str
    assert find_optional(str) is None
    assert strip_name(CountryCode) is str
    assert strip_name(date) is date
    assert list(list_fields(records.Quote))[:3] == ["exact", "start_char", "end_char"]
