"""Spark: articles are read by the executors of Apache Spark, into the same segments as by ``ingest``.

Each part of the input is read by one task, article by article in a process of its own as the pool does, and
written straight into the store, which lies where all executors reach it. A segment is named by its content,
and who writes looks under a lock at what is there, so a task that is killed, tried again or run twice stores
each article once.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import BadSetting
from geo.ingest import Batch, Tally, check_writable, choose_articles, print_tally
from geo.paths import find_store
from geo.reading.lines import read_lines
from geo.records import Article, Skipped
from geo.store.segments import list_articles
from geo.terminal import read_day
from geo.workers import extract_apart

if TYPE_CHECKING:
    import pyarrow as pa

# Bytes of the input that one task reads at most, and what a further file counts: small parts share out
# the work evenly, for an article takes a hundred times as long to read as its bytes.
PART_BYTES, FILE_BYTES = 4_000_000, 65_536
# Lines that Spark hands over at once.
LINES = 200
TALLY = "new long, there long, relations long, skipped array<struct<name: string, reason: string>>"


def run_spark(options: argparse.Namespace) -> int:
    """Add the articles of JSON lines and Parquet to the store; 1 says that nothing could be read.

    Raises :class:`BadSetting` where PySpark is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        msg = "--engine spark needs PySpark: pip install -r requirements-spark.txt, and Java 17 or 21."
        raise BadSetting(msg) from error
    folder = (options.store or find_store()).absolute()
    check_writable(folder)
    # Where nothing else is set, executors run the Python that runs this.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("Entente")
    if options.master:
        builder = builder.master(options.master)
    session = (
        builder.config("spark.sql.files.maxPartitionBytes", PART_BYTES)
        .config("spark.sql.files.openCostInBytes", FILE_BYTES)
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", LINES)
        .getOrCreate()
    )
    try:
        read = partial(
            read_part,
            folder=str(folder),
            today=date.today(),  # noqa: DTZ011 - the reader's own day
            publisher=options.publisher,
            day=read_day(options.date_published) if options.date_published else None,
        )
        told = _read_lines(session, options.sources).mapInArrow(read, TALLY)
        tally = Tally(known={})
        for row in told.toLocalIterator(prefetchPartitions=True):
            tally.new += row["new"]
            tally.there += row["there"]
            tally.relations += row["relations"]
            tally.skipped += [Skipped(left["name"], left["reason"]) for left in row["skipped"]]
    finally:
        session.stop()
    return print_tally(tally)


def _read_lines(session: Any, sources: Iterable[str]) -> Any:
    """Return the sources as a frame of lines of JSON, each in a row of its own."""
    from pyspark.sql import functions

    frames = []
    for source in sources:
        if source.rstrip("/").endswith(".parquet"):
            rows = session.read.parquet(source)
            frames.append(rows.select(functions.to_json(functions.struct("*")).alias("value")))
        else:
            frames.append(session.read.text(source))
    lines = frames[0]
    for frame in frames[1:]:
        lines = lines.union(frame)
    return lines


def read_part(
    batches: "Iterable[pa.RecordBatch]",
    folder: str,
    today: date,
    publisher: str | None = None,
    day: date | None = None,
) -> "Iterator[pa.RecordBatch]":
    """Read the lines of one part, store what they say, and yield the tally of it.

    What is held in memory is one segment at most.
    """
    import pyarrow as pa
    from pyspark import TaskContext

    stored = list_articles(Path(folder))
    tally = Tally(known=dict(stored), revisions=dict(stored.revisions))
    batch = Batch(Path(folder), stored)
    context = TaskContext.get()
    part = context.partitionId() if context else 0
    lines = (text.encode() for held in batches for text in held.column(0).to_pylist())
    articles = read_lines(lines, publisher=publisher, date_published=day, today=today)
    chosen = choose_articles(_name_part(articles, part), tally, today)
    for extraction in extract_apart(chosen, 1):
        tally.count(extraction)
        if not extraction.skipped:
            batch.add(extraction)
    batch.write()
    told = {
        "new": tally.new,
        "there": tally.there,
        "relations": tally.relations,
        "skipped": [asdict(left) for left in tally.skipped],
    }
    left = pa.list_(pa.struct([("name", pa.string()), ("reason", pa.string())]))
    counts = [(name, pa.int64()) for name in ("new", "there", "relations")]
    yield pa.RecordBatch.from_pylist([told], schema=pa.schema([*counts, ("skipped", left)]))


def _name_part(articles: Iterable[Article | Skipped], part: int) -> Iterator[Article | Skipped]:
    """Yield the articles; a line that gives none is named with its part, for each part counts anew."""
    for article in articles:
        if isinstance(article, Skipped) and article.name.startswith("line "):
            yield replace(article, name=f"part {part}, {article.name}")
        else:
            yield article
