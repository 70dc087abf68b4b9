"""Rows: what is told twice counts once, and a report in many outlets is told once."""

from collections.abc import Callable
from datetime import date, timedelta

from reporting import print_copy, write_report
from samples import make_article, make_relation

from geo.edition import gather_evidence
from geo.reading.copies import sign_text
from geo.reading.sentences import split_sentences
from geo.records import Evidence, Extraction, Quote
from geo.states.settling import settle_states

DAY = date(2024, 5, 17)


def publish(write: Callable[[int], str]) -> tuple[Evidence, ...]:
    """Return what 20 outlets tell, each in an article and a sentence of its own."""
    told = []
    for number in range(20):
        text = write(number)
        article = make_article(
            id=f"a{number}",
            text=text,
            publisher=f"Outlet {number}",
            date_published=DAY + timedelta(number % 3),
            signature=sign_text(text, split_sentences(text)),
        )
        quote = Quote(exact=f"Sentence {number}.", start_char=0, end_char=1)
        relation = make_relation(article.id, id=f"r{number}", quote=quote)
        told.append(Extraction(article=article, relations=(relation,)))
    return gather_evidence(told)


def test_one_report_in_20_outlets_counts_as_one() -> None:
    (state,) = settle_states(publish(print_copy), as_of=DAY + timedelta(5))
    assert state.publishers == 1
    assert len(state.supporting) == 20
    assert "1 for refuses" in state.reason


def test_20_reports_of_their_own_count_as_20() -> None:
    (state,) = settle_states(publish(write_report), as_of=DAY + timedelta(5))
    assert state.publishers == 20
    assert "20 for refuses" in state.reason
