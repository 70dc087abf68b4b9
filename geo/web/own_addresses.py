"""Addresses that a visitor gives: each a page or a feed, fetched by the guarded client.

A visitor reaches nothing that only the owner may ask, and no address leads to more than one request for
what it holds: pages behind the entries of a feed and feeds of a list are not followed.
"""

import os
from datetime import date
from functools import lru_cache

from geo.errors import ArticleError, FetchError
from geo.languages import say as _
from geo.records import Article, Outcome, Skipped
from geo.sources.feeds import FEED_KINDS, NO_FEED, parse_fetched, read_syndication
from geo.sources.fetching import Client
from geo.sources.pages import MOST_BYTES, PAGE_KINDS, read_page
from geo.sources.publishers import Feed
from geo.sources.syndication import FEED
from geo.web.links import check_link

# Entries of a feed that are read for one visit.
MOST_ENTRIES = 20


@lru_cache(maxsize=1)
def hold_client() -> Client:
    """The client of this server for visitors, who wait for each other's turn at a host."""
    return Client(contact=os.environ.get("ENTENTE_CONTACT", ""))


def list_addresses(pasted: str) -> list[str]:
    """Return the addresses of which a text consists, each once; none where it holds anything else."""
    words = pasted.split()
    return list(dict.fromkeys(words)) if all(map(check_link, words)) else []


def fetch_articles(
    url: str, client: Client, today: date
) -> tuple[tuple[Article, ...], tuple[Skipped, ...]]:
    """Return the article of a page or those of a feed, and what of it is left out.

    Raises :class:`ArticleError` that says why an address gives nothing.
    """
    try:
        fetched = client.fetch(url, accept=FEED_KINDS, most_bytes=MOST_BYTES)
        found = parse_fetched(fetched)
        if found["is"] == FEED:
            reading = read_syndication(fetched, Feed(url=url), today)
            return _cut(reading.articles, reading.skipped, url)
        if fetched.kind in PAGE_KINDS:
            return (read_page(fetched, today=today),), ()
    except FetchError as error:
        if error.outcome in (Outcome.UNKNOWN_HOST, Outcome.UNREACHABLE):
            msg = _(
                "{reason} This server may have no network. Open the page and paste its text.",
                reason=error,
            )
            raise ArticleError(msg) from error
        raise ArticleError(str(error)) from error
    raise ArticleError(NO_FEED)


def _cut(
    articles: tuple[Article, ...], skipped: tuple[Skipped, ...], url: str
) -> tuple[tuple[Article, ...], tuple[Skipped, ...]]:
    if len(articles) > MOST_ENTRIES:
        told = _("{most} of its {all} entries are read.", most=MOST_ENTRIES, all=len(articles))
        skipped = (*skipped, Skipped(url, told))
    return articles[:MOST_ENTRIES], skipped
