"""Places: each country's place in a named pact, from sentences."""

import time

import pytest

from geo.mentions.finding import find_mentions
from geo.mentions.gazetteer import load_gazetteer
from geo.reading.sentences import split_sentences
from geo.records import Article
from geo.relations.places import PlaceCue, find_places, load_place_cues


def read(text: str) -> set[str]:
    article = Article(id="test", text=text)
    sentences = split_sentences(text)
    mentions = find_mentions(article, sentences, load_gazetteer())
    return {
        f"{found.country} {found.place.value} {found.modality.value}"
        for found in find_places(article, sentences, mentions)
    }


@pytest.mark.parametrize("cue", load_place_cues(), ids=lambda cue: cue.example)
def test_the_example_of_a_cue_is_read_as_it_says(cue: PlaceCue) -> None:
    assert set(cue.expected.split("; ")) <= read(cue.example)


@pytest.mark.parametrize(
    ("sentence", "places"),
    [
        (
            "Norway and Sweden signed the Harbor Treaty.",
            {"NOR member asserted", "SWE member asserted"},
        ),
        (
            "The Harbor Treaty was signed by Norway and Sweden.",
            {"NOR member asserted", "SWE member asserted"},
        ),
        ("Norway plans to join the Harbor Pact.", {"NOR pledged asserted"}),
        ("Norway will sign the Harbor Treaty.", {"NOR pledged asserted"}),
        ("Norway refused to sign the Harbor Treaty.", {"NOR refuses asserted"}),
        ("Norway will not join the Harbor Pact.", {"NOR refuses asserted"}),
        ("Norway may join the Harbor Pact.", {"NOR joining possible"}),
        ("Norway is joining the Harbor Pact.", {"NOR joining asserted"}),
        ("Norway threatened to leave the Harbor Pact.", {"NOR left possible"}),
        ("Norway has left the Harbor Pact.", {"NOR left asserted"}),
        ("Ministers of Norway met on the day of the Harbor Treaty.", set()),
        ("Norway praised the Harbor Treaty.", set()),
        ("The Norwegian firm signed the Harbor Treaty.", set()),
    ],
)
def test_sentence_tells_the_place(sentence: str, places: set[str]) -> None:
    assert read(sentence) == places


def test_a_region_does_not_say_which_of_its_countries_joined() -> None:
    assert read("Central Asian nations joined the Harbor Pact.") == set()


def test_nato_is_one_pact_however_it_is_spelled() -> None:
    assert read("Sweden joined Nato.") == read("Sweden joined NATO.") != set()


@pytest.mark.parametrize(("length", "count"), [(590, 1), (610, 0)])
def test_very_long_sentences_are_not_searched(length: int, count: int) -> None:
    told = "Norway signed the Harbor Treaty and "
    assert len(read(f"{told}{'word ' * 200}"[: length - 1] + ".")) == count


def test_a_place_is_less_sure_than_a_name() -> None:
    text = "Norway signed the Harbor Treaty."
    article = Article(id="test", text=text)
    sentences = split_sentences(text)
    mentions = find_mentions(article, sentences, load_gazetteer())
    (place,) = find_places(article, sentences, mentions)
    assert (place.confidence, mentions[0].confidence) == (0.7, 1.0)


def test_the_cost_of_places_grows_with_the_text_and_not_with_its_square() -> None:
    def measure(number: int) -> float:
        text = "Norway met Sweden and Chad. " * number
        article, sentences = Article(id="test", text=text), split_sentences(text)
        mentions = find_mentions(article, sentences, load_gazetteer())
        before = time.process_time()
        find_places(article, sentences, mentions)
        return time.process_time() - before

    measure(10)
    assert measure(8000) < 9 * measure(2000)
