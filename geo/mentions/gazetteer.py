"""Names, demonyms, capitals, leaders and regions of the world's countries, and where each holds.

The tables under ``data/mentions/`` are the vocabulary: ``countries.csv``, ``aliases.csv``, ``leaders.csv``,
``regions.csv``, ``blocked.csv`` and ``name_words.csv``. This module reads them once, checks them
and lays every phrase into one trie of folded words.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from geo.errors import DataError, UnknownCountry
from geo.paths import DATA
from geo.records import CountryCode, MentionKind

TABLES = DATA / "mentions"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_LETTERS = str.maketrans("øłđıðə", "oldida", _INVISIBLE)
_PLAIN_WORD = re.compile(r"[^\W_]+")
_LOOSE_WORD = re.compile(rf"[^\W_](?:[^\W_]|[\u0300-\u036f{_INVISIBLE}])*")
_LOOSE_MARK = re.compile(rf"[\u0300-\u036f{_INVISIBLE}]")


class Case(StrEnum):
    """Name how the letters of an alias have to stand in the text."""

    NAME = "name"
    UPPER = "upper"
    MIXED = "mixed"
    SHOUT = "shout"
    PREFIX = "prefix"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """Hold one country of the identity table.

    ``kind`` is state, observer, de_facto, dependency, territory or historic; ``form`` is the form
    of state where the news calls the country by it (kingdom, emirate ...), else empty.
    """

    code: CountryCode
    name: str
    in_sentence: str
    kind: str
    parent: CountryCode | None
    iso2: str | None
    form: str = ""


class Context(NamedTuple):
    """Hold what the neighbourhood of an alias has to hold and must not hold.

    ``near`` words stand anywhere in the article, ``not_near`` within eight words of the alias,
    ``not_before`` and ``not_after`` give what the alias does not stand directly before and after.
    """

    near: frozenset[tuple[str, ...]] = frozenset()
    not_near: frozenset[tuple[str, ...]] = frozenset()
    not_before: frozenset[tuple[str, ...]] = frozenset()
    not_after: frozenset[tuple[str, ...]] = frozenset()
    not_before_surname: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """Hold one reading of a phrase: the country, how firmly, and under which context."""

    phrase: str
    code: CountryCode
    kind: MentionKind
    case: Case
    context: Context
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Hold one term of office; ``alone`` says how far the surname stands for the holder.

    yes: wherever it stands; verb: after the full name, an office or before a verb of a statement;
    full: only after the full name or an office.
    """

    name: str
    surname: str
    code: CountryCode
    office: str
    start: date | None
    end: date | None
    alone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Hold a phrase that speaks of the countries of a region."""

    phrase: str
    members: tuple[CountryCode, ...]
    confidence: float


@dataclass(slots=True)
class Entry:
    """Hold all that one sequence of words may mean, in the order of the tables."""

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
    """Hold one step of the trie: the words that may follow and the entries that end here."""

    after: dict[str, "Node"]
    entries: list[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Hold the countries, and one trie over all phrases that name them or hide them."""

    countries: Mapping[CountryCode, Country]
    root: Node
    names: Mapping[str, CountryCode]
    regions: Mapping[tuple[str, ...], tuple[CountryCode, ...]]
    words: Mapping[str, frozenset[tuple[str, ...]]]
    eaten_before: Mapping[str, tuple[tuple[str, ...], ...]]
    eaten_after: Mapping[str, tuple[tuple[str, ...], ...]]

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


def split_words(phrase: str) -> tuple[str, ...]:
    """Return the folded words of a phrase."""
    return tuple(fold(found.group()) for found in find_words(phrase, 0, len(phrase)))


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


def _read(name: str, columns: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    path = TABLES / name
    with path.open(encoding="utf-8", newline="") as table:
        reader = csv.DictReader(table)
        if not columns <= set(reader.fieldnames or ()):
            msg = f"{name}: a column is missing of {sorted(columns)}"
            raise DataError(msg)
        for number, row in enumerate(reader, start=2):
            if None in row or None in row.values():
                msg = f"{name} line {number}: {len(columns)} columns are needed"
                raise DataError(msg)
            yield number, {key: value.strip() for key, value in row.items()}


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer of ``data/mentions/``, read once; raise ``DataError`` where a table is wrong."""
    countries = _read_countries()
    words: dict[str, set[tuple[str, ...]]] = {}
    for _, row in _read("name_words.csv", {"list", "word"}):
        words.setdefault(row["list"], set()).add(split_words(row["word"]))
    root = Node({}, [])
    names: dict[str, CountryCode] = {}
    for country in countries.values():
        if country.kind != "historic":
            names[" ".join(split_words(country.name))] = country.code
    _add_aliases(root, countries, names, words)
    regions = _add_regions(root, countries)
    _add_leaders(root, countries)
    before, after = _add_blocked(root)
    return Gazetteer(
        countries=MappingProxyType(countries),
        root=root,
        names=MappingProxyType(names),
        regions=MappingProxyType(regions),
        words=MappingProxyType({name: frozenset(held) for name, held in words.items()}),
        eaten_before=MappingProxyType(before),
        eaten_after=MappingProxyType(after),
    )


def _read_countries() -> dict[CountryCode, Country]:
    countries: dict[CountryCode, Country] = {}
    columns = {"code", "name", "in_sentence", "kind", "form", "parent", "iso2"}
    for number, row in _read("countries.csv", columns):
        code = CountryCode(row["code"])
        if not re.fullmatch("[A-Z]{3}", code) or code in countries:
            msg = f"countries.csv line {number}: code {code!r} is malformed or given twice"
            raise DataError(msg)
        countries[code] = Country(
            code=code,
            name=row["name"],
            in_sentence=row["in_sentence"],
            kind=row["kind"],
            parent=CountryCode(row["parent"]) if row["parent"] else None,
            iso2=row["iso2"] or None,
            form=row["form"],
        )
    for country in countries.values():
        if country.parent and country.parent not in countries:
            msg = f"countries.csv: {country.code} has the unknown parent {country.parent}"
            raise DataError(msg)
    return countries


def _check_code(code: str, countries: Mapping[CountryCode, Country], where: str) -> CountryCode:
    known = CountryCode(code)
    if known not in countries:
        msg = f"{where}: unknown country code {code!r}"
        raise DataError(msg)
    return known


def _lay(root: Node, phrase: str, where: str) -> Entry:
    """Return the entry of a phrase in the trie, made where it is new."""
    matches = list(find_words(phrase, 0, len(phrase)))
    if not matches:
        msg = f"{where}: empty phrase"
        raise DataError(msg)
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


def _spell(
    cell: str, words: Mapping[str, set[tuple[str, ...]]], where: str
) -> frozenset[tuple[str, ...]]:
    """Return the phrases of a cell, ``<list>`` replaced by the words of that list."""
    phrases: set[tuple[str, ...]] = set()
    for word in filter(None, cell.split("|")):
        if word.startswith("<"):
            if word[1:-1] not in words:
                msg = f"{where}: there is no list of words {word}"
                raise DataError(msg)
            phrases |= words[word[1:-1]]
        else:
            phrases.add(split_words(word))
    return frozenset(phrases - {()})


def _add_aliases(
    root: Node,
    countries: Mapping[CountryCode, Country],
    names: dict[str, CountryCode],
    words: Mapping[str, set[tuple[str, ...]]],
) -> None:
    columns = {
        "alias", "code", "kind", "case", "near", "not_near", "not_before", "not_after", "confidence"
    }  # fmt: skip
    for number, row in _read("aliases.csv", columns):
        where = f"aliases.csv line {number}"
        code = _check_code(row["code"], countries, where)
        surname = "<surname>" in row["not_before"].split("|")
        row["not_before"] = row["not_before"].replace("<surname>", "")
        near, not_near, not_before, not_after = (
            _spell(row[column], words, where)
            for column in ("near", "not_near", "not_before", "not_after")
        )
        try:
            alias = Alias(
                phrase=row["alias"],
                code=code,
                kind=MentionKind(row["kind"]),
                case=Case(row["case"]),
                context=Context(near, not_near, not_before, not_after, surname),
                confidence=float(row["confidence"]),
            )
        except ValueError as error:
            msg = f"{where}: {error}"
            raise DataError(msg) from error
        entry = _lay(root, alias.phrase, where)
        entry.aliases += (alias,)
        is_name = alias.kind in {MentionKind.NAME, MentionKind.ABBREVIATION, MentionKind.FORMER}
        if is_name and countries[code].kind != "historic" and alias.confidence >= 0.8:
            names.setdefault(" ".join(split_words(alias.phrase)), code)


def _add_regions(
    root: Node, countries: Mapping[CountryCode, Country]
) -> dict[tuple[str, ...], tuple[CountryCode, ...]]:
    regions: dict[tuple[str, ...], tuple[CountryCode, ...]] = {}
    for number, row in _read("regions.csv", {"phrase", "members", "confidence"}):
        where = f"regions.csv line {number}"
        members = tuple(_check_code(code, countries, where) for code in row["members"].split("|"))
        region = Region(phrase=row["phrase"], members=members, confidence=float(row["confidence"]))
        _lay(root, region.phrase, where).region = region
        regions[split_words(region.phrase)] = members
    return regions


def _add_leaders(root: Node, countries: Mapping[CountryCode, Country]) -> None:
    columns = {"name", "surname", "code", "office", "from", "to", "alone", "source"}
    for number, row in _read("leaders.csv", columns):
        where = f"leaders.csv line {number}"
        try:
            term = Term(
                name=row["name"],
                surname=row["surname"],
                code=_check_code(row["code"], countries, where),
                office=row["office"],
                start=date.fromisoformat(row["from"]) if row["from"] else None,
                end=date.fromisoformat(row["to"]) if row["to"] else None,
                alone=_check_alone(row["alone"]),
            )
        except ValueError as error:
            msg = f"{where}: {error}"
            raise DataError(msg) from error
        entry = _lay(root, term.name, where)
        entry.terms += (term,)
        if term.surname and split_words(term.surname) != split_words(term.name):
            entry = _lay(root, term.surname, where)
            entry.surnames += (term,)


def _check_alone(alone: str) -> str:
    if alone not in {"yes", "verb", "full"}:
        msg = f"a surname stands alone yes, verb or full, not {alone!r}"
        raise ValueError(msg)
    return alone


_Eaten = dict[str, tuple[tuple[str, ...], ...]]


def _add_blocked(root: Node) -> tuple[_Eaten, _Eaten]:
    before: _Eaten = {}
    after: _Eaten = {}
    for number, row in _read("blocked.csv", {"phrase", "kind"}):
        phrase = row["phrase"]
        words = split_words(phrase.replace("*", " "))
        if phrase.endswith("*"):
            before[words[-1]] = (*before.get(words[-1], ()), words)
        elif phrase.startswith("*"):
            after[words[0]] = (*after.get(words[0], ()), words)
        else:
            _lay(root, phrase, f"blocked.csv line {number}").blocked = row["kind"]
    return before, after
