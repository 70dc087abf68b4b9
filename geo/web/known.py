"""What was read, kept between runs: the articles with their evidence, ledgers, and places in accords."""

import gc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import streamlit as st

from geo.edition import gather_accord_evidence, gather_evidence
from geo.errors import EntenteError
from geo.languages import find_language, load_country_names
from geo.languages import say as _
from geo.map.lenses import Sift, sift_evidence
from geo.map.palette import load_palette
from geo.mentions.gazetteer import load_gazetteer
from geo.paths import SEED_SEGMENTS, find_store
from geo.reading.files import EARLIEST
from geo.records import (
    AccordEvidence,
    AccordState,
    Article,
    CountryCode,
    Evidence,
    Extraction,
    Interval,
    Mention,
    Pair,
    RelationState,
)
from geo.states.accords import settle_accords
from geo.states.ledger import Ledger
from geo.store.segments import read_extractions
from geo.web.context import Context
from geo.web.links import link_to_pair, link_to_quote

# Quotes that a run settles one by one for its panel; a map is settled at once however many there are.
MOST_SETTLED = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that was read: extractions, their articles by id, the evidence, and the days of articles.

    ``version`` is that of the files as they were before they were read. What is made of the evidence is
    kept under it, for a segment may land at any time after.
    """

    extractions: tuple[Extraction, ...]
    articles: Mapping[str, Article]
    evidence: tuple[Evidence, ...]
    accord_evidence: tuple[AccordEvidence, ...]
    days: frozenset[date]
    version: tuple[object, ...] = ()

    def find_newest(self, today: date) -> date | None:
        """Return the day of the newest article; one that lies in the future is not the newest yet.

        A store may hold days of any kind, and one of them must not hide what all others say.
        """
        return max((day for day in self.days if EARLIEST <= day <= today), default=None)


def load_known() -> tuple[Known, list[str]]:
    """Return what the seed and the reader's own store hold, and what of it cannot be read, in words.

    It is read again when a file changes. A folder that cannot be read is left out, so that the map is
    drawn without it.
    """
    folders = find_folders()
    try:
        return _load_known(_find_version(*folders), folders), []
    except EntenteError:
        pass
    readable, problems = [], []
    for folder in folders:
        try:
            _load_known(_find_version(folder), (folder,))
            readable.append(folder)
        except EntenteError as error:
            problems.append(
                _("Some articles cannot be read, so they are not shown: {error}", error=error)
            )
    return _load_known(_find_version(*readable), tuple(readable)), problems


def find_folders() -> tuple[Path, ...]:
    """Return where extractions lie: those of the seed, and those of the reader's own articles."""
    return SEED_SEGMENTS, find_store()


def load_ledger(known: Known, sift: Sift = Sift.ALL) -> Ledger:
    """Return the evidence that a sift lets through, ready to be settled as of any day."""
    return _load_ledger(known.version, sift, known)


def load_states(
    ledger: Ledger,
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
    pairs = {pair for country in asked for pair in ledger.list_pairs(country)}
    settled: list[RelationState] = []
    spent = left = 0
    for pair in sorted(pairs, key=lambda pair: (-len({*pair} & {*asked}), pair)):
        spent += len(ledger.list_evidence(pair))
        if spent > most and settled:
            left += 1
        elif state := ledger.settle_pair(pair, as_of=as_of, known_on=known_on):
            settled.append(state)
    return tuple(sorted(settled, key=lambda state: state.pair)), left


def settle_interval(
    ledger: Ledger, pair: Pair, interval: Interval, *, as_of: date, known_on: date
) -> RelationState | None:
    """Return a pair's state with its quotes on the last day of an interval of its history."""
    last = interval.until - timedelta(days=1) if interval.until else as_of
    return ledger.settle_pair(pair, as_of=last, known_on=known_on)


def load_accords(known: Known, as_of: date, known_on: date) -> tuple[AccordState, ...]:
    """Return the countries' places in accords as of a date."""
    return _load_accords(known.version, as_of, known_on, known)


def make_known(extractions: Iterable[Extraction], version: tuple[object, ...] = ()) -> Known:
    """Return extractions with what the pages ask of them."""
    held = tuple(extractions)
    articles = {extraction.article.id: extraction.article for extraction in held}
    return Known(
        extractions=held,
        articles=articles,
        evidence=tuple(gather_evidence(held)),
        accord_evidence=tuple(gather_accord_evidence(held)),
        days=frozenset(
            article.date_published for article in articles.values() if article.date_published
        ),
        version=version,
    )


def make_context(
    known: Known,
    link_quote: Callable[..., str] = link_to_quote,
    known_on: date | None = None,
) -> Context:
    """Return what a page needs beside the evidence; pairs are linked where quotes lead to articles."""

    def link_pair(state: RelationState) -> str:
        return link_to_pair(state.pair, state.as_of, known_on)

    return Context(
        names=_load_names(find_language()),
        palette=load_palette(),
        articles=known.articles,
        link_quote=link_quote,
        link_pair=link_pair if link_quote is link_to_quote else None,
    )


def list_mentions(
    known: Known, country: CountryCode, as_of: date
) -> list[tuple[Extraction, Mention]]:
    """Return the counted mentions of a country in articles published on or before a date."""
    return [
        (extraction, mention)
        for extraction in known.extractions
        if extraction.article.date_published and extraction.article.date_published <= as_of
        for mention in extraction.mentions
        if mention.counted and mention.country == country
    ]


def list_together(known: Known, pair: Pair, as_of: date) -> list[tuple[Extraction, Mention]]:
    """Return the mentions of a pair's countries in sentences that name both, by a date."""
    found = []
    for extraction in known.extractions:
        published = extraction.article.date_published
        if published is None or published > as_of:
            continue
        for sentence in extraction.sentences:
            named = [
                mention
                for mention in extraction.mentions
                if mention.counted
                and mention.country in pair
                and sentence.start_char <= mention.start_char < sentence.end_char
            ]
            if {mention.country for mention in named} == set(pair):
                found += [(extraction, mention) for mention in named]
    return found


@st.cache_resource(show_spinner=False, max_entries=2)
def _load_known(version: tuple[object, ...], _folders: tuple[Path, ...]) -> Known:
    known = make_known(
        read_extractions(*[folder for folder in _folders if folder.is_dir()]), version
    )
    gc.collect()
    gc.freeze()
    return known


@st.cache_resource(show_spinner=False, max_entries=3)
def _load_ledger(version: tuple[object, ...], sift: Sift, _known: Known) -> Ledger:
    del version
    return Ledger(sift_evidence(_known.evidence, sift))


@st.cache_resource(show_spinner=False, max_entries=64)
def _load_accords(
    version: tuple[object, ...], as_of: date, known_on: date, _known: Known
) -> tuple[AccordState, ...]:
    del version
    return settle_accords(_known.accord_evidence, as_of=as_of, known_on=known_on)


@st.cache_resource(show_spinner=False)
def _load_names(language: str) -> Mapping[CountryCode, str]:
    spoken = load_country_names(language)
    countries = load_gazetteer().countries
    return {code: spoken.get(code, country.name) for code, country in countries.items()}


def _find_version(*folders: Path) -> tuple[object, ...]:
    """Return what changes when a segment is added: the name, size and time of each file."""
    return tuple(
        (segment.name, found.st_size, found.st_mtime_ns)
        for folder in folders
        for segment in (sorted(folder.glob("*.parquet")) if folder.is_dir() else ())
        for found in [segment.stat()]
    )


def list_countries(known: Known) -> list[CountryCode]:
    """Return the countries to choose from by name; a former one only where the news names it."""
    named = {
        mention.country
        for extraction in known.extractions
        for mention in extraction.mentions
        if mention.counted
    }
    names = _load_names(find_language())
    countries = load_gazetteer().countries.values()
    listed = [
        country.code for country in countries if country.kind != "historic" or country.code in named
    ]
    return sorted(listed, key=names.__getitem__)
