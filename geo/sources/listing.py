"""Listing: the one door to sources on the network: addresses, lists in OPML, ``feeds:``, ``wikipedia:``."""

import os
import re
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from geo.errors import ArticleError, BadDate, FetchError
from geo.reading.child import read_apart
from geo.records import Article, DateBasis, Skipped
from geo.sources import wikipedia
from geo.sources.feeds import (
    FEED_KINDS,
    NO_FEED,
    Reading,
    Validators,
    follow_entries,
    make_articles,
    parse_fetched,
    read_feeds,
    read_syndication,
)
from geo.sources.fetching import Client, Fetched, make_owner_client
from geo.sources.pages import PAGE_KINDS, read_page
from geo.sources.publishers import Feed, load_feeds, make_feeds, read_opml
from geo.sources.robots import Robots
from geo.sources.syndication import FEED, OPML, parse_syndication

REVIEWED_LIST = "feeds:"
MOST_BYTES = 5_000_000


def is_source(source: str) -> bool:
    """Say whether a source is one of the network: an address, a list of feeds, or days of Wikipedia."""
    return (
        source == REVIEWED_LIST
        or wikipedia.is_source(source)
        or re.match(r"https?://", source, re.IGNORECASE) is not None
        or source.lower().endswith(".opml")
    )


def list_articles(
    source: str,
    *,
    today: date,
    date_published: date | None = None,
    publisher: str | None = None,
    client: Client | None = None,
    validators: MutableMapping[str, Validators] | None = None,
) -> Iterator[Article | Skipped]:
    """Yield the articles of a source, and what gave none with the reason.

    ``date_published`` and ``publisher`` go before what a source says itself. Without ``client`` the owner's
    settings count. Pages behind entries are fetched where ``ENTENTE_PAGES`` is ``on``. ``validators`` are
    those of the last look by the feed's URL, and those of this one are put there: a feed that has not
    changed since gives nothing.
    """
    asked = client or make_owner_client()
    known = {} if validators is None else validators
    for article in _list_source(source, asked, today, known):
        if isinstance(article, Article):
            told = replace(article, publisher=publisher or article.publisher)
            if date_published:
                stated = DateBasis.STATED
                told = replace(told, date_published=date_published, date_basis=stated)
            yield told
        else:
            yield article


def _list_source(
    source: str, client: Client, today: date, known: MutableMapping[str, Validators]
) -> Iterator[Article | Skipped]:
    try:
        if source == REVIEWED_LIST:
            yield from _list_feeds(load_feeds(), client, today, known)
        elif wikipedia.is_source(source):
            days = wikipedia.read_days(source, today)
            yield from wikipedia.list_articles(days, client, wikipedia.find_api())
        elif source.lower().startswith(("http://", "https://")):
            fetched = client.fetch(
                source,
                accept=FEED_KINDS,
                most_bytes=MOST_BYTES,
                attempts=2,
                headers=known.get(source, Validators()).headers,
            )
            if fetched.status != 304:
                yield from _list_fetched(fetched, source, client, today, known)
        else:
            yield from _list_feeds(read_opml(_read_list(Path(source))), client, today, known)
    except (FetchError, ArticleError, BadDate) as error:
        yield Skipped(source, str(error))


def _list_fetched(
    fetched: Fetched,
    source: str,
    client: Client,
    today: date,
    known: MutableMapping[str, Validators],
) -> Iterator[Article | Skipped]:
    """Yield the articles of what an address gave: a feed, a list of feeds or a page."""
    found = parse_fetched(fetched)
    if found["is"] == FEED:
        feed = next((feed for feed in load_feeds() if feed.url == source), Feed(url=source))
        reading = read_syndication(fetched, feed, today)
        if takes_pages():
            reading = follow_entries(reading, client, Robots(client), today)
        yield from _tell(reading)
        known[source] = reading.validators
    elif found["is"] == OPML:
        yield from _list_feeds(make_feeds(found["feeds"]), client, today, known)
    elif fetched.kind in PAGE_KINDS:
        yield read_page(fetched, today=today)
    else:
        yield Skipped(source, NO_FEED)


def read_feed(
    source: bytes, name: str, *, today: date, client: Client | None = None
) -> Iterator[Article | Skipped]:
    """Yield the articles of a feed that lies in a file, or of the feeds that a list in a file names.

    ``name`` is that of the file. Raises :class:`ArticleError` where it is neither.
    """
    found = read_apart(parse_syndication, source)
    if found["is"] == FEED:
        title = found["title"] or None
        articles, skipped = make_articles(found, Feed(url=name, title=title or name), today)
        # The name of a file is no publisher.
        yield from (replace(article, publisher=title) for article in articles)
        yield from skipped
    elif found["is"] == OPML:
        yield from _list_feeds(make_feeds(found["feeds"]), client or make_owner_client(), today, {})
    else:
        msg = "It is no feed and no list of feeds."
        raise ArticleError(msg)


def _list_feeds(
    feeds: Sequence[Feed], client: Client, today: date, known: MutableMapping[str, Validators]
) -> Iterator[Article | Skipped]:
    for reading in read_feeds(feeds, client, today=today, validators=known, pages=takes_pages()):
        yield from _tell(reading)
        known[reading.feed.url] = reading.validators


def takes_pages() -> bool:
    """Say whether the owner wants the pages behind entries read: ``ENTENTE_PAGES=on``."""
    return os.environ.get("ENTENTE_PAGES", "").lower() == "on"


def _tell(reading: Reading) -> Iterator[Article | Skipped]:
    yield from reading.articles
    yield from reading.skipped
    if reading.reason:
        yield Skipped(reading.feed.url, reading.reason)
    if reading.moved_to:
        told = f"The feed has moved for good; put {reading.moved_to} in its place."
        yield Skipped(reading.feed.url, told)


def _read_list(path: Path) -> bytes:
    try:
        if not path.is_file():
            msg = "There is no such file."
            raise ArticleError(msg)
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        msg = f"It cannot be opened: {error.strerror}."
        raise ArticleError(msg) from error
    if len(content) > MOST_BYTES:
        msg = f"The list is larger than {MOST_BYTES:,} bytes."
        raise ArticleError(msg)
    return content
