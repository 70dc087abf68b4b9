"""Readers: whatever bytes they are given, they yield articles that can be stored, or say why not.

The same examples are tried each time; ``make soak`` tries many others.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import ArticleError, FetchError
from geo.reading import webpage
from geo.reading.child import DAMAGED
from geo.reading.fields import LONGEST, find_fault
from geo.reading.files import read_article, read_path
from geo.reading.lines import read_lines
from geo.records import Article, Extraction, Skipped
from geo.sources import feeds, publishers, wikipedia
from geo.sources.feeds import Feed, read_syndication
from geo.sources.fetching import Fetched
from geo.sources.pages import read_page
from geo.sources.publishers import read_opml
from geo.sources.wikipedia import Page
from geo.store.layout import make_table

TODAY = date(2026, 9, 20)
URL = "https://news.example/1"
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Norway recalls its envoy</title>
<meta property="article:published_time" content="2026-09-18T08:00:00Z">
<meta property="og:site_name" content="Har\u202ebor News"><link rel="canonical" href="https://news.example/1">
<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2026-09-18"}</script>
</head><body><article><h1>Norway recalls its envoy</h1>
<p>Norway recalled its ambassador from Sweden on Monday, the ministry in Oslo said in a statement.</p>
<ul><li>Sweden called the step &ldquo;regrettable&rdquo; and would answer in the coming days.</li></ul>
</article></body></html>"""
RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Har\u202ebor</title>
<language>en-gb</language><item><title>Norway &amp;amp; Sweden \u202esign</title>
<link>https://news.example/1</link><guid isPermaLink="false">tag:1</guid>
<pubDate>Fri, 18 Sep 2026 23:30:00 -0500</pubDate>
<description><![CDATA[<p>Norway and Sweden <b>signed</b> it.</p>]]></description></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Harbor</title><entry>
<id>tag:1</id><title type="html">Norway &amp;lt; Sweden</title><link href="https://news.example/1"/>
<updated>2026-09-18T12:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
They <i>met</i>.</div></content></entry></feed>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/1</loc>
<n:news><n:publication><n:name>Harbor</n:name><n:language>en</n:language></n:publication>
<n:publication_date>2026-09-18</n:publication_date><n:title>Norway meets Sweden</n:title></n:news></url>
</urlset>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbor",
        "language": "en",
        "items": [
            {
                "id": "1",
                "url": URL,
                "title": "Norway meets Sweden",
                "content_html": "<p>They met.</p>",
                "date_published": "2026-09-18T12:00:00Z",
            }
        ],
    }
)
OPML = """<?xml version="1.0"?><opml version="2.0"><body><outline text="World">
<outline type="rss" text="Harbor" xmlUrl="https://news.example/rss" language="en" country="NOR"/>
</outline></body></opml>"""
WIKITEXT = """{{Current events|year=2026|month=09|day=18|content=
'''Armed conflicts and attacks'''
*[[War of the Harbor]]
**Norway recalls its {{ill|envoy|sv}} from [[Sweden|Swedish]] soil <ref>no</ref>.
[https://news.example/1 (Har\u202ebor News)] {{cite web|url=https://news.example/2|publisher=Ti\u202ede}}
;Sports
* Norway and ''Sweden'' {{convert|3|km}} sign [[File:x.png|thumb]] a pact. [http://news.example (AP)]
<!-- All news items above this line -->}}"""
LINE = json.dumps(
    {
        "id": "1",
        "text": "Norway recalled its ambassador from Sweden.",
        "title": "Envoy",
        "url": URL,
        "publisher": "Har\u202ebor",
        "language": "en",
        "date_published": "2026-09-18",
        "date_basis": "stated",
        "license": "CC0-1.0",
        "credit": "Harbor",
        "topics": ["World"],
        "cited": [{"name": "AP", "url": URL}, "Tide"],
        "source": "harbor",
        "revision": 7,
    }
)
TEXT = "# Envoy\n\nNorway recalled its ambassador from Sweden.\r\n\r\n“Sad,” said Malmö.\n"
# What breaks readers: marks that are open, entities, odd characters, odd numbers and long repeats.
FRAGMENTS = (
    *(
        b"<",
        b">",
        b'"',
        b"'",
        b"&",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"-->",
        b"</",
        b"{",
        b"}",
        b"[",
        b"]",
    ),
    *(
        b"{{",
        b"}}",
        b"[[",
        b"]]",
        b"|",
        b"''",
        b"'''",
        b"<ref>",
        b"<nowiki>",
        b"\n*",
        b"\n;",
        b"==",
    ),
    *(b"&#0;", b"&#xD800;", b"&#1114112;", b"&lol;", b"&#x202e;", b"\\ud800", b"\\u0000", b"\x00"),
    *(
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\x1b",
        b"\xe2\x80\xae",
        b"\xc3",
        b"\xf0\x9f",
    ),
    *(
        b"9999-12-31",
        b"0001-01-01T00:00:00+14:00",
        b"-1",
        b"1e999",
        b"NaN",
        b"null",
        b"true",
        b"[]",
    ),
    *(
        b"http://[",
        b"http://[::1",
        b"//",
        b"javascript:x",
        b"http://a:99999/",
        b"http://\xef\xbc\x8f/",
    ),
    b"<!DOCTYPE x [<!ENTITY lol 'ha'>]>",
    b'<?xml version="1.0" encoding="utf-7"?>',
    b"<script>",
    b"a" * 5000,
    b"<div>" * 300,
    b"[" * 2000,
)


@st.composite
def mutate(draw: st.DrawFn, document: str) -> bytes:
    """Return a document of which parts are cut out, doubled, moved or replaced."""
    source = bytearray(document.encode())
    for _ in range(draw(st.integers(0, 6))):
        first = draw(st.integers(0, len(source)))
        last = draw(st.integers(first, min(len(source), first + 200)))
        deed = draw(st.sampled_from(("cut", "double", "put", "replace", "noise", "end")))
        if deed == "cut":
            del source[first:last]
        elif deed == "double":
            source[first:first] = source[first:last] * draw(st.integers(1, 20))
        elif deed == "put":
            source[first:first] = draw(st.sampled_from(FRAGMENTS))
        elif deed == "replace":
            source[first:last] = draw(st.sampled_from(FRAGMENTS))
        elif deed == "noise":
            source[first:last] = draw(st.binary(max_size=20))
        else:
            del source[last:]
    return bytes(source)


def write_bytes(*documents: str) -> st.SearchStrategy[bytes]:
    """Return arbitrary bytes, and documents that were right before they were changed."""
    return st.one_of(st.binary(max_size=300), *map(mutate, documents))


def parse_here(parse: Callable[..., Any], source: bytes, **told: str) -> Any:
    """Return what a parser finds, as the child does whose start takes longer than this."""
    try:
        return json.loads(json.dumps(parse(source, **told)))
    except ArticleError:
        raise
    except Exception as error:
        raise ArticleError(DAMAGED) from error


@pytest.fixture(scope="module", autouse=True)
def read_here() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in (webpage, feeds, publishers, wikipedia):
            patch.setattr(module, "read_apart", parse_here)
        yield


def check_article(article: Article) -> None:
    """Fail where an article is none that the stages after the readers can count on."""
    assert article.id
    assert isinstance(article.text, str)
    for name, longest in LONGEST.items():
        assert len(getattr(article, name) or "") <= longest, name
    if article.date_published:
        assert find_fault(article.date_published, TODAY) is None
    for name in ("title", "publisher"):
        assert not {"\u202e", "\u2066", "\0", "\ufeff"} & {*(getattr(article, name) or "")}, name
    assert make_table([Extraction(article=article)]).num_rows == 1


def check(found: Article | Skipped) -> None:
    if isinstance(found, Article):
        check_article(found)
    else:
        assert found.name.encode()
        assert found.reason.encode()


def fetch(content: bytes, kind: str) -> Fetched:
    headers = {"content-type": kind}
    return Fetched(url=URL, status=200, headers=headers, content=content, moved_to=None)


KINDS = ("", "text/xml; charset=utf-7", "text/html; charset=none", "application/json", "\udcff")


@given(
    write_bytes(TEXT, PAGE, LINE), st.sampled_from(("a.txt", "a.md", "a.html", "", "\udcff.htm"))
)
def test_a_file_gives_an_article_or_a_reason(source: bytes, name: str) -> None:
    try:
        check_article(read_article(source, name=name, today=TODAY))
    except ArticleError as error:
        assert str(error)  # noqa: PT017 - both ends are right


@given(write_bytes(LINE, f"{LINE}\n{LINE}"))
def test_a_line_of_json_gives_an_article_or_a_reason(source: bytes) -> None:
    for found in read_lines(source.splitlines(keepends=True), today=TODAY):
        check(found)


@given(source=write_bytes('{"articles": [{"file": "a.txt", "title": "x", "topics": ["y"]}]}'))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_manifest_gives_articles_or_a_reason(source: bytes, tmp_path: Any) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "manifest.json").write_bytes(source)
    for found in read_path(tmp_path, today=TODAY):
        check(found)


@given(write_bytes(PAGE), st.sampled_from(KINDS))
def test_a_page_gives_an_article_or_a_reason(source: bytes, kind: str) -> None:
    try:
        check_article(read_page(fetch(source, kind), today=TODAY))
    except ArticleError as error:
        assert str(error)  # noqa: PT017 - both ends are right


@given(write_bytes(RSS, ATOM, SITEMAP, JSON_FEED), st.sampled_from(KINDS))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_feed_gives_articles_or_a_reason(source: bytes, kind: str) -> None:
    try:
        reading = read_syndication(fetch(source, kind), Feed(url="https://news.example/rss"), TODAY)
    except FetchError as error:
        assert str(error)  # noqa: PT017 - both ends are right
    else:
        for found in (*reading.articles, *reading.skipped):
            check(found)


@given(write_bytes(OPML))
def test_a_list_of_feeds_gives_feeds_or_a_reason(source: bytes) -> None:
    try:
        listed = read_opml(source)
    except ArticleError as error:
        assert str(error)  # noqa: PT017 - both ends are right
    else:
        assert all(feed.url for feed in listed)


@given(write_bytes(WIKITEXT).map(lambda source: source.decode("utf-8", "replace")))
def test_a_day_of_the_encyclopedia_gives_articles_or_a_reason(wikitext: str) -> None:
    page = Page(day=TODAY, url=URL, revision=1, wikitext=wikitext)
    for found in wikipedia._read_pages([page]):
        check(found)
