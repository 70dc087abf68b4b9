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
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geo.mentions.gazetteer import load_gazetteer
from geo.records import State
from geo.store import queries
from geo.store.cache import open_store
from geo.store.chronicle import Chronicle
from geo.store.layout import make_schema

FIRST, DAYS, COUNTRIES, EACH, ROWS = date(2015, 1, 1), 3650, 200, 4, 20_000
WORDS = (
    "government", "minister", "border", "treaty", "talks", "officials", "ceasefire", "tariff",
    "sanctions", "ambassador", "envoy", "summit", "trade", "energy", "troops", "exercise",
    "statement", "accord", "visit", "dispute", "partner", "security", "council", "vote",
    "humanitarian", "refugees", "strike", "missile", "navy", "coast",
)  # fmt: skip


def write_segments(number: int, folder: Path) -> None:
    """Write relations that are drawn with a fixed seed."""
    draw = np.random.default_rng(7)
    codes = sorted(
        country.code for country in load_gazetteer().countries.values() if country.kind == "state"
    )[:COUNTRIES]
    share = 1 / np.arange(1, len(codes) + 1)
    share /= share.sum()
    articles = number // EACH
    days = np.sort(draw.integers(0, DAYS, articles))
    for part, start in enumerate(range(0, articles, ROWS)):
        size = min(ROWS, articles - start)
        ones = draw.choice(len(codes), size * EACH, p=share)
        others = (ones + draw.integers(1, len(codes), size * EACH)) % len(codes)
        states = draw.choice(tuple(State), size * EACH)
        ways = draw.choice(("asserted", "possible", "denied"), size * EACH, p=(0.85, 0.1, 0.05))
        sure = draw.integers(40, 100, size * EACH) / 100
        words = draw.choice(WORDS, (size, 26))
        rows = []
        for at in range(size):
            quote = f"{' '.join(words[at])} {start + at}."
            identity = f"a{start + at}"
            day = FIRST + timedelta(days=int(days[start + at]))
            told = range(at * EACH, at * EACH + EACH)
            rows.append(
                {
                    "content_hash": identity,
                    "article": {
                        "id": identity,
                        "text": quote,
                        "publisher": f"Outlet {at % 40}",
                        "date_published": day,
                        "date_basis": "stated",
                    },
                    "sentences": [{"start_char": 0, "end_char": len(quote), "kind": "body"}],
                    "mentions": [
                        {
                            "country": codes[code],
                            "text": quote[:5],
                            "kind": "name",
                            "start_char": 0,
                            "end_char": 5,
                            "counted": True,
                            "confidence": 1.0,
                        }
                        for place in told
                        for code in (ones[place], others[place])
                    ],
                    "relations": [
                        {
                            "id": f"{identity}-{place}",
                            "article_id": identity,
                            "actor": codes[ones[place]],
                            "recipient": codes[others[place]],
                            "directed": True,
                            "event": "CONSULT",
                            "state": str(states[place]),
                            "modality": str(ways[place]),
                            "confidence": float(sure[place]),
                            "cue": "talks",
                            "rule": "benchmark",
                            "quote": {
                                "exact": quote,
                                "start_char": 0,
                                "end_char": len(quote),
                                "prefix": "",
                                "suffix": "",
                            },
                            "cue_spans": [],
                        }
                        for place in told
                    ],
                    "accords": [],
                }
            )
        table = pa.Table.from_pylist(rows, schema=make_schema())
        pq.write_table(table, folder / f"part{part:05}.parquet", compression="zstd")


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
    for table in ("articles", "relations", "pairs", "stretches"):
        print(f"  {cursor.execute(f'SELECT count(*) FROM {table}').fetchone()[0]:,} {table}")
    day = queries.find_newest(cursor, date.min, date.max)
    focus = queries.find_focus(cursor, day)
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
