"""Filling: the tables of the cache, and how they are filled from segments.

Records are checked on the way: countries are known, offsets lie within the text, a quote is its slice and
a confidence is a number. What breaks that is left out and counted.
"""

from array import array
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from geo.records import (
    AccordPlace,
    Article,
    DateBasis,
    Event,
    Evidence,
    Mention,
    Modality,
    Pair,
    Period,
    Place,
    Quote,
    Relation,
    Sentence,
    State,
)
from geo.states.rules import STATES
from geo.states.stretches import follow_pair
from geo.store.layout import make_columns

if TYPE_CHECKING:
    import duckdb

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
    "touched": "one VARCHAR, other VARCHAR",
    "left_out": "folder INTEGER, segment VARCHAR, number BIGINT",
}


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
    "INSERT INTO touched SELECT DISTINCT one, other FROM relations WHERE number IN (SELECT number"
    " FROM gone)",
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
    " AND m.start_char < s.end_char)[1].start_char::INTEGER AS sentence FROM (SELECT number, day, text,"
    f" sentences, unnest(mentions) AS m FROM added) WHERE m.counted AND m.country {_KNOWN} AND"
    " m.start_char >= 0 AND m.start_char < m.end_char AND m.end_char <= length(text)) GROUP BY ALL"
    " ORDER BY number, country",
    "INSERT INTO relations SELECT number, day, one, other, begins, r.state, r.modality, r.confidence, r"
    " FROM told WHERE fits AND day IS NOT NULL ORDER BY one, other, day, number",
    "INSERT INTO places SELECT number, day, p.accord, p.country, p FROM placed WHERE fits AND day"
    " IS NOT NULL ORDER BY p.accord, p.country, day, number",
    "INSERT INTO touched SELECT DISTINCT one, other FROM told WHERE fits AND day IS NOT NULL",
    "DROP VIEW added",
    *(
        f"DROP TABLE {table}"
        for table in ("arriving", "newest", "gone", "met", "numbered", "told", "placed")
    ),
)  # fmt: skip


def fill_states(cursor: "duckdb.DuckDBPyConnection") -> None:
    """Work out anew how the pairs stand that were touched, in one transaction."""
    import pyarrow as pa

    cursor.execute("BEGIN")
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE changed AS SELECT DISTINCT one, other FROM touched"
    )
    for table in ("stretches", "pairs"):
        cursor.execute(
            f"DELETE FROM {table} WHERE (one, other) IN (SELECT (one, other) FROM changed)"
        )
    cursor.execute(
        "INSERT INTO pairs SELECT one, other, count(*), min(day), max(day) FROM relations SEMI JOIN"
        " changed USING (one, other) GROUP BY ALL ORDER BY ALL"
    )
    columns: list[list[Any]] = [[], [], [], [], []]
    days = array("q"), array("q")
    for (one, other), evidence in read_courses(cursor):
        for state, since, until, contested, rule in follow_pair(evidence):
            for column, value in zip(columns, (one, other, state, contested, rule), strict=True):
                column.append(value)
            days[0].append(since)
            days[1].append(until)
    ones, others, places, contests, rules = columns
    if ones:
        held = pa.table(
            {
                "one": ones,
                "other": others,
                "state": pa.array(STATES).take(pa.array(places)),
                "since": pa.array(days[0], pa.int64()),
                "until": pa.array(days[1], pa.int64()),
                "contested": contests,
                "rule": rules,
            }
        )
        cursor.register("followed", held)
        cursor.execute("INSERT INTO stretches SELECT * FROM followed")
        cursor.unregister("followed")
    cursor.execute("DELETE FROM touched")
    cursor.execute("DROP TABLE changed")
    cursor.execute("COMMIT")


def read_courses(cursor: "duckdb.DuckDBPyConnection") -> Iterator[tuple[Pair, list[Evidence]]]:
    """Yield each changed pair with its evidence, as far as its course asks for it."""
    cursor.execute(
        "SELECT one, other, relations.day, id, relation.id, state, modality, confidence, relation.cue,"
        " relation.quote.exact, relation.quote.start_char, relation.period, signature FROM"
        " relations SEMI JOIN changed USING (one, other) JOIN articles USING (number) ORDER BY one,"
        " other, relations.day, id, relation.quote.start_char, relation.id"
    )
    for pair, rows in groupby(_fetch(cursor), key=lambda row: (row[0], row[1])):
        yield pair, [_make_evidence(row) for row in rows]


def _fetch(cursor: "duckdb.DuckDBPyConnection") -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(5000):
        yield from rows


def _make_evidence(row: tuple[Any, ...]) -> Evidence:
    one, other, day, article, identity, state, modality, confidence, cue, exact, *rest = row
    start, period, signature = rest
    return Evidence(
        relation=Relation(
            id=identity,
            article_id=article,
            actor=one,
            recipient=other,
            directed=False,
            event=Event.CONSULT,
            state=State(state),
            modality=Modality(modality),
            condition=None,
            accord=None,
            attributed_to=None,
            confidence=confidence,
            cue=cue,
            rule="",
            quote=Quote(exact=exact, start_char=start, end_char=start),
            period=Period(**period) if period else None,
        ),
        date_published=day,
        date_basis=DateBasis.UNKNOWN,
        publisher=None,
        title=None,
        url=None,
        signature=tuple(signature or ()),
    )
