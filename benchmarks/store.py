"""Time and memory of the store over a million relations of ten years, beside plain DuckDB and pandas.

``python benchmarks/store.py [RELATIONS] [FOLDER]`` writes segments of relations between 200 countries,
named as unevenly as in the news (Zipf), four to an article, builds the cache of them, and asks what the
pages ask. With FOLDER, segments that lie there are used instead. Beside it stand the same rows in a bare
DuckDB table and in a data frame, in the same run, without rules: the newest state of each pair.
"""

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import duckdb
import pandas as pd

from geo.mentions.gazetteer import load_gazetteer
from geo.records import State
from geo.store import queries
from geo.store.cache import open_store
from geo.store.chronicle import Chronicle

FIRST, DAYS, COUNTRIES, EACH, ROWS = date(2015, 1, 1), 3650, 200, 4, 20_000
WORDS = (
    "government", "minister", "border", "treaty", "talks", "officials", "ceasefire", "tariff",
    "sanctions", "ambassador", "envoy", "summit", "trade", "energy", "troops", "exercise",
    "statement", "accord", "visit", "dispute", "partner", "security", "council", "vote",
    "humanitarian", "refugees", "strike", "missile", "navy", "coast",
)  # fmt: skip
SEGMENT = f"""
WITH told AS (
    SELECT i, 'a' || i AS id, DATE '{FIRST}' + (i * {DAYS} // {{articles}})::INTEGER AS day,
        array_to_string([pick(getvariable('words'), i, 100 + w) for w in range(26)], ' ')
            || ' ' || i || '.' AS text
    FROM {{rows}} t(i)
)
SELECT id AS content_hash,
    {{{{id: id, text: text, publisher: 'Outlet ' || (i % 40), date_published: day,
        date_basis: 'stated'}}}} AS article,
    [{{{{start_char: 0, end_char: length(text), kind: 'body'}}}}] AS sentences,
    [{{{{country: code(place), text: text[:5], kind: 'name', start_char: 0, end_char: 5,
        counted: true, confidence: 1.0}}}}
        for place in flatten([[one(k), other(k)] for k in range(i * {EACH}, (i + 1) * {EACH})])
    ] AS mentions,
    [{{{{id: id || '-' || k, article_id: id, actor: code(one(k)), recipient: code(other(k)),
        directed: true, event: 'CONSULT', state: pick(getvariable('states'), k, 3),
        modality: CASE WHEN draw(k, 4, 100) < 85 THEN 'asserted' WHEN draw(k, 4, 100) < 95
            THEN 'possible' ELSE 'denied' END,
        confidence: (40 + draw(k, 5, 60)) / 100, cue: 'talks', rule: 'benchmark',
        quote: {{{{"exact": text, start_char: 0, end_char: length(text), prefix: '', suffix: ''}}}}}}}}
        for k in range(i * {EACH}, (i + 1) * {EACH})
    ] AS relations
FROM told
"""


def write_segments(number: int, folder: Path) -> None:
    """Write relations that are drawn by hashes of their numbers, so that they are the same each time."""
    codes = sorted(
        country.code for country in load_gazetteer().countries.values() if country.kind == "state"
    )[:COUNTRIES]
    total = sum(1 / (place + 1) for place in range(len(codes)))
    # As many slots a country as it is named in ten thousand.
    slots = [
        place
        for place in range(len(codes))
        for _ in range(max(1, round(10_000 / (place + 1) / total)))
    ]
    base = duckdb.connect(config={"threads": "2", "memory_limit": "1GB"})
    lists = {"codes": codes, "slots": slots, "words": WORDS, "states": list(State)}
    for name, values in lists.items():
        base.execute(f"SET VARIABLE {name} = ?", [[*values]])
    base.execute("CREATE MACRO draw(i, salt, n) AS (hash(i * 31 + salt) % n)::INTEGER")
    base.execute("CREATE MACRO pick(held, i, salt) AS held[1 + draw(i, salt, len(held))]")
    base.execute("CREATE MACRO one(k) AS pick(getvariable('slots'), k, 1)")
    base.execute(
        f"CREATE MACRO other(k) AS (one(k) + 1 + draw(k, 2, {len(codes) - 1})) % {len(codes)}"
    )
    base.execute("CREATE MACRO code(place) AS getvariable('codes')[1 + place]")
    articles = number // EACH
    for part, start in enumerate(range(0, articles, ROWS)):
        rows = f"range({start}, {min(start + ROWS, articles)})"
        base.execute(
            f"COPY ({SEGMENT.format(rows=rows, articles=articles)}) TO"
            f" '{folder / f'part{part:05}.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
        )


def time_work(work: Callable[[], object], number: int = 7) -> str:
    """Return the milliseconds that some work takes, median and worst, and those of the processor.

    The last are what holds on a machine that does other work too.
    """
    spent = []
    began = time.process_time()
    for _ in range(number):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    processor = (time.process_time() - began) * 1000 / number
    return f"{statistics.median(spent):9.1f} ms median {max(spent):9.1f} at most {processor:9.1f} processor"


def main() -> None:
    """Print the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as held:
        os.environ["ENTENTE_CACHE"] = str(Path(held) / "cache")
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(held) / "segments"
        if len(sys.argv) <= 2:
            folder.mkdir()
            write_segments(number, folder)
        measure(folder)


def measure(folder: Path) -> None:
    """Build the cache of a folder, ask it, and ask the plain ways."""
    countries = load_gazetteer().countries
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start, spent = time.perf_counter(), time.process_time()
    store = open_store([folder], countries)
    print(
        f"built in {time.perf_counter() - start:.1f} s ({time.process_time() - spent:.1f} s of processor);"
        f" file {store.path.stat().st_size / 1e6 if store.path else 0:.0f} MB"
    )
    cursor, chronicle = store.cursor(), Chronicle(store)
    day = queries.find_newest(cursor, date.min, date.max)
    focus = queries.find_focus(cursor, day)
    for name, country in (("the focus", focus), ("all", None)):
        start, spent = time.perf_counter(), time.process_time()
        chronicle.settle(as_of=day, country=country)
        print(
            f"pairs of {name} followed in {time.perf_counter() - start:.1f} s"
            f" ({time.process_time() - spent:.1f} s of processor)"
        )
    for table in ("articles", "relations", "pairs", "stretches"):
        print(f"  {cursor.execute(f'SELECT count(*) FROM {table}').fetchone()[0]:,} {table}")
    pairs = chronicle.list_pairs(focus)
    heavy, light = max(pairs, key=pairs.__getitem__), min(pairs, key=pairs.__getitem__)
    middle = day - timedelta(days=1000)
    search = queries.Search

    def paint() -> None:
        queries.find_newest(cursor, date.min, day)
        queries.find_basis(cursor, day)
        queries.find_focus(cursor, day)
        queries.count_mentions(cursor, as_of=day)
        chronicle.settle(as_of=day, country=focus)
        chronicle.list_pairs(focus)
        chronicle.settle_pair(light, as_of=day)

    asked: dict[str, Callable[[], object]] = {
        "first paint, all its queries": paint,
        "step of the slider, all pairs": lambda: chronicle.settle(as_of=middle),
        "step of the slider, pairs of the focus": lambda: chronicle.settle(
            as_of=middle, country=focus
        ),
        "another day's knowledge, all pairs": lambda: chronicle.settle(as_of=middle, known_on=day),
        f"a pair with {pairs[light]:,} quotes": lambda: chronicle.settle_pair(light, as_of=day),
        f"a pair with {pairs[heavy]:,} quotes": lambda: chronicle.settle_pair(heavy, as_of=day),
        "a page of its quotes": lambda: queries.list_evidence(cursor, heavy, most=50),
        "sentences that name the focus": lambda: queries.read_namings(cursor, focus, day, most=12),
        "sentences that name both": lambda: queries.read_together(cursor, heavy, day, most=12),
        "search, two words": lambda: queries.search_articles(
            cursor, search(words="ceasefire envoy"), most=50
        ),
        "search, a word that is nowhere": lambda: queries.search_articles(
            cursor, search(words="zzyzx"), most=50
        ),
        "search, a country": lambda: queries.search_articles(
            cursor, search(country=focus), most=50
        ),
        "search, a state of a country in a year": lambda: queries.search_articles(
            cursor,
            search(
                country=focus, state=State.WAR, since=middle, until=middle + timedelta(days=365)
            ),
            most=50,
        ),
        "search, an outlet and a word": lambda: queries.search_articles(
            cursor, search(words="ceasefire", publisher="outlet 7"), most=50
        ),
        "search, a pair": lambda: queries.search_articles(cursor, search(pair=heavy), most=50),
    }
    for name, work in asked.items():
        print(f"{name:44}{time_work(work)}")
    print(
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB,"
        f" {before:,.0f} MB before"
    )
    bare = duckdb.connect()
    rows = cursor.sql("SELECT one, other, state, day FROM relations").to_arrow_table()
    bare.register("rows", rows)
    bare.execute("CREATE TABLE told AS SELECT * FROM rows ORDER BY day")
    newest = "SELECT one, other, arg_max(state, day) FROM told WHERE day <= ? GROUP BY one, other"
    plain = time_work(lambda: bare.execute(newest, [middle]).fetchall())
    print(f"{'DuckDB alone, newest state of all pairs':44}{plain}")
    frame = bare.execute("SELECT one, other, state, day FROM told").df()

    def group() -> pd.Series:
        held = frame[frame["day"] <= pd.Timestamp(middle)]
        return held.groupby(["one", "other"], observed=True)["state"].last()

    print(f"{'pandas, newest state of all pairs':44}{time_work(group)}")


if __name__ == "__main__":
    main()
