"""Coreference: how far words that point back reach, and how sure they are."""

import pytest

from geo.mentions.finding import find_mentions
from geo.mentions.gazetteer import load_gazetteer
from geo.reading.sentences import split_sentences
from geo.records import Article, MentionKind

RAIN = " Rain fell there."


def point(text: str) -> set[tuple[str, str, float]]:
    """Return the words of a text that point back, for what they stand and how sure that is."""
    article = Article(id="test", text=text)
    return {
        (mention.text, mention.country, mention.confidence)
        for mention in find_mentions(article, split_sentences(text), load_gazetteer())
        if mention.kind is MentionKind.COREFERENCE
    }


def test_possessives_are_less_sure_than_other_words() -> None:
    assert point("Norway met. It said so.") == {("It", "NOR", 0.6)}
    assert point("Norway raised its flag.") == {("its", "NOR", 0.5)}


BOTH = {("Both countries", "NOR", 0.6), ("Both countries", "SWE", 0.6)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Norway and Sweden signed a pact.{RAIN * 2} Both countries were glad.", BOTH),
        (f"Norway and Sweden signed a pact.{RAIN * 3} Both countries were glad.", set()),
    ],
)
def test_both_reaches_three_sentences_back(text: str, found: set[tuple[str, str, float]]) -> None:
    assert point(text) == found


def test_both_reaches_farther_where_the_article_names_two_countries_again_and_again() -> None:
    text = f"Norway met Sweden. Norway likes Sweden.{RAIN * 3} Both countries were glad."
    assert point(text) == BOTH


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("On the day Norway and Sweden agreed. They will meet again.", {"They"}),
        ("On the first day Norway and Sweden agreed. They will meet again.", set()),
        ("In May Norway met. It said so.", {"It"}),
        ("In early May Norway met. It said so.", set()),
    ],
)
def test_a_pronoun_stands_for_what_opens_the_sentence_before(text: str, words: set[str]) -> None:
    assert {word for word, _, _ in point(text)} == words


@pytest.mark.parametrize(
    ("between", "is_found"),
    [("said to the old press that", True), ("said to the very old press that", False)],
)
def test_it_follows_a_verb_of_saying_closely(between: str, *, is_found: bool) -> None:
    assert bool(point(f"On a cold day in May Norway {between} it will leave.")) is is_found


@pytest.mark.parametrize(
    ("between", "is_found"),
    [("had long raised", True), ("had not long raised", False), (f"had {'x' * 200} raised", False)],
)
def test_its_follows_its_owner_closely(between: str, *, is_found: bool) -> None:
    assert bool(point(f"On a cold day in May Norway {between} its flag.")) is is_found


@pytest.mark.parametrize(("length", "is_found"), [(2900, True), (3100, False)])
def test_very_long_sentences_are_not_searched(length: int, *, is_found: bool) -> None:
    assert bool(point(f"Norway raised its flag {'and so on ' * (length // 10)}.")) is is_found
