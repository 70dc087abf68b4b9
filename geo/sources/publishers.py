"""Publishers: lists of feeds as OPML, and who stands behind each of the reviewed ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import quoteattr

from geo.errors import ArticleError, DataError
from geo.paths import DATA
from geo.reading.child import read_apart
from geo.records import CountryCode, Publisher, PublisherKind
from geo.sources.syndication import parse_opml

REVIEWED = DATA / "sources" / "feeds.opml"
# Feeds of a list from outside that are read.
MOST_FEEDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Hold the address of a feed, and what a list tells of it; ``title`` is the publisher's name."""

    url: str
    title: str | None = None
    language: str | None = None
    country: str | None = None
    kind: str | None = None


def read_opml(source: bytes) -> tuple[Feed, ...]:
    """Return the feeds that a list names, each once; raises :class:`ArticleError` where it names none."""
    return make_feeds(read_apart(parse_opml, source))


def make_feeds(outlines: Iterable[Mapping[str, str]]) -> tuple[Feed, ...]:
    """Return outlines of OPML as feeds; raises :class:`ArticleError` where there are none."""
    feeds: dict[str, Feed] = {}
    for told in outlines:
        url = told["xmlUrl"]
        feeds.setdefault(
            url,
            Feed(
                url=url,
                title=told.get("title") or told.get("text") or None,
                language=told.get("language") or None,
                country=told.get("country") or None,
                kind=told.get("kind") or None,
            ),
        )
    if not feeds:
        msg = "The list names no feed; an outline of OPML has the address in xmlUrl."
        raise ArticleError(msg)
    if len(feeds) > MOST_FEEDS:
        msg = f"The list names more than {MOST_FEEDS:,} feeds. Give it in parts."
        raise ArticleError(msg)
    return tuple(feeds.values())


def write_opml(feeds: Iterable[Feed], title: str) -> str:
    """Return feeds as a list in OPML 2.0 (http://opml.org/spec2.opml)."""
    lines = []
    for feed in feeds:
        told = {
            "type": "rss",
            "text": feed.title or feed.url,
            "title": feed.title,
            "xmlUrl": feed.url,
            "language": feed.language,
            "country": feed.country,
            "kind": feed.kind,
        }
        cells = (f"{name}={_quote(value)}" for name, value in told.items() if value)
        lines.append(f"    <outline {' '.join(cells)}/>\n")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"  <head><title>{_quote(title)[1:-1]}</title></head>\n"
        f"  <body>\n{''.join(lines)}  </body>\n</opml>\n"
    )


def _quote(text: str) -> str:
    """Return a text as an attribute; what XML cannot hold becomes the replacement character."""
    kept = "".join(letter if letter.isprintable() or letter == " " else "\ufffd" for letter in text)
    return quoteattr(kept, {'"': "&quot;"})


@lru_cache(maxsize=1)
def load_feeds() -> tuple[Feed, ...]:
    """Return the reviewed feeds; raises :class:`DataError` where the list breaks its own rules."""
    try:
        feeds = make_feeds(parse_opml(REVIEWED.read_bytes()))
    except (ArticleError, OSError) as error:
        msg = f"data/sources/feeds.opml: {error}"
        raise DataError(msg) from error
    for feed in feeds:
        _make_publisher(feed)
    return feeds


@lru_cache(maxsize=1)
def load_publishers() -> Mapping[str, Publisher]:
    """Return the publishers of the reviewed feeds by their names."""
    publishers = (_make_publisher(feed) for feed in load_feeds())
    return {publisher.name: publisher for publisher in publishers}


def _make_publisher(feed: Feed) -> Publisher:
    try:
        return Publisher(
            name=feed.title or "",
            country=CountryCode(feed.country or ""),
            language=feed.language or "",
            kind=PublisherKind(feed.kind or ""),
        )
    except ValueError as error:
        msg = f"data/sources/feeds.opml, {feed.url}: {error}"
        raise DataError(msg) from error
