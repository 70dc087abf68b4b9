"""Coreference: which country "the Kingdom", "both countries" or "it" stands for."""

from collections.abc import Iterator, Sequence

from geo.gazetteer import Gazetteer
from geo.records import Mention, Sentence


def find_coreferences(
    text: str, sentences: Sequence[Sentence], named: Sequence[Mention], gazetteer: Gazetteer
) -> Iterator[Mention]:
    """Yield the mentions by words that point back to a country named before."""
    yield from ()
