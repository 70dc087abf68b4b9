"""Marks: every highlight where it stands, and a marked text is the text itself."""

import html
import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from geo.records import Quote
from geo.web.marks import Mark, cut_pieces, cut_quote, mark_words
from tests.samples import make_relation
from tests.web.parsed import Parsed, find_marks, write_part


def mark_text(text: str, marks: list[Mark], *, start_char: int = 0) -> str:
    """Return a text with its marks as HTML."""
    return write_part("marked", cut_pieces(text, marks, start_char=start_char))


def test_marks_stand_exactly_at_their_offsets() -> None:
    relation = make_relation()
    shown = write_part("marked", cut_quote(relation))
    assert find_marks(shown, "e-cue") == ["not receive"]
    assert find_marks(shown, "e-actor") == ["Bahrain"]
    assert find_marks(shown, "e-recipient") == ["Norway"]
    assert Parsed(shown).text == relation.quote.exact


def test_marks_outside_the_quote_are_left_out_and_overlapping_ones_kept() -> None:
    marks = [
        Mark(start_char=0, end_char=5, kind="a"),
        Mark(start_char=12, end_char=16, kind="b"),
        Mark(start_char=14, end_char=40, kind="c", hint='x"y'),
    ]
    shown = mark_text("0123456789", marks, start_char=10)
    assert shown == (
        '01<mark class="b">23</mark><mark class="b c" title="x&#34;y">45</mark>'
        '<mark class="c" title="x&#34;y">6789</mark>'
    )


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=8),
    st.integers(0, 3),
)
def test_a_marked_text_is_the_text_itself(
    text: str, spans: list[tuple[int, int]], start: int
) -> None:
    marks = [Mark(start_char=one, end_char=other, kind="k", hint="<") for one, other in spans]
    shown = mark_text(text, marks, start_char=start)
    assert html.unescape(re.sub(r"<[^>]*>", "", shown)) == html.unescape(html.escape(text))
    assert html.unescape(re.sub(r"<[^>]*>", "", shown)) == text
    assert set(Parsed(shown).tags) <= {"mark"}


def test_cue_words_that_stand_side_by_side_are_marked_as_one() -> None:
    relation = make_relation()
    start = relation.quote.start_char
    at = start + relation.quote.exact.index("not receive")
    spans = ((at + 4, at + 11), (at, at + 3), (start, start + 7))
    shown = write_part("marked", cut_quote(replace(relation, cue_spans=spans)))
    assert find_marks(shown, "e-cue") == ["Bahrain", "not receive"]


def test_words_with_a_gap_between_them_are_marked_one_by_one() -> None:
    quote = Quote(exact="Both signed, in May, a pact.", start_char=7, end_char=35)
    marks = mark_words(quote, "signed … pact")
    assert find_marks(mark_text(quote.exact, marks, start_char=7), "e-cue") == [
        "signed",
        "pact",
    ]
    assert mark_words(quote, "absent") == []
