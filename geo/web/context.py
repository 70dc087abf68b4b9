"""The render context: what a page needs beside the evidence to show it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from geo.map.palette import Palette
from geo.records import Article, CountryCode, Quote, RelationState


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Names, swatches and articles, and where links lead.

    ``link_quote`` gives the address of a quote in its article, ``link_pair`` that of a pair by itself;
    ``root`` is the address of the app where the links are read elsewhere.
    """

    names: Mapping[CountryCode, str]
    palette: Palette
    articles: Mapping[str, Article]
    link_quote: Callable[[str, Quote], str]
    link_pair: Callable[[RelationState], str] | None = None
    root: str = ""

    def name(self, country: CountryCode) -> str:
        """Return the name of a country, or its code where it has none."""
        return self.names.get(country, country)
