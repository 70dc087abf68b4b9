"""Feeds: what feeds give, as articles; each that gives nothing says why, and holds up no other."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any

from geo.errors import ArticleError, FetchError
from geo.reading.child import read_apart
from geo.reading.fields import LONGEST, drop_unseen, find_fault
from geo.records import Article, DateBasis, Outcome, Skipped
from geo.sources.addresses import read_address
from geo.sources.fetching import Client, Fetched
from geo.sources.pages import MOST_BYTES as MOST_PAGE_BYTES
from geo.sources.pages import PAGE_KINDS, read_page
from geo.sources.publishers import Feed
from geo.sources.robots import Robots
from geo.sources.syndication import FEED, parse_syndication, read_moment

# Feeds are served under many names; which of them are feeds their bytes tell.
FEED_KINDS = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
    "application/json",
    "text/x-opml",
    "text/plain",
    "text/html",
    "application/xhtml+xml",
    "application/octet-stream",
    "",
)
MOST_BYTES = 5_000_000
# As many hosts are asked at once; a dead one takes one of these places until its deadline.
WORKERS = 32
# Pages behind the entries of one feed that are fetched in one reading.
MOST_PAGES = 20
# A child is one for all who ask, and who waits too long for it is sent away; of the feeds that arrive
# together one stands in its queue.
_TURN = Lock()
NO_FEED = "It is no feed. Look for the address of the site's RSS or Atom feed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """Hold what a server told of the state of a feed, by which it says later that nothing changed."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of a request that asks for what has changed since (RFC 9110, 13.1)."""
        told = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Hold what one look at a feed gave.

    ``reason`` says why there are no articles, and ``wait`` in how many seconds the server wants to be
    asked again. ``moved_to`` is the feed's new address where it has moved for good. ``validators`` are
    for the next look. ``skipped`` are entries that gave no article.
    """

    feed: Feed
    outcome: Outcome
    reason: str | None = None
    articles: tuple[Article, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    validators: Validators = Validators()
    moved_to: str | None = None
    wait: float | None = None

    @property
    def is_over(self) -> bool:
        """Say whether the feed need not be asked again."""
        return self.outcome is Outcome.GONE


def read_feeds(
    feeds: Sequence[Feed],
    client: Client,
    *,
    today: date,
    validators: Mapping[str, Validators] | None = None,
    pages: bool = False,
) -> Iterator[Reading]:
    """Yield what each feed gave, in the order in which they answer.

    ``validators`` are those of the last look by the feed's URL. With ``pages`` the article is that of the
    page behind an entry, where the host lets programs fetch it.
    """
    known = validators or {}
    robots = Robots(client) if pages else None
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="feeds")
    try:
        tasks = [
            pool.submit(
                read_feed,
                feed,
                client,
                today=today,
                validators=known.get(feed.url, Validators()),
                robots=robots,
            )
            for feed in feeds
        ]
        for task in as_completed(tasks):
            yield task.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def read_feed(
    feed: Feed,
    client: Client,
    *,
    today: date,
    validators: Validators | None = None,
    robots: Robots | None = None,
) -> Reading:
    """Return what one look at a feed gave; pages behind its entries are fetched where ``robots`` is given."""
    before = validators or Validators()
    try:
        fetched = client.fetch(
            feed.url,
            accept=FEED_KINDS,
            most_bytes=MOST_BYTES,
            headers=before.headers,
        )
        if fetched.status == 304:
            return Reading(
                feed=feed,
                outcome=Outcome.UNCHANGED,
                validators=before,
                moved_to=fetched.moved_to,
            )
        reading = read_syndication(fetched, feed, today)
    except FetchError as error:
        return Reading(
            feed=feed,
            outcome=error.outcome,
            reason=str(error),
            validators=before,
            moved_to=error.moved_to,
            wait=error.wait,
        )
    return follow_entries(reading, client, robots, today) if robots else reading


def read_syndication(fetched: Fetched, feed: Feed, today: date) -> Reading:
    """Return the articles of a feed that was fetched; raises :class:`FetchError` where it is none."""
    found = parse_fetched(fetched)
    if found["is"] != FEED:
        raise FetchError(Outcome.NO_FEED, NO_FEED, moved_to=fetched.moved_to)
    kept = Validators(
        etag=fetched.headers.get("etag"), last_modified=fetched.headers.get("last-modified")
    )
    articles, skipped = make_articles(found, feed, today, base=fetched.url)
    return Reading(
        feed=feed,
        outcome=Outcome.FETCHED,
        articles=articles,
        skipped=skipped,
        validators=kept,
        moved_to=fetched.moved_to,
    )


def parse_fetched(fetched: Fetched) -> dict[str, Any]:
    """Return the plain values of what was fetched, read in a child; raises :class:`FetchError`."""
    kind = fetched.headers.get("content-type", "")
    try:
        with _TURN:
            found: dict[str, Any] = read_apart(parse_syndication, fetched.content, kind=kind)
    except ArticleError as error:
        raise FetchError(Outcome.NO_FEED, str(error), moved_to=fetched.moved_to) from error
    return found


def make_articles(
    found: Mapping[str, Any], feed: Feed, today: date, base: str = ""
) -> tuple[tuple[Article, ...], tuple[Skipped, ...]]:
    """Return the entries of a feed as articles, and those that give none with the reason.

    Of entries with one link the first counts, for feeds list the newest first.
    """
    publisher = feed.title or found["title"] or _name_host(feed.url)
    articles: dict[str, Article] = {}
    skipped: list[Skipped] = []
    for number, entry in enumerate(found["entries"], start=1):
        name = f"{feed.url} entry {number}"
        link = _read_link(entry["link"] or entry["id"], base)
        text = entry["text"] or entry["title"]
        if not text:
            skipped.append(Skipped(name, "The entry has neither title nor text."))
            continue
        source = link or f"{feed.url}#{entry['id'] or _hash(text)}"
        if source in articles:
            continue
        updated = read_moment(entry["updated"])
        moment = read_moment(entry["published"]) or updated
        changed = updated or moment
        day = moment.date() if moment else None
        day = None if day and find_fault(day, today) else day
        articles[source] = Article(
            # Of a changed text the article is another one, and supersedes the first.
            id=_hash(f"{source}\n{text}"),
            text=text,
            title=drop_unseen(entry["title"][: LONGEST["title"]]),
            url=link,
            publisher=drop_unseen(publisher[: LONGEST["publisher"]]),
            language=(entry["language"] or found["language"] or feed.language or "")[:35] or None,
            date_published=day,
            date_basis=DateBasis.STATED if day else DateBasis.UNKNOWN,
            source=source,
            revision=max(0, int(changed.timestamp())) if changed else None,
        )
    if found["left"]:
        told = f"It has {found['left']:,} more entries than are read at once."
        skipped.append(Skipped(feed.url, told))
    return tuple(articles.values()), tuple(skipped)


def follow_entries(reading: Reading, client: Client, robots: Robots, today: date) -> Reading:
    """Return what a feed gave with the articles of the pages behind its entries, where they are to be had."""
    return replace(reading, articles=tuple(_follow(reading.articles, client, robots, today)))


def _follow(
    articles: Iterable[Article], client: Client, robots: Robots, today: date
) -> Iterator[Article]:
    """Yield for each entry the article of the page behind it, and the entry where that is not to be had."""
    for number, article in enumerate(articles):
        try:
            if article.url is None or number >= MOST_PAGES:
                yield article
                continue
            fetched = client.fetch(
                article.url,
                accept=PAGE_KINDS,
                most_bytes=MOST_PAGE_BYTES,
                check=robots.check,
            )
            page = read_page(fetched, today=today)
        except (FetchError, ArticleError):
            yield article
            continue
        yield replace(article, id=_hash(f"{article.source}\n{page.text}"), text=page.text)


def _read_link(told: str, base: str) -> str | None:
    """Return where an entry leads, without what tells who clicked; ``None`` where to no page of the web."""
    # It takes a third of a second to load, and only feeds need it.
    from courlan import normalize_url

    try:
        link = read_address(told, read_address(base) if base else None).url
        link = read_address(normalize_url(link)).url
    except (FetchError, ValueError):
        return None
    return link if told and len(link) <= LONGEST["url"] else None


def _name_host(url: str) -> str:
    return read_address(url).host


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]
