"""Places: each country's place in a named pact, from sentences."""

import pytest

from geo.edition import extract_article
from geo.records import Article


def read(text: str) -> set[str]:
    extraction = extract_article(Article(id="test", text=text))
    return {
        f"{each.country} {each.place.value} {each.modality.value}" for each in extraction.accords
    }


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
