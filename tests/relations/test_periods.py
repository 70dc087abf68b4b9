"""Periods: when a deed took place, as the words beside it say and not those beside its report."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.edition import extract_article
from geo.records import Article, DateBasis, Period
from geo.relations.periods import read_period
from geo.serial import read_record, write_record

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
        ("Iran attacked an Israeli ship on Tuesday.", "Tuesday"),
        ("Yesterday, Japan condemned North Korea.", "Yesterday"),
        ("China and India held talks in Beijing on Monday.", "Monday"),
        ("Iran and Saudi Arabia restored ties on March 10, 2023.", "March 10, 2023"),
        ("Azerbaijan and Israel have had diplomatic relations since 1992.", "1992"),
        ("Russia's 2014 invasion of Ukraine angered Poland.", "2014"),
        ("Kenya cut ties with Somalia two years ago.", "two years ago"),
        ("France said on Tuesday that Mali had attacked Niger.", None),
        ("Egypt's president will visit Turkey in March.", None),
        ("Japan condemned North Korea.", None),
    ],
)
def test_the_words_that_hang_on_the_deed_date_it(sentence: str, words: str | None) -> None:
    article = Article(
        id="one", text=sentence, date_published=PUBLISHED, date_basis=DateBasis.STATED
    )
    relation = extract_article(article).relations[0]
    assert (relation.period.words if relation.period else None) == words
    assert words is None or words in sentence


def test_without_a_date_of_the_article_no_period_is_told() -> None:
    article = Article(id="one", text="Iran attacked an Israeli ship on Tuesday.")
    assert extract_article(article).relations[0].period is None


def test_a_period_is_written_and_read_again() -> None:
    period = Period(start=date(2020, 1, 1), end=date(2020, 12, 31), words="2020")
    assert read_record(Period, write_record(period)) == period
