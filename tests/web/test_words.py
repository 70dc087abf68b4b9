"""Words: dates, counts and titles in the reader's language."""

from dataclasses import replace
from datetime import date

import pytest

from geo.languages import choose_language
from geo.records import Period
from geo.web.words import write_start, write_title
from tests.samples import make_evidence, make_relation, make_state


def test_a_title_is_spaced_as_its_language_asks() -> None:
    assert write_title("France", "1 tie") == "France: 1 tie"
    choose_language("fr")
    try:
        assert write_title("France", "1") == "France\N{NO-BREAK SPACE}: 1"
    finally:
        choose_language("en")


@pytest.mark.parametrize(
    ("words", "start", "shown"),
    [
        ("since 2022", date(2022, 1, 1), "2022"),
        ("in the 2022", date(2022, 1, 1), "2022"),
        ("since May 2022", date(2022, 5, 1), "May 2022"),
        ("since January 2022", date(2022, 1, 1), "January 2022"),
        ("since May 1 2022", date(2022, 5, 1), "1 May 2022"),
        ("since 24 February 2022", date(2022, 2, 24), "24 February 2022"),
        ("yesterday", date(2022, 2, 1), "1 February 2022"),
    ],
)
def test_a_start_is_told_as_exactly_as_its_quote_tells_it(
    words: str, start: date, shown: str
) -> None:
    period = Period(start=start, end=date(2024, 1, 1), words=words)
    evidence = make_evidence(replace(make_relation(), period=period))
    state = replace(make_state(), since=start, dated=True, supporting=(evidence,))
    assert write_start(state) == shown
