"""Ingest: articles of files, folders and standard input are read into the store."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from geo.errors import BadDate, StoreError
from geo.paths import find_store
from geo.reading.fields import find_fault
from geo.reading.files import read_path
from geo.reading.lines import read_columns, read_lines, split_lines
from geo.records import Article, DateBasis, Extraction, Skipped
from geo.sources.listing import is_source, read_feed
from geo.sources.listing import list_articles as list_network
from geo.store.segments import append_extractions
from geo.store.segments import list_articles as list_stored
from geo.terminal import hear_signals, make_plain, open_input, read_day
from geo.workers import extract_apart

# Articles of one segment, and characters of their texts: what is held before it is written.
MOST_ARTICLES, MOST_CHARACTERS = 1000, 20_000_000
# Seconds after which they are written all the same, so that a run that dies loses little.
MOST_SECONDS = 30
# Bytes that must fit on the disk before anything is read.
PROBE = 65_536
DAMAGED = "The segment {segment} is damaged and left out; what it held is taken in again."
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
    columns = read_columns(options.columns) if options.columns is not None else {}
    check_writable(folder)
    stored = list_stored(folder)
    for segment in sorted(stored.damaged):
        print(DAMAGED.format(segment=make_plain(segment)), file=sys.stderr)
    tally = Tally(known=dict(stored), revisions=dict(stored.revisions))
    articles = list_articles(
        options.sources,
        date_published=day,
        publisher=options.publisher,
        today=today,
        columns=columns,
    )
    chosen = choose_articles(articles, tally, today)
    batch = Batch(folder, stored)
    try:
        with hear_signals() as is_stopped:

            def go_on() -> bool:
                batch.write_due()
                show_progress(tally)
                return not is_stopped()

            for extraction in extract_apart(chosen, options.workers, go_on):
                tally.count(extraction)
                if not extraction.skipped:
                    batch.add(extraction)
            batch.write()
    finally:
        show_progress(None)
        # What was read is kept, whatever ends the run.
        batch.write()
    return print_tally(tally)


def print_tally(tally: "Tally") -> int:
    """Print what a run did; return 1 where nothing could be read."""
    print(describe_tally(tally))
    for skipped in tally.skipped:
        print(f"  skipped {make_plain(skipped.name)}: {make_plain(skipped.reason)}")
    return 0 if tally.new or tally.there else 1


def describe_tally(tally: "Tally") -> str:
    """Return what a run did in one line."""
    return (
        f"{tally.new} new with {tally.relations} relations, {tally.there} already there, "
        f"{len(tally.skipped)} skipped."
    )


def check_writable(folder: Path) -> None:
    """Raise :class:`StoreError` where a store cannot be written, before anything is read for it."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place) as probe:
            probe.write(bytes(PROBE))
    except OSError as error:
        msg = f"The store in {folder} cannot be written: {error.strerror or error}."
        raise StoreError(msg) from error


class Batch:
    """Extractions that are read and not yet in the store; they go there together."""

    def __init__(
        self, folder: Path, stored: Mapping[str, str], seconds: float | None = None
    ) -> None:
        """Hold none yet; ``stored`` are the hashes of the folder's articles by their ids."""
        self._folder, self._stored = folder, stored
        self._seconds = seconds or MOST_SECONDS
        self._held: list[Extraction] = []
        self._characters = 0
        self._since = time.monotonic()

    def add(self, extraction: Extraction) -> None:
        """Hold another one."""
        if not self._held:
            self._since = time.monotonic()
        self._held.append(extraction)
        self._characters += len(extraction.article.text)
        if len(self._held) >= MOST_ARTICLES or self._characters >= MOST_CHARACTERS:
            self.write()

    def write_due(self) -> None:
        """Write a segment where the first one has waited for long."""
        if self._held and time.monotonic() - self._since >= self._seconds:
            self.write()

    def write(self) -> None:
        """Write what is held as a segment; what cannot be written stays held."""
        append_extractions(self._held, self._folder, known=self._stored)
        self._held, self._characters = [], 0


@dataclass(slots=True)
class Tally:
    """Counts of what a run of ingest did.

    ``known`` holds the hash of each text by its id, ``revisions`` in which revision it was read.
    """

    known: dict[str, str]
    revisions: dict[str, int | None] = field(default_factory=dict)
    new: int = 0
    relations: int = 0
    there: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    day: date | None = None
    began: float = field(default_factory=time.monotonic)

    def is_later(self, article: Article) -> bool:
        """Say whether an article with words that are known stands in a later revision of its source."""
        is_same = self.known[article.id] == article.content_hash
        return is_same and (article.revision or 0) > (self.revisions.get(article.id) or 0)

    def count(self, extraction: Extraction) -> None:
        """Count an article that was read or skipped."""
        if extraction.skipped:
            self.skipped.append(Skipped(extraction.article.id, extraction.skipped))
            return
        self.new += 1
        self.relations += len(extraction.relations)
        self.day = extraction.article.date_published


def choose_articles(
    articles: Iterable[Article | Skipped], tally: Tally, today: date
) -> Iterator[Article | Skipped]:
    """Yield the articles that are new, each with a date, and what is skipped; count what is there."""
    for article in articles:
        if isinstance(article, Skipped):
            yield article
        elif article.id not in tally.known or tally.is_later(article):
            tally.known[article.id] = article.content_hash
            tally.revisions[article.id] = article.revision
            yield date_article(article, today)
        elif tally.known[article.id] == article.content_hash:
            tally.there += 1
        else:
            yield Skipped(article.id, TAKEN)


def show_progress(tally: Tally | None) -> None:
    """Tell on a terminal how far the run is; ``None`` takes the line away."""
    if sys.stderr.isatty():
        line = ""
        if tally:
            pace = tally.new / max(time.monotonic() - tally.began, 0.1)
            line = f"{tally.new:,} articles read, {pace:.1f} a second, {tally.relations:,} relations found"
            line += f", now at {tally.day}" if tally.day else ""
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


def list_articles(
    sources: Iterable[str],
    *,
    today: date,
    columns: Mapping[str, str] | None = None,
    **told: Any,
) -> Iterator[Article | Skipped]:
    """Yield the articles of files, folders, addresses, lists of feeds and, for ``-``, of standard input."""
    told["today"] = today
    for source in sources:
        if source == "-":
            with open_input() as stream:
                yield from read_lines(split_lines(stream), columns=columns, **told)
        elif is_source(source):
            yield from list_network(source, **told)
        else:
            yield from read_path(
                Path(source), columns=columns, read_feed=partial(read_feed, today=today), **told
            )
