"""Queries: what pages and commands ask of the cache, each for one cursor.

Days are those of the calendar. What is not dated is in no query of a day.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from geo.records import (
    AccordEvidence,
    AccordPlace,
    Article,
    CountryCode,
    DateBasis,
    Evidence,
    Extraction,
    Mention,
    Modality,
    Pair,
    Relation,
    Sentence,
    State,
)
from geo.states.rules import ORDER, RECENT, WEAK
from geo.store.layout import Builder, make_builder

if TYPE_CHECKING:
    import duckdb

    Cursor = duckdb.DuckDBPyConnection

# What an article is shown by; its text is read with the article alone.
_ABOUT = "id, a.publisher, a.title, a.url, a.basis, a.license, a.credit, a.note"


@dataclass(frozen=True, slots=True)
class Naming:
    """A sentence that names a country: where it stands in which article, and where in it the names are."""

    article: Article
    start_char: int
    end_char: int
    names: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Namings:
    """Where countries are named: how often, in how many articles and sentences, and the newest of these."""

    times: int
    articles: int
    sentences: int
    newest: tuple[Naming, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An article in a list: what it is shown by, and what was found in it."""

    id: str
    title: str | None
    first: str
    publisher: str | None
    day: date | None
    basis: DateBasis
    skipped: str | None
    relations: int
    mentions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a map rests on: reports read, their outlets, the days of the first and the last.

    ``only`` is one of the outlets.
    """

    reports: int
    outlets: int
    first: date | None
    last: date | None
    only: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What articles are searched for; what is empty is not asked."""

    words: str = ""
    country: CountryCode | None = None
    pair: Pair | None = None
    state: State | None = None
    publisher: str = ""
    since: date | None = None
    until: date | None = None


# Counts and days


def count_articles(cursor: "Cursor", published_by: date | None = None) -> int:
    """Return how many articles there are, or had been published by a day."""
    if published_by is None:
        return _ask_number(cursor, "SELECT count(*) FROM articles")
    return _ask_number(cursor, "SELECT count(*) FROM articles WHERE day <= ?", published_by)


def find_basis(cursor: "Cursor", known_on: date) -> Basis:
    """Return what a map rests on that knows the articles published by a day."""
    found = cursor.execute(
        "SELECT count(*), count(DISTINCT nullif(publisher, '')), min(day), max(day),"
        " coalesce(min(nullif(publisher, '')), '') FROM articles WHERE day <= ?",
        [known_on],
    ).fetchone() or (0, 0, None, None, "")
    reports, outlets, first, last, only = found
    return Basis(reports=reports, outlets=outlets, first=first, last=last, only=only)


def find_newest(cursor: "Cursor", first: date, last: date) -> date | None:
    """Return the newest day of an article between two days, both included."""
    return _ask_day(cursor, "SELECT max(day) FROM articles WHERE day BETWEEN ? AND ?", first, last)


def find_first(cursor: "Cursor") -> date | None:
    """Return the day on which the first evidence was published."""
    return _ask_day(cursor, "SELECT min(first) FROM pairs")


def find_focus(cursor: "Cursor", as_of: date | None = None) -> CountryCode | None:
    """Return the country that opens, as :func:`geo.map.lenses.find_focus` does of evidence."""
    day = as_of or date.max
    last = _ask_day(cursor, "SELECT max(day) FROM relations WHERE day <= ?", day)
    if last is None:
        return None
    rows = cursor.execute(
        "SELECT state, code, count(*) FROM (SELECT state, unnest([one, other]) AS code FROM relations"
        " WHERE day <= ? AND day >= ?::DATE - ?::INTEGER AND modality = ? AND confidence >= ?)"
        " GROUP BY ALL",
        [day, last, RECENT, Modality.ASSERTED.value, WEAK],
    ).fetchall()
    named = dict(
        cursor.execute(
            "SELECT code, count(*) FROM (SELECT unnest([one, other]) AS code FROM relations WHERE"
            " day <= ?) GROUP BY code",
            [day],
        ).fetchall()
    )
    worst = min((ORDER[State(state)] for state, _, _ in rows), default=None)
    counts = {code: number for state, code, number in rows if ORDER[State(state)] == worst} or named
    return CountryCode(min(counts, key=lambda code: (-counts[code], -named[code], code)))


def count_mentions(cursor: "Cursor", *, as_of: date) -> Mapping[CountryCode, int]:
    """Return how often each country is named in articles published on or before a day."""
    rows = cursor.execute(
        "SELECT country, sum(times)::BIGINT FROM named WHERE day <= ? GROUP BY country", [as_of]
    ).fetchall()
    return dict(sorted((CountryCode(code), times) for code, times in rows))


def count_months(cursor: "Cursor") -> dict[date, int]:
    """Return how many quotes were published in each month, by its first day."""
    rows = cursor.execute(
        "SELECT date_trunc('month', day)::DATE AS month, count(*) FROM relations"
        " WHERE day IS NOT NULL GROUP BY month ORDER BY month"
    ).fetchall()
    return dict(rows)


def list_named(cursor: "Cursor") -> set[CountryCode]:
    """Return the countries that are named anywhere."""
    rows = cursor.execute("SELECT DISTINCT country FROM named").fetchall()
    return {CountryCode(code) for (code,) in rows}


# Pairs and their evidence


def list_pairs(cursor: "Cursor", country: CountryCode | None = None) -> dict[Pair, int]:
    """Return the pairs that have evidence, or those of a country, each with how much."""
    where = "WHERE ? IN (one, other)" if country else ""
    rows = cursor.execute(
        f"SELECT one, other, relations FROM pairs {where} ORDER BY one, other",
        [country] if country else [],
    ).fetchall()
    return {(CountryCode(one), CountryCode(other)): number for one, other, number in rows}


def read_states(
    cursor: "Cursor", day: date, country: CountryCode | None = None
) -> dict[Pair, tuple[State, bool]]:
    """Return how pairs stood on a day as it was known on that day, and whether it is contested."""
    at = day.toordinal()
    rows = cursor.execute(
        "SELECT one, other, state, contested FROM stretches WHERE since <= ? AND until > ?"
        + (" AND ? IN (one, other)" if country else "")
        + " ORDER BY one, other",
        [at, at, *([country] if country else [])],
    ).fetchall()
    return {(one, other): (State(state), contested) for one, other, state, contested in rows}


def read_stretches(
    cursor: "Cursor", country: CountryCode
) -> list[tuple[Pair, State, date, date | None]]:
    """Return how a country's pairs stood, as known on each day: the state, its first day, and its end.

    The end is the first day on which it no longer held, ``None`` where it still does.
    """
    rows = cursor.execute(
        "SELECT one, other, state, since, until FROM stretches WHERE ? IN (one, other)"
        " ORDER BY one, other, since",
        [country],
    ).fetchall()
    last = date.max.toordinal()
    return [
        (
            (CountryCode(one), CountryCode(other)),
            State(state),
            date.fromordinal(since),
            date.fromordinal(until) if until <= last else None,
        )
        for one, other, state, since, until in rows
    ]


def list_between(
    cursor: "Cursor", as_of: date, known_on: date, country: CountryCode | None = None
) -> list[Pair]:
    """Return the pairs of which something was known on one day of what had begun by another, and not on it.

    All others stood on ``as_of`` as they were known to stand on that day.
    """
    rows = cursor.execute(
        "SELECT DISTINCT one, other FROM relations WHERE begins <= ? AND day > ? AND day <= ?"
        + (" AND ? IN (one, other)" if country else ""),
        [as_of, min(as_of, known_on), max(as_of, known_on), *([country] if country else [])],
    ).fetchall()
    return [(CountryCode(one), CountryCode(other)) for one, other in rows]


def read_evidence(
    cursor: "Cursor",
    pairs: Iterable[Pair] | None,
    *,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Iterator[tuple[Pair, list[Evidence]]]:
    """Yield some pairs, or all of them, each with its evidence in the order of ``sort_evidence``.

    ``as_of`` leaves out what begins later, ``known_on`` what was published later.
    """
    conditions, values = list[str](), list[Any]()
    if pairs is not None:
        asked = sorted({f"{one}{other}" for one, other in pairs})
        if not asked:
            return
        conditions.append(
            "r.one = ? AND r.other = ?" if len(asked) == 1 else "r.one || r.other IN ?"
        )
        values += [asked[0][:3], asked[0][3:]] if len(asked) == 1 else [asked]
    for column, day in (("begins", as_of), ("day", known_on)):
        if day is not None:
            conditions.append(f"r.{column} <= ?")
            values.append(day)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    # The rows of a few pairs are sorted here, since structs are slow to sort; all of them stream.
    order = (
        "ORDER BY r.one, r.other, r.day, id, r.relation.quote.start_char, r.relation.id"
        if pairs is None
        else ""
    )
    cursor.execute(
        f"SELECT r.one, r.other, r.day, {_ABOUT}, a.signature, r.relation FROM relations r JOIN"
        f" articles a USING (number) {where} {order}",
        values,
    )
    found: Iterable[tuple[Any, ...]] = _fetch(cursor)
    if pairs is not None:
        found = sorted(
            found, key=lambda row: (*row[:4], row[-1]["quote"]["start_char"], row[-1]["id"])
        )
    build = make_builder(Relation)
    for pair, rows in groupby(found, key=lambda row: (row[0], row[1])):
        yield pair, [_make_evidence(row, build) for row in rows]


def list_evidence(cursor: "Cursor", pair: Pair, *, most: int, skip: int = 0) -> list[Evidence]:
    """Return a page of a pair's evidence, the newest first."""
    rows = cursor.execute(
        f"SELECT r.one, r.other, r.day, {_ABOUT}, a.signature, r.relation FROM relations r JOIN"
        " articles a USING (number) WHERE r.one = ? AND r.other = ? ORDER BY r.day DESC, id,"
        " r.relation.quote.start_char, r.relation.id LIMIT ? OFFSET ?",
        [*pair, most, skip],
    ).fetchall()
    build = make_builder(Relation)
    return [_make_evidence(row, build) for row in rows]


def read_accords(
    cursor: "Cursor", known_on: date, country: CountryCode | None = None
) -> list[AccordEvidence]:
    """Return the places in accords, or those of a country, that had been published by a day."""
    rows = cursor.execute(
        f"SELECT p.day, {_ABOUT}, p.place FROM places p JOIN articles a USING (number) WHERE"
        " p.day <= ?" + (" AND p.country = ?" if country else ""),
        [known_on, *([country] if country else [])],
    ).fetchall()
    build = make_builder(AccordPlace)
    return [
        AccordEvidence(
            place=build(place),
            date_published=day,
            date_basis=_find_basis(basis),
            date_note=note,
            publisher=publisher,
            title=title,
            url=url,
            license=license_,
            credit=credit,
        )
        for day, _id, publisher, title, url, basis, license_, credit, note, place in rows
    ]


# Articles


def read_extraction(cursor: "Cursor", identity: str) -> Extraction | None:
    """Return an article with all that was read in it; records that are wrong are left out."""
    found = cursor.execute(
        "SELECT number, struct_update(article, text := text), skipped, sentences, mentions FROM"
        " articles WHERE id = ?",
        [identity],
    ).fetchone()
    if found is None:
        return None
    number, article, skipped, sentences, mentions = found
    known = {code for (code,) in cursor.execute("SELECT code FROM countries").fetchall()}
    length = len(article["text"])

    def read(table: str, column: str, kind: Any) -> tuple[Any, ...]:
        rows = cursor.execute(
            f"SELECT {column} FROM {table} WHERE number = ?",
            [number],
        ).fetchall()
        return tuple(map(make_builder(kind), (row for (row,) in rows)))

    build, build_mention = make_builder(Sentence), make_builder(Mention)
    relations = read("relations", "relation", Relation)
    return Extraction(
        article=make_builder(Article)(article),
        skipped=skipped,
        sentences=tuple(
            build(one)
            for one in sentences or ()
            if 0 <= one["start_char"] <= one["end_char"] <= length
        ),
        mentions=tuple(
            build_mention(one)
            for one in mentions or ()
            if one["country"] in known and 0 <= one["start_char"] < one["end_char"] <= length
        ),
        relations=tuple(sorted(relations, key=lambda one: (one.quote.start_char, one.id))),
        accords=read("places", "place", AccordPlace),
    )


def search_articles(
    cursor: "Cursor", search: Search, *, most: int, skip: int = 0
) -> tuple[list[Listing], bool]:
    """Return a page of the articles that a search finds, the newest first, and whether there are more.

    All words must stand in the title or the text, in any case.
    """
    conditions, values = ["true"], list[Any]()
    for word in search.words.split():
        conditions.append("(contains(lower(text), ?) OR contains(lower(title), ?))")
        values += [word.lower()] * 2
    if search.publisher:
        conditions.append("contains(lower(publisher), ?)")
        values.append(search.publisher.lower())
    for sign, day in ((">=", search.since), ("<=", search.until)):
        if day is not None:
            conditions.append(f"day {sign} ?")
            values.append(day)
    if search.country and not (search.pair or search.state):
        conditions.append("number IN (SELECT number FROM named WHERE country = ?)")
        values.append(search.country)
    told, asked = [], list[Any]()
    if search.pair:
        told.append("one = ? AND other = ?")
        asked += search.pair
    if search.state:
        told.append("state = ?")
        asked.append(search.state.value)
        if search.country:
            told.append("? IN (one, other)")
            asked.append(search.country)
    if told:
        conditions.append(f"number IN (SELECT number FROM relations WHERE {' AND '.join(told)})")
        values += asked
    # The page is found by narrow columns, and only its own texts are read whole.
    rows = cursor.execute(
        "SELECT id, title, substring(text, coalesce(s.start_char, 0) + 1,"
        " coalesce(s.end_char - s.start_char, 300)), publisher, day, basis, skipped,"
        " relations, named FROM (SELECT *, list_filter(sentences, lambda s: s.kind IN ('body',"
        " 'headline'))[1] AS s FROM articles) WHERE number IN (SELECT number"
        f" FROM articles WHERE {' AND '.join(conditions)} ORDER BY day DESC NULLS LAST, number DESC"
        " LIMIT ? OFFSET ?) ORDER BY day DESC NULLS LAST, number DESC",
        [*values, most + 1, skip],
    ).fetchall()
    found = [
        Listing(
            id=identity,
            title=title,
            first=first,
            publisher=publisher,
            day=day,
            basis=DateBasis(basis or DateBasis.UNKNOWN),
            skipped=skipped,
            relations=relations,
            mentions=mentions,
        )
        for identity, title, first, publisher, day, basis, skipped, relations, mentions in rows
    ]
    return found[:most], len(found) > most


def read_namings(cursor: "Cursor", country: CountryCode, as_of: date, *, most: int) -> Namings:
    """Return where a country is named in articles published by a day."""
    times, articles, sentences = cursor.execute(
        "SELECT coalesce(sum(times), 0)::BIGINT, count(*), coalesce(sum(len(sentences)), 0)::BIGINT"
        " FROM named WHERE country = ? AND day <= ?",
        [country, as_of],
    ).fetchone() or (0, 0, 0)
    rows = cursor.execute(
        "SELECT number, sentences FROM named WHERE country = ? AND day <= ? ORDER BY day DESC, number"
        " LIMIT ?",
        [country, as_of, most],
    ).fetchall()
    return Namings(times, articles, sentences, _read_sentences(cursor, rows, {country}, most))


def read_together(cursor: "Cursor", pair: Pair, as_of: date, *, most: int) -> Namings:
    """Return the sentences that name both countries of a pair, in articles published by a day."""
    both = (
        "FROM (SELECT x.number, x.day, list_intersect(x.sentences, y.sentences) AS shared FROM named x"
        " JOIN named y USING (number) WHERE x.country = ? AND y.country = ? AND x.day <= ?) WHERE"
        " len(shared) > 0"
    )
    values = [*pair, as_of]
    articles, sentences = cursor.execute(
        f"SELECT count(*), coalesce(sum(len(shared)), 0)::BIGINT {both}",
        values,
    ).fetchone() or (0, 0)
    rows = cursor.execute(
        f"SELECT number, shared {both} ORDER BY day DESC, number LIMIT ?",
        [*values, most],
    ).fetchall()
    found = _read_sentences(cursor, rows, set(pair), most)
    return Namings(sentences, articles, sentences, found)


def _read_sentences(
    cursor: "Cursor",
    places: Iterable[tuple[int, list[int | None]]],
    countries: set[CountryCode],
    most: int,
) -> tuple[Naming, ...]:
    starts = dict(places)
    rows = cursor.execute(
        "SELECT number, struct_update(article, text := text), sentences, mentions FROM articles WHERE"
        " number IN ?",
        [[*starts]],
    ).fetchall()
    held = {number: (article, sentences, mentions) for number, article, sentences, mentions in rows}
    found: list[Naming] = []
    for number, begins in starts.items():
        article, sentences, mentions = held[number]
        names = [
            (one["start_char"], one["end_char"])
            for one in mentions
            if one["counted"] and one["country"] in countries
        ]
        ends = {one["start_char"]: one["end_char"] for one in sentences or ()}
        about = make_builder(Article)(article)
        spans = [(start, ends[start]) for start in begins if start is not None and start in ends]
        if None in begins:
            # A name outside of every sentence stands alone.
            spans += [one for one in names if not any(a <= one[0] < b for a, b in ends.items())]
        for start, end in sorted(set(spans)):
            inside = tuple(one for one in names if start <= one[0] < end)
            found.append(Naming(about, start, end, inside))
    return tuple(found[:most])


# Rows


def _make_evidence(row: tuple[Any, ...], build: Builder) -> Evidence:
    _one, _other, day, _id, publisher, title, url, basis, license_, credit, note, *rest = row
    signature, relation = rest
    return Evidence(
        relation=build(relation),
        date_published=day,
        date_basis=_find_basis(basis),
        publisher=publisher,
        title=title,
        url=url,
        license=license_,
        credit=credit,
        date_note=note,
        signature=tuple(signature or ()),
    )


@lru_cache(maxsize=8)
def _find_basis(basis: str | None) -> DateBasis:
    return DateBasis(basis or DateBasis.UNKNOWN)


def _fetch(cursor: "Cursor") -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(2000):
        yield from rows


def _ask_number(cursor: "Cursor", query: str, *values: object) -> int:
    found = cursor.execute(query, list(values)).fetchone()
    return int(found[0]) if found else 0


def _ask_day(cursor: "Cursor", query: str, *values: object) -> date | None:
    found = cursor.execute(query, list(values)).fetchone()
    day: date | None = found[0] if found else None
    return day
