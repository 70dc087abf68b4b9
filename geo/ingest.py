"""Ingest: articles of files, folders and standard input are read into the store."""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from geo.edition import extract_articles
from geo.errors import BadDate
from geo.paths import find_store
from geo.reading.files import Skipped, find_fault, read_lines, read_path, split_lines
from geo.records import Article, DateBasis, Extraction
from geo.store.segments import append_extractions
from geo.store.segments import list_articles as list_stored
from geo.terminal import make_plain, read_day

# Articles of one segment, and characters of their texts: what is held before it is written.
MOST_ARTICLES, MOST_CHARACTERS = 1000, 20_000_000
TAKEN = (
    "An article with this id and another text is in the store already. Give it another id: another "
    "file name, or the field id of its line or manifest."
)


def run_ingest(options: argparse.Namespace) -> int:
    """Add articles to the store and tell what was new, what was there and what was skipped."""
    folder = options.store or find_store()
    today = date.today()  # noqa: DTZ011 - the reader's own day
    day = read_day(options.date_published) if options.date_published is not None else None
    if day and (fault := find_fault(day, today)):
        raise BadDate(fault)
    stored = list_stored(folder)
    tally = Tally(known=dict(stored))
    articles = list_articles(
        options.sources, date_published=day, publisher=options.publisher, today=today
    )
    batch: list[Extraction] = []
    try:
        for extraction in extract_articles(choose_articles(articles, tally, today)):
            if extraction.skipped:
                tally.skipped.append(Skipped(extraction.article.id, extraction.skipped))
                continue
            tally.new += 1
            tally.relations += len(extraction.relations)
            batch.append(extraction)
            show_progress(tally)
            held = sum(len(extraction.article.text) for extraction in batch)
            if len(batch) >= MOST_ARTICLES or held >= MOST_CHARACTERS:
                append_extractions(batch, folder, known=stored)
                batch = []
    finally:
        # What was read is kept when the reader stops the run.
        append_extractions(batch, folder, known=stored)
        show_progress(None)
    print(
        f"{tally.new} new with {tally.relations} relations, {tally.there} already there, "
        f"{len(tally.skipped)} skipped."
    )
    for skipped in tally.skipped:
        print(f"  skipped {make_plain(skipped.name)}: {make_plain(skipped.reason)}")
    return 0 if tally.new or tally.there else 1


@dataclass(slots=True)
class Tally:
    """Counts of what a run of ingest did; ``known`` holds the hash of each text by its id."""

    known: dict[str, str]
    new: int = 0
    relations: int = 0
    there: int = 0
    skipped: list[Skipped] = field(default_factory=list)


def choose_articles(
    articles: Iterable[Article | Skipped], tally: Tally, today: date
) -> Iterator[Article]:
    """Yield the articles that are new, each with a date, and count the others."""
    for article in articles:
        if isinstance(article, Skipped):
            tally.skipped.append(article)
        elif article.id not in tally.known:
            tally.known[article.id] = article.content_hash
            yield date_article(article, today)
        elif tally.known[article.id] == article.content_hash:
            tally.there += 1
        else:
            tally.skipped.append(Skipped(article.id, TAKEN))


def show_progress(tally: Tally | None) -> None:
    """Tell on a terminal how far the run is; ``None`` takes the line away."""
    if sys.stderr.isatty():
        line = f"{tally.new} articles read, {tally.relations} relations found" if tally else ""
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)


def date_article(article: Article, today: date) -> Article:
    """Return an article that has a date: where it states none, the day it was read stands in."""
    if article.date_published is not None:
        return article
    note = (
        "The article states no date, so the day on which it was read stands in for it. "
        "To give another, ingest it with --date-published."
    )
    return replace(article, date_published=today, date_basis=DateBasis.INFERRED, date_note=note)


def list_articles(sources: Iterable[str], **told: Any) -> Iterator[Article | Skipped]:
    """Yield the articles of files, folders and, for ``-``, of standard input."""
    for source in sources:
        if source == "-":
            yield from read_lines(split_lines(sys.stdin.buffer), **told)
        elif re.match(r"https?://", source, re.IGNORECASE):
            reason = "Addresses are not opened. Save the page as html and give that file."
            yield Skipped(source, reason)
        else:
            yield from read_path(Path(source), **told)
