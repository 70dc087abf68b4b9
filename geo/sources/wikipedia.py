"""Wikipedia: the days of its portal of current events, asked of the MediaWiki Action API.

Each day since 2002 is a page of items, and an item becomes an article. Its id holds the day and the hash of
its words, so that an edit of the page leaves the ids of the other items as they are.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from geo.errors import ArticleError, BadDate, FetchError
from geo.reading.child import read_apart
from geo.reading.fields import LONGEST, drop_unseen
from geo.records import Article, DateBasis, Outcome, Skipped
from geo.sources.fetching import Client
from geo.sources.pacing import read_wait
from geo.sources.wikitext import Item, read_items
from geo.tables import make_adapter

PREFIX = "wikipedia:"
DEFAULT_API = "https://en.wikipedia.org/w/api.php"
# The first day of the portal.
FIRST = date(2002, 1, 1)
# The interface takes 50 pages at once; so many of their names fit into an address of 2,048 characters.
MOST_DAYS = 40
# A day has 100 kB at most.
MOST_BYTES = 20_000_000
# Seconds that copies of the wiki may lag behind before it asks for patience, as its etiquette wishes.
MAX_LAG = 5
ATTEMPTS = 4
MOST_PARTS = 50
LICENSE, CREDIT, PUBLISHER = "CC BY-SA 4.0", "Wikipedia contributors", "Wikipedia"
# Errors of the interface that pass.
_PASSING = frozenset({"maxlag", "ratelimited", "readonly", "internal_api_error_DBQueryError"})
_RANGE = re.compile(r"(\d{4}-\d\d-\d\d)(?:(\.\.)(\d{4}-\d\d-\d\d)?)?")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page of a day as the wiki holds it: its address, the number of its revision and its wikitext."""

    day: date
    url: str
    revision: int
    wikitext: str


def is_source(source: str) -> bool:
    """Say whether a source names days of the portal."""
    return source.lower().startswith(PREFIX)


def read_days(source: str, today: date) -> tuple[date, ...]:
    """Return the days that a source names, the newest first: one, a first and a last, or all since one.

    ``wikipedia:2026-09-18``, ``wikipedia:2026-09-01..2026-09-30``, ``wikipedia:2002-01-01..``. Days before
    the portal's first and after ``today`` are left out. Raises :class:`BadDate`.
    """
    try:
        first, last = _read_ends(_RANGE.fullmatch(source[len(PREFIX) :]), today)
    except ValueError as error:
        msg = (
            f"“{source}” names no days. Give one as {PREFIX}2026-09-18, some as "
            f"{PREFIX}2026-09-01..2026-09-30, or all since one as {PREFIX}2026-09-01.."
        )
        raise BadDate(msg) from error
    first, last = max(first, FIRST), min(last, today)
    return tuple(last - timedelta(days=back) for back in range((last - first).days + 1))


def find_api() -> str:
    """Return the address of the wiki's interface: ``ENTENTE_WIKIPEDIA``, or that of Wikipedia in English."""
    return os.environ.get("ENTENTE_WIKIPEDIA") or DEFAULT_API


def list_articles(
    days: Sequence[date], client: Client, api: str = DEFAULT_API
) -> Iterator[Article | Skipped]:
    """Yield the items of some days in their order, and what gave none with the reason.

    Where the wiki does not answer, the days that are left are not asked.
    """
    for place in range(0, len(days), MOST_DAYS):
        asked = days[place : place + MOST_DAYS]
        try:
            pages = fetch_pages(asked, client, api)
        except FetchError as error:
            yield Skipped(f"{PREFIX}{days[-1]}..{asked[0]}", str(error))
            return
        yield from _read_pages(pages)


def fetch_pages(days: Sequence[date], client: Client, api: str) -> list[Page]:
    """Return the pages of some days in their order; a day without a page is left out.

    Raises :class:`FetchError`.
    """
    asked = {name_page(day): day for day in days}
    fixed = {
        "action": "query",
        "format": "json",
        "formatversion": "2",
        "prop": "revisions|info",
        "rvprop": "ids|timestamp|content",
        "rvslots": "main",
        "inprop": "url",
        "redirects": "1",
        "maxlag": str(MAX_LAG),
        "titles": "|".join(asked),
    }
    found: dict[str, Mapping[str, Any]] = {}
    called: dict[str, str] = {}
    going_on: Mapping[str, Any] = {}
    for _ in range(MOST_PARTS):
        answer = _ask(f"{api}?{urlencode(fixed | dict(going_on))}", client)
        try:
            query = answer["query"]
            for change in (*query.get("normalized", ()), *query.get("redirects", ())):
                called[change["from"]] = change["to"]
            found |= {page["title"]: page for page in query["pages"] if page.get("revisions")}
            going_on = answer.get("continue", {})
            if not going_on:
                return [
                    _read_page(page, day)
                    for title, day in asked.items()
                    if (page := found.get(_follow(title, called)))
                ]
            going_on = {str(name): str(value) for name, value in going_on.items()}
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            msg = "Its answer is not that of a wiki."
            raise FetchError(Outcome.BROKEN, msg) from error
    msg = f"The wiki's answer has more than {MOST_PARTS} parts."
    raise FetchError(Outcome.TOO_LARGE, msg)


def name_page(day: date) -> str:
    """Return the title of a day's page."""
    return f"Portal:Current events/{day.year} {_MONTHS[day.month - 1]} {day.day}"


def make_article(item: Item, page: Page) -> Article:
    """Return an item of a day's page as an article; the first outlet that it cites is its publisher."""
    digest = hashlib.sha256(item.text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    publisher = item.cited[0].name if item.cited else PUBLISHER
    return Article(
        id=f"{PREFIX}{page.day}:{digest}",
        text=item.text,
        url=page.url,
        publisher=drop_unseen(publisher[: LONGEST["publisher"]]),
        language="en",
        date_published=page.day,
        date_basis=DateBasis.STATED,
        license=LICENSE,
        credit=CREDIT,
        topics=tuple(topic[:500] for topic in item.topics),
        cited=item.cited,
        source=f"{PREFIX}{page.day}",
        revision=page.revision,
    )


def parse_pages(source: bytes) -> dict[str, list[dict[str, Any]]]:
    """Return the items of pages, each as plain values, by their day; for a process that can be stopped."""
    pages: dict[str, str] = json.loads(source)
    return {day: [asdict(item) for item in read_items(wikitext)] for day, wikitext in pages.items()}


def _read_pages(pages: Sequence[Page]) -> Iterator[Article | Skipped]:
    """Yield the items of pages; where one of several stops the reader, each is read by itself."""
    if not pages:
        return
    source = json.dumps({page.day.isoformat(): page.wikitext for page in pages}).encode()
    try:
        parsed = read_apart(parse_pages, source)
    except ArticleError as error:
        if len(pages) == 1:
            yield Skipped(f"{PREFIX}{pages[0].day}", str(error))
            return
        for page in pages:
            yield from _read_pages([page])
        return
    adapter = make_adapter(Item)
    for page in pages:
        articles: dict[str, Article] = {}
        for item in parsed[page.day.isoformat()]:
            article = make_article(adapter.validate_python(item), page)
            # The words are the id, and under two headings they are one article.
            articles.setdefault(article.id, article)
        yield from articles.values()


def _ask(url: str, client: Client) -> dict[str, Any]:
    """Return what the interface answers; waits where it asks for patience. Raises :class:`FetchError`."""
    for _ in range(ATTEMPTS):
        fetched = client.fetch(
            url, accept=("application/json",), most_bytes=MOST_BYTES, deadline=60, attempts=3
        )
        try:
            answer = json.loads(fetched.content)
        except (ValueError, RecursionError) as error:
            raise FetchError(Outcome.BROKEN, "Its answer is no JSON.") from error
        if not isinstance(answer, dict):
            raise FetchError(Outcome.BROKEN, "Its answer is not that of a wiki.")
        if "error" not in answer:
            return answer
        fault = answer["error"] if isinstance(answer["error"], dict) else {}
        if fault.get("code") not in _PASSING:
            told = str(fault.get("info", "no reason"))[:200]
            raise FetchError(Outcome.FAILED, f"The wiki refuses the request: {told}")
        client.hold(url, read_wait(fetched.headers.get("retry-after")) or MAX_LAG)
    raise FetchError(Outcome.BUSY, "The wiki is too busy to answer.")


def _read_ends(told: re.Match[str] | None, today: date) -> tuple[date, date]:
    if told is None:
        raise ValueError
    first = date.fromisoformat(told[1])
    if told[3]:
        return first, date.fromisoformat(told[3])
    return first, today if told[2] else first


def _read_page(page: Mapping[str, Any], day: date) -> Page:
    revision = page["revisions"][0]
    url = str(page.get("canonicalurl") or page["fullurl"])
    if not url.startswith(("http://", "https://")) or len(url) > LONGEST["url"]:
        raise ValueError(url)
    content = revision["slots"]["main"].get("content", "")
    return Page(day=day, url=url, revision=int(revision["revid"]), wikitext=str(content))


def _follow(title: str, called: Mapping[str, str]) -> str:
    """Return what a page is called in the end; a ring of redirects ends where it began."""
    for _ in range(len(called)):
        if title not in called:
            break
        title = called[title]
    return title
