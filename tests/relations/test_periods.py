"""Periods: when a deed took place, where its sentence says so in one way alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.records import Period
from geo.relations.periods import find_period, read_period

# A Wednesday.
PUBLISHED = date(2025, 8, 20)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("Tuesday", "2025-08-19", "2025-08-19"),
        ("last Thursday", "2025-08-14", "2025-08-14"),
        ("Wednesday", "2025-08-20", "2025-08-20"),
        ("yesterday", "2025-08-19", "2025-08-19"),
        ("last week", "2025-08-11", "2025-08-17"),
        ("last month", "2025-07-01", "2025-07-31"),
        ("last year", "2024-01-01", "2024-12-31"),
        ("March", "2025-03-01", "2025-03-31"),
        ("late September", "2024-09-01", "2024-09-30"),
        ("August", "2025-08-01", "2025-08-20"),
        ("March 3", "2025-03-03", "2025-03-03"),
        ("3 March", "2025-03-03", "2025-03-03"),
        ("Sept. 14, 2020", "2020-09-14", "2020-09-14"),
        ("March of", None, None),
        ("2019", "2019-01-01", "2019-12-31"),
        ("2025", "2025-01-01", "2025-08-20"),
        ("2031", None, None),
        ("February 30", None, None),
        ("two weeks ago", "2025-08-06", "2025-08-06"),
        ("a year ago", "2024-01-01", "2024-12-31"),
        ("three months ago", "2025-05-01", "2025-05-31"),
        ("Baku", None, None),
        ("three", None, None),
    ],
)
def test_words_name_days_before_the_article(
    words: str, first: str | None, last: str | None
) -> None:
    expected = (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None
    assert read_period(words, PUBLISHED) == expected


@given(
    st.text(alphabet="0123456789 abcdefghijklmnopqrstuvwxyz,.", max_size=20)
    | st.from_regex(r"\d{1,2} (march|february|may) \d{4}", fullmatch=True),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
)
def test_no_words_name_a_day_after_the_article(words: str, published: date) -> None:
    if span := read_period(words, published):
        assert span[0] <= span[1] <= published


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Iran attacked an Israeli ship on Tuesday.", "on Tuesday"),
        ("Yesterday, Japan condemned North Korea.", "Yesterday"),
        ("Iran and Saudi Arabia restored ties on March 10, 2023.", "on March 10, 2023"),
        ("Azerbaijan and Israel have had diplomatic relations since 1992.", "since 1992"),
        ("Kenya cut ties with Somalia two years ago.", "two years ago"),
        ("Kenya cut ties with Somalia in 2019 and restored them in 2021.", None),
        ("Kenya cut ties with Somalia in May after the raid of 2019 and the vote of 2020.", None),
        ("Egypt's president will visit Turkey in March.", None),
        ("Japan condemned North Korea.", None),
        ("Japan and China held their first talks since 2019.", None),
        ("It is the deadliest Israeli strike on Lebanon since May.", None),
        ("Biden says that Russia could invade Ukraine in February.", None),
    ],
)
def test_a_sentence_that_tells_one_time_dates_its_deed(sentence: str, words: str | None) -> None:
    period = find_period(sentence, PUBLISHED)
    assert (period.words if period else None) == words


def test_since_lasts_until_the_article() -> None:
    period = find_period("They have had ties since 1992.", PUBLISHED)
    assert period == Period(start=date(1992, 1, 1), end=PUBLISHED, words="since 1992")


def test_without_a_date_of_the_article_no_period_is_told() -> None:
    assert find_period("Iran attacked an Israeli ship on Tuesday.", None) is None
