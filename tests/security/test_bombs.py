"""Bombs: pages, feeds and lists that are built to take all time or memory end within their limits.

What the child may take is 10 seconds of computing and 600 MB; here it is asked to say so, or to be done.
Bombs of gzip are in tests/sources/test_fetching.py, entities in tests/sources/test_syndication.py.
"""

import resource
import time
from collections.abc import Callable
from typing import Any

import pytest

from geo.errors import ArticleError
from geo.reading import child
from geo.reading.child import read_apart
from geo.reading.files import read_article
from geo.sources.publishers import read_opml
from geo.sources.syndication import parse_syndication

MANY = "".join(f" a{number}=1" for number in range(300_000))
LAUGHS = (
    '<!DOCTYPE opml [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)
SQUARES = f'<!DOCTYPE opml [<!ENTITY a "{"ha" * 50_000}">]>'
OUTLINE = '<opml><body><outline xmlUrl="https://a.example/" text="{}"/></body></opml>'
ENDS = (child.TOO_LONG, child.TOO_LARGE, child.DAMAGED)


def read_page(source: bytes) -> object:
    return read_article(source, name="page.html")


def read_feed(source: bytes) -> object:
    return read_apart(parse_syndication, source, kind="text/xml")


@pytest.mark.parametrize(
    ("read", "source"),
    [
        (read_page, f"<html><body{MANY}><p>Norway signed.</p></body></html>"),
        (read_page, "<html><body>" + "<b>" * 100_000 + "Norway signed."),
        (read_page, "<html><body>" + "<p>Norway" * 200_000),
        (read_feed, f"<rss{MANY}><channel><item><title>x</title></item></channel></rss>"),
        (read_feed, "<rss><channel>" + "<item>" * 100_000),
        (read_feed, "<feed>" * 100_000),
        (read_feed, '{"version":' + "[" * 1_000_000),
        (read_opml, f"<opml{MANY}></opml>"),
        (read_opml, "<opml>" + "<outline>" * 100_000),
        (read_opml, LAUGHS + OUTLINE.format("&a11;")),
        (read_opml, SQUARES + OUTLINE.format("&a;" * 1_000)),
    ],
    ids=[
        *(
            "page of attributes",
            "deep page",
            "page of paragraphs",
            "feed of attributes",
            "deep feed",
        ),
        *("feed of feeds", "deep json", "list of attributes", "deep list", "laughs", "squares"),
    ],
)
def test_a_bomb_ends_within_its_limits(
    read: Callable[[bytes], Any], source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "SECONDS", 4)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.process_time()
    try:
        found = repr(read(source.encode()))
    except ArticleError as error:
        assert str(error).startswith((*ENDS, "It is no XML", "The list names no", "No article was"))  # noqa: PT017
    else:
        assert len(found) < 3_000_000
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # The kernel kills a second after the first signal.
    assert after.ru_utime - before.ru_utime < 6
    assert time.process_time() - begun < 2
