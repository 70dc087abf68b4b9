"""What a page needs beside the evidence to show it, and what an export is of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from geo.languages import ENGLISH, find_language
from geo.languages import say as _
from geo.map.atlas import load_views
from geo.map.palette import Palette
from geo.mentions.gazetteer import load_gazetteer
from geo.records import AccordState, CountryCode, Quote, RelationState
from geo.web.words import write_date

# What an export holds the quotes of: pairs, or places in an accord.
Told = RelationState | AccordState


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The render context: names, swatches, and where links lead.

    ``link_quote`` gives the address of a quote in its article, ``link_pair`` that of a pair by itself;
    ``root`` is the address of the app where the links are read elsewhere; ``with_weak`` whether quotes
    that were read too unsurely to count are shown.
    """

    names: Mapping[CountryCode, str]
    palette: Palette
    link_quote: Callable[[str, Quote], str]
    link_pair: Callable[[RelationState], str] | None = None
    root: str = ""
    with_weak: bool = False

    def name(self, country: CountryCode) -> str:
        """Return the name of a country, or its code where it has none."""
        return self.names.get(country, country)

    def name_within(self, country: CountryCode) -> str:
        """Return the name of a country as it stands within a sentence, in English with its article."""
        known = load_gazetteer().countries.get(country)
        is_english = find_language() == ENGLISH and known is not None
        return known.in_sentence if known and is_english else self.name(country)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an export is of: its title in words, its days, and the address of the map.

    ``since`` is the earlier day where two are compared, ``basis`` what the view rests on.
    """

    title: str
    as_of: date
    known_on: date
    borders: str
    query: str
    since: date | None = None
    basis: str = ""

    @property
    def note(self) -> str:
        """The days and the borders in words."""
        if self.since:
            days = _(
                "{first} compared with {last}, each as known on that day.",
                first=write_date(self.since),
                last=write_date(self.as_of),
            )
        else:
            days = _(
                "As of {day}, from articles published by {known}.",
                day=write_date(self.as_of),
                known=write_date(self.known_on),
            )
        borders = _("Borders: {label}.", label=_(load_views()[self.borders].in_sentence))
        return f"{days} {borders}"
