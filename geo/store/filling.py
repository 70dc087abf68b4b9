"""Filling: the tables of the cache, and how they are filled from segments.

Records are checked on the way: countries are known, offsets lie within the text, a quote is its slice and
a confidence is a number. What breaks that is left out and counted.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from geo.records import (
    AccordPlace,
    Article,
    CountryCode,
    DateBasis,
    Event,
    Mention,
    Modality,
    Pair,
    Place,
    Relation,
    Sentence,
    State,
)
from geo.states.rows import Told, number_rows
from geo.states.rules import STATES, WEAK
from geo.states.stretches import Stretch, follow_pair
from geo.store.layout import make_columns

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

ARTICLE, RELATION, ACCORD, SENTENCE, MENTION = map(
    make_columns, (Article, Relation, AccordPlace, Sentence, Mention)
)
# Days of stretches are ordinals of the calendar; those of records are dates.
TABLES = {
    "applied_segments": "folder INTEGER, name VARCHAR, size BIGINT, changed BIGINT, damaged BOOLEAN,"
    " left_out BIGINT",
    "articles": "number INTEGER, folder INTEGER, segment VARCHAR, id VARCHAR, day DATE,"
    " publisher VARCHAR, skipped VARCHAR, relations INTEGER, named INTEGER, source VARCHAR,"
    " revision BIGINT, title VARCHAR, url VARCHAR, basis VARCHAR, license VARCHAR, credit VARCHAR,"
    f" note VARCHAR, signature BIGINT[], text VARCHAR, article {ARTICLE},"
    f" sentences {SENTENCE}[], mentions {MENTION}[]",
    "named": "number INTEGER, day DATE, country VARCHAR, times INTEGER, sentences INTEGER[]",
    "relations": "number INTEGER, day DATE, one VARCHAR, other VARCHAR, begins DATE, state VARCHAR,"
    f" modality VARCHAR, confidence DOUBLE, relation {RELATION}",
    "places": f"number INTEGER, day DATE, accord VARCHAR, country VARCHAR, place {ACCORD}",
    "revisions": "source VARCHAR, revision BIGINT",
    "pairs": "one VARCHAR, other VARCHAR, relations INTEGER, first DATE, last DATE",
    "stretches": "one VARCHAR, other VARCHAR, state VARCHAR, since INTEGER, until INTEGER,"
    " contested BOOLEAN, rule VARCHAR",
    # Pairs whose stretches are not those of their relations from a day on.
    "touched": "one VARCHAR, other VARCHAR, since INTEGER",
    "left_out": "folder INTEGER, segment VARCHAR, number BIGINT",
}

# Relations of the pairs that are followed in one transaction.
BATCH_ROWS = 100_000


def _count(day: str) -> str:
    """Return the ordinal of a day, as Python counts it."""
    return f"({day} - DATE '0001-01-01' + 1)::INTEGER"


def _list(kind: Any) -> str:
    return ", ".join(f"'{member.value}'" for member in kind)


def _sit(record: str) -> str:
    """Return the condition that a quote is a slice of the text."""
    return (
        f"{record}.quote.start_char >= 0 AND {record}.quote.start_char < {record}.quote.end_char"
        f" AND {record}.quote.end_char <= length(text) AND {record}.quote.exact ="
        f" substring(text, {record}.quote.start_char + 1,"
        f" {record}.quote.end_char - {record}.quote.start_char)"
        f" AND isfinite({record}.confidence) AND {record}.confidence BETWEEN 0 AND 1"
        f" AND {record}.modality IN ({_list(Modality)})"
    )


_KNOWN = "IN (SELECT code FROM countries)"
# What stands: of a source its newest revision, of an id the last folder, there the newest revision and
# then the first segment by name.
FILL = (
    # Only keys are copied; texts and records are read from what arrives where they are needed.
    "CREATE OR REPLACE TEMP TABLE arriving AS SELECT row, folder, segment, article.id AS id,"
    " article.date_published AS day, article.source AS source, article.revision AS revision,"
    " article.text IS NOT NULL AND coalesce(article.date_basis, 'unknown') IN"
    f" ({_list(DateBasis)}) AS fits FROM incoming",
    "INSERT INTO left_out SELECT folder, segment, count(*) FROM arriving WHERE id IS NULL OR NOT fits"
    " GROUP BY ALL",
    "DELETE FROM arriving WHERE id IS NULL OR NOT fits",
    # Revisions
    "INSERT INTO revisions SELECT source, max(revision) FROM arriving WHERE"
    " source IS NOT NULL AND revision IS NOT NULL GROUP BY ALL",
    "CREATE OR REPLACE TEMP TABLE newest AS SELECT source, max(revision) AS revision FROM revisions"
    " GROUP BY ALL",
    "DELETE FROM arriving USING newest WHERE arriving.source = newest.source AND"
    " arriving.revision < newest.revision",
    "CREATE OR REPLACE TEMP TABLE gone AS SELECT number FROM articles JOIN newest USING (source)"
    " WHERE articles.revision < newest.revision",
    # Doubles
    "DELETE FROM arriving WHERE row NOT IN (SELECT arg_min(row, (-folder, -coalesce(revision, -1),"
    " segment, row)) FROM arriving GROUP BY id)",
    "CREATE OR REPLACE TEMP TABLE met AS SELECT arriving.row, number, (-arriving.folder,"
    " -coalesce(arriving.revision, -1), arriving.segment) < (-articles.folder,"
    " -coalesce(articles.revision, -1), articles.segment) AS wins FROM arriving JOIN articles ON"
    " arriving.id = articles.id WHERE number NOT IN (SELECT number FROM gone)",
    "INSERT INTO gone SELECT number FROM met WHERE wins",
    "DELETE FROM arriving WHERE row IN (SELECT row FROM met WHERE NOT wins)",
    # What was superseded goes.
    f"INSERT INTO touched SELECT one, other, min({_count('greatest(begins, day)')}) FROM relations WHERE"
    " number IN (SELECT number FROM gone) GROUP BY ALL",
    *(
        f"DELETE FROM {table} WHERE number IN (SELECT number FROM gone)"
        for table in ("articles", "named", "relations", "places")
    ),
    # What has come is added.
    "CREATE OR REPLACE TEMP TABLE numbered AS SELECT row, (coalesce((SELECT max(number) FROM"
    " articles), 0) + row_number() OVER (ORDER BY day NULLS FIRST, row))::INTEGER AS number, day FROM"
    " arriving",
    "CREATE OR REPLACE TEMP VIEW added AS SELECT number, day, article.text AS text, incoming.* FROM"
    " incoming JOIN numbered USING (row)",
    "CREATE OR REPLACE TEMP TABLE told AS SELECT number, folder, segment, day, least(r.actor,"
    " r.recipient) AS one, greatest(r.actor, r.recipient) AS other, coalesce(r.period.start, day) AS"
    f" begins, r, coalesce(r.id IS NOT NULL AND r.actor <> r.recipient AND r.actor {_KNOWN} AND"
    f" r.recipient {_KNOWN} AND r.state IN ({_list(State)}) AND r.event IN ({_list(Event)}) AND"
    f" {_sit('r')}, false) AS fits FROM (SELECT number, folder, segment, day, text,"
    " unnest(relations) AS r FROM added)",
    "CREATE OR REPLACE TEMP TABLE placed AS SELECT number, folder, segment, day, p,"
    f" coalesce(p.country {_KNOWN} AND p.place IN ({_list(Place)}) AND {_sit('p')}, false) AS fits FROM"
    " (SELECT number, folder, segment, day, text, unnest(accords) AS p FROM added)",
    "INSERT INTO left_out SELECT folder, segment, count(*) FROM told WHERE NOT fits GROUP BY ALL",
    "INSERT INTO left_out SELECT folder, segment, count(*) FROM placed WHERE NOT fits GROUP BY ALL",
    "INSERT INTO articles SELECT number, folder, segment, article.id, day, article.publisher, skipped,"
    " coalesce(len(relations), 0), coalesce(len(mentions), 0), article.source, article.revision,"
    " article.title, article.url, article.date_basis, article.license, article.credit,"
    " article.date_note, article.signature, text, struct_update(article, text := ''), sentences,"
    " mentions FROM added ORDER BY number",
    "INSERT INTO named SELECT number, day, country, count(*), list(DISTINCT sentence) FROM (SELECT"
    " number, day, m.country AS country, list_filter(sentences, lambda s: s.start_char <= m.start_char"
    " AND m.start_char < s.end_char)[1].start_char::INTEGER AS sentence FROM (SELECT number, day,"
    " length(text) AS size, sentences, unnest(mentions) AS m FROM added) WHERE m.counted AND"
    f" m.country {_KNOWN} AND m.start_char >= 0 AND m.start_char < m.end_char AND m.end_char <= size)"
    " GROUP BY ALL ORDER BY number, country",
    "INSERT INTO relations SELECT number, day, one, other, begins, r.state, r.modality, r.confidence, r"
    " FROM told WHERE fits AND day IS NOT NULL ORDER BY one, other, day, number",
    "INSERT INTO places SELECT number, day, p.accord, p.country, p FROM placed WHERE fits AND day"
    " IS NOT NULL ORDER BY p.accord, p.country, day, number",
    f"INSERT INTO touched SELECT one, other, min({_count('greatest(begins, day)')}) FROM told WHERE fits"
    " AND day IS NOT NULL GROUP BY ALL",
    "DROP VIEW added",
    *(
        f"DROP TABLE {table}"
        for table in ("arriving", "newest", "gone", "met", "numbered", "told", "placed")
    ),
)  # fmt: skip


# How much is told of the pairs that a table names.
COUNT = (
    "SELECT one, other, count(*)::INTEGER AS relations, min(day) AS first, max(day) AS last FROM"
    " relations SEMI JOIN {} USING (one, other) GROUP BY ALL ORDER BY ALL"
)


def count_pairs(cursor: "duckdb.DuckDBPyConnection") -> None:
    """Count the evidence of the pairs that were touched."""
    cursor.execute("DELETE FROM pairs WHERE (one, other) IN (SELECT (one, other) FROM touched)")
    cursor.execute(f"INSERT INTO pairs {COUNT.format('touched')}")


def fill_states(cursor: "duckdb.DuckDBPyConnection", country: CountryCode | None = None) -> bool:
    """Follow on some pairs that were touched, or some of a country, and say whether there were any.

    Each is followed from the first day of what came, all in one transaction.
    """
    where, asked = ("WHERE ? IN (one, other)", [country]) if country else ("", [])
    # Nearly always there are none, and a page asks often.
    if cursor.execute(f"SELECT 1 FROM touched {where} LIMIT 1", asked).fetchone() is None:
        return False
    cursor.execute("BEGIN")
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE changed AS SELECT one, other, min(since) AS since FROM"
        f" touched LEFT JOIN pairs USING (one, other) {where} GROUP BY one, other QUALIFY"
        " sum(any_value(coalesce(relations, 0))) OVER (ORDER BY one, other) -"
        f" any_value(coalesce(relations, 0)) < {BATCH_ROWS}",
        asked,
    )
    days = {
        (one, other): since
        for one, other, since in cursor.execute("SELECT * FROM changed").fetchall()
    }
    held = {
        (one, other): Stretch(STATES.index(State(state)), *rest)
        for one, other, state, *rest in cursor.execute(
            "SELECT one, other, state, s.since, until, contested, rule FROM stretches s JOIN changed"
            " c USING (one, other) WHERE s.since < c.since AND until >= c.since"
        ).fetchall()
    }
    cursor.execute(
        "DELETE FROM stretches s USING changed c WHERE s.one = c.one AND s.other = c.other AND"
        " until >= c.since"
    )
    _insert_stretches(
        cursor,
        (
            (pair, stretch)
            for pair, told in read_courses(cursor)
            for stretch in follow_pair(number_rows(told)[0], days.pop(pair), held.pop(pair, None))
        ),
    )
    # Of the others nothing that counts is left.
    _insert_stretches(
        cursor,
        (
            (pair, stretch)
            for pair, since in days.items()
            for stretch in follow_pair([], since, held.get(pair))
        ),
    )
    cursor.execute("DELETE FROM touched WHERE (one, other) IN (SELECT (one, other) FROM changed)")
    cursor.execute("DROP TABLE changed")
    cursor.execute("COMMIT")
    return True


def _insert_stretches(
    cursor: "duckdb.DuckDBPyConnection", stretches: Iterable[tuple[Pair, Stretch]]
) -> None:
    followed = _make_table(stretches)
    if followed.num_rows:
        cursor.register("followed", followed)
        cursor.execute("INSERT INTO stretches SELECT * FROM followed")
        cursor.unregister("followed")


def follow_changed(cursor: "duckdb.DuckDBPyConnection") -> "pa.Table":
    """Return the stretches of the pairs that a table ``changed`` names, as rows of the cache."""
    return _make_table(
        (pair, stretch)
        for pair, told in read_courses(cursor)
        for stretch in follow_pair(number_rows(told)[0])
    )


def _make_table(stretches: Iterable[tuple[Pair, Stretch]]) -> "pa.Table":
    import pyarrow as pa

    rows = [(*pair, *stretch) for pair, stretch in stretches]
    columns = zip(*rows, strict=True) if rows else [()] * 7
    ones, others, places, since, until, contests, rules = columns
    return pa.table(
        {
            "one": pa.array(ones, pa.string()),
            "other": pa.array(others, pa.string()),
            "state": pa.array(STATES).take(pa.array(places, pa.int64())),
            "since": pa.array(since, pa.int32()),
            "until": pa.array(until, pa.int32()),
            "contested": pa.array(contests, pa.bool_()),
            "rule": pa.array(rules, pa.string()),
        }
    )


def read_courses(cursor: "duckdb.DuckDBPyConnection") -> Iterator[tuple[Pair, Iterator[Told]]]:
    """Yield each changed pair with what is told of it, but for what the rules set aside."""
    cursor.execute(
        f"SELECT one, other, {_count('relations.day')}, {_count('begins')},"
        f" {_count('coalesce(relation.period.end, relations.day)')}, state, modality, confidence,"
        " relation.cue, relation.quote.exact, id, signature FROM relations SEMI JOIN changed USING"
        f" (one, other) JOIN articles USING (number) WHERE modality IN ('{Modality.ASSERTED}',"
        f" '{Modality.POSSIBLE}') AND confidence >= {WEAK} ORDER BY one, other, relations.day, id,"
        " relation.quote.start_char, relation.id"
    )
    for pair, rows in groupby(_fetch(cursor), key=lambda row: (row[0], row[1])):
        yield pair, (Told._make(row[2:]) for row in rows)


def _fetch(cursor: "duckdb.DuckDBPyConnection") -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(5000):
        yield from rows
