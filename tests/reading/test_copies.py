"""Copies: what one agency wrote is known in every outlet, and other reports stay apart."""

from itertools import combinations

import pytest
from reporting import STORY, print_copy, write_report

from geo.reading.copies import BANDS, FEWEST_WORDS, sign_text
from geo.reading.sentences import split_sentences

# What is stored of the story; another figure would part it from its copies in every store.
FIRST = (2550755464, 3547392871, 905967797)


def sign(text: str) -> set[int]:
    return {*sign_text(text, split_sentences(text))}


@pytest.mark.parametrize("number", range(20))
def test_a_copy_shares_a_band_with_the_story(number: int) -> None:
    assert sign(print_copy(number)) & sign(STORY)


def test_reports_of_one_event_in_other_words_share_none() -> None:
    signed = [sign(write_report(number)) for number in range(20)]
    assert all(len(one) == BANDS for one in signed)
    assert not any(one & other for one, other in combinations(signed, 2))


def test_a_text_is_signed_in_the_same_way_for_ever() -> None:
    bands = sign_text(STORY, split_sentences(STORY))
    assert len(bands) == BANDS
    assert all(0 <= band < 2**32 for band in bands)
    assert bands[:3] == FIRST


def test_spaces_capitals_and_stops_change_nothing() -> None:
    assert sign(STORY.upper().replace(", ", " ,  ")) == sign(STORY)


@pytest.mark.parametrize("text", ["", "Norway.", " ".join(STORY.split()[: FEWEST_WORDS - 1])])
def test_a_short_text_has_no_signature(text: str) -> None:
    assert sign(text) == set()
