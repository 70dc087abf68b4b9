"""Names, demonyms, capitals, leaders and regions of the world's countries, and where each holds.

The tables under ``data/mentions/`` are the vocabulary: ``countries.csv``, ``aliases.csv``, ``leaders.csv``,
``regions.csv``, ``blocked.csv`` and ``name_words.csv``. This module reads them once, checks them
and lays every phrase into one trie of folded words.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Annotated, Literal, NamedTuple, cast

from pydantic import AfterValidator, BeforeValidator, StringConstraints, ValidationInfo

from geo.errors import UnknownCountry
from geo.paths import DATA
from geo.records import CountryCode, MentionKind
from geo.tables import BARS, read_cells, read_table

# The folded words of a phrase.
Spelled = tuple[str, ...]

TABLES = DATA / "mentions"
# Stands in ``not_before`` of an alias that is no country before a surname.
SURNAME: Spelled = ("<surname>",)
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_LETTERS = str.maketrans("øłđıðə", "oldida", _INVISIBLE)
_PLAIN_WORD = re.compile(r"[^\W_]+")
_LOOSE_WORD = re.compile(rf"[^\W_](?:[^\W_]|[\u0300-\u036f{_INVISIBLE}])*")
_LOOSE_MARK = re.compile(rf"[\u0300-\u036f{_INVISIBLE}]")


class Case(StrEnum):
    """How the letters of an alias have to stand in the text."""

    NAME = "name"
    UPPER = "upper"
    MIXED = "mixed"
    SHOUT = "shout"
    PREFIX = "prefix"
    ANY = "any"


def fold(word: str) -> str:
    """Return a word in lower case without accents and without characters that nobody sees."""
    if word.isascii():
        return word.lower()
    flat = unicodedata.normalize("NFKD", word.translate(_LETTERS).casefold())
    return "".join(mark for mark in flat if not unicodedata.combining(mark)).translate(_LETTERS)


def find_words(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the words of a slice, accents written apart and invisible marks included."""
    pattern = _LOOSE_WORD if _LOOSE_MARK.search(text, start, end) else _PLAIN_WORD
    return pattern.finditer(text, start, end)


def split_words(phrase: str) -> Spelled:
    """Return the folded words of a phrase."""
    return tuple(fold(found.group()) for found in find_words(phrase, 0, len(phrase)))


class _Given(NamedTuple):
    """What a row is checked against: the codes of countries and the lists of words."""

    codes: AbstractSet[str]
    words: Mapping[str, frozenset[Spelled]]


def _check_code(code: CountryCode, info: ValidationInfo) -> CountryCode:
    if code not in cast("_Given", info.context).codes:
        msg = "unknown country code"
        raise ValueError(msg)
    return code


def _check_phrase(phrase: str) -> str:
    if not split_words(phrase):
        msg = "there is no word in the phrase"
        raise ValueError(msg)
    return phrase


def _spell(cell: str, info: ValidationInfo) -> frozenset[Spelled]:
    """Return the phrases of a cell, ``<list>`` replaced by the words of that list."""
    lists = cast("_Given", info.context).words
    phrases: set[Spelled] = set()
    for phrase in cell.split("|"):
        if phrase == SURNAME[0]:
            phrases.add(SURNAME)
        elif phrase.startswith("<"):
            if phrase[1:-1] not in lists:
                msg = f"there is no list of words {phrase}"
                raise ValueError(msg)
            phrases |= lists[phrase[1:-1]]
        else:
            phrases.add(split_words(phrase))
    return frozenset(phrases - {()})


Known = Annotated[CountryCode, AfterValidator(_check_code)]
Phrase = Annotated[str, AfterValidator(_check_phrase)]
Phrases = Annotated[frozenset[Spelled], BeforeValidator(_spell)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One country of the identity table.

    ``form`` is the form of state where the news calls the country by it (kingdom, emirate ...), else
    empty.
    """

    code: Annotated[CountryCode, StringConstraints(pattern="^[A-Z]{3}$")]
    name: str
    in_sentence: str
    kind: Literal["state", "observer", "de_facto", "dependency", "territory", "historic"]
    form: str = ""
    parent: Known | None = None
    iso2: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """One reading of a phrase: the country, how firmly, and in which neighborhood.

    ``near`` words stand anywhere in the article, ``not_near`` within eight words of the alias,
    ``not_before`` and ``not_after`` are what the alias does not stand directly before and after.
    """

    phrase: Phrase
    code: Known
    kind: MentionKind
    case: Case
    near: Phrases = frozenset()
    not_near: Phrases = frozenset()
    not_before: Phrases = frozenset()
    not_after: Phrases = frozenset()
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of office; ``alone`` says how far the surname stands for the holder.

    yes: wherever it stands; verb: after the full name, an office or before a verb of a statement;
    full: only after the full name or an office.
    """

    name: Phrase
    surname: Phrase = ""
    code: Known
    office: str
    start: date | None = None
    end: date | None = None
    alone: Literal["yes", "verb", "full"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A phrase that speaks of the countries of a region."""

    phrase: Phrase
    members: Annotated[tuple[Known, ...], BARS]
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blocked:
    """A phrase that names no country; a star is where a country's name may stand beside it."""

    phrase: Phrase
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _ListedWord:
    """A word or phrase of one of the lists."""

    list: str
    word: Phrase


@dataclass(slots=True)
class Entry:
    """All that one sequence of words may mean, in the order of the tables."""

    capitals: tuple[str, ...]
    gaps: tuple[str, ...]
    dotted: bool
    blocked: str = ""
    aliases: tuple[Alias, ...] = ()
    terms: tuple[Term, ...] = ()
    surnames: tuple[Term, ...] = ()
    region: Region | None = None


@dataclass(slots=True)
class Node:
    """One step of the trie: the words that may follow and the entries that end here."""

    after: dict[str, "Node"]
    entries: list[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """The countries, and one trie over all phrases that name them or hide them."""

    countries: Mapping[CountryCode, Country]
    root: Node
    names: Mapping[str, CountryCode]
    regions: Mapping[Spelled, tuple[CountryCode, ...]]
    words: Mapping[str, frozenset[Spelled]]
    eaten_before: Mapping[str, tuple[Spelled, ...]]
    eaten_after: Mapping[str, tuple[Spelled, ...]]

    def find_country(self, text: str) -> CountryCode:
        """Return the code of a country given by code or name, in any case.

        Raises ``UnknownCountry`` with what to try instead.
        """
        code = CountryCode(text.strip().upper())
        if code in self.countries and self.countries[code].kind != "historic":
            return code
        key = " ".join(split_words(text.strip()))
        key = key.removeprefix("the ")
        if key in self.names:
            return self.names[key]
        shown = text.strip()[:60]
        msg = (
            f"no country is called {shown!r}; give a three-letter code such as AZE "
            "or an English name such as Azerbaijan"
        )
        raise UnknownCountry(msg)


def name_gap(gap: str) -> str:
    """Return what kind of gap stands between two words: space, dot, hyphen, quote or other."""
    core = gap.strip().strip(_INVISIBLE).strip()
    if gap.count("\n") > 1:
        return "other"
    if not core:
        return "space"
    if core == ".":
        return "dot"
    if core in {"-", "‐", "‑", "–"}:
        return "hyphen"
    if core in {"'", "’", "‘", "ʼ", "`", "ʻ"}:
        return "quote"
    return {"&": "and", ",": "comma", ".,": "comma", "(": "bracket", ")": "bracket"}.get(
        core, "other"
    )


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer of ``data/mentions/``, read once; raise ``DataError`` where a table is wrong."""
    words: dict[str, set[Spelled]] = {}
    for listed in read_table(TABLES / "name_words.csv", _ListedWord):
        words.setdefault(listed.list, set()).add(split_words(listed.word))
    path = TABLES / "countries.csv"
    given = _Given(
        codes={cells["code"] for _, cells in read_cells(path, ["code"])},
        words={name: frozenset(held) for name, held in words.items()},
    )
    rows = read_table(path, Country, key=["code"], given=given)
    countries = {country.code: country for country in rows}
    names = {
        " ".join(split_words(country.name)): country.code
        for country in rows
        if country.kind != "historic"
    }
    root = Node({}, [])
    for alias in read_table(TABLES / "aliases.csv", Alias, given=given):
        _lay(root, alias.phrase).aliases += (alias,)
        is_name = alias.kind in {MentionKind.NAME, MentionKind.ABBREVIATION, MentionKind.FORMER}
        drawn = countries[alias.code].kind != "historic"
        if is_name and drawn and alias.confidence >= 0.8:
            names.setdefault(" ".join(split_words(alias.phrase)), alias.code)
    regions = read_table(TABLES / "regions.csv", Region, given=given)
    for region in regions:
        _lay(root, region.phrase).region = region
    for term in read_table(TABLES / "leaders.csv", Term, given=given):
        _lay(root, term.name).terms += (term,)
        if term.surname and split_words(term.surname) != split_words(term.name):
            _lay(root, term.surname).surnames += (term,)
    before, after = _add_blocked(root)
    return Gazetteer(
        countries=MappingProxyType(countries),
        root=root,
        names=MappingProxyType(names),
        regions=MappingProxyType(
            {split_words(region.phrase): region.members for region in regions}
        ),
        words=MappingProxyType(given.words),
        eaten_before=MappingProxyType(before),
        eaten_after=MappingProxyType(after),
    )


def _lay(root: Node, phrase: str) -> Entry:
    """Return the entry of a phrase in the trie, made where it is new."""
    matches = list(find_words(phrase, 0, len(phrase)))
    node = root
    for found in matches:
        node = node.after.setdefault(fold(found.group()), Node({}, []))
    capitals = tuple(found.group() for found in matches)
    gaps = tuple(name_gap(phrase[one.end() : two.start()]) for one, two in pairwise(matches))
    dotted = phrase.endswith(".")
    for entry in node.entries:
        if entry.capitals == capitals and entry.gaps == gaps and entry.dotted == dotted:
            return entry
    entry = Entry(capitals=capitals, gaps=gaps, dotted=dotted)
    node.entries.append(entry)
    return entry


_Eaten = dict[str, tuple[Spelled, ...]]


def _add_blocked(root: Node) -> tuple[_Eaten, _Eaten]:
    before: _Eaten = {}
    after: _Eaten = {}
    for blocked in read_table(TABLES / "blocked.csv", _Blocked):
        words = split_words(blocked.phrase)
        if blocked.phrase.endswith("*"):
            before[words[-1]] = (*before.get(words[-1], ()), words)
        elif blocked.phrase.startswith("*"):
            after[words[0]] = (*after.get(words[0], ()), words)
        else:
            _lay(root, blocked.phrase).blocked = blocked.kind
    return before, after
