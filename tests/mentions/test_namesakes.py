"""Namesakes: towns and people of local news are no countries, and countries in local news stay."""

import pytest

from geo.mentions.finding import find_mentions
from geo.mentions.gazetteer import load_gazetteer
from geo.reading.sentences import split_sentences
from geo.records import Article


def read(text: str, publisher: str | None = None) -> set[str]:
    """Return the countries that a text counts."""
    article = Article(id="one", text=text, publisher=publisher)
    found = find_mentions(article, split_sentences(text), load_gazetteer())
    return {hit.country for hit in found if hit.counted}


@pytest.mark.parametrize(
    ("text", "publisher", "expected"),
    [
        ("LEBANON, Tenn. - Lebanon voted on Tuesday. The Lebanon band played.", None, set()),
        ("Lebanon voted on Tuesday. The Lebanon band played.", None, {"LBN"}),
        ("Lebanon voted on Tuesday.", "The Lantern (Lebanon, Tenn.)", set()),
        ("The Russia Volunteer Fire Department will sell chicken in Russia.", None, set()),
        ("PERU, Ind. - Rosa Quispe left her Peruvian home. Peru is cold, she said.", None, {"PER"}),
        ("MOSCOW, Idaho - Dale Whitcomb told Moscow about Afghanistan.", None, {"AFG"}),
        ("LUBBOCK, Texas - Kenya Miller ran. Kenya won.", None, set()),
        ("LUBBOCK, Texas - His wife, Georgia, and a son, Chad, survive him.", None, set()),
        ("MACON, Ga. - Farms in Georgia need rain. Georgia grows onions.", None, set()),
        ("ATHENS, Ohio - The Milan parish will pray. A pastor from Ghana came.", None, {"GHA"}),
        ("TOLEDO, Ohio - A firm moves to Mexico. Holland lost the plant.", None, {"MEX", "NLD"}),
        ("Talks were held in Paris. A man from Paris, Texas, watched.", None, set()),
        ("Jordan and Israel met. Chad joined.", None, {"JOR", "ISR", "TCD"}),
        ("India Today said that Kenya Airways would fly.", None, set()),
    ],
)
def test_a_word_has_one_sense_in_an_article(
    text: str, publisher: str | None, expected: set[str]
) -> None:
    assert read(text, publisher) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{'It rained. ' * 12}Paris, Texas. They saw Cairo.", []),
        (f"{'It rained. ' * 14}Paris, Texas. They saw Cairo.", ["Cairo"]),
        (f"{'It rained. ' * 20}Paris, Texas, and Troy, Ohio, met. They saw Cairo.", []),
    ],
)
def test_a_text_is_local_by_its_dateline_or_by_two_states(text: str, found: list[str]) -> None:
    article = Article(id="test", text=text)
    mentions = find_mentions(article, split_sentences(text), load_gazetteer())
    assert [mention.text for mention in mentions] == found
