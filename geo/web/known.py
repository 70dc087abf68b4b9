"""What was read: a handle on the store, and what the pages ask of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import streamlit as st

from geo.errors import StoreError
from geo.languages import find_language, load_country_names
from geo.languages import say as _
from geo.map.lenses import Standing, is_pale
from geo.map.palette import load_palette
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import NEWS_SEGMENTS, SEED_SEGMENTS, find_store
from geo.reading.fields import EARLIEST
from geo.records import (
    AccordState,
    CountryCode,
    Extraction,
    Interval,
    Pair,
    RelationState,
)
from geo.states.accords import settle_accords
from geo.store import queries
from geo.store.cache import Fault, Store, open_store
from geo.store.chronicle import Chronicle
from geo.store.queries import Basis, Naming, Namings
from geo.web.context import Context
from geo.web.links import link_to_pair, link_to_quote
from geo.web.visit import join_collection

# Quotes that a run settles one by one for its panel; a map is settled at once however many there are.
MOST_SETTLED = 3000
# Sentences of mentions that a page shows.
MOST_SENTENCES = 12
# Damaged segments that are named one by one.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Known:
    """All that was read, as a handle: nothing of it is held here, and each question is a query.

    ``version`` is that of the files. What is kept of an answer is kept under it, for all visits; so
    nothing is kept where articles of a visit are in it, as ``mine`` then says.
    """

    store: Store
    version: tuple[object, ...]
    mine: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether no article has been read."""
        return not queries.count_articles(self.store.cursor())

    def find_basis(self, known_on: date) -> Basis:
        """What a map rests on that knows the articles published by a day."""
        return queries.find_basis(self.store.cursor(), known_on)

    def find_newest(self, today: date) -> date | None:
        """Day of the newest article; one that lies in the future is not the newest yet.

        A store may hold days of any kind, and one of them must not hide what all others say.
        """
        return queries.find_newest(self.store.cursor(), EARLIEST, today)

    def find_focus(self, as_of: date | None = None) -> CountryCode | None:
        """Country that opens on a day; ``None`` without any relation."""
        return queries.find_focus(self.store.cursor(), as_of)

    def count_mentions(self, *, as_of: date) -> Mapping[CountryCode, int]:
        """How often each country is named in articles published by a day."""
        return queries.count_mentions(self.store.cursor(), as_of=as_of)


def load_known(mine: str | None = None) -> tuple[Known, list[str]]:
    """Return what the seed and the reader's own store hold, and what of it cannot be read, in words.

    What has come since is taken in first. A segment that cannot be read is left out and named. ``mine``
    asks for what the visit has collected, alone or beside the store.
    """
    store = _load_store(find_folders())
    problems = []
    try:
        store.refresh()
    except StoreError as error:
        problems.append(
            _("Some articles cannot be read, so they are not shown: {error}", error=error)
        )
    if store.faults:
        told = _name_faults(store.faults)
        problems.append(
            _("Some articles cannot be read, so they are not shown: {error}", error=told)
        )
    if mine:
        joined, wrong = join_collection(store, mine)
        problems += wrong
        if joined is not store:
            return Known(joined, joined.version, mine), problems
    return Known(store, store.version), problems


def _name_faults(faults: Iterable[Fault]) -> str:
    """Return the segments that are left out, or how many of their records, without where they lie."""
    named = [
        f"{fault.segment} ({fault.records:,})" if fault.records else fault.segment
        for fault in faults
    ]
    left = len(named) - MOST_NAMED
    return ", ".join(named[:MOST_NAMED]) + (f", +{left:,}" if left > 0 else "")


def find_folders() -> tuple[Path, ...]:
    """Return where extractions lie: those of the seed, of the news, and of the reader's own articles."""
    return SEED_SEGMENTS, NEWS_SEGMENTS, find_store()


@st.cache_resource(show_spinner=False, max_entries=2)
def _load_store(folders: tuple[Path, ...]) -> Store:
    return open_store(folders, load_gazetteer().countries)


def load_ledger(known: Known) -> Chronicle:
    """Return how the pairs stood, to be asked of any day."""
    return Chronicle(known.store)


def load_states(
    ledger: Chronicle,
    countries: Iterable[CountryCode | None],
    *,
    as_of: date,
    known_on: date,
    most: float = MOST_SETTLED,
) -> tuple[tuple[RelationState, ...], int]:
    """Return the states of some countries' pairs with their quotes, and how many pairs are left out.

    The pairs of most of these countries go first; they are left out where there are more quotes than
    can be settled one by one in a run.
    """
    asked = [country for country in countries if country]
    pairs: dict[Pair, int] = {}
    for country in asked:
        pairs |= ledger.list_pairs(country)
    chosen: list[Pair] = []
    spent = left = 0
    for pair in sorted(pairs, key=lambda pair: (-len({*pair} & {*asked}), pair)):
        spent += pairs[pair]
        if spent > most and chosen:
            left += 1
        else:
            chosen.append(pair)
    return tuple(ledger.settle_pairs(chosen, as_of=as_of, known_on=known_on)), left


def list_among(
    ledger: Chronicle, countries: Iterable[CountryCode], *, as_of: date, known_on: date
) -> list[Pair]:
    """Return the pairs among some countries that have a state on a day, in their order."""
    settled = ledger.settle(as_of=as_of, known_on=known_on)
    return [pair for pair in combinations(sorted(countries), 2) if pair in settled.states]


def load_among(
    known: Known, countries: Iterable[CountryCode], *, as_of: date, known_on: date
) -> Mapping[Pair, Standing]:
    """Return how the pairs among some countries stand; one without a state is not in it."""
    if known.mine:
        return _settle_among(known, countries, as_of, known_on)
    return _load_among(known.version, frozenset(countries), as_of, known_on, known)


@st.cache_resource(show_spinner=False, max_entries=64)
def _load_among(
    version: tuple[object, ...],
    countries: frozenset[CountryCode],
    as_of: date,
    known_on: date,
    _known: Known,
) -> Mapping[Pair, Standing]:
    del version
    return _settle_among(_known, countries, as_of, known_on)


def _settle_among(
    known: Known, countries: Iterable[CountryCode], as_of: date, known_on: date
) -> Mapping[Pair, Standing]:
    ledger = load_ledger(known)
    pairs = list_among(ledger, countries, as_of=as_of, known_on=known_on)
    return {
        state.pair: Standing(state.state, state.contested, is_pale(state))
        for state in ledger.settle_pairs(pairs, as_of=as_of, known_on=known_on)
    }


def settle_interval(
    ledger: Chronicle, pair: Pair, interval: Interval, *, as_of: date, known_on: date
) -> RelationState | None:
    """Return a pair's state with its quotes on the last day of an interval of its history."""
    last = interval.until - timedelta(days=1) if interval.until else as_of
    return ledger.settle_pair(pair, as_of=last, known_on=known_on)


def load_accords(known: Known, as_of: date, known_on: date) -> tuple[AccordState, ...]:
    """Return the countries' places in accords as of a date."""
    if known.mine:
        return _settle_accords(known, as_of, known_on)
    return _load_accords(known.version, as_of, known_on, known)


def make_context(
    link_quote: Callable[..., str] = link_to_quote, known_on: date | None = None, mine: str = ""
) -> Context:
    """Return what a page needs beside the evidence; pairs are linked where quotes lead to articles."""

    def link_pair(state: RelationState) -> str:
        return link_to_pair(state.pair, state.as_of, known_on, mine)

    return Context(
        names=_load_names(find_language()),
        palette=load_palette(),
        link_quote=link_quote,
        link_pair=link_pair if link_quote is link_to_quote else None,
    )


def list_mentions(known: Known, country: CountryCode, as_of: date) -> Namings:
    """Return where a country is named in articles published on or before a date."""
    return queries.read_namings(known.store.cursor(), country, as_of, most=MOST_SENTENCES)


def list_together(known: Known, pair: Pair, as_of: date) -> Namings:
    """Return the sentences that name both countries of a pair, by a date."""
    return queries.read_together(known.store.cursor(), pair, as_of, most=MOST_SENTENCES)


def find_namings(extractions: Iterable[Extraction], country: CountryCode) -> Namings:
    """Return where some articles name a country."""
    namings = [found for one in extractions if (found := _find_namings(one, country)).times]
    newest = [naming for found in namings for naming in found.newest]
    return Namings(
        sum(found.times for found in namings),
        len(namings),
        sum(found.sentences for found in namings),
        tuple(newest[:MOST_SENTENCES]),
    )


def _find_namings(extraction: Extraction, country: CountryCode) -> Namings:
    """Return where one article names a country."""
    named = [
        (mention.start_char, mention.end_char)
        for mention in extraction.mentions
        if mention.counted and mention.country == country
    ]
    spans = sorted(
        {
            next(
                (
                    (sentence.start_char, sentence.end_char)
                    for sentence in extraction.sentences
                    if sentence.start_char <= name[0] < sentence.end_char
                ),
                name,
            )
            for name in named
        }
    )
    newest = tuple(
        Naming(
            extraction.article,
            start,
            end,
            tuple(name for name in named if start <= name[0] < end),
        )
        for start, end in spans[:MOST_SENTENCES]
    )
    return Namings(len(named), int(bool(named)), len(spans), newest)


@st.cache_resource(show_spinner=False, max_entries=64)
def _load_accords(
    version: tuple[object, ...], as_of: date, known_on: date, _known: Known
) -> tuple[AccordState, ...]:
    del version
    return _settle_accords(_known, as_of, known_on)


def _settle_accords(known: Known, as_of: date, known_on: date) -> tuple[AccordState, ...]:
    held = queries.read_accords(known.store.cursor(), min(as_of, known_on))
    return settle_accords(held, as_of=as_of, known_on=known_on)


@st.cache_resource(show_spinner=False)
def _load_names(language: str) -> Mapping[CountryCode, str]:
    spoken = load_country_names(language)
    countries = load_gazetteer().countries
    return {code: spoken.get(code, country.name) for code, country in countries.items()}


def list_countries(known: Known) -> list[CountryCode]:
    """Return the countries to choose from by name; a former one only where the news names it."""
    named = queries.list_named(known.store.cursor())
    names = _load_names(find_language())
    countries = load_gazetteer().countries.values()
    listed = [
        country.code for country in countries if country.kind != "historic" or country.code in named
    ]
    return sorted(listed, key=names.__getitem__)
